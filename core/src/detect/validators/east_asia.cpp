// SPDX-License-Identifier: Apache-2.0
// Validators of Japan and South Korea.
#include "detect/validators/digits.h"
#include "detect/validators/registry.h"

namespace subrosa::detect {
namespace {

// Ministry ordinance 85 of 2014: weights 2 to 7 and 2 to 6 from the right, modulo 11.
Verdict jp_my_number(const Candidate& candidate) {
  static constexpr int kWeights[] = {6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2};
  const std::string digits = digits_of(candidate.match());
  const int rest = weighted_sum(digits, kWeights) % 11;
  return confirm_if(!one_digit_repeated(digits) && (rest <= 1 ? 0 : 11 - rest) == digits[11] - '0');
}

// Ministry of Finance ordinance 70 of 2014: the first digit is 9 less the sum modulo 9, weights 1
// and 2 from the right.
Verdict jp_corporate_number(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  int sum = 0;
  for (int i = 1; i < 13; ++i) sum += (digits[i] - '0') * (i % 2 == 0 ? 1 : 2);
  return confirm_if(!one_digit_repeated(digits) && 9 - sum % 9 == digits[0] - '0');
}

// National Police Agency: a driving licence begins with a public safety commission, 10 to 97.
Verdict jp_driver_license(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  const int office = number_at(digits, 0, 2);
  return reject_unless(office >= 10 && office <= 97 && !one_digit_repeated(digits));
}

// Ministry of Health, Labour and Welfare: an insurer's number checks by weights 2 and 1.
Verdict jp_insurer(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(luhn(digits) && !one_digit_repeated(digits));
}

int kr_weighted_sum(std::string_view digits) {
  static constexpr int kWeights[] = {2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5};
  return weighted_sum(digits, kWeights);
}

// The seventh digit tells sex, century and nationality: 9 and 0 are born before 1900, 1, 2, 5 and
// 6 before 2000, the others later.
int kr_birth_year(std::string_view digits) {
  const char kind = digits[6];
  const int century = kind == '9' || kind == '0'                                 ? 1800
                      : kind == '1' || kind == '2' || kind == '5' || kind == '6' ? 1900
                                                                                 : 2000;
  return century + number_at(digits, 0, 2);
}

bool has_kr_birth_date(std::string_view digits) {
  const int year = kr_birth_year(digits);
  return is_birth_year(year) && is_date(year, number_at(digits, 2, 2), number_at(digits, 4, 2));
}

// Enforcement rule of the Resident Registration Act: date of birth, sex and century, region (to
// 96), check digit. From October 2020 on the last six digits are random.
Verdict kr_rrn(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  if (!has_kr_birth_date(digits)) return Verdict::kReject;
  if ((11 - kr_weighted_sum(digits) % 11) % 10 == digits[12] - '0' && number_at(digits, 7, 2) <= 96)
    return Verdict::kConfirm;
  const int year = kr_birth_year(digits);
  return reject_unless(year > 2020 || (year == 2020 && number_at(digits, 2, 2) >= 10));
}

// Enforcement rule of the Immigration Act: as above with another complement. It is given at entry,
// so a number of today has random digits whatever the year of birth.
Verdict kr_frn(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  if (!has_kr_birth_date(digits)) return Verdict::kReject;
  return (13 - kr_weighted_sum(digits) % 11) % 10 == digits[12] - '0' ? Verdict::kConfirm
                                                                      : Verdict::kNeutral;
}

// National Tax Service: office from 101 on, a kind of business that is not 00. The check digit
// (weights 1 3 7 1 3 7 1 3 5, and the tens of the last product) is not in what the service
// publishes, and a few registered numbers fail it: it confirms, but does not rule out.
Verdict kr_brn(const Candidate& candidate) {
  static constexpr int kWeights[] = {1, 3, 7, 1, 3, 7, 1, 3, 5};
  const std::string digits = digits_of(candidate.match());
  if (number_at(digits, 0, 3) < 101 || number_at(digits, 3, 2) == 0) return Verdict::kReject;
  const int sum = weighted_sum(digits, kWeights) + (digits[8] - '0') * 5 / 10;
  return (10 - sum % 10) % 10 == digits[9] - '0' ? Verdict::kConfirm : Verdict::kNeutral;
}

// Supreme Court registry: weights 1 and 2 in turn, modulo 10.
Verdict kr_corporate_number(const Candidate& candidate) {
  static constexpr int kWeights[] = {1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2};
  const std::string digits = digits_of(candidate.match());
  return confirm_if((10 - weighted_sum(digits, kWeights) % 10) % 10 == digits[12] - '0');
}

// National Police Agency: the issuing region is 11 to 28.
Verdict kr_driver_license(const Candidate& candidate) {
  const int region = number_at(digits_of(candidate.match()), 0, 2);
  return reject_unless(region >= 11 && region <= 28);
}

constexpr NamedValidator kValidators[] = {{"jp_my_number", jp_my_number},
                                          {"jp_corporate_number", jp_corporate_number},
                                          {"jp_driver_license", jp_driver_license, kOnlyRefuses},
                                          {"jp_insurer", jp_insurer},
                                          {"kr_rrn", kr_rrn},
                                          {"kr_frn", kr_frn},
                                          {"kr_brn", kr_brn},
                                          {"kr_corporate_number", kr_corporate_number},
                                          {"kr_driver_license", kr_driver_license, kOnlyRefuses}};

}  // namespace

std::span<const NamedValidator> east_asia_validators() { return kValidators; }

}  // namespace subrosa::detect
