// SPDX-License-Identifier: Apache-2.0
#include "text/utf8.h"

#include <cstring>

namespace subrosa::text {

CodePoint decode(std::string_view text, size_t at) {
  constexpr CodePoint kBad = {0, 0};
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint32_t lead = byte(at);
  if (lead < 0x80) return {lead, 1};
  const uint32_t length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  if (length == 0 || at + length > text.size()) return kBad;
  uint32_t value = lead & (0x7fu >> length);
  for (uint32_t i = 1; i < length; ++i) {
    if (!is_continuation(text[at + i])) return kBad;
    value = (value << 6) | (byte(at + i) & 0x3f);
  }
  // Table 3-7 of the Unicode Standard: no overlong forms, no surrogates, nothing above U+10FFFF.
  static constexpr uint32_t kLowest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (value < kLowest[length] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
    return kBad;
  return {value, length};
}

size_t skip_ascii(std::string_view text, size_t at) {
  while (at + 8 <= text.size()) {
    uint64_t word;
    std::memcpy(&word, text.data() + at, 8);
    if (word & 0x8080808080808080u) break;
    at += 8;
  }
  return at;
}

namespace {

/// Whether three bytes are a character whose lead says all: no overlong form or surrogate has it.
/// Han, kana and most other text of three bytes is here.
bool is_plain_three(std::string_view text, size_t at) {
  const auto lead = static_cast<uint8_t>(text[at]);
  return lead > 0xe0 && lead < 0xf0 && lead != 0xed && text.size() - at >= 3 &&
         is_continuation(text[at + 1]) && is_continuation(text[at + 2]);
}

}  // namespace

size_t find_ill_formed(std::string_view text) {
  for (size_t at = skip_ascii(text, 0); at < text.size();) {
    if (static_cast<uint8_t>(text[at]) < 0x80) {
      at = skip_ascii(text, at + 1);
    } else if (is_plain_three(text, at)) {
      at += 3;
    } else {
      const CodePoint c = decode(text, at);
      if (c.length == 0) return at;
      at += c.length;
    }
  }
  return std::string_view::npos;
}

bool is_ascii(std::string_view text) {
  for (size_t at = skip_ascii(text, 0); at < text.size(); ++at) {
    if (static_cast<uint8_t>(text[at]) >= 0x80) return false;
  }
  return true;
}

void append(uint32_t c, std::string* out) {
  const auto put = [&](uint32_t byte) { out->push_back(static_cast<char>(byte)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xc0 | (c >> 6));
    put(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    put(0xe0 | (c >> 12));
    put(0x80 | ((c >> 6) & 0x3f));
    put(0x80 | (c & 0x3f));
  } else {
    put(0xf0 | (c >> 18));
    put(0x80 | ((c >> 12) & 0x3f));
    put(0x80 | ((c >> 6) & 0x3f));
    put(0x80 | (c & 0x3f));
  }
}

uint32_t utf16_length(std::string_view text) {
  // Eight bytes at a time: in each of them a bit for what begins no character, and for what begins
  // a surrogate pair.
  constexpr uint64_t kOnes = 0x0101010101010101u;
  uint32_t units = 0;
  while (text.size() >= 8) {
    uint64_t word;
    std::memcpy(&word, text.data(), 8);
    const uint64_t inside = (word >> 7) & ~(word >> 6) & kOnes;
    const uint64_t pairs = (word >> 7) & (word >> 6) & (word >> 5) & (word >> 4) & kOnes;
    units += static_cast<uint32_t>(((kOnes - inside + pairs) * kOnes) >> 56);
    text.remove_prefix(8);
  }
  for (char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    units += (byte & 0xc0) != 0x80;
    units += byte >= 0xf0;  // a surrogate pair
  }
  return units;
}

uint32_t Utf16Cursor::at(uint32_t byte) {
  if (ascii_) return byte;
  unit_ += utf16_length(text_.substr(byte_, byte - byte_));
  byte_ = byte;
  return unit_;
}

}  // namespace subrosa::text
