// SPDX-License-Identifier: Apache-2.0
// Calendar dates in the orders that people write them.
#include <algorithm>
#include <array>

#include "detect/validators/digits.h"
#include "detect/validators/registry.h"

namespace subrosa::detect {
namespace {

/// The first three runs of digits in a match, and how many there are.
struct Runs {
  std::array<std::string_view, 3> run;
  size_t count = 0;
};

Runs digit_runs(std::string_view match) {
  Runs out;
  for (size_t i = 0; i < match.size() && out.count < out.run.size();) {
    if (!is_digit(match[i])) {
      ++i;
      continue;
    }
    size_t end = i;
    while (end < match.size() && is_digit(match[end])) ++end;
    out.run[out.count++] = match.substr(i, end - i);
    i = end;
  }
  return out;
}

int value(std::string_view digits) { return number_at(digits, 0, digits.size()); }

bool is_year(std::string_view digits) {
  return digits.size() == 2 ||
         (digits.size() == 4 && value(digits) >= 1800 && value(digits) < 2200);
}

/// A year of two digits leaps when either century's does, which 2000's does.
int full_year(std::string_view digits) {
  return digits.size() == 2 ? 2000 + value(digits) : value(digits);
}

bool any_order(const Runs& runs) {
  const auto& [a, b, c] = runs.run;
  if (is_year(a) && is_date(full_year(a), value(b), value(c))) return true;
  if (a.size() > 2 || !is_year(c)) return false;
  return is_date(full_year(c), value(b), value(a)) || is_date(full_year(c), value(a), value(b));
}

// ISO 8601 and the numeric and worded forms: no month 13 and no 31 April, in one order at least.
Verdict date(const Candidate& candidate) {
  const std::string_view match = candidate.match();
  const bool worded = std::any_of(match.begin(), match.begin() + std::min<size_t>(match.size(), 9),
                                  [](char c) { return is_alnum(c) && !is_digit(c); });
  const Runs runs = digit_runs(match);
  if (!worded && runs.count == 1 && runs.run[0].size() == 8) {
    const std::string_view run = runs.run[0];
    return is_year(run.substr(0, 4)) &&
                   is_date(number_at(run, 0, 4), number_at(run, 4, 2), number_at(run, 6, 2))
               ? Verdict::kConfirm
               : Verdict::kReject;
  }
  if (!worded && runs.count == 3) return any_order(runs) ? Verdict::kConfirm : Verdict::kReject;
  for (size_t i = 0; i < runs.count; ++i) {
    const std::string_view run = runs.run[i];
    const bool plausible = run.size() == 4 ? is_year(run) : value(run) > 0 && value(run) <= 99;
    if (!plausible) return Verdict::kReject;
  }
  if (!worded && runs.count == 2 && runs.run[0].size() < 4) {
    const int first = value(runs.run[0]);
    const int second = value(runs.run[1]);
    const bool month = first >= 1 && first <= 12;
    const bool day_too = second >= 1 && second <= 31;
    const bool turned = second >= 1 && second <= 12 && first <= 31;
    if (!(runs.run[1].size() == 4 ? month : (month && day_too) || turned)) return Verdict::kReject;
  }
  return Verdict::kNeutral;
}

constexpr NamedValidator kValidators[] = {{"date", date}};

}  // namespace

std::span<const NamedValidator> date_validators() { return kValidators; }

}  // namespace subrosa::detect
