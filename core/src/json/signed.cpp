// SPDX-License-Identifier: Apache-2.0
#include "json/signed.h"

#include <sodium.h>

#include <array>

#include "json/canonical.h"

namespace subrosa {
namespace {

constexpr std::string_view kPrefix = "ed25519:";
constexpr int kBase64 = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
constexpr size_t kTextSize = 86;
using Signature = std::array<uint8_t, crypto_sign_BYTES>;

std::string to_sign(std::string_view kind, Json object) {
  object.erase("sig");
  std::string bytes(kind);
  bytes += '\0';
  bytes += canonical(object);
  return bytes;
}

const uint8_t* data_of(const std::string& bytes) {
  return reinterpret_cast<const uint8_t*>(bytes.data());
}

bool parse_signature(const Json& value, Signature* signature) {
  const auto* text = value.get_ptr<const std::string*>();
  if (!text || text->size() != kPrefix.size() + kTextSize || !text->starts_with(kPrefix)) {
    return false;
  }
  size_t size = 0;
  return sodium_base642bin(signature->data(), signature->size(), text->data() + kPrefix.size(),
                           kTextSize, nullptr, &size, nullptr, kBase64) == 0 &&
         size == signature->size();
}

}  // namespace

Result<std::string> sign_json(std::string_view kind, std::string_view json,
                              std::span<const uint8_t> seed) {
  Result<Json> object = parse_strict(json);
  if (!object) return object.error();
  if (!object->is_object()) return ErrorCode::kBadFormat;
  if (seed.size() != crypto_sign_SEEDBYTES) return ErrorCode::kBadArgument;
  std::array<uint8_t, crypto_sign_PUBLICKEYBYTES> public_key{};
  std::array<uint8_t, crypto_sign_SECRETKEYBYTES> secret_key{};
  crypto_sign_seed_keypair(public_key.data(), secret_key.data(), seed.data());
  const std::string bytes = to_sign(kind, *object);
  Signature signature{};
  crypto_sign_detached(signature.data(), nullptr, data_of(bytes), bytes.size(), secret_key.data());
  sodium_memzero(secret_key.data(), secret_key.size());
  std::array<char, kTextSize + 1> text{};
  sodium_bin2base64(text.data(), text.size(), signature.data(), signature.size(), kBase64);
  (*object)["sig"] = std::string(kPrefix) + text.data();
  return canonical(*object);
}

ErrorCode verify_json(std::string_view kind, std::string_view json,
                      std::span<const uint8_t> public_key) {
  const Result<Json> object = parse_strict(json);
  if (!object || !object->is_object() || public_key.size() != crypto_sign_PUBLICKEYBYTES) {
    return ErrorCode::kNotAuthentic;
  }
  const auto found = object->find("sig");
  Signature signature{};
  if (found == object->end() || !parse_signature(*found, &signature)) {
    return ErrorCode::kNotAuthentic;
  }
  const std::string bytes = to_sign(kind, *object);
  const bool is_good = crypto_sign_verify_detached(signature.data(), data_of(bytes), bytes.size(),
                                                   public_key.data()) == 0;
  return is_good ? ErrorCode::kOk : ErrorCode::kNotAuthentic;
}

}  // namespace subrosa
