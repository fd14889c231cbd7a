#include <array>
#include <catch2/catch.hpp>

#include "json/canonical.h"
#include "json/signed.h"

using namespace subrosa;

namespace {

using Key = std::array<uint8_t, 32>;

// RFC 8032, section 7.1, test 1.
constexpr Key kSeed = {0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a,
                       0xf4, 0x92, 0xec, 0x2c, 0xc4, 0x44, 0x49, 0xc5, 0x69, 0x7b, 0x32,
                       0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60};
constexpr Key kPublic = {0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe,
                         0xd3, 0xc9, 0x64, 0x07, 0x3a, 0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6,
                         0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a};

}  // namespace

TEST_CASE("signed JSON: what is signed verifies in any layout", "[json]") {
  const Result<std::string> document = sign_json("test/1", R"({"b":1,"a":[true]})", kSeed);
  REQUIRE(document);
  REQUIRE(verify_json("test/1", *document, kPublic) == ErrorCode::kOk);
  REQUIRE(verify_json("test/1", parse_strict(*document)->dump(2), kPublic) == ErrorCode::kOk);
  REQUIRE(*sign_json("test/1", *document, kSeed) == *document);
}

TEST_CASE("signed JSON: everything else is not authentic", "[json]") {
  const std::string document = *sign_json("test/1", R"({"a":1})", kSeed);
  REQUIRE(verify_json("test/2", document, kPublic) == ErrorCode::kNotAuthentic);
  Key other = kPublic;
  other[0] ^= 1;
  REQUIRE(verify_json("test/1", document, other) == ErrorCode::kNotAuthentic);
  REQUIRE(verify_json("test/1", document, {kPublic.data(), 31}) == ErrorCode::kNotAuthentic);
  for (size_t i = 0; i < document.size(); ++i) {
    std::string changed = document;
    changed[i] ^= 1;
    REQUIRE(verify_json("test/1", changed, kPublic) == ErrorCode::kNotAuthentic);
  }
  for (const char* text : {"", "{}", "[]", R"({"sig":1})", R"({"sig":"ed25519:"})"}) {
    REQUIRE(verify_json("test/1", text, kPublic) == ErrorCode::kNotAuthentic);
  }
}

TEST_CASE("signed JSON: only an object, and only with a whole seed", "[json]") {
  REQUIRE(!sign_json("test/1", "[1]", kSeed));
  REQUIRE(!sign_json("test/1", "{", kSeed));
  REQUIRE(sign_json("test/1", "{}", {kSeed.data(), 31}).error().code == ErrorCode::kBadArgument);
}
