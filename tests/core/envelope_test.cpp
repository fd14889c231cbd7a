#include "seal/envelope.h"

#include <catch2/catch.hpp>

#include "seal/cose.h"
#include "seal/padding.h"
#include "vectors.h"

using namespace subrosa::seal;
using subrosa::ErrorCode;

namespace {

const Context kChat = {{"chat", "support"}, "sha256:00", "record-1", 3, ""};

SecretKey key_of(uint8_t fill) { return *make_key(Kem::kX25519, Bytes(32, fill), true); }

Bytes sealed(std::string_view text, const SecretKey& key) {
  return *seal(kChat, view_of(text), key.public_key, Bytes(64, 9));
}

}  // namespace

TEST_CASE("an envelope opens for each of its purposes and for no other", "[seal]") {
  const SecretKey key = key_of(1);
  const Bytes envelope = sealed("hello", key);
  for (const char* purpose : {"chat", "support"})
    REQUIRE(text_of(*open(envelope, key, {purpose, {}, {}, {}})) == "hello");
  REQUIRE(open(envelope, key, {"train", {}, {}, {}}).error().code == ErrorCode::kNotAuthentic);
  REQUIRE(open(envelope, key, {"chat", "sha256:00", "record-1", 3}));
  REQUIRE_FALSE(open(envelope, key, {"chat", "sha256:01", {}, {}}));
  REQUIRE_FALSE(open(envelope, key, {"chat", {}, "record-2", {}}));
  REQUIRE_FALSE(open(envelope, key, {"chat", {}, {}, 4}));
  REQUIRE_FALSE(open(envelope, key_of(2), {"chat", {}, {}, {}}));
}

TEST_CASE("no single changed byte of an envelope is accepted", "[seal]") {
  const SecretKey key = key_of(1);
  const Bytes envelope = sealed("hello", key);
  for (size_t i = 0; i < envelope.size(); ++i) {
    for (uint32_t change = 1; change < 256; ++change) {
      Bytes broken = envelope;
      broken[i] ^= static_cast<uint8_t>(change);
      REQUIRE(open(broken, key, {"chat", {}, {}, {}}).error().code == ErrorCode::kNotAuthentic);
    }
    REQUIRE_FALSE(open(ByteView(envelope).first(i), key, {"chat", {}, {}, {}}));
  }
  Bytes longer = envelope;
  longer.push_back(0);
  REQUIRE_FALSE(open(longer, key, {"chat", {}, {}, {}}));
}

TEST_CASE("an envelope says what it was sealed for", "[seal]") {
  const SecretKey key = key_of(1);
  const Bytes envelope = sealed("hello", key);
  const auto header = inspect(envelope);
  REQUIRE(header);
  REQUIRE(header->context.purposes == kChat.purposes);
  REQUIRE(header->context.record_id == "record-1");
  REQUIRE(header->context.epoch == 3);
  REQUIRE(equal(header->kid, key.public_key.kid()));
  REQUIRE(header->ciphertext_size == 64 + 16);
}

TEST_CASE("too little entropy seals nothing", "[seal]") {
  REQUIRE(seal(kChat, {}, key_of(1).public_key, Bytes(31, 0)).error().code ==
          ErrorCode::kBadArgument);
}

TEST_CASE("buckets: every 64 bytes up to 1 KiB, then at most 12 % more", "[seal]") {
  REQUIRE(padded_size(0) == 64);
  REQUIRE(padded_size(63) == 64);
  REQUIRE(padded_size(64) == 128);
  REQUIRE(padded_size(1023) == 1024);
  REQUIRE(padded_size(1024) == 1088);
  for (size_t size = 1024; size < 3000000; size += size / 97) {
    const size_t bucket = padded_size(size);
    REQUIRE(bucket > size);
    REQUIRE(bucket <= (size + 1) + (size + 1) * 12 / 100);
    REQUIRE(padded_size(bucket - 1) == bucket);
  }
}

TEST_CASE("padding comes off as it was put on, and no other does", "[seal]") {
  for (size_t size = 0; size < 2500; ++size) {
    const Bytes plaintext(size, 0x80);
    const auto back = unpad(pad(plaintext));
    REQUIRE(back);
    REQUIRE(Bytes(*back) == plaintext);
  }
  REQUIRE_FALSE(unpad(SecretBytes(64)));
  REQUIRE_FALSE(unpad(SecretBytes(63, 0x80)));
  SecretBytes too_much(128);
  too_much[10] = 0x80;
  REQUIRE_FALSE(unpad(too_much));
}

TEST_CASE("keys are read in one form only", "[seal]") {
  const SecretKey key = key_of(1);
  const SecretBytes encoded = key.encode();
  const auto back = decode_secret_key(encoded, false);
  REQUIRE(back);
  REQUIRE(back->public_key.encode() == key.public_key.encode());
  for (size_t i = 0; i < encoded.size(); ++i) {
    SecretBytes broken = encoded;
    broken[i] ^= 0x41;
    const auto other = decode_secret_key(broken, false);
    // Clamping ignores a few bits of the secret, so the public half may still fit.
    if (other) REQUIRE(other->public_key.encode() == key.public_key.encode());
    REQUIRE_FALSE(decode_secret_key(ByteView(encoded).first(i), false));
  }
}

TEST_CASE("contexts are strict", "[seal]") {
  REQUIRE(parse_context(R"({"purposes":["b","a"],"policy_hash":"h","record_id":"r","epoch":1})")
              ->purposes == std::vector<std::string>{"a", "b"});
  const char* wrong[] = {
      "",
      "[]",
      "{}",
      R"({"purposes":[],"policy_hash":"h","record_id":"r","epoch":1})",
      R"({"purposes":["a","a"],"policy_hash":"h","record_id":"r","epoch":1})",
      R"({"purposes":["a b"],"policy_hash":"h","record_id":"r","epoch":1})",
      R"({"purposes":["a"],"policy_hash":"","record_id":"r","epoch":1})",
      R"({"purposes":["a"],"policy_hash":"h","record_id":7,"epoch":1})",
      R"({"purposes":["a"],"policy_hash":"h","record_id":"r","epoch":-1})",
      R"({"purposes":["a"],"policy_hash":"h","record_id":"r","epoch":4294967296})",
      R"({"purposes":["a"],"policy_hash":"h","record_id":"r","epoch":1,"more":1})"};
  for (const char* text : wrong) {
    CAPTURE(text);
    REQUIRE(parse_context(text).error().code == ErrorCode::kBadFormat);
  }
  REQUIRE(parse_expectation(R"({"purpose":"a"})"));
  REQUIRE_FALSE(parse_expectation(R"({"policy_hash":"a"})"));
}
