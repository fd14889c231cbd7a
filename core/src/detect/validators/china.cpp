// SPDX-License-Identifier: Apache-2.0
// Validators of mainland China, Hong Kong and Taiwan.
#include <algorithm>

#include "detect/validators/digits.h"
#include "detect/validators/registry.h"

namespace subrosa::detect {
namespace {

// GB/T 2260: the provinces; 81 to 83 are the residence permits of people from Hong Kong, Macao and
// Taiwan.
bool is_province(int code) {
  return (code >= 11 && code <= 15) || (code >= 21 && code <= 23) || (code >= 31 && code <= 37) ||
         (code >= 41 && code <= 46) || (code >= 50 && code <= 54) || (code >= 61 && code <= 65) ||
         code == 71 || (code >= 81 && code <= 83);
}

// ISO/IEC 7064 MOD 11-2 over 18 characters, the last one a digit or X.
bool mod11_2(std::string_view id) {
  int rest = 0;
  for (char c : id) rest = (rest * 2 + (is_digit(c) ? c - '0' : 10)) % 11;
  return rest == 1;
}

// GB 11643-1999: province, birth date, sequence, check character. The form of 1989 had 15 digits,
// a year of two of them and no check.
Verdict cn_resident_id(const Candidate& candidate) {
  const std::string id = alnum_of(candidate.match());
  if (!is_province(number_at(id, 0, 2))) return Verdict::kReject;
  if (id.size() == 18) return confirm_if(is_birth_date(id, 6) && mod11_2(id));
  return reject_unless(
      is_date(1900 + number_at(id, 6, 2), number_at(id, 8, 2), number_at(id, 10, 2)) &&
      number_at(id, 12, 3) != 0);
}

// National Immigration Administration, the card of 2023: 9, the province, the country of
// nationality (ISO 3166-1 numeric), then as a resident identity number. The card of 2004 had the
// country in letters, four digits of the place, the date of birth and two more.
Verdict cn_foreigner_id(const Candidate& candidate) {
  const std::string id = alnum_of(candidate.match());
  if (id.size() == 15) return reject_unless(is_short_date(id, 7));
  return confirm_if(is_province(number_at(id, 1, 2)) && is_birth_date(id, 6) && mod11_2(id));
}

// GB 32100-2015: 31 characters without I, O, S, V and Z; powers of three modulo 31.
Verdict cn_uscc(const Candidate& candidate) {
  static constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  static constexpr int kWeights[] = {1,  3,  9,  27, 19, 26, 16, 17, 20,
                                     29, 25, 13, 8,  24, 10, 30, 28};
  const std::string code = alnum_of(candidate.match());
  int sum = 0;
  for (size_t i = 0; i < 17; ++i) {
    const size_t value = kAlphabet.find(code[i]);
    if (value == std::string_view::npos) return Verdict::kReject;
    sum += static_cast<int>(value) * kWeights[i];
  }
  return confirm_if(kAlphabet[(31 - sum % 31) % 31] == code[17]);
}

// GB 11714-1997: weighted sum modulo 11, ten written X.
Verdict cn_organization_code(const Candidate& candidate) {
  static constexpr int kWeights[] = {3, 7, 9, 10, 5, 8, 4, 2};
  const std::string code = alnum_of(candidate.match());
  int sum = 0;
  for (size_t i = 0; i < 8; ++i)
    sum += (is_digit(code[i]) ? code[i] - '0' : code[i] - 'A' + 10) * kWeights[i];
  return confirm_if("0X987654321"[sum % 11] == code[8]);
}

// GS 15-2006: administrative division, sequence, and a digit by ISO/IEC 7064 MOD 11,10.
Verdict cn_business_registration(const Candidate& candidate) {
  const std::string_view digits = candidate.match();
  const int province = number_at(digits, 0, 2);
  return confirm_if((province == 10 || is_province(province)) && mod11_10(digits));
}

// Ministry of Public Security: a driver's file begins with the issuing division.
Verdict cn_driver_file(const Candidate& candidate) {
  return reject_unless(is_province(number_at(candidate.match(), 0, 2)));
}

// China Post: the first two digits are a province's postal zone.
Verdict cn_postal_code(const Candidate& candidate) {
  const int zone = number_at(candidate.match(), 0, 2);
  return reject_unless(zone >= 1 && zone <= 86 && !one_digit_repeated(candidate.match()));
}

// GA 36-2018: of the five characters of a serial at most two are letters.
Verdict cn_plate(const Candidate& candidate) {
  int letters = 0;
  for (char c : candidate.match()) letters += is_upper(c) ? 1 : 0;
  return reject_unless(letters <= 3);
}

// A handle in running text is not a word: it has a digit or an underscore, or stands after a colon.
Verdict handle(const Candidate& candidate) {
  const std::string_view match = candidate.match();
  const std::string_view head = candidate.text.substr(0, candidate.start);
  const size_t last = head.find_last_not_of(' ');
  return reject_unless(
      (last != std::string_view::npos && (head[last] == ':' || head[last] == '=')) ||
      std::any_of(match.begin(), match.end(), [](char c) { return is_digit(c) || c == '_'; }));
}

// Immigration Department: weights 9 down to 1, a missing first letter counts 36, A as check is 10.
Verdict hk_id(const Candidate& candidate) {
  const std::string id = alnum_of(candidate.match());
  const std::string padded = id.size() == 8 ? " " + id : id;
  int sum = 0;
  for (int i = 0; i < 9; ++i) {
    const char c = padded[i];
    sum += (c == ' ' ? 36 : is_digit(c) ? c - '0' : c - 'A' + 10) * (9 - i);
  }
  return confirm_if(sum % 11 == 0);
}

// Ministry of the Interior: the first letter stands for two digits; weights 1, 9 down to 1, and 1.
Verdict tw_national_id(const Candidate& candidate) {
  static constexpr int kLetters[] = {10, 11, 12, 13, 14, 15, 16, 17, 34, 18, 19, 20, 21,
                                     22, 35, 23, 24, 25, 26, 27, 28, 29, 32, 30, 31, 33};
  const std::string id = alnum_of(candidate.match());
  const int first = kLetters[id[0] - 'A'];
  // A residence certificate of before 2021 has a letter in the second place: its last digit counts.
  const int second = is_digit(id[1]) ? id[1] - '0' : kLetters[id[1] - 'A'] % 10;
  int sum = first / 10 + first % 10 * 9 + second * 8;
  for (int i = 2; i < 9; ++i) sum += (id[i] - '0') * (9 - i);
  return confirm_if((sum + id[9] - '0') % 10 == 0);
}

// Ministry of Finance: the digit sums of the products end in 0 or 5; a seventh digit 7 (28, digit
// sum 10) may count 0 or 1.
Verdict tw_business_number(const Candidate& candidate) {
  static constexpr int kWeights[] = {1, 2, 1, 2, 1, 2, 4, 1};
  const std::string_view digits = candidate.match();
  int sum = 0;
  for (int i = 0; i < 8; ++i) {
    const int product = (digits[i] - '0') * kWeights[i];
    sum += product / 10 + product % 10;
  }
  return confirm_if(!one_digit_repeated(digits) &&
                    (sum % 5 == 0 || (digits[6] == '7' && (sum + 1) % 5 == 0)));
}

constexpr NamedValidator kValidators[] = {{"cn_resident_id", cn_resident_id},
                                          {"cn_foreigner_id", cn_foreigner_id},
                                          {"cn_uscc", cn_uscc},
                                          {"cn_organization_code", cn_organization_code},
                                          {"cn_business_registration", cn_business_registration},
                                          {"cn_driver_file", cn_driver_file, kOnlyRefuses},
                                          {"cn_postal_code", cn_postal_code, kOnlyRefuses},
                                          {"cn_plate", cn_plate, kOnlyRefuses},
                                          {"cn_handle", handle, kOnlyRefuses},
                                          {"hk_id", hk_id},
                                          {"tw_national_id", tw_national_id},
                                          {"tw_business_number", tw_business_number}};

}  // namespace

std::span<const NamedValidator> china_validators() { return kValidators; }

}  // namespace subrosa::detect
