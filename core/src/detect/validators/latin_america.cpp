// SPDX-License-Identifier: Apache-2.0
// Validators of South and Central America and the Caribbean.
#include "detect/validators/digits.h"
#include "detect/validators/registry.h"

namespace subrosa::detect {
namespace {

// The check of a modulo 11 number: 11 less the rest, where ten and eleven are written 0.
int check_11(int sum) {
  const int check = 11 - sum % 11;
  return check >= 10 ? 0 : check;
}

/// The last digits.size() weights of 5 4 3 2 9 8 7 6 5 4 3 2: the cycle 2 to 9 from the right.
int cyclic_sum(std::string_view digits) {
  int sum = 0;
  for (size_t i = 0; i < digits.size(); ++i) {
    const char c = digits[digits.size() - 1 - i];
    sum += (c - '0') * static_cast<int>(i % 8 + 2);
  }
  return sum;
}

/// The same without a turn: 2, 3, 4 ... from the right.
int rising_sum(std::string_view digits) {
  int sum = 0;
  for (size_t i = 0; i < digits.size(); ++i)
    sum += (digits[digits.size() - 1 - i] - '0') * static_cast<int>(i + 2);
  return sum;
}

// Receita Federal, Instrucao Normativa 2.172: weights 10 to 2, then 11 to 2.
Verdict br_cpf(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  const std::string_view all = digits;
  return confirm_if(!one_digit_repeated(digits) &&
                    check_11(rising_sum(all.substr(0, 9))) == digits[9] - '0' &&
                    check_11(rising_sum(all.substr(0, 10))) == digits[10] - '0');
}

// Receita Federal, Instrucao Normativa 2.229: since 2026 letters count their code less 48.
Verdict br_cnpj(const Candidate& candidate) {
  const std::string id = alnum_of(candidate.match());
  const std::string_view all = id;
  return confirm_if(!one_digit_repeated(id) &&
                    check_11(cyclic_sum(all.substr(0, 12))) == id[12] - '0' &&
                    check_11(cyclic_sum(all.substr(0, 13))) == id[13] - '0');
}

// Caixa (PIS, PASEP, NIT) and Denatran (RENAVAM): weights 3 2 9 8 7 6 5 4 3 2.
Verdict br_pis(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(!one_digit_repeated(digits) &&
                    check_11(cyclic_sum(std::string_view(digits).substr(0, 10))) ==
                        digits[10] - '0');
}

// Contran resolution 598: weights 9 to 1, then 1 to 9; a first rest of ten lowers the second by 2.
Verdict br_cnh(const Candidate& candidate) {
  static constexpr int kDown[] = {9, 8, 7, 6, 5, 4, 3, 2, 1};
  static constexpr int kUp[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  const std::string digits = digits_of(candidate.match());
  int first = weighted_sum(digits, kDown) % 11;
  int second = weighted_sum(digits, kUp) % 11;
  if (first == 10) {
    first = 0;
    second = second < 2 ? second + 9 : second - 2;
  }
  if (second >= 10) second = 0;
  return confirm_if(!one_digit_repeated(digits) && first == digits[9] - '0' &&
                    second == digits[10] - '0');
}

// TSE resolution 23.659: eight digits, the state (1 to 28), two check digits; in Sao Paulo and
// Minas Gerais a rest of zero gives 1.
Verdict br_voter(const Candidate& candidate) {
  static constexpr int kNumber[] = {2, 3, 4, 5, 6, 7, 8, 9};
  static constexpr int kState[] = {7, 8, 9};
  const std::string digits = digits_of(candidate.match());
  const int state = number_at(digits, 8, 2);
  if (state < 1 || state > 28) return Verdict::kReject;
  const auto check = [state](int rest) {
    if (rest == 0 && state <= 2) return 1;
    return rest == 10 ? 0 : rest;
  };
  const int first = check(weighted_sum(digits, kNumber) % 11);
  const int second = check(weighted_sum(std::string_view(digits).substr(8, 3), kState) % 11);
  return confirm_if(first == digits[10] - '0' && second == digits[11] - '0');
}

// Ministerio da Saude, Cartao Nacional de Saude: weights 15 to 1, divisible by 11.
Verdict br_cns(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  int sum = 0;
  for (int i = 0; i < 15; ++i) sum += (digits[i] - '0') * (15 - i);
  return confirm_if(sum % 11 == 0);
}

// AFIP, RG 10/97: the kind of person, the document, weights 5 4 3 2 7 6 5 4 3 2.
Verdict ar_cuit(const Candidate& candidate) {
  static constexpr int kWeights[] = {5, 4, 3, 2, 7, 6, 5, 4, 3, 2};
  const std::string digits = digits_of(candidate.match());
  const int kind = number_at(digits, 0, 2);
  const bool known = kind == 20 || (kind >= 23 && kind <= 27) || kind == 30 || kind == 33 ||
                     kind == 34 || kind == 50 || kind == 51 || kind == 55;
  return confirm_if(known && "09987654321"[weighted_sum(digits, kWeights) % 11] == digits[10]);
}

// BCRA, communication A 2622: two blocks, each with a check digit by weights 7 1 3 9 and 3 9 7 1.
Verdict ar_cbu(const Candidate& candidate) {
  static constexpr int kBank[] = {7, 1, 3, 9, 7, 1, 3};
  static constexpr int kAccount[] = {3, 9, 7, 1, 3, 9, 7, 1, 3, 9, 7, 1, 3};
  const std::string digits = digits_of(candidate.match());
  const auto check = [](int sum) { return (10 - sum % 10) % 10; };
  return confirm_if(
      !one_digit_repeated(digits) && check(weighted_sum(digits, kBank)) == digits[7] - '0' &&
      check(weighted_sum(std::string_view(digits).substr(8), kAccount)) == digits[21] - '0');
}

// Registro Civil de Chile: weights 2 to 7 in a cycle; ten is written K.
Verdict cl_rut(const Candidate& candidate) {
  std::string rut = alnum_of(candidate.match());
  if (rut.substr(0, 2) == "CL") rut.erase(0, 2);
  int sum = 0;
  for (size_t i = 0; i + 1 < rut.size(); ++i)
    sum += (rut[rut.size() - 2 - i] - '0') * static_cast<int>(i % 6 + 2);
  return confirm_if("0K987654321"[sum % 11] == rut.back() && rut.find_first_not_of('0') == 0);
}

// DIAN, orden administrativa 4 of 1989: prime weights.
Verdict co_nit(const Candidate& candidate) {
  static constexpr int kPrimes[] = {3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53, 59, 67, 71};
  const std::string digits = digits_of(candidate.match());
  int sum = 0;
  for (size_t i = 0; i + 1 < digits.size(); ++i)
    sum += (digits[digits.size() - 2 - i] - '0') * kPrimes[i];
  return confirm_if("01987654321"[sum % 11] == digits.back());
}

// SUNAT: the kind of taxpayer, then weights 5 4 3 2 7 6 5 4 3 2.
Verdict pe_ruc(const Candidate& candidate) {
  static constexpr int kWeights[] = {5, 4, 3, 2, 7, 6, 5, 4, 3, 2};
  const std::string_view digits = candidate.match();
  const int kind = number_at(digits, 0, 2);
  const bool known = kind == 10 || (kind >= 15 && kind <= 17) || kind == 20;
  return confirm_if(known && (11 - weighted_sum(digits, kWeights) % 11) % 10 == digits[10] - '0');
}

bool is_ecuadorian_province(std::string_view digits) {
  const int province = number_at(digits, 0, 2);
  return (province >= 1 && province <= 24) || province == 30;
}

// Registro Civil del Ecuador: province, a third digit to 6, Luhn.
bool is_ecuadorian_id(std::string_view digits) {
  return is_ecuadorian_province(digits) && digits[2] <= '6' && luhn(digits);
}

Verdict ec_ci(const Candidate& candidate) {
  return confirm_if(is_ecuadorian_id(digits_of(candidate.match())));
}

// SRI: a person's identity number with 001; a third digit 6 for public bodies, 9 for companies.
Verdict ec_ruc(const Candidate& candidate) {
  static constexpr int kPublic[] = {3, 2, 7, 6, 5, 4, 3, 2, 1};
  static constexpr int kCompany[] = {4, 3, 2, 7, 6, 5, 4, 3, 2, 1};
  const std::string digits = digits_of(candidate.match());
  const std::string_view all = digits;
  if (number_at(digits, 10, 3) == 0) return Verdict::kReject;
  if (digits[2] == '6' && is_ecuadorian_province(all) && weighted_sum(all, kPublic) % 11 == 0)
    return Verdict::kConfirm;
  if (digits[2] == '9')
    return confirm_if(is_ecuadorian_province(all) && weighted_sum(all, kCompany) % 11 == 0);
  return confirm_if(is_ecuadorian_id(all.substr(0, 10)));
}

// Junta Central Electoral: municipality, sequence, Luhn.
Verdict do_cedula(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  return confirm_if(number_at(digits, 0, 3) != 0 && luhn(digits));
}

// DGII: weights 7 9 8 6 5 4 3 2; rests 0 and 1 give 2 and 1.
Verdict do_rnc(const Candidate& candidate) {
  static constexpr int kWeights[] = {7, 9, 8, 6, 5, 4, 3, 2};
  const std::string digits = digits_of(candidate.match());
  return confirm_if((10 - weighted_sum(digits, kWeights) % 11) % 9 + 1 == digits[8] - '0');
}

// Direccion Nacional de Identificacion Civil: weights 2 9 8 7 6 3 4.
Verdict uy_ci(const Candidate& candidate) {
  static constexpr int kWeights[] = {2, 9, 8, 7, 6, 3, 4};
  std::string digits = digits_of(candidate.match());
  if (digits.size() == 7) digits.insert(digits.begin(), '0');
  return confirm_if((10 - weighted_sum(digits, kWeights) % 10) % 10 == digits[7] - '0');
}

// DGI: registry 1 to 22, sequence, 001, weights 4 3 2 9 8 7 6 5 4 3 2.
Verdict uy_rut(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  const int registry = number_at(digits, 0, 2);
  const int check = 11 - cyclic_sum(std::string_view(digits).substr(0, 11)) % 11;
  return confirm_if(registry >= 1 && registry <= 22 && number_at(digits, 2, 6) != 0 &&
                    digits.compare(8, 3, "001") == 0 && check % 11 == digits[11] - '0');
}

// SENIAT: the letter's value and weights 3 2 7 6 5 4 3 2.
Verdict ve_rif(const Candidate& candidate) {
  static constexpr std::string_view kLetters = "VEJPG";  // 4, 8, 12, 16, 20
  static constexpr int kWeights[] = {3, 2, 7, 6, 5, 4, 3, 2};
  const char letter = to_upper(candidate.match()[0]);
  const std::string digits = digits_of(candidate.match());
  // A C marks a communal council and counts as J does.
  const int kind = letter == 'C' ? 2 : static_cast<int>(kLetters.find(letter));
  return confirm_if("00987654321"[((kind + 1) * 4 + weighted_sum(digits, kWeights)) % 11] ==
                    digits[8]);
}

// SAT Guatemala: weights 2, 3, 4 ... from the right; ten is written K.
Verdict gt_nit(const Candidate& candidate) {
  const std::string nit = alnum_of(candidate.match());
  const int check = (11 - rising_sum(std::string_view(nit).substr(0, nit.size() - 1)) % 11) % 11;
  return confirm_if("0123456789K"[check] == nit.back());
}

// RENAP, codigo unico de identificacion: eight digits, their check, department and municipality.
Verdict gt_cui(const Candidate& candidate) {
  static constexpr int kWeights[] = {2, 3, 4, 5, 6, 7, 8, 9};
  const std::string digits = digits_of(candidate.match());
  const int department = number_at(digits, 9, 2);
  return confirm_if(department >= 1 && department <= 22 && number_at(digits, 11, 2) != 0 &&
                    weighted_sum(digits, kWeights) % 11 == digits[8] - '0');
}

// SET Paraguay, modulo 11 with weights 2, 3, 4 ... from the right.
Verdict py_ruc(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  const int check = (11 - rising_sum(std::string_view(digits).substr(0, digits.size() - 1)) % 11);
  return confirm_if(check % 11 % 10 == digits.back() - '0');
}

// RNPN, documento unico de identidad: weights 9 to 2.
Verdict sv_dui(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  const int sum = rising_sum(std::string_view(digits).substr(0, 8));
  return confirm_if(!one_digit_repeated(digits) && (10 - sum % 10) % 10 == digits[8] - '0');
}

// Ministerio de Hacienda: place of birth, date (DDMMYY), sequence, check digit.
Verdict sv_nit(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  const int day = number_at(digits, 4, 2);
  const int month = number_at(digits, 6, 2);
  return reject_unless(is_date(2000, month, day));
}

// RNP Honduras: department 1 to 18, municipality, year of registration.
Verdict hn_id(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  const int department = number_at(digits, 0, 2);
  const int year = number_at(digits, 4, 4);
  return reject_unless(department >= 1 && department <= 18 && number_at(digits, 2, 2) != 0 &&
                       is_birth_year(year));
}

// Consejo Supremo Electoral: municipality, date of birth (DDMMYY), sequence, a letter that is the
// rest of the number modulo 23.
Verdict ni_cedula(const Candidate& candidate) {
  static constexpr std::string_view kLetters = "ABCDEFGHJKLMNPQRSTUVWXY";
  const std::string id = alnum_of(candidate.match());
  if (!is_date(2000, number_at(id, 5, 2), number_at(id, 3, 2))) return Verdict::kReject;
  int rest = 0;
  for (int i = 0; i < 13; ++i) rest = (rest * 10 + (id[i] - '0')) % 23;
  return kLetters[rest] == id[13] ? Verdict::kConfirm : Verdict::kNeutral;
}

// Carne de identidad: the first six digits are the date of birth.
Verdict cu_ni(const Candidate& candidate) {
  return reject_unless(is_short_date(candidate.match()));
}

constexpr NamedValidator kValidators[] = {{"br_cpf", br_cpf},
                                          {"br_cnpj", br_cnpj},
                                          {"br_pis", br_pis},
                                          {"br_cnh", br_cnh},
                                          {"br_voter", br_voter},
                                          {"br_cns", br_cns},
                                          {"ar_cuit", ar_cuit},
                                          {"ar_cbu", ar_cbu},
                                          {"cl_rut", cl_rut},
                                          {"co_nit", co_nit},
                                          {"pe_ruc", pe_ruc},
                                          {"ec_ci", ec_ci},
                                          {"ec_ruc", ec_ruc},
                                          {"do_cedula", do_cedula},
                                          {"do_rnc", do_rnc},
                                          {"uy_ci", uy_ci},
                                          {"uy_rut", uy_rut},
                                          {"ve_rif", ve_rif},
                                          {"gt_nit", gt_nit},
                                          {"gt_cui", gt_cui},
                                          {"py_ruc", py_ruc},
                                          {"sv_dui", sv_dui},
                                          {"sv_nit", sv_nit, kOnlyRefuses},
                                          {"hn_id", hn_id, kOnlyRefuses},
                                          {"ni_cedula", ni_cedula},
                                          {"cu_ni", cu_ni, kOnlyRefuses}};

}  // namespace

std::span<const NamedValidator> latin_america_validators() { return kValidators; }

}  // namespace subrosa::detect
