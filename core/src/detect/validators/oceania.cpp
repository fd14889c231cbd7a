// SPDX-License-Identifier: Apache-2.0
// Validators of Australia and New Zealand.
#include "detect/validators/digits.h"
#include "detect/validators/registry.h"

namespace subrosa::detect {
namespace {

// ATO: nine digits by weights 1 4 3 7 5 8 6 9 10, older ones eight by 10 7 8 4 6 3 5 1, modulo 11.
Verdict au_tfn(const Candidate& candidate) {
  static constexpr int kNine[] = {1, 4, 3, 7, 5, 8, 6, 9, 10};
  static constexpr int kEight[] = {10, 7, 8, 4, 6, 3, 5, 1};
  const std::string digits = digits_of(candidate.match());
  const int sum = digits.size() == 9 ? weighted_sum(digits, kNine) : weighted_sum(digits, kEight);
  return confirm_if(!one_digit_repeated(digits) && sum % 11 == 0);
}

// Australian Business Register: the first digit less one, weights 10 1 3 5 ... 19, modulo 89.
Verdict au_abn(const Candidate& candidate) {
  static constexpr int kWeights[] = {10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19};
  const std::string digits = digits_of(candidate.match());
  return confirm_if((weighted_sum(digits, kWeights) - 10) % 89 == 0);
}

// ASIC: weights 8 to 1, complement modulo 10.
Verdict au_acn(const Candidate& candidate) {
  static constexpr int kWeights[] = {8, 7, 6, 5, 4, 3, 2, 1};
  const std::string digits = digits_of(candidate.match());
  return confirm_if((10 - weighted_sum(digits, kWeights) % 10) % 10 == digits[8] - '0');
}

// Services Australia: eight digits by weights 1 3 7 9 1 3 7 9, check, issue, and the person's line.
Verdict au_medicare(const Candidate& candidate) {
  static constexpr int kWeights[] = {1, 3, 7, 9, 1, 3, 7, 9};
  const std::string digits = digits_of(candidate.match());
  return confirm_if(weighted_sum(digits, kWeights) % 10 == digits[8] - '0' && digits[9] != '0');
}

// AS 5017: healthcare identifiers check by Luhn.
Verdict au_ihi(const Candidate& candidate) {
  return confirm_if(luhn(digits_of(candidate.match())));
}

// Inland Revenue, resident withholding tax specification: weights 3 2 7 6 5 4 3 2, and where that
// gives ten, 7 4 3 2 5 2 7 6.
Verdict nz_ird(const Candidate& candidate) {
  static constexpr int kFirst[] = {3, 2, 7, 6, 5, 4, 3, 2};
  static constexpr int kSecond[] = {7, 4, 3, 2, 5, 2, 7, 6};
  std::string digits = digits_of(candidate.match());
  const int number = number_at(digits, 0, digits.size());
  if (number < 10'000'000 || number > 150'000'000) return Verdict::kReject;
  if (digits.size() == 8) digits.insert(digits.begin(), '0');
  int check = (11 - weighted_sum(digits, kFirst) % 11) % 11;
  if (check == 10) check = (11 - weighted_sum(digits, kSecond) % 11) % 11;
  return confirm_if(check == digits[8] - '0');
}

// HISO 10046: letters without I and O count 1 to 24, weights 7 to 2, modulo 11. The form of 2023
// ends in a letter; its check is not verified here.
Verdict nz_nhi(const Candidate& candidate) {
  static constexpr std::string_view kLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ";
  const std::string nhi = alnum_of(candidate.match());
  int sum = 0;
  for (int i = 0; i < 6; ++i) {
    const size_t letter = kLetters.find(nhi[i]);
    const int value = is_digit(nhi[i])                   ? nhi[i] - '0'
                      : letter != std::string_view::npos ? static_cast<int>(letter) + 1
                                                         : -1;
    if (value < 0) return Verdict::kReject;
    sum += value * (7 - i);
  }
  if (!is_digit(nhi[6])) return Verdict::kNeutral;
  const int rest = sum % 11;
  return confirm_if(rest != 0 && (11 - rest) % 10 == nhi[6] - '0');
}

// GS1: weights 1 and 3; the New Zealand business numbers begin with 94.
Verdict nz_nzbn(const Candidate& candidate) {
  const std::string digits = digits_of(candidate.match());
  int sum = 0;
  for (int i = 0; i < 13; ++i) sum += (digits[i] - '0') * (i % 2 == 0 ? 1 : 3);
  return confirm_if(sum % 10 == 0);
}

constexpr NamedValidator kValidators[] = {
    {"au_tfn", au_tfn}, {"au_abn", au_abn}, {"au_acn", au_acn}, {"au_medicare", au_medicare},
    {"au_ihi", au_ihi}, {"nz_ird", nz_ird}, {"nz_nhi", nz_nhi}, {"nz_nzbn", nz_nzbn}};

}  // namespace

std::span<const NamedValidator> oceania_validators() { return kValidators; }

}  // namespace subrosa::detect
