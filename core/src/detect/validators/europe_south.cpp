// SPDX-License-Identifier: Apache-2.0
// Validators of Spain, Portugal, Italy, Malta, Greece, Cyprus, Albania, Turkey and Israel.
#include "detect/validators/europe.h"
#include "detect/validators/registry.h"

namespace subrosa::detect {
namespace {

// Real Decreto 1553/2005: the check letter is the number MOD 23.
bool is_nif(std::string_view digits, char letter) {
  return "TRWAGMYFPDXBNJZSQVHLCKE"[number_at(digits, 0, digits.size()) % 23] == letter;
}

// Orden EHA/451/2008: twice the odd places, cross sums; a digit, a letter, or either by the kind.
bool is_cif(std::string_view id) {
  int sum = 0;
  for (size_t i = 1; i <= 7; ++i) sum += cross_sum(digit_at(id, i) * (i % 2 == 1 ? 2 : 1));
  const int check = (10 - sum % 10) % 10;
  const bool only_letter = std::string_view("NPQRSW").find(id[0]) != std::string_view::npos;
  const bool only_digit = std::string_view("ABEH").find(id[0]) != std::string_view::npos;
  return is_digit(id[8]) ? !only_letter && digit_at(id, 8) == check
                         : !only_digit && id[8] == "JABCDEFGHI"[check];
}

// NIF, NIE (X, Y, Z for 0, 1, 2) and CIF: nine characters together.
bool is_spanish_id(std::string id) {
  if (is_digit(id[0])) return is_nif(std::string_view(id).substr(0, id.size() - 1), id.back());
  if (id[0] >= 'X') {
    id[0] = static_cast<char>('0' + id[0] - 'X');
    return is_nif(std::string_view(id).substr(0, 8), id.back());
  }
  if (id[0] == 'K' || id[0] == 'L' || id[0] == 'M')
    return is_nif(std::string_view(id).substr(1, 7), id.back());
  return is_cif(id);
}

Verdict es_nif(const Candidate& candidate) {
  return confirm_if(is_spanish_id(alnum_of(candidate.match())));
}

Verdict es_vat(const Candidate& candidate) {
  return confirm_if(is_spanish_id(without_prefix(candidate.match(), "ES")));
}

// Tesoreria General de la Seguridad Social: MOD 97; numbers below ten million have one digit less.
Verdict es_nss(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  const std::string body =
      digits[2] == '0' ? digits.substr(0, 2) + digits.substr(3, 7) : digits.substr(0, 10);
  const int province = number_at(digits, 0, 2);
  return confirm_if(province >= 1 && province <= 66 && mod97(body) == number_at(digits, 10, 2));
}

// Consejo Superior Bancario, codigo cuenta cliente: two check digits MOD 11, 10 shown as 1.
int ccc_check(std::string_view ten) {
  const int check = complement11(weigh<1, 2, 4, 8, 5, 10, 9, 7, 3, 6>(ten));
  return check == 10 ? 1 : check;
}

Verdict es_ccc(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(ccc_check("00" + digits.substr(0, 8)) == digit_at(digits, 8) &&
                    ccc_check(std::string_view(digits).substr(10)) == digit_at(digits, 9) &&
                    number_at(digits, 0, 4) > 0);
}

// Decreto-Lei 14/2013: MOD 11, 10 and 11 as 0; the first digits that name a kind of taxpayer.
Verdict pt_nif(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  if (digits[0] == '0' || (digits[0] == '4' && digits[1] != '5')) return Verdict::kReject;
  const int check = complement11(weigh<9, 8, 7, 6, 5, 4, 3, 2>(digits));
  return confirm_if(check % 10 == digit_at(digits, 8));
}

// AMA, Cartao de Cidadao: Luhn over letters and digits, letters counting 10 to 35.
Verdict pt_cc(const Candidate& candidate) {
  const std::string id = alnum_of(candidate.match());
  if (one_digit_repeated(id)) return Verdict::kReject;
  int sum = 0;
  for (size_t i = 0; i < id.size(); ++i) {
    int value = is_digit(id[i]) ? id[i] - '0' : id[i] - 'A' + 10;
    if (i % 2 == 0 && (value *= 2) > 9) value -= 9;
    sum += value;
  }
  return confirm_if(sum % 10 == 0);
}

// Instituto da Seguranca Social, NISS: primes as weights.
Verdict pt_niss(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(9 - weigh<29, 23, 19, 17, 13, 11, 7, 5, 3, 2>(digits) % 10 ==
                    digit_at(digits, 10));
}

// Decreto 26 agosto 2002: Luhn, and the province's office in the eighth to tenth digit.
bool is_partita_iva(std::string_view digits) {
  const int office = number_at(digits, 7, 3);
  const bool known = (office >= 1 && office <= 100) || office == 120 || office == 121 ||
                     office == 888 || office == 999;
  return known && number_at(digits, 0, 7) > 0 && luhn(digits);
}

Verdict it_vat_code(const Candidate& candidate) {
  return confirm_if(is_partita_iva(digits_of(candidate.match())));
}

// D.M. 23 dicembre 1976: the letter that a digit may be written as, to tell namesakes apart.
int omocodia_digit(char c) {
  static constexpr std::string_view kLetters = "LMNPQRSTUV";
  return is_digit(c) ? c - '0' : static_cast<int>(kLetters.find(c));
}

// Three letters of a name: its consonants, then its vowels, then X.
bool is_name_code(std::string_view three) {
  const auto is_vowel = [](char c) {
    return std::string_view("AEIOU").find(c) != std::string_view::npos;
  };
  size_t i = 0;
  while (i < three.size() && !is_vowel(three[i])) ++i;
  while (i < three.size() && is_vowel(three[i])) ++i;
  while (i < three.size() && three[i] == 'X') ++i;
  return i == three.size();
}

// D.M. 23 dicembre 1976, codice fiscale: names, birth date (women: day plus 40), check letter. All
// seven digits as letters would be words.
Verdict it_fiscal_code(const Candidate& candidate) {
  const std::string id = alnum_of(candidate.match());
  if (id.size() == 11) return confirm_if(is_partita_iva(id));
  if (digits_of(id).empty() || !is_name_code(id.substr(0, 3)) || !is_name_code(id.substr(3, 3)))
    return Verdict::kReject;
  const int day = omocodia_digit(id[9]) * 10 + omocodia_digit(id[10]);
  const size_t month = std::string_view("ABCDEHLMPRST").find(id[8]) + 1;
  if (!is_date(2000, static_cast<int>(month), day % 40)) return Verdict::kReject;
  static constexpr int kOdd[] = {1,  0,  5, 7, 9, 13, 15, 17, 19, 21, 2,  4,  18,
                                 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};
  int sum = 0;
  for (size_t i = 0; i < 15; ++i) {
    const int value = is_digit(id[i]) ? id[i] - '0' : id[i] - 'A';
    sum += i % 2 == 0 ? kOdd[value] : value;
  }
  return confirm_if('A' + sum % 26 == id[15]);
}

// A.1192/2017 AADE, AFM: powers of two MOD 11.
Verdict gr_afm(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  const int sum = weigh<256, 128, 64, 32, 16, 8, 4, 2>(digits);
  return confirm_if(sum > 0 && sum % 11 % 10 == digit_at(digits, 8));
}

// IDIKA, AMKA: a birth date and Luhn.
Verdict gr_amka(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  const std::string date = digits.substr(4, 2) + digits.substr(2, 2) + digits.substr(0, 2);
  return confirm_if(is_short_date(date) && luhn(digits));
}

// Cyprus Tax Department, TIC: the odd places by a table, MOD 26.
Verdict cy_tic(const Candidate& candidate) {
  static constexpr int kOdd[] = {1, 0, 5, 7, 9, 13, 15, 17, 19, 21};
  const std::string id = without_prefix(candidate.match(), "CY");
  int sum = 0;
  for (size_t i = 0; i < 8; ++i) sum += i % 2 == 0 ? kOdd[digit_at(id, i)] : digit_at(id, i);
  return confirm_if(id.compare(0, 2, "12") != 0 && 'A' + sum % 26 == id[8]);
}

// Commissioner for Revenue of Malta: MOD 37.
Verdict mt_vat(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(digits[0] != '0' && weigh<3, 4, 6, 7, 8, 9, 10, 1>(digits) % 37 == 0);
}

// Ligj 10129/2009: decade by letter, year, month (women: plus 50), day.
Verdict al_nid(const Candidate& candidate) {
  const std::string id = alnum_of(candidate.match());
  const int month = number_at(id, 2, 2) % 50;
  return reject_unless(number_at(id, 2, 2) < 63 && is_date(2000, month, number_at(id, 4, 2)));
}

// Nufus ve Vatandaslik Isleri, T.C. kimlik numarasi: two check digits.
Verdict tr_national_id(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  const int tenth = weigh<7, -1, 7, -1, 7, -1, 7, -1, 7>(digits) % 10;
  int sum = 0;
  for (size_t i = 0; i < 10; ++i) sum += digit_at(digits, i);
  return confirm_if((tenth + 10) % 10 == digit_at(digits, 9) && sum % 10 == digit_at(digits, 10));
}

// Gelir Idaresi Baskanligi, vergi kimlik numarasi.
Verdict tr_tax_id(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  int sum = 0;
  for (size_t i = 0; i < 9; ++i) {
    const int shifted = (digit_at(digits, i) + 9 - static_cast<int>(i)) % 10;
    const int product = (shifted << (9 - i)) % 9;
    sum += shifted != 0 && product == 0 ? 9 : product;
  }
  return confirm_if((10 - sum % 10) % 10 == digit_at(digits, 9));
}

// Karayollari Trafik Yonetmeligi: the provinces 01 to 81.
Verdict tr_license_plate(const Candidate& candidate) {
  const int province = number_at(candidate.match(), 0, 2);
  return reject_unless(province >= 1 && province <= 81);
}

// Population Registry of Israel: Luhn over nine digits, leading noughts often left out.
Verdict il_id(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(luhn(digits) && !one_digit_repeated(digits));
}

constexpr NamedValidator kValidators[] = {
    {"es_nif", es_nif},
    {"es_vat", es_vat},
    {"es_nss", es_nss},
    {"es_ccc", es_ccc},
    {"pt_nif", pt_nif},
    {"pt_cc", pt_cc},
    {"pt_niss", pt_niss},
    {"it_vat_code", it_vat_code},
    {"it_fiscal_code", it_fiscal_code},
    {"gr_afm", gr_afm},
    {"gr_amka", gr_amka},
    {"cy_tic", cy_tic},
    {"mt_vat", mt_vat},
    {"al_nid", al_nid, kOnlyRefuses},
    {"tr_national_id", tr_national_id},
    {"tr_tax_id", tr_tax_id},
    {"tr_license_plate", tr_license_plate, kOnlyRefuses},
    {"il_id", il_id},
};

}  // namespace

std::span<const NamedValidator> europe_south_validators() { return kValidators; }

}  // namespace subrosa::detect
