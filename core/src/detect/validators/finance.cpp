// SPDX-License-Identifier: Apache-2.0
// Cards and accounts.
#include <algorithm>
#include <cstdlib>

#include "detect/validators/countries.h"
#include "detect/validators/digits.h"
#include "detect/validators/registry.h"

namespace subrosa::detect {
namespace {

// A scheme's account numbers: the first four digits, and how many digits there are in all.
struct CardRange {
  int low;
  int high;
  uint32_t lengths;  // bit n: n digits
  bool distinctive;  // enough to stand without a context word
};

constexpr uint32_t lengths(int from, int to) {
  uint32_t bits = 0;
  for (int n = from; n <= to; ++n) bits |= 1u << n;
  return bits;
}

constexpr CardRange kCards[] = {
    {2014, 2014, 1u << 15, false},  // Diners Club enRoute
    {2149, 2149, 1u << 15, false},  // Diners Club enRoute
    {2200, 2204, 1u << 16, true},   // Mir
    {2200, 2204, lengths(17, 19), false},
    {2221, 2720, 1u << 16, true},  // Mastercard
    {3000, 3059, 1u << 14, true},  // Diners Club
    {3095, 3095, 1u << 14, true},  // Diners Club
    {3400, 3499, 1u << 15, true},  // American Express
    {3528, 3589, 1u << 16, true},  // JCB
    {3528, 3589, lengths(17, 19), false},
    {3600, 3699, 1u << 14, true},  // Diners Club
    {3600, 3699, lengths(15, 19), false},
    {3700, 3799, 1u << 15, true},  // American Express
    {3800, 3999, 1u << 14, true},  // Diners Club
    {4000, 4999, 1u << 16, true},  // Visa
    {4000, 4999, 1u << 13 | 1u << 19, false},
    {5000, 5099, 1u << 16, true},  // Maestro, Elo, Dankort, Verve, RuPay
    {5000, 5099, lengths(12, 19), false},
    {5100, 5599, 1u << 16, true},          // Mastercard
    {5600, 5899, lengths(12, 19), false},  // Maestro
    {6011, 6011, 1u << 16, true},          // Discover
    {6200, 6299, lengths(16, 19), true},   // UnionPay
    {6440, 6599, 1u << 16, true},          // Discover, RuPay, Troy, Elo
    {6700, 6799, 1u << 16, true},          // Maestro
    {6000, 6999, lengths(12, 19), false},  // Maestro, RuPay, Hipercard, InterPayment
    {8110, 8171, lengths(16, 19), false},  // UnionPay
    {8200, 8299, 1u << 16, false},         // RuPay
    {8600, 8600, 1u << 16, false},         // Uzcard
    {9792, 9792, 1u << 16, true},          // Troy
    {9860, 9860, 1u << 16, false},         // Humo
};

// ISO/IEC 7812-1: the scheme's range and length, and Luhn's check digit.
Verdict credit_card(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  if (digits.size() < 12 || digits.size() > 19 || !luhn(digits)) return Verdict::kReject;
  if (one_digit_repeated(digits)) return Verdict::kReject;
  const int first = number_at(digits, 0, 4);
  Verdict verdict = Verdict::kReject;
  for (const CardRange& range : kCards) {
    if (first < range.low || first > range.high || !(range.lengths >> digits.size() & 1)) continue;
    if (range.distinctive) return Verdict::kConfirm;
    verdict = Verdict::kNeutral;
  }
  return verdict;
}

// The account part by country: n digits, a capital letters, c either; SWIFT's IBAN registry, and
// below it the countries that use the form without being registered.
constexpr std::string_view kIbans[] = {
    "ADn8c12",    "AEn19",     "ALn8c16",    "ATn16",     "AZa4c20",   "BAn16",      "BEn12",
    "BGa4n6c8",   "BHa4c14",   "BIn23",      "BRn23a1c1", "BYc4n4c16", "CHn5c12",    "CRn18",
    "CYn8c16",    "CZn20",     "DEn18",      "DJn23",     "DKn14",     "DOc4n20",    "EEn16",
    "EGn25",      "ESn20",     "FIn14",      "FKa2n12",   "FOn14",     "FRn10c11n2", "GBa4n14",
    "GEa2n16",    "GIa4c15",   "GLn14",      "GRn7c16",   "GTc24",     "HNa4n20",    "HRn17",
    "HUn24",      "IEa4n14",   "ILn19",      "IQa4n15",   "ISn22",     "ITa1n10c12", "JOa4n4c18",
    "KWa4c22",    "KZn3c13",   "LBn4c20",    "LCa4c24",   "LIn5c12",   "LTn16",      "LUn3c13",
    "LVa4c13",    "LYn21",     "MCn10c11n2", "MDc20",     "MEn18",     "MKn3c10n2",  "MNn16",
    "MRn23",      "MTa4n5c18", "MUa4n19a3",  "NIa4n20",   "NLa4n10",   "NOn11",      "OMn3c16",
    "PKa4c16",    "PLn24",     "PSa4c21",    "PTn21",     "QAa4c21",   "ROa4c16",    "RSn18",
    "RUn14c15",   "SAn2c18",   "SCa4n20a3",  "SDn14",     "SEn20",     "SIn15",      "SKn20",
    "SMa1n10c12", "SOn19",     "STn21",      "SVa4n20",   "TLn19",     "TNn20",      "TRn6c16",
    "UAn6c19",    "VAn18",     "VGa4n16",    "XKn16",     "YEa4n4c18", "AOn21",      "BFc2n22",
    "BJc2n22",    "CFn23",     "CGn23",      "CIc2n22",   "CMn23",     "CVn21",      "DZn22",
    "GAn23",      "GQn23",     "GWc2n19",    "IRn22",     "KMn23",     "MAn24",      "MGn23",
    "MLc2n22",    "MZn21",     "NEc2n22",    "SNc2n22",   "TDn23",     "TGc2n22",
};

bool has_shape(std::string_view text, std::string_view shape) {
  size_t at = 0;
  for (size_t i = 0; i < shape.size();) {
    const char kind = shape[i++];
    size_t count = 0;
    while (i < shape.size() && is_digit(shape[i])) count = count * 10 + (shape[i++] - '0');
    for (size_t end = at + count; at < end; ++at) {
      if (at == text.size()) return false;
      if (kind == 'n' ? !is_digit(text[at]) : kind == 'a' && !is_upper(text[at])) return false;
    }
  }
  return at == text.size();
}

/// The account part of a country's IBANs; empty where there is none.
std::string_view iban_shape(char first, char second) {
  for (std::string_view entry : kIbans) {
    if (entry[0] == first && entry[1] == second) return entry.substr(2);
  }
  return {};
}

// ISO 13616-1: the country's length and shape, and MOD 97-10 over the rearranged text. Letters are
// as written, for the registry's are capitals; unless all are small.
Verdict iban(const Candidate& candidate) {
  const std::string_view match = candidate.match();
  const std::string_view shape = iban_shape(to_upper(match[0]), to_upper(match[1]));
  if (shape.empty()) return Verdict::kReject;
  std::string text;
  for (char c : match) {
    if (is_alnum(c)) text += c;
  }
  if (std::none_of(text.begin(), text.end(), is_upper)) text = alnum_of(text);
  const bool valid = is_upper(text[0]) && is_upper(text[1]) &&
                     has_shape(std::string_view(text).substr(4), shape) &&
                     mod97(text.substr(4) + text.substr(0, 4)) == 1;
  return valid ? Verdict::kConfirm : Verdict::kReject;
}

// ISO 9362: party prefix, country, party suffix, branch. A digit or the head office's branch code
// tells it from a word in capitals.
Verdict swift_bic(const Candidate& candidate) {
  const std::string_view code = candidate.match();
  if (!is_country(code.substr(4, 2)) || code[7] == 'O') return Verdict::kReject;
  const bool word = std::all_of(code.begin(), code.end(), is_upper) && !code.ends_with("XXX");
  return word ? Verdict::kNeutral : Verdict::kConfirm;
}

constexpr NamedValidator kValidators[] = {
    {"credit_card", credit_card}, {"iban", iban}, {"swift_bic", swift_bic}};

}  // namespace

std::span<const NamedValidator> finance_validators() { return kValidators; }

}  // namespace subrosa::detect
