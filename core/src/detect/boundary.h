// SPDX-License-Identifier: Apache-2.0
// What is glued to a match and what is not. Han, kana, Thai and other scripts without spaces end a
// word; letters of Latin, Greek and Cyrillic go on with it.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace subrosa::detect {

enum class ByteKind : uint8_t {
  kOther,  // begins a character that is no part of a word
  kWord,   // begins one that is
  kInside  // continues a character
};

constexpr std::array<ByteKind, 256> make_byte_kinds() {
  std::array<ByteKind, 256> kinds{};
  for (int b = 0; b < 256; ++b) {
    const bool ascii =
        (b >= '0' && b <= '9') || (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z') || b == '_';
    const bool letter = b >= 0xc3 && b <= 0xd4;  // U+00C0 to U+052F
    const bool inside = b >= 0x80 && b < 0xc0;
    kinds[static_cast<size_t>(b)] = inside            ? ByteKind::kInside
                                    : ascii || letter ? ByteKind::kWord
                                                      : ByteKind::kOther;
  }
  return kinds;
}

inline constexpr std::array<ByteKind, 256> kByteKinds = make_byte_kinds();

inline ByteKind kind_at(std::string_view text, size_t at) {
  return kByteKinds[static_cast<uint8_t>(text[at])];
}

/// Whether the character before text[at] is part of a word.
inline bool word_before(std::string_view text, size_t at) {
  while (at > 0) {
    const ByteKind kind = kind_at(text, --at);
    if (kind != ByteKind::kInside) return kind == ByteKind::kWord;
  }
  return false;
}

inline bool word_at(std::string_view text, size_t at) {
  return at < text.size() && kind_at(text, at) == ByteKind::kWord;
}

}  // namespace subrosa::detect
