// SPDX-License-Identifier: Apache-2.0
#include "redact/value.h"

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

}  // namespace

SecretString same_value(std::string_view entity, std::string_view category,
                        std::string_view value) {
  const text::View view(value);
  const std::string_view text = view.text();
  if (entity == "PHONE_NUMBER") {
    SecretString digits = without_separators(text);
    if (digits.compare(0, 2, "00") == 0) digits.erase(0, 2);  // the other way to write '+'
    return digits;
  }
  if (entity == "EMAIL_ADDRESS") {
    SecretString out(text);
    for (char& c : out) c = to_lower(c);
    return out;
  }
  if (entity != "CRYPTO" && is_number(entity, category)) return without_separators(text);
  return SecretString(text);
}

}  // namespace subrosa::redact
