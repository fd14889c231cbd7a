// SPDX-License-Identifier: Apache-2.0
// Validators of India, Pakistan and Sri Lanka.
#include <algorithm>

#include "detect/validators/digits.h"
#include "detect/validators/registry.h"

namespace subrosa::detect {
namespace {

// UIDAI: Verhoeff; 0 and 1 do not begin a number, and none reads the same backwards.
Verdict in_aadhaar(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  const bool palindrome = std::equal(digits.begin(), digits.end(), digits.rbegin());
  return confirm_if(!palindrome && verhoeff(digits) && has_one_separator(candidate.match()));
}

// Income Tax Department: the fourth letter is the kind of holder; serials begin at 0001.
bool is_pan(std::string_view pan) {
  return std::string_view("ABCFGHJLPT").find(pan[3]) != std::string_view::npos &&
         number_at(pan, 5, 4) != 0;
}

Verdict in_pan(const Candidate& candidate) {
  return confirm_if(is_pan(alnum_of(candidate.match())));
}

// GSTN: state 1 to 38 or 97 and 99, PAN, entity, Z, and a check character modulo 36.
Verdict in_gstin(const Candidate& candidate) {
  const std::string id = alnum_of(candidate.match());
  const int state = number_at(id, 0, 2);
  const bool known = (state >= 1 && state <= 38) || state == 97 || state == 99;
  if (!known || !is_pan(std::string_view(id).substr(2, 10))) return Verdict::kReject;
  const auto value = [](char c) { return is_digit(c) ? c - '0' : c - 'A' + 10; };
  int sum = 0;
  for (int i = 0; i < 14; ++i) {
    const int product = value(id[i]) * (i % 2 + 1);
    sum += product / 36 + product % 36;
  }
  return confirm_if((36 - sum % 36) % 36 == value(id[14]));
}

// Election Commission: the seven digits check by Luhn.
Verdict in_voter(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(luhn(digits) && !one_digit_repeated(digits));
}

// Central Motor Vehicles Rules: codes of the states and union territories, old ones included.
bool is_indian_state(std::string_view code) {
  static constexpr std::string_view kStates[] = {
      "AN", "AP", "AR", "AS", "BR", "CG", "CH", "CT", "DD", "DL", "DN", "GA", "GJ", "HP",
      "HR", "JH", "JK", "KA", "KL", "LA", "LD", "MH", "ML", "MN", "MP", "MZ", "NL", "OD",
      "OR", "PB", "PY", "RJ", "SK", "TG", "TN", "TR", "TS", "UA", "UK", "UP", "UT", "WB"};
  return std::binary_search(std::begin(kStates), std::end(kStates), code);
}

// The series BH (since 2021) has the year before and the number behind it.
Verdict in_plate(const Candidate& candidate) {
  const std::string plate = alnum_of(candidate.match());
  if (is_digit(plate[0])) return Verdict::kNeutral;
  return reject_unless(is_indian_state(std::string_view(plate).substr(0, 2)));
}

Verdict in_driving_license(const Candidate& candidate) {
  return reject_unless(is_indian_state(alnum_of(candidate.match()).substr(0, 2)));
}

// NPCI: the handle after the @ is one word; with a dot behind it, it is a host.
Verdict in_upi(const Candidate& candidate) {
  const std::string_view rest = candidate.text.substr(candidate.end);
  return reject_unless(rest.size() < 2 || rest[0] != '.' || !is_alnum(rest[1]));
}

// NADRA: province 1 to 8 and a last digit that tells the sex, never 0.
Verdict pk_cnic(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return reject_unless(digits[0] >= '1' && digits[0] <= '8' && digits[12] != '0' &&
                       number_at(digits, 5, 7) != 0);
}

// Department for Registration of Persons: year and day of the year, 500 more for women.
Verdict lk_nic(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  const bool is_old = digits.size() == 9;
  const int year = is_old ? 1900 + number_at(digits, 0, 2) : number_at(digits, 0, 4);
  const int day = number_at(digits, is_old ? 2 : 4, 3) % 500;
  return reject_unless(is_birth_year(year) && day >= 1 && day <= 366);
}

constexpr NamedValidator kValidators[] = {{"in_aadhaar", in_aadhaar},
                                          {"in_pan", in_pan},
                                          {"in_gstin", in_gstin},
                                          {"in_voter", in_voter},
                                          {"in_plate", in_plate, kOnlyRefuses},
                                          {"in_driving_license", in_driving_license, kOnlyRefuses},
                                          {"in_upi", in_upi, kOnlyRefuses},
                                          {"pk_cnic", pk_cnic, kOnlyRefuses},
                                          {"lk_nic", lk_nic, kOnlyRefuses}};

}  // namespace

std::span<const NamedValidator> south_asia_validators() { return kValidators; }

}  // namespace subrosa::detect
