#include <catch2/catch.hpp>

#include "json/strict.h"

using namespace subrosa;

namespace {

std::string place_of(std::string_view text) {
  const Result<Json> json = parse_strict(text);
  REQUIRE(!json);
  REQUIRE(json.error().code == ErrorCode::kBadFormat);
  return json.error().where;
}

}  // namespace

TEST_CASE("strict JSON: what it accepts", "[json]") {
  REQUIRE(*parse_strict(" {\"a\":[1,-1,true,null,\"\\u00e9\"]} ") ==
          Json({{"a", {1, -1, true, nullptr, "\xC3\xA9"}}}));
  REQUIRE(parse_strict("9007199254740991"));
  REQUIRE(parse_strict("-9007199254740991"));
}

TEST_CASE("strict JSON: a key that comes twice is named by a pointer", "[json]") {
  REQUIRE(place_of("{\"a\":{\"b\":1,\"b\":1}}") == "/a/b");
  REQUIRE(place_of("{\"a\":[{},{\"x/y~\":1,\"x\\/y~\":2}]}") == "/a/1/x~1y~0");
}

TEST_CASE("strict JSON: fractions, exponents and large integers are refused", "[json]") {
  REQUIRE(place_of("{\"a\":[0,1.0]}") == "/a/1");
  REQUIRE(place_of("{\"a\":1e2}") == "/a");
  REQUIRE(place_of("[9007199254740992]") == "/0");
  REQUIRE(place_of("[-9007199254740992]") == "/0");
  REQUIRE(place_of("[123456789012345678901234567890]") == "/0");
}

TEST_CASE("strict JSON: syntax errors have a byte offset", "[json]") {
  const Result<Json> json = parse_strict("{\"a\":}");
  REQUIRE(!json);
  REQUIRE(json.error().at == 5);
  for (const char* text :
       {"", "{", "[1,]", "{} {}", "\"\\ud800\"", "\"\xFF\"", "nul", "01", "'a'"}) {
    REQUIRE(!parse_strict(text));
  }
}

TEST_CASE("strict JSON: depth and size are bounded", "[json]") {
  REQUIRE(parse_strict(std::string(16, '[') + std::string(16, ']')));
  REQUIRE(!parse_strict(std::string(17, '[') + std::string(17, ']')));
  REQUIRE(parse_strict(std::string((1 << 20) + 1, ' ')).error().code == ErrorCode::kTooLong);
}

TEST_CASE("fields: the first problem is kept, with its place", "[json]") {
  const Json json = *parse_strict(R"({"name":"x","size":3,"names":["a","a"],"rest":1})");
  Error error;
  Fields fields(json, "/top", &error);
  REQUIRE(fields.text("name") == "x");
  REQUIRE(fields.number("size", 3) == 3);
  REQUIRE_FALSE(fields.failed());
  SECTION("a wrong type") {
    fields.flag("size");
    REQUIRE(error.where == "/top/size");
  }
  SECTION("a missing key") {
    fields.text("absent");
    fields.flag("size");
    REQUIRE(error.where == "/top/absent");
  }
  SECTION("a repeated member of a list") {
    REQUIRE(fields.texts("names", 4, 0).empty());
    REQUIRE(error.where == "/top/names/1");
  }
  SECTION("a text that is too long") {
    fields.text("name", 0);
    REQUIRE(error.code == ErrorCode::kTooLong);
  }
  SECTION("a key that nobody asked for") {
    fields.list("names", 4, 0);
    fields.finish();
    REQUIRE(error.where == "/top/rest");
  }
}
