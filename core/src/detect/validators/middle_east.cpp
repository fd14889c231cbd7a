// SPDX-License-Identifier: Apache-2.0
// Validators of the Gulf states, Jordan, Iran and Central Asia.
#include "detect/validators/digits.h"
#include "detect/validators/registry.h"

namespace subrosa::detect {
namespace {

// Federal Authority for Identity: 784, year of birth, seven digits, Luhn.
Verdict ae_emirates_id(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(is_birth_year(number_at(digits, 3, 4)) && luhn(digits));
}

// Ministry of Interior: 1 for citizens, 2 for residents, Luhn.
Verdict sa_national_id(const Candidate& candidate) { return confirm_if(luhn(candidate.match())); }

// Public Authority for Civil Information: century 1 to 3, date of birth, modulo 11.
Verdict kw_civil_id(const Candidate& candidate) {
  static constexpr int kWeights[] = {2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  const std::string_view digits = candidate.match();
  const int year = 1700 + (digits[0] - '0') * 100 + number_at(digits, 1, 2);
  return confirm_if(is_birth_year(year) &&
                    is_date(year, number_at(digits, 3, 2), number_at(digits, 5, 2)) &&
                    11 - weighted_sum(digits, kWeights) % 11 == digits[11] - '0');
}

// Ministry of Interior: century 2 or 3, year of birth, country (ISO 3166-1 numeric), sequence.
Verdict qa_qid(const Candidate& candidate) {
  const std::string_view digits = candidate.match();
  const int country = number_at(digits, 3, 3);
  return reject_unless(country >= 4 && country <= 894);
}

// Information and eGovernment Authority: year and month of birth first.
Verdict bh_cpr(const Candidate& candidate) {
  const int month = number_at(candidate.match(), 2, 2);
  return reject_unless(month >= 1 && month <= 12);
}

// National Organization for Civil Registration: weights 10 to 2; a rest below two is the digit.
Verdict ir_national_id(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  int sum = 0;
  for (int i = 0; i < 9; ++i) sum += (digits[i] - '0') * (10 - i);
  const int rest = sum % 11;
  return confirm_if(!one_digit_repeated(digits) &&
                    (rest < 2 ? rest : 11 - rest) == digits[9] - '0');
}

// Decree 853 of 2013: date of birth, century and sex (0 to 6), weights 1 to 11; a rest of ten is
// tried again with 3 to 11, 1 and 2.
Verdict kz_iin(const Candidate& candidate) {
  static constexpr int kFirst[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  static constexpr int kSecond[] = {3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2};
  const std::string_view digits = candidate.match();
  int check = weighted_sum(digits, kFirst) % 11;
  if (check == 10) check = weighted_sum(digits, kSecond) % 11;
  return confirm_if(is_short_date(digits) && digits[6] <= '6' && check == digits[11] - '0');
}

// Cabinet resolution of Uzbekistan: sex and century (1 to 6), date (DDMMYY), weights 7 3 1.
Verdict uz_pinfl(const Candidate& candidate) {
  static constexpr int kWeights[] = {7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1, 7};
  const std::string_view digits = candidate.match();
  const int year = 1800 + (digits[0] - '1') / 2 * 100 + number_at(digits, 5, 2);
  return confirm_if(is_birth_year(year) &&
                    is_date(year, number_at(digits, 3, 2), number_at(digits, 1, 2)) &&
                    weighted_sum(digits, kWeights) % 10 == digits[13] - '0');
}

// State Registration Service of Kyrgyzstan: sex, date of birth (DDMMYYYY), sequence.
Verdict kg_pin(const Candidate& candidate) {
  const std::string_view digits = candidate.match();
  const int year = number_at(digits, 5, 4);
  return reject_unless(is_birth_year(year) &&
                       is_date(year, number_at(digits, 3, 2), number_at(digits, 1, 2)));
}

// General Authority for State Registration of Mongolia: two letters, then year, month (20 more
// since 2000) and day of birth.
Verdict mn_register(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  const int month = number_at(digits, 2, 2);
  const int year = (month > 20 ? 2000 : 1900) + number_at(digits, 0, 2);
  return reject_unless(is_date(year, month > 20 ? month - 20 : month, number_at(digits, 4, 2)));
}

constexpr NamedValidator kValidators[] = {{"ae_emirates_id", ae_emirates_id},
                                          {"sa_national_id", sa_national_id},
                                          {"kw_civil_id", kw_civil_id},
                                          {"qa_qid", qa_qid, kOnlyRefuses},
                                          {"bh_cpr", bh_cpr, kOnlyRefuses},
                                          {"ir_national_id", ir_national_id},
                                          {"kz_iin", kz_iin},
                                          {"uz_pinfl", uz_pinfl},
                                          {"kg_pin", kg_pin, kOnlyRefuses},
                                          {"mn_register", mn_register, kOnlyRefuses}};

}  // namespace

std::span<const NamedValidator> middle_east_validators() { return kValidators; }

}  // namespace subrosa::detect
