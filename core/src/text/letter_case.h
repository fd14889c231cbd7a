// SPDX-License-Identifier: Apache-2.0
// The other case of a letter, for Latin, Greek, Cyrillic and Armenian: what context words need.
#pragma once

#include <cstdint>

namespace subrosa::text {

/// The capital of a small letter or the small one of a capital (Unicode 15, simple mappings of
/// these blocks); the character itself where there is none.
constexpr char32_t other_case(char32_t c) {
  const auto in = [c](char32_t first, char32_t last) { return c >= first && c <= last; };
  // Small letters follow their capitals at a distance.
  if (in(0xc0, 0xde) && c != 0xd7) return c + 32;
  if (in(0xe0, 0xfe) && c != 0xf7) return c - 32;
  if (in(0x391, 0x3a9) && c != 0x3a2) return c + 32;
  if (in(0x3b1, 0x3c9) && c != 0x3c2) return c - 32;
  if (in(0x410, 0x42f)) return c + 32;
  if (in(0x430, 0x44f)) return c - 32;
  if (in(0x400, 0x40f)) return c + 80;
  if (in(0x450, 0x45f)) return c - 80;
  if (in(0x531, 0x556)) return c + 48;
  if (in(0x561, 0x586)) return c - 48;
  // Or the two stand side by side, the capital at an even place.
  if (in(0x100, 0x12f) || in(0x132, 0x137) || in(0x14a, 0x177) || in(0x460, 0x481) ||
      in(0x48a, 0x4bf) || in(0x4d0, 0x52f) || in(0x1e00, 0x1e95) || in(0x1ea0, 0x1eff))
    return c ^ 1;
  // Or at an odd one.
  if (in(0x139, 0x148) || in(0x179, 0x17e)) return ((c - 1) ^ 1) + 1;
  return c;
}

}  // namespace subrosa::text
