// SPDX-License-Identifier: Apache-2.0
#include "text/base64.h"

#include <sodium.h>

namespace subrosa::text {
namespace {
constexpr int kVariant = sodium_base64_VARIANT_ORIGINAL;
}

std::string base64(std::string_view bytes) {
  std::string text(sodium_base64_encoded_len(bytes.size(), kVariant), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const uint8_t*>(bytes.data()),
                    bytes.size(), kVariant);
  text.pop_back();  // libsodium counts the final zero
  return text;
}

Result<std::string> base64_decode(std::string_view text) {
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  size_t size = 0;
  const int status = sodium_base642bin(reinterpret_cast<uint8_t*>(bytes.data()), bytes.size(),
                                       text.data(), text.size(), nullptr, &size, nullptr, kVariant);
  bytes.resize(size);
  // libsodium 1.0.18 takes bytes above 7F for letters, so the text is written anew to compare.
  if (status != 0 || base64(bytes) != text) return ErrorCode::kBadFormat;
  return bytes;
}

}  // namespace subrosa::text
