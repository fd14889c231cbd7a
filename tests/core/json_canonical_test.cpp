#include <catch2/catch.hpp>

#include "json/canonical.h"

using namespace subrosa;

namespace {

std::string canonical_of(std::string_view text) { return canonical(*parse_strict(text)); }

}  // namespace

TEST_CASE("canonical JSON: RFC 8785, the literals and strings of section 3.2.2", "[json]") {
  REQUIRE(canonical_of("{\"string\": \"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\","
                       " \"literals\": [null, true, false]}") ==
          "{\"literals\":[null,true,false],"
          "\"string\":\"\xE2\x82\xAC$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
  REQUIRE(canonical_of("\"\\b\\t\\n\\f\\r\\u001f\\u007f\"") == "\"\\b\\t\\n\\f\\r\\u001f\x7F\"");
}

TEST_CASE("canonical JSON: RFC 8785, the sorting of section 3.2.3", "[json]") {
  // By UTF-16 code units: the emoji (a surrogate pair) comes before U+FB33.
  const std::string sorted = canonical_of(
      "{\"\\u20ac\":\"Euro Sign\",\"\\r\":\"Carriage Return\",\"\\ufb33\":\"Hebrew\",\"1\":\"One\","
      "\"\\ud83d\\ude00\":\"Emoji\",\"\\u0080\":\"Control\",\"\\u00f6\":\"o\"}");
  REQUIRE(sorted ==
          "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xC2\x80\":\"Control\",\"\xC3\xB6\":\"o\","
          "\"\xE2\x82\xAC\":\"Euro Sign\",\"\xF0\x9F\x98\x80\":\"Emoji\",\"\xEF\xAC\xB3\":"
          "\"Hebrew\"}");
}

TEST_CASE("canonical JSON: integers", "[json]") {
  REQUIRE(canonical_of("[0, -0, 10, -9007199254740991]") == "[0,0,10,-9007199254740991]");
}

TEST_CASE("canonical JSON: canonical text is a fixed point", "[json]") {
  const std::string once = canonical_of("{\"b\":[{\"d\":1,\"c\":\"\"}],\"a\":{}}");
  REQUIRE(once == "{\"a\":{},\"b\":[{\"c\":\"\",\"d\":1}]}");
  REQUIRE(canonical_of(once) == once);
}
