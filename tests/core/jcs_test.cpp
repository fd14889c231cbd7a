#include "text/jcs.h"

#include <catch2/catch.hpp>

using subrosa::ErrorCode;
using subrosa::text::canonicalize;

namespace {
std::string of(std::string_view json) {
  auto result = canonicalize(json);
  REQUIRE(result);
  return *result;
}
ErrorCode error_of(std::string_view json) {
  auto result = canonicalize(json);
  REQUIRE_FALSE(result);
  return result.error().code;
}
}  // namespace

TEST_CASE("canonical JSON has sorted keys and no white space", "[jcs]") {
  CHECK(of(R"( { "b" : [ 1 , true , null ] , "a" : { } } )") == R"({"a":{},"b":[1,true,null]})");
  CHECK(of("-0") == "0");
  CHECK(of("-9007199254740991") == "-9007199254740991");
  CHECK(of(R"("x")") == R"("x")");
}

TEST_CASE("canonical JSON sorts keys as UTF-16 does", "[jcs]") {
  // RFC 8785, 3.2.3: carriage return, 1, U+0080, U+00F6, U+20AC, U+1F600 (a surrogate), U+FB33.
  const std::string sorted =
      "{\"\\r\":1,\"1\":2,\"\xc2\x80\":3,\"\xc3\xb6\":4,\"\xe2\x82\xac\":5,\"\xf0\x9f\x98\x80\":6,"
      "\"\xef\xac\xb3\":7}";
  CHECK(of(R"({"\u20ac":5,"\r":1,"\ufb33":7,"1":2,"\ud83d\ude00":6,"\u0080":3,"\u00f6":4})") ==
        sorted);
  CHECK(of(sorted) == sorted);
}

TEST_CASE("canonical JSON escapes what must be and nothing else", "[jcs]") {
  CHECK(of(R"("\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/\u0008\u0009\u000c\u000d\u007f")") ==
        "\"\xe2\x82\xac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\\b\\t\\f\\r\x7f\"");
}

TEST_CASE("canonical JSON refuses what two readers could take differently", "[jcs]") {
  CHECK(error_of("1.5") == ErrorCode::kBadArgument);
  CHECK(error_of("1e3") == ErrorCode::kBadArgument);
  CHECK(error_of("9007199254740992") == ErrorCode::kBadArgument);
  CHECK(error_of("18446744073709551615") == ErrorCode::kBadArgument);
  CHECK(error_of("-9007199254740992") == ErrorCode::kBadArgument);
  CHECK(error_of(R"({"a":1,"a":2})") == ErrorCode::kBadFormat);
  CHECK(error_of(R"([{"b":{"a":1,"\u0061":2}}])") == ErrorCode::kBadFormat);
  CHECK(error_of(R"("\ud800")") == ErrorCode::kBadFormat);
  CHECK(error_of("\"\xff\"") == ErrorCode::kBadFormat);
  CHECK(error_of("") == ErrorCode::kBadFormat);
  CHECK(error_of("[1] 2") == ErrorCode::kBadFormat);
}

TEST_CASE("canonical JSON takes keys that repeat in different objects, and 63 levels", "[jcs]") {
  CHECK(of(R"([{"a":1},{"a":{"a":2}}])") == R"([{"a":1},{"a":{"a":2}}])");
  const std::string deep = std::string(63, '[') + std::string(63, ']');
  CHECK(of(deep) == deep);
  CHECK(error_of(std::string(65, '[') + std::string(65, ']')) == ErrorCode::kBadFormat);
  CHECK(error_of(std::string(100000, '[')) == ErrorCode::kBadFormat);
}
