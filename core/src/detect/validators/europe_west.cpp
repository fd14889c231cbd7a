// SPDX-License-Identifier: Apache-2.0
// Validators of the United Kingdom, Ireland, France, Belgium, the Netherlands and Luxembourg.
#include "detect/validators/europe.h"
#include "detect/validators/registry.h"

namespace subrosa::detect {
namespace {

constexpr size_t kNone = std::string_view::npos;

bool is_one_of(char c, std::string_view set) { return set.find(c) != kNone; }

// Letters and digits both, as in a document's number: neither a word nor a plain number.
bool is_mixed(std::string_view id) {
  const size_t digits = digits_of(id).size();
  return digits >= 2 && digits < id.size();
}

// NHS Data Dictionary, "NHS NUMBER": Modulus 11.
Verdict uk_nhs(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  const int check = complement11(weigh<10, 9, 8, 7, 6, 5, 4, 3, 2>(digits));
  return confirm_if(check == digit_at(digits, 9) && !one_digit_repeated(digits));
}

// HMRC NIM39110: letters and prefixes that are never allocated.
Verdict uk_nino(const Candidate& candidate) {
  const std::string id = alnum_of(candidate.match());
  if (is_one_of(id[0], "DFIQUV") || is_one_of(id[1], "DFIOQUV")) return Verdict::kReject;
  static constexpr std::string_view kNever[] = {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"};
  for (const std::string_view prefix : kNever) {
    if (id.compare(0, 2, prefix) == 0) return Verdict::kReject;
  }
  return Verdict::kConfirm;
}

// HMRC, Unique Taxpayer Reference: the first digit checks the other nine.
Verdict uk_utr(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  const int sum = weigh<0, 6, 7, 8, 9, 10, 5, 4, 3, 2>(digits);
  return confirm_if("21987654321"[sum % 11] == digits[0]);
}

// DVLA, driver number: padding only behind letters, a month (women: plus 50) and a day.
Verdict uk_driving_licence(const Candidate& candidate) {
  const std::string id = alnum_of(candidate.match());
  const std::string_view name = std::string_view(id).substr(0, 5);
  if (name.find_first_not_of('9', name.find('9')) != kNone && name.find('9') != kNone)
    return Verdict::kReject;
  if (id[11] == '9' && id[12] != '9') return Verdict::kReject;
  const int month = number_at(id, 6, 2) % 50;
  return confirm_if(number_at(id, 6, 2) <= 62 && is_date(2000, month, number_at(id, 8, 2)));
}

// DVLA INF104: area letters, age identifiers (issued up to 2029), letters never used. Older forms
// are told apart by what stands first.
Verdict uk_vehicle_registration(const Candidate& candidate) {
  const std::string id = alnum_of(candidate.match());
  if (!is_digit(id[2]) || !is_digit(id[3]) || is_digit(id[1]) || id.size() != 7)
    return Verdict::kNeutral;
  if (is_one_of(id[0], "IJQTUZ") || id.find_first_of("IQ", 1) != kNone) return Verdict::kReject;
  const int age = number_at(id, 2, 2);
  return confirm_if((age >= 2 && age <= 29) || (age >= 51 && age <= 79));
}

// Royal Mail PAF: the postcode areas in use, and the letters that the second half leaves out.
Verdict uk_postcode(const Candidate& candidate) {
  static constexpr std::string_view kAreas =
      " AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL "
      "DN "
      "DT DY E EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L "
      "LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA "
      "SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS "
      "WV YO ZE ";
  const std::string code = alnum_of(candidate.match());
  if (code == "GIR0AA") return Verdict::kConfirm;
  if (code.find_first_of("CIKMOV", code.size() - 2) != kNone) return Verdict::kReject;
  const std::string area = code.substr(0, is_digit(code[1]) ? 1 : 2);
  return confirm_if(kAreas.find(' ' + area + ' ') != kNone);
}

// HMRC VAT: MOD 97, or 55 less for numbers given out since 2010.
Verdict uk_vat(const Candidate& candidate) {
  const std::string digits = without_prefix(candidate.match(), "GB");
  const int sum = weigh<8, 7, 6, 5, 4, 3, 2>(digits) + number_at(digits, 7, 2);
  return confirm_if(number_at(digits, 0, 7) > 0 && (sum % 97 == 0 || (sum + 55) % 97 == 0));
}

// Companies House: the registers' prefixes; without one, eight digits.
Verdict uk_company_number(const Candidate& candidate) {
  static constexpr std::string_view kRegisters =
      " AC CE CS FC FE GE GN GS IC IP LP NA NC NF NI NL NO NP NR NV OC OE PC R0 RC RS SA SC SE SF "
      "SG SI SL SO SP SR SZ ZC ";
  const std::string id = alnum_of(candidate.match());
  if (is_digit(id[0])) return Verdict::kNeutral;
  return confirm_if(kRegisters.find(' ' + id.substr(0, 2) + ' ') != kNone);
}

// Department of Social Protection, PPS number: MOD 23, a second letter counting nine times.
bool is_pps(std::string_view id) {
  int sum = weigh<8, 7, 6, 5, 4, 3, 2>(id.substr(0, 7));
  if (id.size() > 8) sum += 9 * letter_number(id[8]);
  return "WABCDEFGHIJKLMNOPQRSTUV"[sum % 23] == id[7];
}

Verdict ie_pps(const Candidate& candidate) {
  return confirm_if(is_pps(alnum_of(candidate.match())));
}

// Revenue: as the PPS number; the form of before 2013 has a letter in second place.
Verdict ie_vat(const Candidate& candidate) {
  std::string id = without_prefix(candidate.match(), "IE");
  if (!is_digit(id[1])) id = '0' + id.substr(2, 5) + id[0] + id.substr(7);
  return confirm_if(is_pps(id));
}

// Road Vehicles (Registration and Licensing) Regulations: year and half-year, county, sequence.
Verdict ie_vehicle_registration(const Candidate& candidate) {
  static constexpr std::string_view kCounties =
      " C CE CN CW D DL G KE KK KY L LD LH LK LM LS MH MN MO OY RN SO T TN TS W WD WH WX WW ";
  std::string county;
  for (char c : candidate.match()) {
    if (is_upper(to_upper(c))) county += to_upper(c);
  }
  const std::string_view year = candidate.match().substr(0, candidate.match().find_first_of("- "));
  const bool half = year.size() == 3;
  if (half && (number_at(year, 0, 2) < 13 || year[2] < '1' || year[2] > '2'))
    return Verdict::kReject;
  if (!half && number_at(year, 0, 2) > 12 && number_at(year, 0, 2) < 87) return Verdict::kReject;
  return confirm_if(kCounties.find(' ' + county + ' ') != kNone);
}

// INSEE, numero d'inscription au repertoire: 97 minus MOD 97, Corsica's 2A and 2B read as 19, 18.
Verdict fr_nir(const Candidate& candidate) {
  std::string id = alnum_of(candidate.match());
  const int month = number_at(id, 3, 2);
  if (month < 1 || (month > 12 && month < 20) || (month > 42 && month < 50))
    return Verdict::kReject;
  if (id[6] == 'A' || id[6] == 'B') {
    id.replace(5, 2, id[6] == 'A' ? "19" : "18");
  } else if (id.compare(5, 2, "00") == 0) {
    return Verdict::kReject;
  }
  return confirm_if(97 - mod97(id.substr(0, 13)) == number_at(id, 13, 2));
}

// DGFiP, numero fiscal de reference (SPI): the first ten digits MOD 511.
Verdict fr_nif(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  int rest = 0;
  for (size_t i = 0; i < 10; ++i) rest = (rest * 10 + digit_at(digits, i)) % 511;
  return confirm_if(rest == number_at(digits, 10, 3));
}

// INSEE, SIRENE: Luhn.
Verdict fr_siren(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(luhn(digits) && !one_digit_repeated(digits));
}

// INSEE, SIRENE: Luhn over both parts; La Poste's places add up to a multiple of five instead.
Verdict fr_siret(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  const std::string siren = digits.substr(0, 9);
  if (!luhn(siren) || one_digit_repeated(siren)) return Verdict::kReject;
  if (siren == "356000000") {
    int sum = 0;
    for (size_t i = 0; i < digits.size(); ++i) sum += digit_at(digits, i);
    if (sum % 5 == 0) return Verdict::kConfirm;
  }
  return confirm_if(luhn(digits));
}

// Article 286 ter CGI: a key over the SIREN; keys with a letter have a rule of their own.
Verdict fr_vat(const Candidate& candidate) {
  const std::string id = without_prefix(candidate.match(), "FR");
  const std::string siren = id.substr(2);
  if (!luhn(siren)) return Verdict::kReject;
  if (!is_digit(id[0]) || !is_digit(id[1])) return Verdict::kNeutral;
  return confirm_if((12 + 3 * mod97(siren)) % 97 == number_at(id, 0, 2));
}

// Carte nationale d'identite: of 2021, letters among digits; of 1995, year, month and place.
Verdict fr_cni(const Candidate& candidate) {
  const std::string id = alnum_of(candidate.match());
  if (id.size() == 9) return reject_unless(is_mixed(id));
  const int month = number_at(id, 2, 2);
  return reject_unless(month >= 1 && month <= 12);
}

// Arrete du 9 fevrier 2009: SS and 000 are never given out.
Verdict fr_license_plate(const Candidate& candidate) {
  const std::string id = alnum_of(candidate.match());
  if (is_digit(id[0])) return Verdict::kNeutral;
  return confirm_if(id.compare(0, 2, "SS") != 0 && id.compare(5, 2, "SS") != 0 &&
                    id.compare(2, 3, "000") != 0);
}

// ANS, RPPS: Luhn.
Verdict fr_rpps(const Candidate& candidate) {
  return confirm_if(luhn(digits_of(candidate.match())));
}

// RvIG: passports and identity cards have no O, so that none is read as 0.
Verdict nl_document(const Candidate& candidate) {
  const std::string id = alnum_of(candidate.match());
  return reject_unless(is_mixed(id) && id.find('O') == kNone);
}

// Rijksregister: 97 minus MOD 97, with a 2 before the digits of those born since 2000. A birth
// date that is not known in full has noughts, or counts on past the calendar.
Verdict belgian_number(std::string_view digits, int raised_by) {
  const std::string body(digits.substr(0, 9));
  const int check = number_at(digits, 9, 2);
  const bool since_2000 = 97 - mod97('2' + body) == check;
  if (!since_2000 && 97 - mod97(body) != check) return Verdict::kReject;
  const int month = number_at(digits, 2, 2) - raised_by;
  if (month < 0 || month > 12) return Verdict::kReject;
  const int year = (since_2000 ? 2000 : 1900) + number_at(digits, 0, 2);
  return is_date(year, month, number_at(digits, 4, 2)) ? Verdict::kConfirm : Verdict::kNeutral;
}

Verdict be_nn(const Candidate& candidate) {
  return belgian_number(digits_of(candidate.match()), 0);
}

// Crossroads Bank for Social Security: as the national number, months raised by 20 or 40.
Verdict be_bis(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return belgian_number(digits, number_at(digits, 2, 2) < 40 ? 20 : 40);
}

// Crossroads Bank for Enterprises: 97 minus MOD 97.
Verdict be_enterprise(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(97 - mod97(digits.substr(0, 8)) == number_at(digits, 8, 2));
}

// IBZ, identity card number: MOD 97, 97 for 0.
Verdict be_id_card(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  const int rest = mod97(digits.substr(0, 10));
  return confirm_if((rest == 0 ? 97 : rest) == number_at(digits, 10, 2));
}

// Besluit identificatie- en registratienummers (BSN): the eleven test, the last digit negative.
bool is_bsn(std::string_view digits) {
  return weigh<9, 8, 7, 6, 5, 4, 3, 2, -1>(digits) % 11 == 0 && !one_digit_repeated(digits);
}

Verdict nl_bsn(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(is_bsn(digits.size() == 8 ? '0' + digits : digits));
}

// Belastingdienst: the eleven test, or MOD 97-10 over the whole for sole traders since 2020.
Verdict nl_vat(const Candidate& candidate) {
  const std::string id = alnum_of(candidate.match());
  return confirm_if(is_bsn(std::string_view(id).substr(2, 9)) || mod97(id) == 1);
}

// PostNL: letter pairs that are not given out.
Verdict nl_postcode(const Candidate& candidate) {
  const std::string code = alnum_of(candidate.match());
  const std::string_view letters = std::string_view(code).substr(4);
  return reject_unless(letters != "SA" && letters != "SD" && letters != "SS");
}

// Loi du 19 juin 2013, matricule: a date, Luhn over twelve digits, Verhoeff over eleven.
Verdict lu_matricule(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  if (!is_date(number_at(digits, 0, 4), number_at(digits, 4, 2), number_at(digits, 6, 2)))
    return Verdict::kReject;
  return confirm_if(luhn(digits.substr(0, 12)) && verhoeff(digits.substr(0, 11) + digits[12]));
}

// AED: the first six digits MOD 89.
Verdict lu_vat(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(number_at(digits, 0, 6) % 89 == number_at(digits, 6, 2));
}

constexpr NamedValidator kValidators[] = {
    {"uk_nhs", uk_nhs},
    {"uk_nino", uk_nino},
    {"uk_utr", uk_utr},
    {"uk_driving_licence", uk_driving_licence},
    {"uk_vehicle_registration", uk_vehicle_registration},
    {"uk_postcode", uk_postcode},
    {"uk_vat", uk_vat},
    {"uk_company_number", uk_company_number},
    {"ie_pps", ie_pps},
    {"ie_vat", ie_vat},
    {"ie_vehicle_registration", ie_vehicle_registration},
    {"fr_nir", fr_nir},
    {"fr_nif", fr_nif},
    {"fr_siren", fr_siren},
    {"fr_siret", fr_siret},
    {"fr_vat", fr_vat},
    {"fr_cni", fr_cni, kOnlyRefuses},
    {"fr_license_plate", fr_license_plate},
    {"fr_rpps", fr_rpps},
    {"nl_document", nl_document, kOnlyRefuses},
    {"be_nn", be_nn},
    {"be_bis", be_bis},
    {"be_enterprise", be_enterprise},
    {"be_id_card", be_id_card},
    {"nl_bsn", nl_bsn},
    {"nl_vat", nl_vat},
    {"nl_postcode", nl_postcode, kOnlyRefuses},
    {"lu_matricule", lu_matricule},
    {"lu_vat", lu_vat},
};

}  // namespace

std::span<const NamedValidator> europe_west_validators() { return kValidators; }

}  // namespace subrosa::detect
