// SPDX-License-Identifier: Apache-2.0
// Validators of Singapore, the Philippines, Thailand, Indonesia, Malaysia and Vietnam.
#include "detect/validators/digits.h"
#include "detect/validators/registry.h"

namespace subrosa::detect {
namespace {

// ICA: weights 2 7 6 5 4 3 2; T and G add 4, M adds 3; a table of letters a kind.
Verdict sg_nric(const Candidate& candidate) {
  static constexpr int kWeights[] = {2, 7, 6, 5, 4, 3, 2};
  const std::string id = alnum_of(candidate.match());
  const char kind = id[0];
  int sum = weighted_sum(std::string_view(id).substr(1, 7), kWeights);
  if (kind == 'T' || kind == 'G') sum += 4;
  if (kind == 'M') sum += 3;
  const std::string_view letters = kind == 'S' || kind == 'T'   ? "JZIHGFEDCBA"
                                   : kind == 'F' || kind == 'G' ? "XWUTRQPNMLK"
                                                                : "XWUTRQPNJLK";
  return confirm_if(letters[sum % 11] == id[8]);
}

// ACRA: businesses have eight digits and a letter, companies a year, five digits and a letter,
// others T, S or R, the year, two letters of the kind, four digits and a letter.
Verdict sg_uen(const Candidate& candidate) {
  static constexpr int kBusiness[] = {10, 4, 9, 3, 8, 2, 7, 1};
  static constexpr int kCompany[] = {10, 8, 6, 4, 9, 7, 5, 3, 1};
  static constexpr int kOther[] = {4, 3, 5, 3, 10, 2, 2, 5, 7};
  static constexpr std::string_view kAlphabet = "ABCDEFGHJKLMNPQRSTUVWX0123456789";
  const std::string uen = alnum_of(candidate.match());
  if (uen.size() == 9)
    return confirm_if("XMKECAWLJDB"[weighted_sum(uen, kBusiness) % 11] == uen[8]);
  if (is_digit(uen[0])) {
    const int year = number_at(uen, 0, 4);
    return confirm_if(year >= 1800 && year < 2050 &&
                      "ZKCMDNERGWH"[weighted_sum(uen, kCompany) % 11] == uen[9]);
  }
  int sum = 0;
  for (int i = 0; i < 9; ++i) {
    const size_t value = kAlphabet.find(uen[i]);
    if (value == std::string_view::npos) return Verdict::kReject;
    sum += static_cast<int>(value) * kOther[i];
  }
  return confirm_if(kAlphabet[(sum + 6) % 11] == uen[9]);
}

// LTA: the last two letters of the prefix and four digits, weights 9 4 5 4 3 2, modulo 19.
Verdict sg_plate(const Candidate& candidate) {
  static constexpr int kWeights[] = {5, 4, 3, 2};
  const std::string plate = alnum_of(candidate.match());
  const size_t letters = plate.find_first_of("0123456789");
  std::string digits = plate.substr(letters, plate.size() - letters - 1);
  digits.insert(0, 4 - digits.size(), '0');
  const auto value = [](char c) { return c - 'A' + 1; };
  const int first = letters > 1 ? value(plate[letters - 2]) : 0;
  const int sum = first * 9 + value(plate[letters - 1]) * 4 + weighted_sum(digits, kWeights);
  return confirm_if("AZYXUTSRPMLKJHGEDCB"[sum % 19] == plate.back());
}

// BIR: the ninth digit is the sum of the first eight by weights 9 to 2, modulo 11.
Verdict ph_tin(const Candidate& candidate) {
  static constexpr int kWeights[] = {9, 8, 7, 6, 5, 4, 3, 2};
  const std::string digits = digits_of(candidate.match());
  return confirm_if(!one_digit_repeated(digits) &&
                    weighted_sum(digits, kWeights) % 11 == digits[8] - '0');
}

bool has_thai_check(std::string_view digits) {
  int sum = 0;
  for (int i = 0; i < 12; ++i) sum += (digits[i] - '0') * (13 - i);
  return (11 - sum % 11) % 10 == digits[12] - '0';
}

// DOPA: kind of person 1 to 8, province (the codes of the Ministry of Interior), modulo 11.
Verdict th_tnin(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  static constexpr int kLast[] = {-1, 19, 27, 39, 49, 58, 67, 77, 86, 96};  // in each ten
  const int province = number_at(digits, 1, 2);
  return confirm_if(digits[0] >= '1' && digits[0] <= '8' && province <= kLast[province / 10] &&
                    has_thai_check(digits));
}

// Revenue Department: juristic persons have a number that begins with 0.
Verdict th_tax_id(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(!one_digit_repeated(digits) && has_thai_check(digits));
}

bool is_indonesian_province(int code) {
  return (code >= 11 && code <= 19) || code == 21 || (code >= 31 && code <= 36) ||
         (code >= 51 && code <= 53) || (code >= 61 && code <= 65) || (code >= 71 && code <= 76) ||
         code == 81 || code == 82 || (code >= 91 && code <= 97);
}

// Ministry of Home Affairs: province, regency, district, day (40 more for women), month and year of
// birth, sequence.
Verdict id_nik(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  const int day = number_at(digits, 6, 2);
  const int month = number_at(digits, 8, 2);
  const int year = number_at(digits, 10, 2);
  const int birthday = day > 40 ? day - 40 : day;
  return reject_unless(
      is_indonesian_province(number_at(digits, 0, 2)) &&
      (is_date(1900 + year, month, birthday) || is_date(2000 + year, month, birthday)) &&
      number_at(digits, 12, 4) != 0);
}

// JPN: date of birth and place; 00, 17 to 20, 69, 70, 73, 80, 81 and 94 to 97 are no place.
Verdict my_nric(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  const int place = number_at(digits, 6, 2);
  const bool none = place == 0 || (place >= 17 && place <= 20) || place == 69 || place == 70 ||
                    place == 73 || place == 80 || place == 81 || (place >= 94 && place <= 97);
  return reject_unless(is_short_date(digits) && !none);
}

// Circular 59/2021/TT-BCA: province 001 to 096, sex and century, year of birth.
Verdict vn_cccd(const Candidate& candidate) {
  const int province = number_at(candidate.match(), 0, 3);
  return reject_unless(province >= 1 && province <= 96);
}

// Circular 105/2020/TT-BTC: prime weights modulo 11; three more digits name a branch.
Verdict vn_tax_code(const Candidate& candidate) {
  static constexpr int kWeights[] = {31, 29, 23, 19, 17, 13, 7, 5, 3};
  const std::string digits = digits_of(candidate.match());
  return confirm_if(10 - weighted_sum(digits, kWeights) % 11 == digits[9] - '0');
}

constexpr NamedValidator kValidators[] = {{"sg_nric", sg_nric},
                                          {"sg_uen", sg_uen},
                                          {"sg_plate", sg_plate},
                                          {"ph_tin", ph_tin},
                                          {"th_tnin", th_tnin},
                                          {"th_tax_id", th_tax_id},
                                          {"id_nik", id_nik, kOnlyRefuses},
                                          {"my_nric", my_nric, kOnlyRefuses},
                                          {"vn_cccd", vn_cccd, kOnlyRefuses},
                                          {"vn_tax_code", vn_tax_code}};

}  // namespace

std::span<const NamedValidator> south_east_asia_validators() { return kValidators; }

}  // namespace subrosa::detect
