// SPDX-License-Identifier: Apache-2.0
#include "detect/validators/shape.h"

#include <array>
#include <cmath>

namespace subrosa::detect {
namespace {

constexpr size_t kNone = std::string_view::npos;

bool is_word_byte(char c) { return is_alnum(c) || static_cast<uint8_t>(c) >= 0x80; }

bool is_all(std::string_view text, bool (*accept)(char)) {
  for (char c : text) {
    if (!accept(c)) return false;
  }
  return true;
}

bool is_letter(char c) { return is_upper(c) || is_lower(c); }

}  // namespace

bool is_any(std::string_view text, std::span<const std::string_view> words) {
  for (std::string_view word : words) {
    if (text == word) return true;
  }
  return false;
}

bool contains_any(std::string_view text, std::span<const std::string_view> parts) {
  for (std::string_view part : parts) {
    if (text.find(part) != kNone) return true;
  }
  return false;
}

double entropy(std::string_view text) {
  std::array<uint32_t, 256> counts{};
  for (char c : text) ++counts[static_cast<uint8_t>(c)];
  double bits = 0;
  for (uint32_t count : counts) {
    if (count == 0) continue;
    const double share = static_cast<double>(count) / static_cast<double>(text.size());
    bits -= share * std::log2(share);
  }
  return bits;
}

bool is_periodic(std::string_view text) {
  constexpr size_t kLongestPeriod = 8;
  constexpr size_t kStretch = 6;
  for (size_t period = 1; period <= kLongestPeriod; ++period) {
    size_t same = 0;
    for (size_t i = period; i < text.size(); ++i) {
      same = to_lower(text[i]) == to_lower(text[i - period]) ? same + 1 : 0;
      if (same == kStretch) return true;
    }
  }
  return false;
}

bool is_counting(std::string_view text) {
  constexpr size_t kRun = 8;
  size_t run = 1;
  for (size_t i = 1; i < text.size(); ++i) {
    run = is_alnum(text[i]) && text[i] == text[i - 1] + 1 ? run + 1 : 1;
    if (run == kRun) return true;
  }
  return false;
}

bool is_wordy(std::string_view text) {
  size_t parts = 0;
  size_t words = 0;
  for (size_t i = 0; i < text.size();) {
    size_t end = i;
    while (end < text.size() && is_alnum(text[end])) ++end;
    std::string_view part = text.substr(i, end - i);
    i = end + 1;
    while (!part.empty() && is_digit(part.back())) part.remove_suffix(1);
    if (part.empty()) continue;
    ++parts;
    if (part.size() >= 2 && is_all(part, is_letter)) ++words;
  }
  return words * 2 > parts;
}

bool is_placeholder(std::string_view value) {
  static constexpr std::string_view kParts[] = {
      "example", "xxxx",     "changeme", "change_me", "placehol", "dummy", "redacted",
      "insert_", "replace_", "****",     "....",      "${",       "{{"};
  static constexpr std::string_view kWhole[] = {
      "password", "passwd",   "pass",  "pwd",  "secret",    "token",  "apikey", "api_key",
      "user",     "username", "null",  "none", "nil",       "true",   "false",  "xxx",
      "yyy",      "empty",    "value", "todo", "undefined", "string", "test",   "sample"};
  if (value.empty() || std::string_view("$%<{[(").find(value.front()) != kNone) return true;
  const std::string lower = lower_of(value);
  return lower.starts_with("your") || is_any(lower, kWhole) || contains_any(lower, kParts) ||
         lower.find_first_not_of("*.x-_#") == kNone;
}

Mix mix_of(std::string_view text) {
  Mix mix;
  for (char c : text) {
    if (is_digit(c)) {
      mix.digit = true;
    } else if (is_upper(c)) {
      mix.upper = true;
    } else if (is_lower(c)) {
      mix.lower = true;
    } else {
      mix.other = true;
    }
  }
  return mix;
}

std::string_view name_before(std::string_view text, size_t start) {
  constexpr size_t kLongestGap = 32;
  constexpr size_t kLongestName = 64;
  size_t end = start;
  while (end > 0 && start - end < kLongestGap && !is_word_byte(text[end - 1])) --end;
  size_t begin = end;
  while (begin > 0 && end - begin < kLongestName &&
         (is_word_byte(text[begin - 1]) || text[begin - 1] == '_' || text[begin - 1] == '-' ||
          text[begin - 1] == '.'))
    --begin;
  return text.substr(begin, end - begin);
}

std::string words_of(std::string_view name) {
  std::string out = " ";
  const auto part = [&out] {
    while (is_digit(out.back())) out.pop_back();
    if (out.back() != ' ') out += ' ';
  };
  for (size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (!is_word_byte(c)) {
      part();
      continue;
    }
    const bool after_lower = i > 0 && (is_lower(name[i - 1]) || is_digit(name[i - 1]));
    const bool before_lower = i > 0 && i + 1 < name.size() && is_lower(name[i + 1]);
    if (is_upper(c) && (after_lower || before_lower)) part();
    out += to_lower(c);
  }
  part();
  return out;
}

}  // namespace subrosa::detect
