#include "seal/buffer.h"

#include <catch2/catch.hpp>

using namespace subrosa::seal;

namespace {

using Bytes = Buffer<false>;
using SecretBytes = Buffer<true>;

constexpr uint8_t kAbc[] = {'a', 'b', 'c'};

}  // namespace

TEST_CASE("a buffer keeps its bytes as it grows, is copied and is moved", "[seal]") {
  Bytes bytes(kAbc);
  for (uint32_t i = 0; i < 1000; ++i) bytes.push_back(static_cast<uint8_t>(i));
  bytes.append(kAbc);
  REQUIRE(bytes.size() == 1006);
  REQUIRE(bytes[0] == 'a');
  REQUIRE(bytes[3 + 999] == 999 % 256);
  REQUIRE(bytes[1005] == 'c');
  const Bytes copy = bytes;
  REQUIRE(copy == bytes);
  bytes[5] ^= 1;
  REQUIRE_FALSE(copy == bytes);
  const Bytes moved = std::move(bytes);
  REQUIRE(moved.size() == 1006);
  REQUIRE_FALSE(moved == Bytes());
}

TEST_CASE("a buffer's new bytes are zero, unless they are to be written", "[seal]") {
  Bytes bytes(kAbc);
  bytes.resize(2);
  bytes.resize(100);
  REQUIRE(bytes[1] == 'b');
  for (size_t i = 2; i < 100; ++i) REQUIRE(bytes[i] == 0);
  REQUIRE(Bytes(3, 7) == Bytes{7, 7, 7});
  REQUIRE(Bytes(0).empty());
}

TEST_CASE("a buffer's block is given away, a secret's with no secret behind its end", "[seal]") {
  SecretBytes secret(100, 9);
  secret.resize(3);
  uint8_t* block = std::move(secret).release();
  for (size_t i = 0; i < 100; ++i) REQUIRE(block[i] == (i < 3 ? 9 : 0));
  std::free(block);
}
