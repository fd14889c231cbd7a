// SPDX-License-Identifier: Apache-2.0
// Validators of Africa.
#include "detect/validators/digits.h"
#include "detect/validators/registry.h"

namespace subrosa::detect {
namespace {

// Civil Status Organization: century 2 or 3, date of birth, governorate (88 is born abroad).
Verdict eg_national_id(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  const int year = 1700 + (digits[0] - '0') * 100 + number_at(digits, 1, 2);
  const int governorate = number_at(digits, 7, 2);
  return reject_unless(
      is_birth_year(year) && is_date(year, number_at(digits, 3, 2), number_at(digits, 5, 2)) &&
      ((governorate >= 1 && governorate <= 4) || (governorate >= 11 && governorate <= 19) ||
       (governorate >= 21 && governorate <= 29) || (governorate >= 31 && governorate <= 35) ||
       governorate == 88));
}

// NIMC: Verhoeff over all eleven digits.
Verdict ng_nin(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(!one_digit_repeated(digits) && verhoeff(digits));
}

// Department of Home Affairs: date of birth, sequence and sex, citizenship (0 citizen, 1 resident,
// 2 refugee), a digit without meaning, Luhn.
Verdict za_id_number(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(is_short_date(digits) && digits[10] <= '2' && luhn(digits));
}

// SARS: an income tax reference begins with 0 to 3 or 9 and checks by Luhn.
Verdict za_tax_number(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(luhn(digits) && !one_digit_repeated(digits));
}

// NIDA: date of birth, postal code, sequence, citizenship and check.
Verdict tz_nida(const Candidate& candidate) {
  return reject_unless(is_birth_date(digits_of(candidate.match()), 0));
}

// National Identification Agency of Rwanda: kind, year of birth, sex (7 women, 8 men), sequence.
Verdict rw_national_id(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return reject_unless(is_birth_year(number_at(digits, 1, 4)) &&
                       (digits[5] == '7' || digits[5] == '8'));
}

// Civil Status Division of Mauritius: initial of the surname, date of birth (DDMMYY), sequence.
Verdict mu_national_id(const Candidate& candidate) {
  const std::string_view match = candidate.match();
  const int day = number_at(match, 1, 2);
  const int month = number_at(match, 3, 2);
  return reject_unless(is_date(2000, month, day));
}

// Home Affairs of Namibia: date of birth first.
Verdict na_id_number(const Candidate& candidate) {
  return reject_unless(is_short_date(digits_of(candidate.match())));
}

constexpr NamedValidator kValidators[] = {{"eg_national_id", eg_national_id, kOnlyRefuses},
                                          {"ng_nin", ng_nin},
                                          {"za_id_number", za_id_number},
                                          {"za_tax_number", za_tax_number},
                                          {"tz_nida", tz_nida, kOnlyRefuses},
                                          {"rw_national_id", rw_national_id, kOnlyRefuses},
                                          {"mu_national_id", mu_national_id, kOnlyRefuses},
                                          {"na_id_number", na_id_number, kOnlyRefuses}};

}  // namespace

std::span<const NamedValidator> africa_validators() { return kValidators; }

}  // namespace subrosa::detect
