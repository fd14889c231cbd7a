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

/// Where something may begin: a word for context, a match of a pattern.
enum Begins : uint8_t { kNothing = 0, kPhrase = 1, kMatch = 2 };

/// By what the characters before and at a place are. Keys of JSON and code are context too, so
/// there an underscore and a change of case end a word. Within a word a number may begin
/// ("tel4155550132"); whether it may stand there is its rule's matter.
class BeginTable {
 public:
  enum Kind : uint8_t { kOther, kLower, kUpper, kDigit, kUnderscore, kLetter, kInside };

  constexpr BeginTable() {
    for (int b = 0; b < 256; ++b) kinds_[static_cast<size_t>(b)] = kind_of(b);
    for (int before = kOther; before <= kLetter; ++before) {
      for (int now = kOther; now <= kLetter; ++now)
        begins_[before][now] = begins(static_cast<Kind>(before), static_cast<Kind>(now));
    }
  }

  constexpr Kind kind(char c) const { return kinds_[static_cast<uint8_t>(c)]; }
  constexpr uint8_t begins_at(Kind before, Kind now) const { return begins_[before][now]; }

 private:
  static constexpr Kind kind_of(int b) {
    if (b >= '0' && b <= '9') return kDigit;
    if (b >= 'a' && b <= 'z') return kLower;
    if (b >= 'A' && b <= 'Z') return kUpper;
    if (b == '_') return kUnderscore;
    if (b >= 0x80 && b < 0xc0) return kInside;
    return kByteKinds[static_cast<size_t>(b)] == ByteKind::kWord ? kLetter : kOther;
  }
  static constexpr uint8_t begins(Kind before, Kind now) {
    if (before == kOther || now == kOther) return kPhrase | kMatch;
    uint8_t what = kNothing;
    if (before == kUnderscore || (before == kLower && now == kUpper)) what |= kPhrase;
    if (now == kDigit && before != kDigit) what |= kMatch;
    return what;
  }

  Kind kinds_[256] = {};
  uint8_t begins_[kInside][kInside] = {};
};

inline constexpr BeginTable kBegins;

/// Calls visit(at, what begins there, what is before) along a text; it returns how many bytes to
/// step over, 1 at least.
template <typename Visit>
void each_begin(std::string_view text, Visit visit) {
  BeginTable::Kind before = BeginTable::kOther;
  for (uint32_t at = 0; at < text.size();) {
    const BeginTable::Kind now = kBegins.kind(text[at]);
    if (now == BeginTable::kInside) {
      ++at;
      continue;
    }
    const uint8_t what = kBegins.begins_at(before, now);
    const uint32_t length = what == kNothing ? 1 : visit(at, what, before);
    before = length > 1 ? BeginTable::kOther : now;
    at += length;
    if (before != BeginTable::kLower) continue;
    // Most of a text: nothing begins between small letters.
    while (at < text.size() && kBegins.kind(text[at]) == BeginTable::kLower) ++at;
  }
}

}  // namespace subrosa::detect
