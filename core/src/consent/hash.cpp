// SPDX-License-Identifier: Apache-2.0
#include "consent/hash.h"

#include <sodium.h>

namespace subrosa::consent {
namespace {

constexpr std::string_view kPrefix = "sha256:";
constexpr std::string_view kHex = "0123456789abcdef";

}  // namespace

Hash sha256(std::string_view bytes) {
  Hash hash;
  crypto_hash_sha256(hash.bytes.data(), reinterpret_cast<const uint8_t*>(bytes.data()),
                     bytes.size());
  return hash;
}

std::string to_text(const Hash& hash) {
  std::string text(kPrefix);
  for (const uint8_t byte : hash.bytes) {
    text += kHex[byte >> 4];
    text += kHex[byte & 15];
  }
  return text;
}

bool parse_hash(std::string_view text, Hash* hash) {
  if (text.size() != kPrefix.size() + 64 || !text.starts_with(kPrefix)) return false;
  text.remove_prefix(kPrefix.size());
  Hash parsed;
  for (size_t i = 0; i < 64; ++i) {
    const size_t digit = kHex.find(text[i]);
    if (digit == std::string_view::npos) return false;
    parsed.bytes[i / 2] = static_cast<uint8_t>(parsed.bytes[i / 2] << 4 | digit);
  }
  *hash = parsed;
  return true;
}

}  // namespace subrosa::consent
