// SPDX-License-Identifier: Apache-2.0
// Numbers written out in words, digit by digit: English, German, Spanish, French, Chinese.
#include <algorithm>

#include "detect/validators/digits.h"
#include "detect/validators/registry.h"

namespace subrosa::detect {
namespace {

// The digit, then the words for it, up to the next digit.
constexpr std::string_view kWords =
    "0 zero oh null cero z\u00e9ro \u96f6 \u3007 "
    "1 one eins uno un \u4e00 \u5e7a \u58f9 "
    "2 two zwei zwo dos deux \u4e8c \u4e24 \u8d30 "
    "3 three drei tres trois \u4e09 \u53c1 "
    "4 four vier cuatro quatre \u56db \u8086 "
    "5 five f\u00fcnf cinco cinq \u4e94 \u4f0d "
    "6 six sechs seis \u516d \u9646 "
    "7 seven sieben siete sept \u4e03 \u67d2 "
    "8 eight acht ocho huit \u516b \u634c "
    "9 nine neun nueve neuf \u4e5d \u7396 ";

/// The digit that a word stands for, or 0 if none: a rule's pattern lets no other word in.
char digit_of(std::string_view word) {
  const size_t at = kWords.find(' ' + lower_of(word) + ' ');
  const size_t digit = kWords.find_last_of("0123456789", at);
  return kWords[digit == std::string_view::npos ? 0 : digit];
}

std::string digits_in_words(std::string_view match) {
  std::string digits;
  for (size_t at = 0; at < match.size();) {
    size_t end = at;
    if (static_cast<uint8_t>(match[at]) >= 0xe0) {
      end += 3;  // a Chinese numeral needs no blank after it
    } else {
      while (end < match.size() &&
             (is_alnum(match[end]) || static_cast<uint8_t>(match[end]) >= 0x80))
        ++end;
    }
    if (end > at) digits += digit_of(match.substr(at, end - at));
    at = std::max(end, at + 1);
  }
  return digits;
}

/// Each digit is as far from the one before: counting, or one digit again and again.
bool is_sequence(std::string_view digits) {
  for (size_t i = 2; i < digits.size(); ++i) {
    if (digits[i] - digits[i - 1] != digits[1] - digits[0]) return false;
  }
  return true;
}

/// What the validator says to the digits.
Verdict spelled(const Candidate& candidate, Validator validator) {
  const std::string digits = digits_in_words(candidate.match());
  if (is_sequence(digits)) return Verdict::kReject;
  return validator({digits, 0, static_cast<uint32_t>(digits.size()), candidate.region});
}

Verdict spelled_phone(const Candidate& candidate) {
  static const Validator validator = find_validator("phone");
  return spelled(candidate, validator);
}

Verdict spelled_card(const Candidate& candidate) {
  static const Validator validator = find_validator("credit_card");
  return spelled(candidate, validator);
}

constexpr NamedValidator kValidators[] = {{"spelled_phone", spelled_phone},
                                          {"spelled_card", spelled_card}};

}  // namespace

std::span<const NamedValidator> spelled_validators() { return kValidators; }

}  // namespace subrosa::detect
