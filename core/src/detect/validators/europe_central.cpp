// SPDX-License-Identifier: Apache-2.0
// Validators of Germany, Austria and Switzerland.
#include <algorithm>
#include <array>

#include "detect/validators/europe.h"
#include "detect/validators/registry.h"

namespace subrosa::detect {
namespace {

// Section 139b AO and BZSt: ISO/IEC 7064 MOD 11,10; in the first ten digits one digit occurs twice
// or three times, every other at most once. Three in a row are not given out since 2016.
Verdict de_tax_id(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  if (digits[0] == '0' || !mod11_10(digits)) return Verdict::kReject;
  std::array<int, 10> count{};
  bool three_in_a_row = false;
  for (size_t i = 0; i < 10; ++i) {
    ++count[digits[i] - '0'];
    three_in_a_row |= i >= 2 && digits[i] == digits[i - 1] && digits[i] == digits[i - 2];
  }
  const auto repeated = std::count_if(count.begin(), count.end(), [](int n) { return n > 1; });
  if (repeated != 1 || *std::max_element(count.begin(), count.end()) > 3) return Verdict::kReject;
  return three_in_a_row ? Verdict::kNeutral : Verdict::kConfirm;
}

// Section 27a UStG: ISO/IEC 7064 MOD 11,10.
Verdict de_vat_id(const Candidate& candidate) {
  return confirm_if(mod11_10(digits_of(candidate.match())));
}

// ELSTER, electronic form: the office's state in front, a nought in fifth place. The forms of the
// states cannot be told from other numbers.
Verdict de_tax_number(const Candidate& candidate) {
  static constexpr std::string_view kStates =
      " 10 11 21 22 23 24 26 27 28 30 31 32 40 41 51 52 53 91 92 ";
  const std::string digits = digits_of(candidate.match());
  if (digits.size() < 13) return digits.size() < 10 ? Verdict::kReject : Verdict::kNeutral;
  const bool known = kStates.find(' ' + digits.substr(0, 2) + ' ') != std::string_view::npos;
  return known && digits[4] == '0' ? Verdict::kConfirm : Verdict::kNeutral;
}

// PAuswV and PassV: nine characters without vowels and letters like digits, the first telling the
// kind, which the machine-readable zone follows with a check digit.
Verdict german_document(const Candidate& candidate, std::string_view kinds) {
  static constexpr std::string_view kAlphabet = "CFGHJKLMNPRTVWXYZ0123456789";
  const std::string id = alnum_of(candidate.match());
  if (kinds.find(id[0]) == std::string_view::npos || digits_of(id).size() < 2 ||
      id.find_first_not_of(kAlphabet) != std::string::npos)
    return Verdict::kReject;
  if (id.size() == 9) return Verdict::kNeutral;
  return confirm_if(icao_check_digit(id.substr(0, 9)) == digit_at(id, 9));
}

Verdict de_id_card(const Candidate& candidate) { return german_document(candidate, "LMNPRTVWXYZ"); }

Verdict de_passport(const Candidate& candidate) { return german_document(candidate, "CFGHJK"); }

// Section 2 VKVV: the letter counts as two digits; a day past 31 marks a full series.
Verdict de_social_security(const Candidate& candidate) {
  const std::string id = alnum_of(candidate.match());
  const int day = number_at(id, 2, 2) % 50;
  const int month = number_at(id, 4, 2);
  if (day > 31 || month > 12) return Verdict::kReject;
  const int letter = letter_number(id[8]);
  const std::string digits = id.substr(0, 8) + static_cast<char>('0' + letter / 10) +
                             static_cast<char>('0' + letter % 10) + id.substr(9, 2);
  static constexpr int kWeights[] = {2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1};
  int sum = 0;
  for (size_t i = 0; i < digits.size(); ++i) sum += cross_sum(digit_at(digits, i) * kWeights[i]);
  return confirm_if(sum % 10 == digit_at(id, 11));
}

// Section 290 SGB V, annex 1: the letter counts as two digits; weights 1 and 2 in turn.
Verdict de_health_insurance(const Candidate& candidate) {
  const std::string id = alnum_of(candidate.match());
  const int letter = letter_number(id[0]);
  int sum = letter / 10 + cross_sum(letter % 10 * 2);
  for (size_t i = 1; i <= 8; ++i) sum += cross_sum(digit_at(id, i) * (i % 2 == 1 ? 1 : 2));
  return confirm_if(sum % 10 == digit_at(id, 9));
}

// KBV, Arztnummern directive: the seventh digit checks six, weights 4 and 9; two digits of field.
Verdict de_lanr(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if((10 - weigh<4, 9, 4, 9, 4, 9>(digits) % 10) % 10 == digit_at(digits, 6));
}

// Section 293 SGB V: the last digit checks the third to the eighth, weights 2 and 1.
Verdict de_ik(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  int sum = 0;
  for (size_t i = 2; i < 8; ++i) sum += cross_sum(digit_at(digits, i) * (i % 2 == 0 ? 2 : 1));
  return confirm_if(sum % 10 == digit_at(digits, 8));
}

// Deutsche Post: 01001 to 99998, leading pairs that no region has left out.
Verdict de_plz(const Candidate& candidate) {
  const int code = number_at(candidate.match(), 0, 5);
  const int lead = code / 1000;
  const bool unused = lead == 0 || lead == 5 || lead == 43 || lead == 62;
  return reject_unless(!unused && code > 1000 && code < 99999);
}

// Section 31 ASVG: the fourth digit checks the others, the birth date among them; months past 12
// are given out when a day's numbers are used up.
Verdict at_vnr(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  if (weigh<3, 7, 9, 0, 5, 8, 4, 2, 1, 6>(digits) % 11 != digit_at(digits, 3))
    return Verdict::kReject;
  const int day = number_at(digits, 4, 2);
  const int month = number_at(digits, 6, 2);
  return confirm_if(day >= 1 && day <= 31 && month >= 1 && month <= 15);
}

// BMF: weights 1 and 2 in turn, 4 added for the prefix.
Verdict at_vat(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  int sum = 4;
  for (size_t i = 0; i < 7; ++i) sum += cross_sum(digit_at(digits, i) * (i % 2 == 0 ? 1 : 2));
  return confirm_if((10 - sum % 10) % 10 == digit_at(digits, 7));
}

// BMF, tax office account number: Luhn.
Verdict at_tax_number(const Candidate& candidate) {
  return confirm_if(luhn(digits_of(candidate.match())));
}

// Section 30 FBG: a check letter out of seventeen.
Verdict at_firmenbuch(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  const std::string padded = std::string(6 - digits.size(), '0') + digits;
  const int rest = weigh<6, 4, 14, 15, 10, 1>(padded) % 17;
  return confirm_if(to_upper("abdfghikmpstvwxyz"[rest]) == alnum_of(candidate.match()).back());
}

// Article 50c AHVG, eCH-0044: the EAN-13 check digit behind the country's 756.
Verdict ch_ahv(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  const int sum = weigh<1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3>(digits);
  return confirm_if((10 - sum % 10) % 10 == digit_at(digits, 12));
}

// A letter and seven digits, or since 2023 letters among digits.
Verdict ch_id_card(const Candidate& candidate) {
  return reject_unless(digits_of(candidate.match()).size() >= 4);
}

// UIDV, eCH-0097.
Verdict ch_uid(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(complement11(weigh<5, 4, 3, 2, 7, 6, 5, 4>(digits)) == digit_at(digits, 8));
}

constexpr NamedValidator kValidators[] = {
    {"de_tax_id", de_tax_id},
    {"de_vat_id", de_vat_id},
    {"de_tax_number", de_tax_number},
    {"de_id_card", de_id_card},
    {"de_passport", de_passport},
    {"de_social_security", de_social_security},
    {"de_health_insurance", de_health_insurance},
    {"de_lanr", de_lanr},
    {"de_ik", de_ik},
    {"de_plz", de_plz, kOnlyRefuses},
    {"at_vnr", at_vnr},
    {"at_vat", at_vat},
    {"at_tax_number", at_tax_number},
    {"at_firmenbuch", at_firmenbuch},
    {"ch_ahv", ch_ahv},
    {"ch_id_card", ch_id_card, kOnlyRefuses},
    {"ch_uid", ch_uid},
};

}  // namespace

std::span<const NamedValidator> europe_central_validators() { return kValidators; }

}  // namespace subrosa::detect
