// SPDX-License-Identifier: Apache-2.0
#include "redact/surrogate.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "detect/matcher.h"
#include "detect/validators/digits.h"
#include "text/utf8.h"
#include "text/view.h"

namespace subrosa::redact {
namespace {

using detect::is_alnum;
using detect::is_digit;
using detect::is_lower;
using detect::is_upper;

/// A small generator (splitmix64): plausible digits from a number, nothing secret.
class Stream {
 public:
  explicit Stream(uint64_t seed) : state_(seed) {}
  uint32_t below(uint32_t limit) {
    state_ += 0x9e3779b97f4a7c15;
    uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return static_cast<uint32_t>((z ^ (z >> 31)) % limit);
  }

 private:
  uint64_t state_;
};

/// Puts digits into the places of the value's digits, from the last one back; what they do not fill
/// keeps its place with a zero.
std::string fill_digits(std::string_view shape, std::string_view digits) {
  std::string out(shape);
  size_t left = digits.size();
  for (size_t i = out.size(); i-- > 0;) {
    if (is_digit(out[i])) out[i] = left > 0 ? digits[--left] : '0';
  }
  return out;
}

std::string padded(uint32_t number, size_t width) {
  std::string text = std::to_string(number);
  return text.size() >= width ? text.substr(text.size() - width)
                              : std::string(width - text.size(), '0') + text;
}

std::string email(uint32_t number) {
  return std::string("user").append(std::to_string(number)).append("@example.com");
}

std::string phone(std::string_view shape, uint32_t number) {
  // 555-0100 to 555-0199 are kept for fiction in every area.
  std::string digits = padded(200 + number / 100 % 600, 3) + "55501" + padded(number, 2);
  const size_t count = detect::digits_of(shape).size();
  if (shape.substr(0, 2) == "+1" && count == 11) digits = std::string("1").append(digits);
  return fill_digits(shape, digits.size() > count ? digits.substr(digits.size() - count) : digits);
}

std::string ip(std::string_view shape, uint32_t number) {
  if (shape.find(':') != std::string_view::npos) {
    constexpr char kHex[] = "0123456789abcdef";
    std::string group;
    for (uint32_t rest = number % 0x10000; group.empty() || rest > 0; rest /= 16)
      group.insert(group.begin(), kHex[rest % 16]);
    return std::string("2001:db8::").append(group);
  }
  static constexpr const char* kNetworks[] = {"192.0.2.", "198.51.100.", "203.0.113."};
  return std::string(kNetworks[number / 254 % 3]).append(std::to_string(number % 254 + 1));
}

std::string card(std::string_view shape, uint32_t number) {
  const size_t count = detect::digits_of(shape).size();
  std::string digits = "400000" + padded(number, 9) + "0";
  digits.resize(std::max<size_t>(count, 12), '0');
  // One too many: the check digit is wrong.
  for (char c = '0'; c <= '9' && detect::luhn(digits); ++c) digits.back() = c;
  return fill_digits(shape, digits);
}

std::string iban(std::string_view shape, uint32_t number) {
  const std::string digits = padded(number, 9);
  std::string out(shape);
  size_t left = digits.size(), seen = 0, count = 0;
  for (const char c : shape) count += is_alnum(c);
  for (size_t i = out.size(); i-- > 0;) {
    if (!is_alnum(out[i])) continue;
    // The country stays; check digits are never 00 (ISO 13616), so it is nobody's.
    if (seen < count - 2) out[i] = seen < count - 4 && left > 0 ? digits[--left] : '0';
    ++seen;
  }
  return out;
}

std::string mac(uint32_t number) {
  constexpr char kHex[] = "0123456789ABCDEF";
  return std::string("00:00:5E:00:53:") + kHex[number / 16 % 16] + kHex[number % 16];
}

std::string person(std::string_view value, uint32_t number) {
  static constexpr const char* kFirst[] = {"Alex", "Sam", "Robin", "Kim",   "Chris",
                                           "Jo",   "Pat", "Lee",   "Jamie", "Morgan"};
  static constexpr const char* kLast[] = {"Doe", "Roe", "Poe", "Loe", "Noe",
                                          "Moe", "Coe", "Foe", "Hoe", "Boe"};
  static constexpr const char* kHan[] = {"\u7532", "\u4e59", "\u4e19", "\u4e01", "\u620a",
                                         "\u5df1", "\u5e9a", "\u8f9b", "\u58ec", "\u7678"};
  const uint32_t i = number - 1;
  const bool is_han = !value.empty() && text::decode(value, 0).value >= 0x3400;
  std::string out = is_han ? std::string("\u5f20") + kHan[i % std::size(kHan)]
                           : std::string(kFirst[i % std::size(kFirst)]) + " " +
                                 kLast[i / std::size(kFirst) % std::size(kLast)];
  const size_t names = is_han ? std::size(kHan) : std::size(kFirst) * std::size(kLast);
  if (i >= names) out += std::to_string(i / names + 1);
  return out;
}

std::string scrambled(std::string_view shape, Stream* stream) {
  std::string out(shape);
  for (char& c : out) {
    if (is_digit(c)) {
      c = static_cast<char>('0' + stream->below(10));
    } else if (is_upper(c)) {
      c = static_cast<char>('A' + stream->below(26));
    } else if (is_lower(c)) {
      c = static_cast<char>('a' + stream->below(26));
    }
  }
  return out;
}

/// The patterns of a rule, over whole values. A validator trusts what they let through, so that it
/// must not be asked about anything else.
class Language {
 public:
  explicit Language(const detect::Rule& rule) {
    for (const detect::Pattern& pattern : rule.patterns)
      parts_.emplace_back(detect::Matcher(pattern.prefix, detect::Direction::kBackward),
                          detect::Matcher(pattern.regex));
  }

  bool has(std::string_view value) {
    const auto reach = [&](detect::Matcher* matcher, size_t from, size_t to) {
      const auto& ends = matcher->ends(value, static_cast<uint32_t>(from));
      return std::find(ends.begin(), ends.end(), to) != ends.end();
    };
    for (auto& [prefix, regex] : parts_) {
      for (size_t at = 0; at <= (prefix ? value.size() : 0); ++at) {
        if (reach(&regex, at, value.size()) && (!prefix || reach(&prefix, at, 0))) return true;
      }
    }
    return false;
  }

 private:
  std::vector<std::pair<detect::Matcher, detect::Matcher>> parts_;  // prefix, regex
};

/// Any other value: letters and digits in the same places, such that the rule's check refuses it
/// where there is one.
std::string same_shape(const detect::Rule& rule, std::string_view shape, uint32_t number) {
  constexpr uint32_t kTries = 64;
  std::optional<Language> language;
  if (rule.validator) language.emplace(rule);
  std::string out;
  for (uint32_t i = 0; i < kTries; ++i) {
    Stream stream(uint64_t{number} << 8 | i);
    out = scrambled(shape, &stream);
    if (out == shape) continue;
    if (!language || !language->has(out)) break;
    const detect::Candidate candidate{out, 0, static_cast<uint32_t>(out.size()), {}};
    if (rule.validator(candidate) == detect::Verdict::kReject) break;
  }
  return out;
}

std::string made(const detect::Rule& rule, std::string_view value, uint32_t number) {
  const text::View view(value);
  const std::string_view shape = view.text();
  const std::string_view entity = rule.entity;
  if (entity == "EMAIL_ADDRESS") return email(number);
  if (entity == "PHONE_NUMBER") return phone(shape, number);
  if (entity == "IP_ADDRESS") return ip(shape, number);
  if (entity == "CREDIT_CARD") return card(shape, number);
  if (entity == "IBAN_CODE") return iban(shape, number);
  if (entity == "MAC_ADDRESS") return mac(number);
  if (entity == "URL") return std::string("https://example.com/").append(std::to_string(number));
  if (entity == "PERSON") return person(value, number);
  return same_shape(rule, shape, number);
}

}  // namespace

std::string surrogate(const detect::Rule& rule, std::string_view value, uint32_t number) {
  constexpr uint32_t kAnother = 101;
  std::string out = made(rule, value, number);
  return out != value ? out : made(rule, value, number + kAnother);  // it was one of these itself
}

}  // namespace subrosa::redact
