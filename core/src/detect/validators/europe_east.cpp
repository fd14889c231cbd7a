// SPDX-License-Identifier: Apache-2.0
// Validators of Poland, Czechia, Slovakia, Hungary, Romania, Moldova, Bulgaria, the countries of
// the former Yugoslavia, Ukraine, Russia and Belarus.
#include "detect/validators/europe.h"
#include "detect/validators/registry.h"

namespace subrosa::detect {
namespace {

// Ustawa o ewidencji ludnosci, PESEL: the century is added to the month.
Verdict pl_pesel(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  static constexpr int kCenturies[] = {1900, 2000, 2100, 2200, 1800};
  const int month = number_at(digits, 2, 2);
  if (!is_date(kCenturies[month / 20] + number_at(digits, 0, 2), month % 20,
               number_at(digits, 4, 2)))
    return Verdict::kReject;
  return confirm_if(weigh<1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1>(digits) % 10 == 0);
}

// Ustawa o zasadach ewidencji i identyfikacji podatnikow, NIP: MOD 11, 10 not given out.
Verdict pl_nip(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(weigh<6, 5, 7, 2, 3, 4, 5, 6, 7>(digits) % 11 == digit_at(digits, 9) &&
                    !one_digit_repeated(digits));
}

// GUS, REGON: MOD 11; local units carry their parent's nine digits.
Verdict pl_regon(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  if (weigh<8, 9, 2, 3, 4, 5, 6, 7>(digits) % 11 % 10 != digit_at(digits, 8))
    return Verdict::kReject;
  if (digits.size() == 9) return confirm_if(!one_digit_repeated(digits));
  return confirm_if(weigh<2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8>(digits) % 11 % 10 ==
                    digit_at(digits, 13));
}

// MSWiA, dowod osobisty: the fourth character checks the others, letters counting 10 to 35.
Verdict pl_id_card(const Candidate& candidate) {
  const std::string id = alnum_of(candidate.match());
  return confirm_if(icao_check_digit(id.substr(0, 3) + id.substr(4)) == digit_at(id, 3));
}

// NBP, NRB: an IBAN without its country.
Verdict pl_nrb(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(mod97(digits.substr(2) + "PL" + digits.substr(0, 2)) == 1);
}

// Ministerstwo Sprawiedliwosci, ksiega wieczysta: weights 1, 3, 7 over an alphabet of its own.
Verdict pl_land_register(const Candidate& candidate) {
  static constexpr std::string_view kAlphabet = "0123456789XABCDEFGHIJKLMNOPRSTUWYZ";
  static constexpr int kWeights[] = {1, 3, 7};
  const std::string id = alnum_of(candidate.match());
  int sum = 0;
  for (size_t i = 0; i < 12; ++i) sum += static_cast<int>(kAlphabet.find(id[i])) * kWeights[i % 3];
  return confirm_if(sum % 10 == digit_at(id, 12));
}

// Zakon 133/2000 Sb., rodne cislo: women add 50 to the month, and either sex 20 since 2004. Nine
// digits until 1953, then ten that 11 divides; until 1985 a remainder of 10 was shown as 0.
Verdict birth_number(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  int year = 1900 + number_at(digits, 0, 2);
  int month = number_at(digits, 2, 2) % 50;
  if (digits.size() == 9) {
    if (year >= 1980) year -= 100;
    return reject_unless(year < 1954 && is_date(year, month, number_at(digits, 4, 2)));
  }
  if (year < 1954) year += 100;
  if (month > 20 && year >= 2004) month -= 20;
  if (!is_date(year, month, number_at(digits, 4, 2))) return Verdict::kReject;
  int rest = 0;
  for (size_t i = 0; i < 9; ++i) rest = (rest * 10 + digit_at(digits, i)) % 11;
  if (rest == 10) return confirm_if(year < 1986 && digits[9] == '0');
  return confirm_if(rest == digit_at(digits, 9));
}

// CSU, ICO: MOD 11.
bool is_ico(std::string_view digits) {
  return (11 - weigh<8, 7, 6, 5, 4, 3, 2>(digits) % 11) % 10 == digit_at(digits, 7);
}

Verdict cz_ico(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(is_ico(digits) && !one_digit_repeated(digits));
}

// Zakon 280/2009 Sb., DIC: a company's ICO, or a person's birth number.
Verdict cz_vat(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  if (digits.size() == 8) return confirm_if(digits[0] != '9' && is_ico(digits));
  return birth_number(candidate);
}

// Zakon 222/2004 Z.z., IC DPH: divisible by 11.
Verdict sk_vat(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  int rest = 0;
  for (char c : digits) rest = (rest * 10 + c - '0') % 11;
  return confirm_if(rest == 0 && digits[0] != '0');
}

// 1996. evi XX. torveny: TAJ, weights 3 and 7.
Verdict hu_taj(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(weigh<3, 7, 3, 7, 3, 7, 3, 7>(digits) % 10 == digit_at(digits, 8) &&
                    !one_digit_repeated(digits));
}

// 1996. evi XX. torveny, adoazonosito jel: 8, days since 1867, MOD 11.
Verdict hu_tax_id(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(weigh<1, 2, 3, 4, 5, 6, 7, 8, 9>(digits) % 11 == digit_at(digits, 9));
}

// NAV, adoszam: weights 9, 7, 3, 1; then a kind of tax and a county.
Verdict hu_tax_number(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(weigh<9, 7, 3, 1, 9, 7, 3, 1>(digits) % 10 == 0);
}

// 1996. evi XX. torveny, szemelyi szam: the weights turned about for those born since 1997.
Verdict hu_personal_id(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  const int kind = digit_at(digits, 0);
  const int century = kind == 3 || kind == 4 ? 2000 : 1900;
  const int year = century + number_at(digits, 1, 2);
  if (!is_date(year, number_at(digits, 3, 2), number_at(digits, 5, 2))) return Verdict::kReject;
  const int sum = year < 1997 ? weigh<1, 2, 3, 4, 5, 6, 7, 8, 9, 10>(digits)
                              : weigh<10, 9, 8, 7, 6, 5, 4, 3, 2, 1>(digits);
  return confirm_if(sum % 11 == digit_at(digits, 10));
}

// Legea 105/1996, CNP: sex and century, birth date, county, MOD 11 with 10 as 1.
Verdict ro_cnp(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  static constexpr int kCenturies[] = {0, 1900, 1900, 1800, 1800, 2000, 2000, 1900, 1900, 1900};
  const int century = kCenturies[digit_at(digits, 0)];
  const int county = number_at(digits, 7, 2);
  const bool known = (county >= 1 && county <= 48) || county == 51 || county == 52 ||
                     county == 70 || (county >= 80 && county <= 83);
  if (century == 0 || !known ||
      !is_date(century + number_at(digits, 1, 2), number_at(digits, 3, 2), number_at(digits, 5, 2)))
    return Verdict::kReject;
  const int rest = weigh<2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9>(digits) % 11;
  return confirm_if((rest == 10 ? 1 : rest) == digit_at(digits, 12));
}

// ANAF, CUI: weights from the right, ten times MOD 11.
Verdict ro_cui(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  const std::string padded = std::string(10 - digits.size(), '0') + digits;
  const int sum = weigh<7, 5, 3, 2, 1, 7, 5, 3, 2>(padded);
  return confirm_if(digits[0] != '0' && sum * 10 % 11 % 10 == digit_at(padded, 9));
}

// Legea 273-XIII, IDNP: weights 7, 3, 1.
Verdict md_idnp(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(icao_check_digit(digits.substr(0, 12)) == digit_at(digits, 12));
}

// Naredba RD-02-20-9, EGN: month plus 20 before 1900, plus 40 since 2000.
Verdict bg_egn(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  static constexpr int kCenturies[] = {1900, 1800, 2000};
  const int month = number_at(digits, 2, 2);
  if (month > 52 || !is_date(kCenturies[month / 20] + number_at(digits, 0, 2), month % 20,
                             number_at(digits, 4, 2)))
    return Verdict::kReject;
  return confirm_if(weigh<2, 4, 8, 5, 10, 9, 7, 3, 6>(digits) % 11 % 10 == digit_at(digits, 9));
}

// MVR, LNCh: weights MOD 10.
Verdict bg_lnch(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(weigh<21, 19, 17, 13, 11, 9, 7, 3, 1>(digits) % 10 == digit_at(digits, 9));
}

// Zakon za registar BULSTAT: MOD 11, other weights when that leaves 10.
bool is_bulstat(std::string_view digits) {
  int rest = weigh<1, 2, 3, 4, 5, 6, 7, 8>(digits) % 11;
  if (rest == 10) rest = weigh<3, 4, 5, 6, 7, 8, 9, 10>(digits) % 11 % 10;
  return rest == digit_at(digits, 8);
}

Verdict bg_bulstat(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(is_bulstat(digits) && !one_digit_repeated(digits));
}

// NAP, DDS: a company's BULSTAT, or a person's ten digits.
Verdict bg_vat(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  if (digits.size() == 9) return confirm_if(is_bulstat(digits));
  const bool person = bg_egn(candidate) == Verdict::kConfirm;
  return confirm_if(person || bg_lnch(candidate) == Verdict::kConfirm ||
                    complement11(weigh<4, 3, 2, 7, 6, 5, 4, 3, 2>(digits)) == digit_at(digits, 9));
}

// Zakon o osobnom identifikacijskom broju, and Serbia's PIB: ISO/IEC 7064 MOD 11,10.
Verdict mod11_10_number(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(mod11_10(digits) && !one_digit_repeated(digits));
}

// SFRJ, JMBG: birth date, region of registration, MOD 11 with 10 as 0. Whoever moved keeps the
// number, so a foreign region leaves a doubt.
Verdict jmbg(const Candidate& candidate, int first_region, int last_region) {
  const std::string digits = digits_of(candidate.match());
  const int short_year = number_at(digits, 4, 3);
  const int year = short_year + (short_year >= 800 ? 1000 : 2000);
  if (!is_date(year, number_at(digits, 2, 2), number_at(digits, 0, 2)) ||
      complement11(weigh<7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2>(digits)) % 10 != digit_at(digits, 12))
    return Verdict::kReject;
  const int region = number_at(digits, 7, 2);
  return region >= first_region && region <= last_region ? Verdict::kConfirm : Verdict::kNeutral;
}

Verdict ba_jmbg(const Candidate& candidate) { return jmbg(candidate, 10, 19); }
Verdict me_jmbg(const Candidate& candidate) { return jmbg(candidate, 20, 29); }
Verdict hr_jmbg(const Candidate& candidate) { return jmbg(candidate, 30, 39); }
Verdict mk_embg(const Candidate& candidate) { return jmbg(candidate, 40, 49); }
Verdict si_emso(const Candidate& candidate) { return jmbg(candidate, 50, 59); }
Verdict rs_jmbg(const Candidate& candidate) { return jmbg(candidate, 70, 89); }

// FURS, davcna stevilka: MOD 11, 10 as 0, 11 not given out.
Verdict si_tax_number(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  const int check = 11 - weigh<8, 7, 6, 5, 4, 3, 2>(digits) % 11;
  return confirm_if(digits[0] != '0' && check != 11 && check % 10 == digit_at(digits, 7));
}

// UJP, EDB: as JMBG's check.
Verdict mk_edb(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(complement11(weigh<7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2>(digits)) % 10 ==
                    digit_at(digits, 12));
}

// DPS of Ukraine, RNTRC: days since 1900 first; MOD 11.
Verdict ua_rntrc(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  const int rest = weigh<-1, 5, 7, 9, 4, 6, 10, 5, 7>(digits) % 11;
  return confirm_if((rest + 11) % 11 % 10 == digit_at(digits, 9) && !one_digit_repeated(digits));
}

// EDRPOU: MOD 11, weights by range, two more when that leaves 10.
Verdict ua_edrpou(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  const int number = number_at(digits, 0, 8);
  const bool middle = number > 30000000 && number < 60000000;
  int rest =
      (middle ? weigh<7, 1, 2, 3, 4, 5, 6>(digits) : weigh<1, 2, 3, 4, 5, 6, 7>(digits)) % 11;
  if (rest == 10) {
    rest = (middle ? weigh<9, 3, 4, 5, 6, 7, 8>(digits) : weigh<3, 4, 5, 6, 7, 8, 9>(digits)) % 11 %
           10;
  }
  return confirm_if(rest == digit_at(digits, 7) && !one_digit_repeated(digits));
}

// Law of Ukraine 5492-VI, UNZR: a birth date and five digits.
Verdict ua_unzr(const Candidate& candidate) {
  return confirm_if(is_birth_date(digits_of(candidate.match()), 0));
}

// FNS, INN: one check digit for organisations, two for people.
Verdict ru_inn(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  if (number_at(digits, 0, 2) == 0) return Verdict::kReject;
  if (digits.size() == 10) {
    return confirm_if(weigh<2, 4, 10, 3, 5, 9, 4, 6, 8>(digits) % 11 % 10 == digit_at(digits, 9));
  }
  return confirm_if(
      weigh<7, 2, 4, 10, 3, 5, 9, 4, 6, 8>(digits) % 11 % 10 == digit_at(digits, 10) &&
      weigh<3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8>(digits) % 11 % 10 == digit_at(digits, 11));
}

// PFR, SNILS: weights 9 to 1, MOD 101; numbers up to 001-001-998 have no check.
Verdict ru_snils(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  if (number_at(digits, 0, 9) <= 1001998) return Verdict::kReject;
  const int sum = weigh<9, 8, 7, 6, 5, 4, 3, 2, 1>(digits);
  return confirm_if(sum % 101 % 100 == number_at(digits, 9, 2));
}

// FNS, OGRN and OGRNIP: all but the last digit MOD 11 or MOD 13.
Verdict ru_ogrn(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  const int modulus = digits.size() == 13 ? 11 : 13;
  int rest = 0;
  for (size_t i = 0; i + 1 < digits.size(); ++i) rest = (rest * 10 + digit_at(digits, i)) % modulus;
  return confirm_if(rest % 10 == digits.back() - '0');
}

// FFOMS, policy of one form: Luhn.
Verdict ru_oms(const Candidate& candidate) {
  return confirm_if(luhn(digits_of(candidate.match())));
}

// MVD, passport: the series holds a region's code and the year of its printing.
Verdict ru_passport(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  const int region = number_at(digits, 0, 2);
  const int year = number_at(digits, 2, 2);
  return reject_unless(region > 0 && (year <= 40 || year >= 97) && number_at(digits, 4, 6) > 0);
}

// MVD of Belarus, personal number: sex and century, birth date, region, citizenship.
Verdict by_personal_number(const Candidate& candidate) {
  const std::string id = alnum_of(candidate.match());
  const std::string date = id.substr(5, 2) + id.substr(3, 2) + id.substr(1, 2);
  return confirm_if(is_short_date(date));
}

// MNS of Belarus, UNP: MOD 11.
Verdict by_unp(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(weigh<29, 23, 19, 17, 13, 7, 5, 3>(digits) % 11 == digit_at(digits, 8));
}

constexpr NamedValidator kValidators[] = {
    {"pl_pesel", pl_pesel},
    {"pl_nip", pl_nip},
    {"pl_regon", pl_regon},
    {"pl_id_card", pl_id_card},
    {"pl_nrb", pl_nrb},
    {"pl_land_register", pl_land_register},
    {"birth_number", birth_number},
    {"cz_ico", cz_ico},
    {"cz_vat", cz_vat},
    {"sk_vat", sk_vat},
    {"hu_taj", hu_taj},
    {"hu_tax_id", hu_tax_id},
    {"hu_tax_number", hu_tax_number},
    {"hu_personal_id", hu_personal_id},
    {"ro_cnp", ro_cnp},
    {"ro_cui", ro_cui},
    {"md_idnp", md_idnp},
    {"bg_egn", bg_egn},
    {"bg_lnch", bg_lnch},
    {"bg_bulstat", bg_bulstat},
    {"bg_vat", bg_vat},
    {"mod11_10_number", mod11_10_number},
    {"ba_jmbg", ba_jmbg},
    {"me_jmbg", me_jmbg},
    {"hr_jmbg", hr_jmbg},
    {"mk_embg", mk_embg},
    {"si_emso", si_emso},
    {"rs_jmbg", rs_jmbg},
    {"si_tax_number", si_tax_number},
    {"mk_edb", mk_edb},
    {"ua_rntrc", ua_rntrc},
    {"ua_edrpou", ua_edrpou},
    {"ua_unzr", ua_unzr},
    {"ru_inn", ru_inn},
    {"ru_snils", ru_snils},
    {"ru_ogrn", ru_ogrn},
    {"ru_oms", ru_oms},
    {"ru_passport", ru_passport, kOnlyRefuses},
    {"by_personal_number", by_personal_number},
    {"by_unp", by_unp},
};

}  // namespace

std::span<const NamedValidator> europe_east_validators() { return kValidators; }

}  // namespace subrosa::detect
