// SPDX-License-Identifier: Apache-2.0
// Validators of the Nordic and the Baltic countries.
#include "detect/validators/europe.h"
#include "detect/validators/registry.h"

namespace subrosa::detect {
namespace {

// CPR-kontoret: the seventh digit and the year tell the century. Since 2007 numbers are given out
// that fail MOD 11, so failing it proves nothing.
Verdict dk_cpr(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  const int seventh = digit_at(digits, 6);
  int year = number_at(digits, 4, 2);
  if (seventh <= 3 || ((seventh == 4 || seventh == 9) && year > 36)) {
    year += 1900;
  } else {
    year += seventh >= 5 && seventh <= 8 && year > 57 ? 1800 : 2000;
  }
  if (!is_date(year, number_at(digits, 2, 2), number_at(digits, 0, 2))) return Verdict::kReject;
  const bool checked = weigh<4, 3, 2, 7, 6, 5, 4, 3, 2, 1>(digits) % 11 == 0;
  return checked ? Verdict::kConfirm : Verdict::kNeutral;
}

// Erhvervsstyrelsen, CVR: MOD 11.
Verdict dk_cvr(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(digits[0] != '0' && weigh<2, 7, 6, 5, 4, 3, 2, 1>(digits) % 11 == 0);
}

// Skatteetaten: D numbers add 40 to the day, H numbers 40 to the month; the individual number
// tells the century; two check digits.
Verdict no_fodselsnummer(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  const int individual = number_at(digits, 6, 3);
  const int short_year = number_at(digits, 4, 2);
  int year = 1900 + short_year;
  if (individual >= 500 && short_year < 40) {
    year = 2000 + short_year;
  } else if (individual >= 500 && individual < 750 && short_year >= 54) {
    year = 1800 + short_year;
  } else if (individual >= 500 && individual < 900) {
    return Verdict::kReject;
  }
  const int day = number_at(digits, 0, 2);
  const int month = number_at(digits, 2, 2);
  if (!is_date(year, month > 40 ? month - 40 : month, day > 40 ? day - 40 : day))
    return Verdict::kReject;
  return confirm_if(weigh<3, 7, 6, 1, 8, 9, 4, 5, 2, 1>(digits) % 11 == 0 &&
                    weigh<5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1>(digits) % 11 == 0);
}

// Bronnoysundregistrene, organisasjonsnummer: MOD 11.
Verdict no_orgnr(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(weigh<3, 2, 7, 6, 5, 4, 3, 2, 1>(digits) % 11 == 0);
}

// Bits, kontonummer: MOD 11.
Verdict no_bank_account(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(weigh<5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1>(digits) % 11 == 0 &&
                    number_at(digits, 0, 4) > 0);
}

// Skatteverket SKV 704, 707: Luhn over ten digits; coordination numbers add 60 to the day. In one
// piece, 200309251049 is as well a moment, to the minute.
Verdict se_personnummer(const Candidate& candidate) {
  std::string digits = digits_of(candidate.match());
  const bool has_century = digits.size() == 12;
  const int century = has_century ? number_at(digits, 0, 2) : 0;
  if (has_century) digits.erase(0, 2);
  const int day = number_at(digits, 4, 2) % 60;
  const auto born_in = [&](int hundreds) {
    return is_date(hundreds * 100 + number_at(digits, 0, 2), number_at(digits, 2, 2), day);
  };
  const bool born = has_century ? born_in(century) : born_in(19) || born_in(20);
  if (!born || number_at(digits, 6, 3) == 0 || !luhn(digits)) return Verdict::kReject;
  const bool is_moment = candidate.match().size() == 12 && number_at(digits, 6, 2) < 24 &&
                         number_at(digits, 8, 2) < 60;
  return is_moment ? Verdict::kNeutral : Verdict::kConfirm;
}

// Skatteverket SKV 709: Luhn; the third digit is two or more, which no date has.
Verdict se_organisationsnummer(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(digits[0] != '0' && digits[0] != '4' && digits[2] >= '2' && luhn(digits));
}

// SKV 552: the organisation number and 01.
Verdict se_vat(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(luhn(digits.substr(0, 10)) && digits.substr(10) != "00");
}

// Bankgirot: Luhn.
Verdict se_bankgiro(const Candidate& candidate) {
  return confirm_if(luhn(digits_of(candidate.match())));
}

// DVV, henkilotunnus: the sign tells the century; a check character MOD 31. The pattern names
// the signs.
Verdict fi_personal_identity_code(const Candidate& candidate) {
  const std::string_view match = candidate.match();
  const char sign = to_upper(match[6]);
  const int century = sign == '+' ? 1800 : sign >= 'A' && sign <= 'F' ? 2000 : 1900;
  if (!is_date(century + number_at(match, 4, 2), number_at(match, 2, 2), number_at(match, 0, 2)))
    return Verdict::kReject;
  const int individual = number_at(match, 7, 3);
  const int rest = (number_at(match, 0, 6) % 31 * 1000 + individual) % 31;
  return confirm_if(individual >= 2 &&
                    "0123456789ABCDEFHJKLMNPRSTUVWXY"[rest] == to_upper(match[10]));
}

// PRH, Y-tunnus: MOD 11, a remainder of 1 not given out.
Verdict fi_business_id(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(complement11(weigh<7, 9, 10, 5, 8, 4, 2>(digits)) == digit_at(digits, 7));
}

// Thjodskra, kennitala: legal persons add 40 to the day; MOD 11; the last digit is the century.
Verdict is_kennitala(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  const int day = number_at(digits, 0, 2);
  const int century = digits[9] == '0' ? 2000 : 1000 + 100 * digit_at(digits, 9);
  if (century < 1800 || !is_date(century + number_at(digits, 4, 2), number_at(digits, 2, 2),
                                 day > 40 ? day - 40 : day))
    return Verdict::kReject;
  return confirm_if(weigh<3, 2, 7, 6, 5, 4, 3, 2, 1>(digits) % 11 == 0);
}

// The check digit that Estonia and Lithuania share: MOD 11, a second time with other weights when
// the first gives 10.
int baltic_check_digit(std::string_view digits, size_t count) {
  for (int shift : {0, 2}) {
    int sum = 0;
    for (size_t i = 0; i < count; ++i)
      sum += digit_at(digits, i) * (1 + (static_cast<int>(i) + shift) % 9);
    if (sum % 11 < 10) return sum % 11;
  }
  return 0;
}

// EVS 585 and Lithuania's asmens kodas: sex and century, birth date, sequence, check digit.
Verdict baltic_personal_code(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  const int year = 1800 + (digit_at(digits, 0) - 1) / 2 * 100 + number_at(digits, 1, 2);
  return confirm_if(is_date(year, number_at(digits, 3, 2), number_at(digits, 5, 2)) &&
                    baltic_check_digit(digits, 10) == digit_at(digits, 10));
}

// RIK, registrikood, and Lithuania's imones kodas.
Verdict baltic_company_code(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(baltic_check_digit(digits, digits.size() - 1) == digits.back() - '0');
}

// EMTA: weights 3, 7, 1.
Verdict ee_vat(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(weigh<3, 7, 1, 3, 7, 1, 3, 7, 1>(digits) % 10 == 0);
}

// PMLP, personas kods: those given out since 2017 begin with 32 and tell no birth date.
Verdict lv_pk(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  const bool tells_date = digits[0] != '3' || digits[1] < '2';
  const int year = 1800 + digit_at(digits, 6) * 100 + number_at(digits, 4, 2);
  if (tells_date && !is_date(year, number_at(digits, 2, 2), number_at(digits, 0, 2)))
    return Verdict::kReject;
  const int sum = 1 + weigh<10, 5, 8, 4, 2, 1, 6, 3, 7, 9>(digits);
  return confirm_if(sum % 11 % 10 == digit_at(digits, 10));
}

// VID, PVN of legal persons: MOD 11 leaves 3.
Verdict lv_vat(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  if (digits[0] <= '3') return lv_pk(candidate);
  return confirm_if(weigh<9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1>(digits) % 11 == 3);
}

// VMI: a 1 before the check digit.
Verdict lt_vat(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  const size_t last = digits.size() - 1;
  return confirm_if(digits[last - 1] == '1' &&
                    baltic_check_digit(digits, last) == digit_at(digits, last));
}

constexpr NamedValidator kValidators[] = {
    {"dk_cpr", dk_cpr},
    {"dk_cvr", dk_cvr},
    {"no_fodselsnummer", no_fodselsnummer},
    {"no_orgnr", no_orgnr},
    {"no_bank_account", no_bank_account},
    {"se_personnummer", se_personnummer},
    {"se_organisationsnummer", se_organisationsnummer},
    {"se_vat", se_vat},
    {"se_bankgiro", se_bankgiro},
    {"fi_personal_identity_code", fi_personal_identity_code},
    {"fi_business_id", fi_business_id},
    {"is_kennitala", is_kennitala},
    {"baltic_personal_code", baltic_personal_code},
    {"baltic_company_code", baltic_company_code},
    {"ee_vat", ee_vat},
    {"lv_pk", lv_pk},
    {"lv_vat", lv_vat},
    {"lt_vat", lt_vat},
};

}  // namespace

std::span<const NamedValidator> europe_north_validators() { return kValidators; }

}  // namespace subrosa::detect
