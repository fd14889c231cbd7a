// SPDX-License-Identifier: Apache-2.0
// Validators of the United States, Canada and Mexico.
#include <algorithm>

#include "detect/validators/digits.h"
#include "detect/validators/registry.h"

namespace subrosa::detect {
namespace {

// Sorted, so that a search is a binary one.
template <typename T, size_t N>
bool is_listed(const T (&list)[N], std::string_view value) {
  return std::binary_search(std::begin(list), std::end(list), value);
}

// SSA: area 000, 666 and 900 to 999, group 00 and serial 0000 are never issued; two numbers were
// printed in advertisements and withdrawn.
Verdict us_ssn(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  const int area = number_at(digits, 0, 3);
  const bool issued = area != 0 && area != 666 && area < 900 && number_at(digits, 3, 2) != 0 &&
                      number_at(digits, 5, 4) != 0 && digits != "078051120" &&
                      digits != "219099999" && !one_digit_repeated(digits);
  return reject_unless(issued && has_one_separator(candidate.match()));
}

// IRS publication 1915: the fourth and fifth digit are 50 to 65, 70 to 88, 90 to 92 or 94 to 99.
Verdict us_itin(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  const int group = number_at(digits, 3, 2);
  const bool issued =
      digits[0] == '9' && group >= 50 && (group <= 65 || group >= 70) && group != 89 && group != 93;
  return reject_unless(issued && has_one_separator(candidate.match()));
}

// IRS: the two-digit prefix names the campus that assigned the number; these were never used.
Verdict us_ein(const Candidate& candidate) {
  static constexpr std::string_view kNever[] = {"00", "07", "08", "09", "17", "18",
                                                "19", "28", "29", "49", "69", "70",
                                                "78", "79", "89", "96", "97"};
  return reject_unless(!is_listed(kNever, candidate.match().substr(0, 2)));
}

// CMS: Luhn over the ten digits after the card issuer prefix 80840.
Verdict us_npi(const Candidate& candidate) {
  return confirm_if(luhn("80840" + digits_of(candidate.match())));
}

// DEA: the registrant's kind, then digits whose odd places plus twice the even ones end in the
// seventh.
Verdict us_dea(const Candidate& candidate) {
  static constexpr std::string_view kKinds = "ABCDEFGHJKLMPRSTUX";
  if (kKinds.find(to_upper(candidate.match()[0])) == std::string_view::npos)
    return Verdict::kReject;
  static constexpr int kWeights[] = {1, 2, 1, 2, 1, 2};
  const std::string digits = digits_of(candidate.match().substr(2));
  return confirm_if(weighted_sum(digits, kWeights) % 10 == digits[6] - '0');
}

// ABA routing number policy: the Federal Reserve district of the prefix, and weights 3, 7, 1.
Verdict us_aba(const Candidate& candidate) {
  static constexpr int kWeights[] = {3, 7, 1, 3, 7, 1, 3, 7, 1};
  const std::string digits = digits_of(candidate.match());
  const int prefix = number_at(digits, 0, 2);
  const bool assigned = prefix <= 12 || (prefix >= 21 && prefix <= 32) ||
                        (prefix >= 61 && prefix <= 72) || prefix == 80;
  return confirm_if(assigned && !one_digit_repeated(digits) &&
                    weighted_sum(digits, kWeights) % 10 == 0);
}

// Account numbers are free; one digit repeated is a placeholder.
Verdict us_account(const Candidate& candidate) {
  return reject_unless(!one_digit_repeated(digits_of(candidate.match())));
}

// ESDC: Luhn; 0 and 8 do not start a number.
Verdict ca_sin(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(digits[0] != '0' && digits[0] != '8' && luhn(digits) &&
                    !one_digit_repeated(digits) && has_one_separator(candidate.match()));
}

// Canada Post: D, F, I, O, Q and U are not used, W and Z do not come first.
Verdict ca_postal_code(const Candidate& candidate) {
  const std::string code = alnum_of(candidate.match());
  const auto is_used = [](char c) {
    return std::string_view("DFIOQU").find(c) == std::string_view::npos;
  };
  return reject_unless(is_used(code[0]) && code[0] != 'W' && code[0] != 'Z' && is_used(code[2]) &&
                       is_used(code[4]));
}

// Canada Revenue Agency: the nine digits of the business number check by Luhn.
Verdict ca_bn(const Candidate& candidate) {
  return confirm_if(luhn(digits_of(candidate.match()).substr(0, 9)));
}

// Ontario Ministry of Health: ten digits by Luhn, the first one not 0; then the version code.
Verdict ca_ohip(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(digits[0] != '0' && luhn(digits) && !one_digit_repeated(digits));
}

// Regie de l'assurance maladie du Quebec: year, month (50 more for women) and day of birth.
Verdict ca_ramq(const Candidate& candidate) {
  std::string digits = digits_of(candidate.match());
  const int month = number_at(digits, 2, 2);
  if (month > 50) digits[2] = static_cast<char>(digits[2] - 5);
  return confirm_if(is_short_date(digits));
}

// British Columbia: 9, eight digits, and 11 less their weighted sum modulo 11.
Verdict ca_bc_phn(const Candidate& candidate) {
  static constexpr int kWeights[] = {0, 2, 4, 8, 5, 10, 9, 7, 3};
  const std::string digits = digits_of(candidate.match());
  return confirm_if(11 - weighted_sum(digits, kWeights) % 11 == digits[9] - '0');
}

// RENAPO, annex of unseemly words: an initial group that spells one gets an X as its second letter.
bool is_unseemly(std::string_view initials) {
  static constexpr std::string_view kWords[] = {
      "BACA", "BAKA", "BUEI", "BUEY", "CACA", "CACO", "CAGA", "CAGO", "CAKA", "CAKO", "COGE",
      "COGI", "COJA", "COJE", "COJI", "COJO", "COLA", "CULO", "FALO", "FETO", "GETA", "GUEI",
      "GUEY", "JETA", "JOTO", "KACA", "KACO", "KAGA", "KAGO", "KAKA", "KAKO", "KOGE", "KOGI",
      "KOJA", "KOJE", "KOJI", "KOJO", "KOLA", "KULO", "LILO", "LOCA", "LOCO", "LOKA", "LOKO",
      "MAME", "MAMO", "MEAR", "MEAS", "MEON", "MIAR", "MION", "MOCO", "MOKO", "MULA", "MULO",
      "NACA", "NACO", "PEDA", "PEDO", "PENE", "PIPI", "PITO", "POPO", "PUTA", "PUTO", "QULO",
      "RATA", "ROBA", "ROBE", "ROBO", "RUIN", "SENO", "TETA", "VACA", "VAGA", "VAGO", "VAKA",
      "VUEI", "VUEY", "WUEI", "WUEY"};
  return is_listed(kWords, initials);
}

// RENAPO: place 17 is a digit for those born before 2000, a letter after; place 18 checks the rest.
Verdict mx_curp(const Candidate& candidate) {
  static constexpr std::string_view kStates[] = {
      "AS", "BC", "BS", "CC", "CH", "CL", "CM", "CS", "DF", "DG", "GR",
      "GT", "HG", "JC", "MC", "MN", "MS", "NE", "NL", "NT", "OC", "PL",
      "QR", "QT", "SL", "SP", "SR", "TC", "TL", "TS", "VZ", "YN", "ZS"};
  const std::string curp = alnum_of(candidate.match());
  if (std::string_view("AEIOUX").find(curp[1]) == std::string_view::npos ||
      std::string_view("HMX").find(curp[10]) == std::string_view::npos)
    return Verdict::kReject;
  const int century = is_digit(curp[16]) ? 1900 : 2000;
  if (!is_date(century + number_at(curp, 4, 2), number_at(curp, 6, 2), number_at(curp, 8, 2)) ||
      !is_listed(kStates, std::string_view(curp).substr(11, 2)) ||
      is_unseemly(std::string_view(curp).substr(0, 4)))
    return Verdict::kReject;
  int sum = 0;
  for (int i = 0; i < 17; ++i) {
    const char c = curp[i];
    // The alphabet has an N with tilde between N and O.
    const int value = is_digit(c) ? c - '0' : c - 'A' + 10 + (c > 'N' ? 1 : 0);
    sum += value * (18 - i);
  }
  return confirm_if((10 - sum % 10) % 10 == curp[17] - '0');
}

// SAT: letters of the name (four of a person, three of a company), a date, and an optional
// homoclave whose last character checks the rest. Old numbers were given out with other ones.
Verdict mx_rfc(const Candidate& candidate) {
  static constexpr std::string_view kValues = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ #";
  std::string rfc;
  for (char c : candidate.match()) {
    if (is_alnum(c) || c == '&') {
      rfc += to_upper(c);
    } else if (c == '\xC3') {
      rfc += '#';  // N with tilde: the first of its two bytes stands for it
    }
  }
  const size_t name = is_digit(rfc[3]) ? 3 : 4;
  if (!is_short_date(rfc, name)) return Verdict::kReject;
  if (name == 4 && is_unseemly(std::string_view(rfc).substr(0, 4))) return Verdict::kReject;
  if (rfc.size() < name + 9) return Verdict::kNeutral;
  if (name == 3) rfc.insert(rfc.begin(), ' ');
  int sum = 0;
  for (int i = 0; i < 12; ++i) sum += static_cast<int>(kValues.find(rfc[i])) * (13 - i);
  return "0A987654321"[sum % 11] == rfc[12] ? Verdict::kConfirm : Verdict::kNeutral;
}

// IMSS: Luhn over all eleven digits.
Verdict mx_nss(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(luhn(digits) && !one_digit_repeated(digits));
}

// Asociacion de Bancos de Mexico: weights 3, 7, 1, each product modulo 10.
Verdict mx_clabe(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  int sum = 0;
  for (int i = 0; i < 17; ++i) sum += (digits[i] - '0') * (i % 3 == 0 ? 3 : i % 3 == 1 ? 7 : 1);
  return confirm_if(number_at(digits, 0, 3) >= 2 && (10 - sum % 10) % 10 == digits[17] - '0');
}

// INE: six letters of the name, date of birth, state of birth (1 to 32, or 87 and 88 for those
// born abroad), sex, three digits.
Verdict mx_voter_key(const Candidate& candidate) {
  const std::string_view match = candidate.match();
  const int state = number_at(match, 12, 2);
  return confirm_if(is_short_date(match, 6) &&
                    ((state >= 1 && state <= 32) || state == 87 || state == 88));
}

constexpr NamedValidator kValidators[] = {{"us_ssn", us_ssn, kOnlyRefuses},
                                          {"us_itin", us_itin, kOnlyRefuses},
                                          {"us_ein", us_ein, kOnlyRefuses},
                                          {"us_npi", us_npi},
                                          {"us_dea", us_dea},
                                          {"us_aba", us_aba},
                                          {"us_account", us_account, kOnlyRefuses},
                                          {"ca_sin", ca_sin},
                                          {"ca_bn", ca_bn},
                                          {"ca_postal_code", ca_postal_code, kOnlyRefuses},
                                          {"ca_ohip", ca_ohip},
                                          {"ca_ramq", ca_ramq},
                                          {"ca_bc_phn", ca_bc_phn},
                                          {"mx_curp", mx_curp},
                                          {"mx_rfc", mx_rfc},
                                          {"mx_nss", mx_nss},
                                          {"mx_clabe", mx_clabe},
                                          {"mx_voter_key", mx_voter_key}};

}  // namespace

std::span<const NamedValidator> north_america_validators() { return kValidators; }

}  // namespace subrosa::detect
