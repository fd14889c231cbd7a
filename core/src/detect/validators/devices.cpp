// SPDX-License-Identifier: Apache-2.0
// Numbers of handsets and vehicles.
#include <algorithm>

#include "detect/validators/digits.h"
#include "detect/validators/registry.h"

namespace subrosa::detect {
namespace {

// 3GPP TS 23.003 6.2: 14 digits, which may stand alone, with Luhn's check digit, or with the two
// digits of a software version.
Verdict imei(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  if (one_digit_repeated(digits)) return Verdict::kReject;
  if (digits.size() != 15) return Verdict::kNeutral;
  return luhn(digits) ? Verdict::kConfirm : Verdict::kReject;
}

// ITU-T E.212: a country code of the ranges in use, then network and subscriber.
Verdict imsi(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  const int country = number_at(digits, 0, 3);
  return (country >= 202 && country <= 750) || country == 901 ? Verdict::kNeutral
                                                              : Verdict::kReject;
}

// ITU-T E.118: 89, country, issuer, account and Luhn's digit, which a few issuers follow by one
// more.
Verdict iccid(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  const std::string_view first = std::string_view(digits).substr(0, 19);
  return luhn(digits) || luhn(first) ? Verdict::kConfirm : Verdict::kReject;
}

// The value of a VIN's letter in the check digit of 49 CFR 565.15; 0 where none stands.
int vin_value(char c) {
  if (is_digit(c)) return c - '0';
  constexpr std::string_view kValues = "12345678.12345.7.923456789";
  const char value = kValues[static_cast<size_t>(c - 'A')];
  return value == '.' ? -1 : value - '0';
}

// ISO 3779: seventeen characters without I, O and Q, the last four digits. The check digit is
// binding in North America and China only, so a wrong one proves nothing.
Verdict vin(const Candidate& candidate) {
  const std::string text = alnum_of(candidate.match());
  static constexpr int kWeights[17] = {8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
  if (text.size() != 17 || text[0] == '0') return Verdict::kReject;
  if (!std::all_of(text.end() - 4, text.end(), is_digit)) return Verdict::kReject;
  if (std::count_if(text.begin(), text.begin() + 9, is_upper) < 2) return Verdict::kReject;
  int sum = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (vin_value(text[i]) < 0) return Verdict::kReject;
    sum += vin_value(text[i]) * kWeights[i];
  }
  const int rest = sum % 11;
  return text[8] == (rest == 10 ? 'X' : static_cast<char>('0' + rest)) ? Verdict::kConfirm
                                                                       : Verdict::kNeutral;
}

constexpr NamedValidator kValidators[] = {
    {"iccid", iccid}, {"imei", imei}, {"imsi", imsi, kOnlyRefuses}, {"vin", vin}};

}  // namespace

std::span<const NamedValidator> device_validators() { return kValidators; }

}  // namespace subrosa::detect
