// SPDX-License-Identifier: Apache-2.0
#include "redact/value.h"

#include <algorithm>

#include "detect/phone/plans.h"
#include "detect/validators/digits.h"
#include "text/view.h"

namespace subrosa::redact {
namespace {

using detect::is_alnum;
using detect::to_lower;

SecretString without_separators(std::string_view value) {
  SecretString out;
  for (const char c : value) {
    if (is_alnum(c) || static_cast<uint8_t>(c) >= 0x80) out += detect::to_upper(c);
  }
  return out;
}

bool is_number(std::string_view entity, std::string_view category) {
  return category == "financial" || category == "government" || category == "tax" ||
         category == "health" || category == "vehicle" || entity == "MAC_ADDRESS" ||
         entity == "IMEI" || entity == "ICCID";
}

/// A number of this plan with its country's code; nothing where it is none.
SecretString with_code(detect::PhonePlan* plan, std::string_view digits) {
  SecretString out(plan->code());
  if (plan->is_valid(digits)) return out.append(digits);
  digits.remove_prefix(plan->national_prefix(digits));
  return plan->is_valid(digits) ? out.append(digits) : SecretString();
}

/// A number that is written as at home in one of the regions; nothing where none knows it, or two
/// know two numbers.
SecretString at_home(std::string_view digits, std::string_view regions) {
  SecretString known;
  while (!regions.empty()) {
    const size_t end = std::min(regions.find(','), regions.size());
    detect::PhonePlan* plan = detect::PhonePlans::instance().find(regions.substr(0, end));
    SecretString here = plan ? with_code(plan, digits) : SecretString();
    if (!here.empty() && !known.empty() && here != known) return {};
    if (!here.empty()) known = std::move(here);
    regions.remove_prefix(std::min(end + 1, regions.size()));
  }
  return known;
}

/// ITU-T E.164, without the plus, as far as the plans know the number.
SecretString phone_number(std::string_view text, std::string_view regions) {
  SecretString digits = without_separators(text);
  const bool has_zeros = digits.compare(0, 2, "00") == 0;  // the other way to write '+'
  if (has_zeros) digits.erase(0, 2);
  if (has_zeros || text.find('+') != std::string_view::npos) {
    for (detect::PhonePlan* plan : detect::PhonePlans::instance().of_code(digits)) {
      SecretString known = with_code(plan, std::string_view(digits).substr(plan->code().size()));
      if (!known.empty()) return known;
    }
    return digits;
  }
  SecretString known = at_home(digits, regions);
  return known.empty() ? digits : known;
}

}  // namespace

SecretString same_value(std::string_view entity, std::string_view category, std::string_view value,
                        std::string_view regions) {
  const text::View view(value);
  const std::string_view text = view.text();
  if (entity == "PHONE_NUMBER") return phone_number(text, regions);
  if (entity == "EMAIL_ADDRESS") {
    SecretString out(text);
    for (char& c : out) c = to_lower(c);
    return out;
  }
  if (entity != "CRYPTO" && is_number(entity, category)) return without_separators(text);
  return SecretString(text);
}

}  // namespace subrosa::redact
