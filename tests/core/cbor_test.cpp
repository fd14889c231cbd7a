#include "seal/cbor.h"

#include <catch2/catch.hpp>
#include <limits>

#include "vectors.h"

using namespace subrosa::seal;
using vectors::unhex;

TEST_CASE("CBOR: integers of RFC 8949, appendix A, both ways", "[seal]") {
  const std::pair<int64_t, const char*> cases[] = {
      {0, "00"},
      {23, "17"},
      {24, "1818"},
      {255, "18ff"},
      {256, "190100"},
      {65535, "19ffff"},
      {65536, "1a00010000"},
      {4294967295, "1affffffff"},
      {1000000000000, "1b000000e8d4a51000"},
      {-1, "20"},
      {-100, "3863"},
      {-65537, "3a00010000"},
      {std::numeric_limits<int64_t>::min(), "3b7fffffffffffffff"},
  };
  for (const auto& [value, hex] : cases) {
    cbor::Writer writer;
    REQUIRE(writer.integer(value).data() == unhex(hex));
    const Bytes bytes = unhex(hex);
    cbor::Reader reader(bytes);
    REQUIRE(reader.integer() == value);
    REQUIRE(reader.done());
  }
}

TEST_CASE("CBOR: longer heads, indefinite lengths and cut items are refused", "[seal]") {
  for (const char* hex : {"1817", "1900ff", "1a0000ffff", "1b00000000ffffffff", "1c", "1f", "18",
                          "1900", "1b80000000000000ff", ""}) {
    const Bytes bytes = unhex(hex);
    cbor::Reader reader(bytes);
    CAPTURE(hex);
    reader.integer();
    REQUIRE_FALSE(reader.ok());
  }
  for (const char* hex : {"5f4101ff", "4201", "580101", "5bffffffffffffffff"}) {
    const Bytes bytes = unhex(hex);
    cbor::Reader reader(bytes);
    CAPTURE(hex);
    REQUIRE(reader.bytes().empty());
    REQUIRE_FALSE(reader.ok());
  }
}

TEST_CASE("CBOR: a reader that failed gives nothing more", "[seal]") {
  const Bytes bytes = unhex("000141aa");
  cbor::Reader reader(bytes);
  reader.expect_integer(1);
  REQUIRE(reader.integer() == 0);
  REQUIRE(reader.bytes().empty());
  REQUIRE_FALSE(reader.done());
}
