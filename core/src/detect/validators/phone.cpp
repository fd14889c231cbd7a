// SPDX-License-Identifier: Apache-2.0
// Telephone numbers: ITU-T E.164 and the national plans. A pattern says that it looks like one, the
// plan whether the number is given out.
#include <algorithm>
#include <array>
#include <bit>
#include <string>
#include <vector>

#include "detect/phone/plans.h"
#include "detect/validators/digits.h"
#include "detect/validators/registry.h"

namespace subrosa::detect {
namespace {

constexpr uint32_t kMinDigits = 7;
constexpr size_t kMaxDigits = 17;  // 15 of E.164 and an international prefix

struct Number {
  std::array<char, kMaxDigits> all{};
  uint32_t count = 0;  // may be more than go in
  DigitGroups groups;
  bool has_plus = false;
  bool has_parenthesis = false;

  void add(char digit) {
    if (count < all.size()) all[count] = digit;
    ++count;
  }
  /// Without the extension; the first of them where there are too many.
  std::string_view digits() const { return {all.data(), std::min<size_t>(count, all.size())}; }
};

/// Where the extension begins: a marker and at most seven digits at the end, after a number's worth
/// of digits.
size_t extension_start(std::string_view match) {
  size_t at = match.size();
  size_t count = 0;
  while (at > 0 && is_digit(match[at - 1]) && count < 8) --at, ++count;
  if (count == 0 || count > 7) return match.size();
  while (at > 0 && (match[at - 1] == ' ' || match[at - 1] == ':' || match[at - 1] == '.')) --at;
  const size_t after_marker = at;
  while (at > 0 && (is_lower(match[at - 1]) || is_upper(match[at - 1]) || match[at - 1] == '#' ||
                    match[at - 1] == '~'))
    --at;
  if (at == after_marker) return match.size();
  const auto before =
      std::count_if(match.begin(), match.begin() + static_cast<ptrdiff_t>(at), is_digit);
  return before >= static_cast<ptrdiff_t>(kMinDigits) ? at : match.size();
}

bool brackets_match(std::string_view text) {
  int depth = 0;
  for (const char c : text) {
    depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
    if (depth < 0 || depth > 1) return false;
  }
  return depth == 0;
}

Number read(std::string_view match) {
  Number number;
  bool in_group = false;
  for (const char c : match.substr(0, extension_start(match))) {
    if (is_digit(c)) {
      if (!in_group) number.groups.add(0);
      number.groups.lengthen();
      number.add(c);
      in_group = true;
      continue;
    }
    in_group = false;
    number.has_plus |= c == '+';
    number.has_parenthesis |= c == '(';
  }
  return number;
}

/// A match as the digits between its joints.
struct Parts {
  explicit Parts(std::string_view match) {
    digits.reserve(match.size() + 1);
    size_t start = 0;
    for (size_t at = 0; at < match.size(); ++at) {
      if (is_digit(match[at])) continue;
      joints += match[at];
      digits.push_back(match.substr(start, at - start));
      start = at + 1;
    }
    digits.push_back(match.substr(start));
  }
  /// All after the first have as many digits, and one joint.
  bool is_all_of(size_t count) const {
    return joints.find_first_not_of(joints[0]) == std::string::npos &&
           std::all_of(digits.begin() + 1, digits.end(),
                       [=](std::string_view part) { return part.size() == count; });
  }
  int value(size_t i) const { return number_at(digits[i], 0, digits[i].size()); }
  bool is_year(size_t i, int from = 1900) const {
    return digits[i].size() == 4 && value(i) >= from && value(i) < 2100;
  }
  bool is_day_and_month(size_t a, size_t b) const {
    return digits[a].size() <= 2 && digits[b].size() <= 2 && value(a) >= 1 && value(b) >= 1 &&
           ((value(a) <= 12 && value(b) <= 31) || (value(a) <= 31 && value(b) <= 12));
  }

  std::vector<std::string_view> digits;
  std::string joints;  // one fewer
};

/// 3/10/1984, 26/10 1792, 2012-01-02 with the hour after it, and 1941-2011: dates come in numbers'
/// clothes.
bool looks_like_date(const Parts& parts) {
  if (parts.joints.empty()) return false;
  if (parts.is_year(0) && parts.is_year(1) && parts.joints[0] == '-') return true;
  if (parts.digits.size() < 3) return false;
  for (size_t i = 0; i + 2 < parts.digits.size(); ++i) {
    const bool is_even = parts.joints[i] == parts.joints[i + 1];
    if (parts.is_year(i) && is_even && parts.digits[i + 1].size() == 2 &&
        parts.digits[i + 2].size() == 2 && parts.is_day_and_month(i + 1, i + 2))
      return true;
  }
  const bool is_even = parts.joints[0] == parts.joints[1];
  if (std::string_view("/-.").find(parts.joints[0]) == std::string_view::npos) return false;
  if (parts.is_year(0)) return is_even && parts.is_day_and_month(1, 2);
  if (!is_even)
    return parts.joints[1] == ' ' && parts.is_year(2, 1500) && parts.is_day_and_month(0, 1);
  return (parts.digits[2].size() == 4 || parts.digits[2].size() == 2) &&
         parts.is_day_and_month(0, 1);
}

/// 1 048 576 or 1.750.000: thousands apart, in groups of three behind a shorter one, or round.
bool looks_like_amount(const Parts& parts) {
  if (parts.digits.size() < 3 || (parts.joints[0] != ' ' && parts.joints[0] != '.')) return false;
  if (!parts.is_all_of(3)) return false;
  const bool is_round = parts.digits[1] == "000" && parts.digits.back() == "000";
  return (parts.digits[0].size() == 1 && parts.digits[0] != "0") || is_round;
}

/// 620/625/630: a choice of models. A number has one stroke at most, after its area code.
bool looks_like_choice(const Parts& parts) {
  return std::count(parts.joints.begin(), parts.joints.end(), '/') > 1;
}

/// 192.168.255.x: a network.
bool looks_like_network(const Candidate& candidate) {
  const std::string_view rest = candidate.text.substr(candidate.end);
  return rest.size() > 1 && rest[0] == '.' && (rest[1] == 'x' || rest[1] == '*');
}

/// A row of equal pieces goes on beside the match, as in a dump of bytes or a list, or an amount
/// begins before it.
bool is_in_row(const Candidate& candidate, const Parts& parts) {
  if (parts.joints.empty()) return false;
  const std::string_view text = candidate.text;
  const size_t first = parts.digits.front().size(), last = parts.digits.back().size();
  const auto is_hex = [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); };
  if (candidate.after() == parts.joints.back()) {
    size_t end = candidate.end + 1;
    while (end < text.size() && end <= candidate.end + last && is_hex(text[end])) ++end;
    if (end == candidate.end + 1 + last && (end == text.size() || !is_alnum(text[end])))
      return true;
  }
  if (candidate.before() != parts.joints.front()) return false;
  size_t start = candidate.start - 1;
  while (start > 0 && start + first + 1 > candidate.start - 1 && is_hex(text[start - 1])) --start;
  const size_t count = candidate.start - 1 - start;
  if (start > 0 && is_alnum(text[start - 1])) return false;
  return count == first ||
         (first == 3 && count > 0 && count < 3 && is_digit(text[start]) && parts.is_all_of(3));
}

/// 0.939000: a fraction.
bool looks_like_fraction(std::string_view match) {
  return match.starts_with("0.") && std::all_of(match.begin() + 2, match.end(), is_digit);
}

/// A date without joints, followed by the hour of a time of day: 20120102 08:00.
bool looks_like_timestamp(const Candidate& candidate) {
  const std::string_view match = candidate.match();
  const std::string_view rest = candidate.text.substr(candidate.end);
  const bool minutes_follow =
      rest.size() >= 3 && rest[0] == ':' && is_digit(rest[1]) && is_digit(rest[2]);
  return minutes_follow && match.size() >= 3 && match[match.size() - 3] == ' ' &&
         (match[0] == '1' || match[0] == '2');
}

/// 12-15 (2009, or 446-447. 1938: pages of a publication.
bool looks_like_pages(const Candidate& candidate, const Parts& parts) {
  const std::string_view match = candidate.match();
  if (parts.joints == "-. " && parts.is_year(3)) return true;
  const size_t open = match.find('(');
  return open != std::string_view::npos && open > 0 && match.find('-') < open &&
         match.find(')') == std::string_view::npos;
}

Verdict better(Verdict a, Verdict b) { return std::max(a, b); }

/// North American area and exchange codes begin with 2 to 9: what does not was never given out.
bool is_unassignable(const PhonePlan& plan, std::string_view digits) {
  return plan.code() == "1" && digits.size() == 10 && (digits[0] < '2' || digits[3] < '2');
}

/// Digits after a calling code; a national prefix in brackets may have come along, as in +44 (0)20.
Verdict significant(PhonePlan& plan, std::string_view digits) {
  if (plan.is_valid(digits)) return Verdict::kConfirm;
  const uint32_t prefix = plan.national_prefix(digits);
  const std::string_view rest = digits.substr(prefix);
  if (prefix > 0 && plan.is_valid(rest)) return Verdict::kConfirm;
  if (is_unassignable(plan, digits)) return Verdict::kReject;
  return plan.is_possible(digits) || (prefix > 0 && plan.is_possible(rest)) ? Verdict::kNeutral
                                                                            : Verdict::kReject;
}

Verdict international(std::string_view digits) {
  Verdict verdict = Verdict::kReject;
  for (PhonePlan* plan : PhonePlans::instance().of_code(digits)) {
    verdict = better(verdict, significant(*plan, digits.substr(plan->code().size())));
    if (verdict == Verdict::kConfirm) break;
  }
  return verdict;
}

/// After an international prefix any country's code may follow; E.164 leaves the rest at most 15
/// digits.
Verdict abroad(std::string_view digits) {
  if (digits.size() < 10 || digits.size() > 15) return Verdict::kReject;
  const bool is_country = !PhonePlans::instance().of_code(digits).empty();
  return better(international(digits), is_country ? Verdict::kNeutral : Verdict::kReject);
}

/// Argentina dials mobiles as 0 area 15 number and writes them abroad as 9 area number.
bool is_argentine_mobile(PhonePlan& plan, std::string_view digits) {
  if (plan.region() != "AR") return false;
  if (!digits.empty() && digits[0] == '0') digits.remove_prefix(1);
  for (size_t area = 2; area <= 4 && area + 2 < digits.size(); ++area) {
    if (digits.substr(area, 2) != "15") continue;
    std::string abroad = "9";
    abroad.append(digits.substr(0, area)).append(digits.substr(area + 2));
    if (plan.is_valid(abroad)) return true;
  }
  return false;
}

/// As dialled in a region: at home, or from abroad without the plus.
Verdict domestic(PhonePlan& plan, std::string_view digits) {
  if (plan.is_valid(digits) || is_argentine_mobile(plan, digits)) return Verdict::kConfirm;
  const uint32_t prefix = plan.national_prefix(digits);
  if (prefix > 0 && plan.is_valid(digits.substr(prefix))) return Verdict::kConfirm;
  Verdict verdict = Verdict::kReject;
  if (digits.substr(0, plan.code().size()) == plan.code())
    verdict = significant(plan, digits.substr(plan.code().size()));
  const bool is_possible =
      plan.is_possible(digits) || (prefix > 0 && plan.is_possible(digits.substr(prefix)));
  return better(verdict, is_possible ? Verdict::kNeutral : Verdict::kReject);
}

Verdict dialled(PhonePlan& plan, std::string_view digits) {
  const uint32_t prefix = plan.international_prefix(digits);
  const Verdict verdict = prefix > 0 ? abroad(digits.substr(prefix)) : Verdict::kReject;
  return verdict == Verdict::kConfirm ? verdict : better(verdict, domestic(plan, digits));
}

/// A mobile number of mainland China, whose eleven digits are written in one piece, in a text that
/// is Chinese beside it.
bool is_chinese_mobile(const Candidate& candidate, const Number& number) {
  if (number.groups.count != 1 || number.digits().size() != 11 || number.digits()[0] != '1')
    return false;
  const auto is_han = [&](size_t at) {  // U+4E00 to U+9FFF
    if (at >= candidate.text.size()) return false;
    const auto byte = static_cast<uint8_t>(candidate.text[at]);
    return byte >= 0xe4 && byte <= 0xe9;
  };
  const size_t before = candidate.start - (candidate.before() == ' ' || candidate.before() == ':');
  const size_t after = candidate.end + (candidate.after() == ' ');
  if (!is_han(after) && (before < 3 || !is_han(before - 3))) return false;
  PhonePlan* plan = PhonePlans::instance().find("CN");
  return plan != nullptr && plan->is_valid(number.digits());
}

/// Whether a plan among these homes, given as bits, passes a test.
template <typename Test>
bool any_home(uint64_t homes, Test test) {
  for (; homes != 0; homes &= homes - 1) {
    const auto home = static_cast<size_t>(std::countr_zero(homes));
    if (test(*PhonePlans::instance().homes()[home])) return true;
  }
  return false;
}

/// No region is known: the groups, a prefix or brackets must say that it is a number, and a plan
/// must give it out.
Verdict anywhere(const Candidate& candidate, const Number& number) {
  if (is_chinese_mobile(candidate, number)) return Verdict::kConfirm;
  const std::string_view digits = number.digits();
  Verdict dialled_abroad = Verdict::kReject;
  for (const std::string_view prefix : {"00", "011"}) {
    if (!digits.starts_with(prefix)) continue;
    const Verdict verdict = international(digits.substr(prefix.size()));
    if (verdict == Verdict::kConfirm) return verdict;
    if (prefix == "00") dialled_abroad = verdict;
  }
  const PhonePlans& plans = PhonePlans::instance();
  const bool is_marked = digits[0] == '0' || number.has_parenthesis || number.groups.count > 2;
  const auto confirms = [&](PhonePlan& plan) {
    return domestic(plan, digits) == Verdict::kConfirm;
  };
  const auto is_written = [&](PhonePlan& plan) {
    return (is_marked || plan.region() == "US") && confirms(plan);
  };
  if (number.groups.count > 1 && any_home(plans.homes_writing(number.groups), is_written))
    return Verdict::kConfirm;
  if (!candidate.weak_counts) return Verdict::kReject;
  if (dialled_abroad == Verdict::kNeutral) return dialled_abroad;
  return any_home(plans.homes_dialling(digits.size()), confirms) ||
                 (digits.size() >= 10 && international(digits) == Verdict::kConfirm)
             ? Verdict::kNeutral
             : Verdict::kReject;
}

/// Another number begins after a stroke: "033316005/x12".
bool holds_second_number(std::string_view match) {
  const size_t stroke = match.find('/');
  return stroke != std::string_view::npos &&
         match.find('x', stroke) == match.find_first_not_of("/ ", stroke);
}

/// Whether more digits of the same kind go on beside the match, so that it would be a piece of
/// something longer.
bool is_piece(const Candidate& candidate) {
  const auto is_joint = [](char c) {
    return c == ' ' || c == '-' || c == '.' || c == '/' || c == '(' || c == ')';
  };
  const std::string_view text = candidate.text;
  size_t after = candidate.end;
  while (after < text.size() && after < candidate.end + 4 && is_joint(text[after])) ++after;
  if (after < text.size() && is_digit(text[after])) return true;
  size_t before = candidate.start;
  while (before > 0 && before + 4 > candidate.start && is_joint(text[before - 1])) --before;
  return before > 0 &&
         (is_digit(text[before - 1]) || (before < candidate.start && text[before - 1] == 'x'));
}

/// What else is written as digits with something between them.
bool looks_like_other(const Candidate& candidate) {
  const std::string_view match = candidate.match();
  const Parts parts(match);
  return looks_like_date(parts) || looks_like_amount(parts) || looks_like_fraction(match) ||
         is_in_row(candidate, parts) || looks_like_timestamp(candidate) ||
         looks_like_pages(candidate, parts) || looks_like_choice(parts) ||
         holds_second_number(match);
}

Verdict in_regions(std::string_view regions, std::string_view digits) {
  Verdict verdict = Verdict::kReject;
  while (!regions.empty()) {
    const size_t end = std::min(regions.find(','), regions.size());
    if (PhonePlan* plan = PhonePlans::instance().find(regions.substr(0, end))) {
      verdict = better(verdict, dialled(*plan, digits));
    }
    regions.remove_prefix(std::min(end + 1, regions.size()));
  }
  return verdict;
}

Verdict phone(const Candidate& candidate) {
  const std::string_view match = candidate.match();
  const auto count = static_cast<size_t>(std::count_if(match.begin(), match.end(), is_digit));
  if (count < kMinDigits) return Verdict::kReject;
  if (is_digit(candidate.before()) || is_digit(candidate.after())) return Verdict::kReject;
  if (looks_like_network(candidate) || (count < match.size() && looks_like_other(candidate)))
    return Verdict::kReject;
  const Number number = read(match);
  if (!number.has_plus && candidate.before() == '+') return Verdict::kReject;
  if (number.count < kMinDigits || number.count > kMaxDigits || !brackets_match(match))
    return Verdict::kReject;
  const Verdict verdict = number.has_plus ? international(number.digits())
                          : candidate.region.empty()
                              ? anywhere(candidate, number)
                              : in_regions(candidate.region, number.digits());
  // What is only possible by its length must at least stand alone.
  return verdict == Verdict::kNeutral && is_piece(candidate) ? Verdict::kReject : verdict;
}

constexpr NamedValidator kValidators[] = {{"phone", phone, true, kMinDigits}};

}  // namespace

std::span<const NamedValidator> phone_validators() { return kValidators; }

}  // namespace subrosa::detect
