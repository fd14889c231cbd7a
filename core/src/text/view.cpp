// SPDX-License-Identifier: Apache-2.0
#include "text/view.h"

#include <algorithm>
#include <iterator>

#include "text/utf8.h"

namespace subrosa::text {
namespace {

enum class Change : uint8_t {
  kDrop,
  kTo,      // every code point of the range becomes `to`
  kDigits,  // runs of ten from the range's start become '0' to '9'
  kAscii,   // the range runs parallel to ASCII from `to` on
  kMath,    // runs of 26 capitals and 26 small letters
};

struct Range {
  uint32_t first, last;
  Change change;
  char to;
};

// Unicode 15: general category Nd, Pd, Zs, default-ignorable code points, and the compatibility
// forms of ASCII. Sorted; the ideographic full stop is not here, because it is a dot between labels
// only.
constexpr Range kRanges[] = {
    {0xa0, 0xa0, Change::kTo, ' '},        {0xad, 0xad, Change::kDrop, 0},
    {0x300, 0x36f, Change::kDrop, 0},      {0x58a, 0x58a, Change::kTo, '-'},
    {0x61c, 0x61c, Change::kDrop, 0},      {0x660, 0x669, Change::kDigits, 0},
    {0x6f0, 0x6f9, Change::kDigits, 0},    {0x7c0, 0x7c9, Change::kDigits, 0},
    {0x966, 0x96f, Change::kDigits, 0},    {0x9e6, 0x9ef, Change::kDigits, 0},
    {0xa66, 0xa6f, Change::kDigits, 0},    {0xae6, 0xaef, Change::kDigits, 0},
    {0xb66, 0xb6f, Change::kDigits, 0},    {0xbe6, 0xbef, Change::kDigits, 0},
    {0xc66, 0xc6f, Change::kDigits, 0},    {0xce6, 0xcef, Change::kDigits, 0},
    {0xd66, 0xd6f, Change::kDigits, 0},    {0xde6, 0xdef, Change::kDigits, 0},
    {0xe50, 0xe59, Change::kDigits, 0},    {0xed0, 0xed9, Change::kDigits, 0},
    {0xf20, 0xf29, Change::kDigits, 0},    {0x1040, 0x1049, Change::kDigits, 0},
    {0x1090, 0x1099, Change::kDigits, 0},  {0x1680, 0x1680, Change::kTo, ' '},
    {0x17e0, 0x17e9, Change::kDigits, 0},  {0x180b, 0x180f, Change::kDrop, 0},
    {0x1810, 0x1819, Change::kDigits, 0},  {0x1946, 0x194f, Change::kDigits, 0},
    {0x19d0, 0x19d9, Change::kDigits, 0},  {0x1a80, 0x1a89, Change::kDigits, 0},
    {0x1a90, 0x1a99, Change::kDigits, 0},  {0x1ab0, 0x1aff, Change::kDrop, 0},
    {0x1b50, 0x1b59, Change::kDigits, 0},  {0x1bb0, 0x1bb9, Change::kDigits, 0},
    {0x1c40, 0x1c49, Change::kDigits, 0},  {0x1c50, 0x1c59, Change::kDigits, 0},
    {0x2000, 0x200a, Change::kTo, ' '},    {0x200b, 0x200f, Change::kDrop, 0},
    {0x2010, 0x2015, Change::kTo, '-'},    {0x202a, 0x202e, Change::kDrop, 0},
    {0x202f, 0x202f, Change::kTo, ' '},    {0x205f, 0x205f, Change::kTo, ' '},
    {0x2060, 0x206f, Change::kDrop, 0},    {0x20d0, 0x20ff, Change::kDrop, 0},
    {0x2212, 0x2212, Change::kTo, '-'},    {0x2e3a, 0x2e3b, Change::kTo, '-'},
    {0x3000, 0x3000, Change::kTo, ' '},    {0xa620, 0xa629, Change::kDigits, 0},
    {0xa8d0, 0xa8d9, Change::kDigits, 0},  {0xa900, 0xa909, Change::kDigits, 0},
    {0xa9d0, 0xa9d9, Change::kDigits, 0},  {0xa9f0, 0xa9f9, Change::kDigits, 0},
    {0xaa50, 0xaa59, Change::kDigits, 0},  {0xabf0, 0xabf9, Change::kDigits, 0},
    {0xfe00, 0xfe0f, Change::kDrop, 0},    {0xfe52, 0xfe52, Change::kTo, '.'},
    {0xfe58, 0xfe58, Change::kTo, '-'},    {0xfe63, 0xfe63, Change::kTo, '-'},
    {0xfe6b, 0xfe6b, Change::kTo, '@'},    {0xfeff, 0xfeff, Change::kDrop, 0},
    {0xff01, 0xff5e, Change::kAscii, '!'}, {0x104a0, 0x104a9, Change::kDigits, 0},
    {0x1d400, 0x1d6a3, Change::kMath, 0},  {0x1d7ce, 0x1d7ff, Change::kDigits, 0},
    {0xe0020, 0xe007f, Change::kDrop, 0},  {0xe0100, 0xe01ef, Change::kDrop, 0},
};

constexpr int kKeep = -1;
constexpr int kDropped = -2;

int change_of(uint32_t c) {
  const Range* range =
      std::lower_bound(std::begin(kRanges), std::end(kRanges), c,
                       [](const Range& r, uint32_t value) { return r.last < value; });
  if (range == std::end(kRanges) || c < range->first) return kKeep;
  const uint32_t at = c - range->first;
  switch (range->change) {
    case Change::kDrop:
      return kDropped;
    case Change::kTo:
      return range->to;
    case Change::kDigits:
      return static_cast<int>('0' + at % 10);
    case Change::kAscii:
      return static_cast<int>(range->to + at);
    case Change::kMath:
      return static_cast<int>(at % 52 < 26 ? 'A' + at % 52 : 'a' + at % 52 - 26);
  }
  return kKeep;
}

/// How many bytes of a character that this lead byte begins stay as they are, whatever follows it;
/// 0 where that must be looked up. Most text beyond ASCII is here: Latin letters with accents,
/// Greek, Cyrillic, kana and Han.
uint32_t unchanged_length(std::string_view text, size_t at) {
  const auto lead = static_cast<uint8_t>(text[at]);
  if (lead < 0x80) return 1;
  if (lead >= 0xe4 && lead <= 0xe9) return 3;
  if (lead == 0xe3) return text[at + 1] == '\x80' ? 0 : 3;
  return (lead >= 0xc3 && lead <= 0xcb) || (lead >= 0xce && lead <= 0xd5) ? 2 : 0;
}

bool is_ideographic_stop(uint32_t c) { return c == 0x3002 || c == 0xff61; }

bool is_label_byte(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// An ideographic stop inside a host name is a dot; elsewhere it ends a sentence, and digits or a
/// capital may follow.
bool is_label_dot(std::string_view text, size_t at, size_t length) {
  if (at == 0 || at + length >= text.size()) return false;
  const char next = text[at + length];
  return is_label_byte(text[at - 1]) && next >= 'a' && next <= 'z';
}

/// What the character at text[at] becomes.
int change_at(std::string_view text, size_t at, CodePoint c) {
  if (is_ideographic_stop(c.value) && is_label_dot(text, at, c.length)) return '.';
  return change_of(c.value);
}

}  // namespace

View::View(std::string_view original) : text_(original) {
  for (size_t at = skip_ascii(original, 0); at < original.size();) {
    uint32_t length = unchanged_length(original, at);
    if (length == 0) {
      const CodePoint c = decode(original, at);
      if (change_at(original, at, c) != kKeep) {
        build(original, at);
        return;
      }
      length = c.length;
    }
    at += length;
    if (length == 1) {
      at = skip_ascii(original, at);
    } else {
      is_ascii_ = false;
    }
  }
}

void View::build(std::string_view original, size_t from) {
  buffer_.resize(original.size());
  origin_.resize(original.size() + 1);
  size_t size = 0, copied = 0;
  const auto copy_up_to = [&](size_t end) {
    original.copy(buffer_.data() + size, end - copied, copied);
    while (copied < end) origin_[size++] = static_cast<uint32_t>(copied++);
  };
  for (size_t at = from; at < original.size();) {
    if (const uint32_t length = unchanged_length(original, at)) {
      at += length;
      continue;
    }
    const CodePoint c = decode(original, at);
    if (const int to = change_at(original, at, c); to != kKeep) {
      copy_up_to(at);
      if (to >= 0) {
        buffer_[size] = static_cast<char>(to);
        origin_[size++] = static_cast<uint32_t>(at);
      }
      copied = at + c.length;
    }
    at += c.length;
  }
  copy_up_to(original.size());
  origin_[size] = static_cast<uint32_t>(original.size());
  buffer_.resize(size);
  origin_.resize(size + 1);
  text_ = buffer_;
  is_ascii_ = text::is_ascii(text_);
}

}  // namespace subrosa::text
