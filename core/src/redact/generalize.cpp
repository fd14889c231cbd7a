// SPDX-License-Identifier: Apache-2.0
#include "redact/generalize.h"

#include <charconv>
#include <vector>

#include "detect/validators/digits.h"
#include "text/view.h"

namespace subrosa::redact {
namespace {

using detect::is_alnum;
using detect::is_digit;

bool has(std::string_view entity, std::string_view part) {
  return entity.find(part) != std::string_view::npos;
}

std::string name_only(std::string_view entity) {
  std::string out = "[";
  return out.append(entity).append("]");
}

std::vector<std::string_view> numbers_in(std::string_view text) {
  std::vector<std::string_view> out;
  for (size_t at = 0; at < text.size();) {
    size_t end = at;
    while (end < text.size() && is_digit(text[end])) ++end;
    if (end > at) out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

std::string year_of(std::string_view entity, std::string_view text) {
  for (const std::string_view number : numbers_in(text)) {
    const bool is_plain = number.size() == 4;
    // 20240131 has its year in front.
    const bool is_run = number.size() == 8 || number.size() == 14;
    const std::string_view century = number.substr(0, 2);
    if ((is_plain || is_run) && (century == "19" || century == "20"))
      return std::string(number.substr(0, 4));
  }
  return name_only(entity);
}

std::string band_of(std::string_view entity, std::string_view text) {
  const auto numbers = numbers_in(text);
  uint32_t age = 0;
  if (numbers.empty() || numbers[0].size() > 3) return name_only(entity);
  std::from_chars(numbers[0].data(), numbers[0].data() + numbers[0].size(), age);
  if (age >= 90) return "90+";  // so few that a band would name them
  const uint32_t from = age / 10 * 10;
  return std::to_string(from) + "-" + std::to_string(from + 9);
}

std::string network_v6(std::string_view text) {
  std::string out;
  int groups = 0;
  for (size_t at = 0; groups < 3 && at <= text.size(); ++groups) {
    const size_t colon = std::min(text.find(':', at), text.size());
    if (colon == at) break;  // '::': the rest is zero
    out.append(text.substr(at, colon - at)).append(":");
    at = colon + 1;
  }
  return out.append(groups == 3 ? ":/48" : groups == 0 ? "::/48" : ":/48");
}

std::string network_of(std::string_view entity, std::string_view text) {
  if (text.find(':') != std::string_view::npos) return network_v6(text);
  const auto numbers = numbers_in(text);
  if (numbers.size() < 4) return name_only(entity);
  std::string out;
  for (size_t i = 0; i < 3; ++i) out.append(numbers[i]).append(".");
  return out.append("0/24");
}

/// Decimals beyond the first go. Minutes, seconds and codes for places have none to lose.
std::string one_decimal(std::string_view entity, std::string_view text) {
  const bool has_minutes = text.find_first_of("'\"") != std::string_view::npos ||
                           text.find("\u2032") != std::string_view::npos ||
                           text.find("\u2019") != std::string_view::npos;
  if (has_minutes || text.find('.') == std::string_view::npos) return name_only(entity);
  std::string out;
  size_t decimals = 0;
  bool is_fraction = false;
  for (const char c : text) {
    if (!is_digit(c)) {
      is_fraction = c == '.';
      decimals = 0;
    } else if (is_fraction && ++decimals > 1) {
      continue;
    }
    out += c;
  }
  return out;
}

std::string first_half(std::string_view text) {
  std::string out;
  size_t count = 0, seen = 0;
  for (const char c : text) count += is_alnum(c);
  for (const char c : text) {
    out += is_alnum(c) && seen++ >= (count + 1) / 2 ? '*' : c;
  }
  return out;
}

/// Whether cents begin here: a separator and exactly two digits.
bool is_cents(std::string_view text, size_t at) {
  const auto digit = [&](size_t i) { return i < text.size() && is_digit(text[i]); };
  return (text[at] == '.' || text[at] == ',') && digit(at + 1) && digit(at + 2) && !digit(at + 3);
}

/// The first digit stays, the others of the whole part become zeros.
std::string magnitude(std::string_view text) {
  std::string out;
  bool is_first = true;
  for (size_t at = 0; at < text.size(); ++at) {
    if (is_cents(text, at)) {
      at += 2;
      continue;
    }
    out += is_digit(text[at]) && !is_first ? '0' : text[at];
    if (is_digit(text[at])) is_first = false;
  }
  return out;
}

}  // namespace

std::string generalize(std::string_view entity, std::string_view value) {
  const text::View view(value);
  const std::string_view text = view.text();
  if (has(entity, "DATE") || entity.ends_with("BIRTH") || entity.ends_with("BIRTHDAY"))
    return year_of(entity, text);
  if (entity == "AGE") return band_of(entity, text);
  if (entity == "IP_ADDRESS") return network_of(entity, text);
  if (has(entity, "COORDINATE")) return one_decimal(entity, text);
  if (has(entity, "POSTAL") || has(entity, "POSTCODE") || has(entity, "ZIP") ||
      has(entity, "EIRCODE") || entity == "BR_CEP" || entity == "IN_PIN_CODE")
    return first_half(text);
  if (has(entity, "AMOUNT") || has(entity, "MONEY")) return magnitude(text);
  return name_only(entity);
}

}  // namespace subrosa::redact
