// SPDX-License-Identifier: Apache-2.0
// SHA-256 hashes and their text form, "sha256:" and 64 hexadecimal digits.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace subrosa::consent {

struct Hash {
  std::array<uint8_t, 32> bytes{};
  bool operator==(const Hash&) const = default;
};

Hash sha256(std::string_view bytes);
std::string to_text(const Hash& hash);
/// False, and `*hash` untouched, for anything but the exact lower-case form.
bool parse_hash(std::string_view text, Hash* hash);

}  // namespace subrosa::consent
