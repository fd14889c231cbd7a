// What the scanner does not look for (by features, places, words, leads, digits near, heads) must
// be what could not be found: an oracle without any of that says so.
#include "detect/scanner.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <random>

#include "detect/boundary.h"
#include "detect/validators/digits.h"
#include "examples.h"
#include "text/view.h"

using namespace subrosa;
using namespace subrosa::detect;

namespace {

/// Low, so that much stands by itself.
constexpr uint16_t kLeast = 100;

bool joins(char c) { return std::string_view("-.,:/").find(c) != std::string_view::npos; }

bool is_whole(Bounds bounds, std::string_view text, uint32_t start, uint32_t end) {
  if (bounds == Bounds::kNone) return true;
  if (word_before(text, start) && word_at(text, start)) return false;
  if (word_at(text, end) && word_before(text, end)) return false;
  if (bounds == Bounds::kWord) return true;
  const bool goes_on = end + 1 < text.size() && joins(text[end]) && is_digit(text[end + 1]);
  const bool went_on = start > 1 && joins(text[start - 1]) && is_digit(text[start - 2]);
  return !goes_on && !went_on;
}

/// Tries each pattern at each place, alone.
class Oracle {
 public:
  explicit Oracle(const std::vector<Rule>& rules) : rules_(rules) {}

  /// Calls found(rule, start, end) for what stands by itself; of a pattern at a place, the longest.
  template <typename Found>
  void each(std::string_view text, Found found) {
    each_begin(text, [&](uint32_t at, uint8_t what, BeginTable::Kind) -> uint32_t {
      if (!(what & kMatch)) return 1;
      for (const Rule& rule : rules_) {
        for (size_t p = 0; p < rule.patterns.size(); ++p) {
          const Pattern& pattern = rule.patterns[p];
          // What a prefix leads to is found from elsewhere; a word near it may deny the other.
          if (!pattern.prefix.empty() || !rule.deny_context.empty()) continue;
          if (rule.best_score(p) < kLeast) continue;
          for (const uint32_t start : starts_of(pattern, text, at)) {
            if (const uint32_t end = end_of(rule, pattern, text, start)) found(rule, start, end);
          }
        }
      }
      return 1;
    });
  }

 private:
  /// Where findings begin that the pattern leads to from this place.
  std::vector<uint32_t> starts_of(const Pattern& pattern, std::string_view text, uint32_t at) {
    if (pattern.after.empty()) return {at};
    return matcher(pattern.after).ends(text, at);
  }

  uint32_t end_of(const Rule& rule, const Pattern& pattern, std::string_view text, uint32_t at) {
    const std::vector<uint32_t> ends = matcher(pattern.regex).ends(text, at);
    for (size_t i = ends.size(); i-- > 0;) {
      if (!is_whole(pattern.bounds, text, at, ends[i])) continue;
      if (!pattern.before.empty() && matcher(pattern.before).ends(text, ends[i]).empty()) continue;
      const Candidate candidate{text, at, ends[i], {}, pattern.score >= kLeast};
      const Verdict verdict = rule.validator ? rule.validator(candidate) : Verdict::kNeutral;
      if (verdict == Verdict::kReject) continue;
      const uint16_t score = verdict == Verdict::kConfirm ? pattern.checked : pattern.score;
      return score >= kLeast ? candidate.end : 0;
    }
    return 0;
  }

  Matcher& matcher(const std::string& pattern) {
    return matchers_.try_emplace(pattern, pattern).first->second;
  }

  const std::vector<Rule>& rules_;
  std::map<std::string, Matcher> matchers_;
};

}  // namespace

TEST_CASE("what stands by itself is found, whatever is not looked for", "[scanner]") {
  auto scanner = Scanner::create(built_in_rules());
  REQUIRE(scanner);
  Oracle oracle((*scanner)->rules());
  const std::vector<std::string> examples = example_texts();
  const std::string joints[] = {" ", ", ", "\n", "-", "/", "x", "7", "_", ". 12 ", "\xe6\x98\xaf"};
  std::mt19937 random(1);
  ScanOptions options;
  options.min_score = kLeast;
  size_t standing = 0;
  for (int round = 0; round < 400; ++round) {
    std::string text;
    while (text.size() < 60) {
      text += examples[random() % examples.size()];
      text += joints[random() % std::size(joints)];
    }
    if (text::View(text).changed()) continue;
    const auto findings = (*scanner)->scan(text, options);
    REQUIRE(findings);
    oracle.each(text, [&](const Rule& rule, uint32_t start, uint32_t end) {
      ++standing;
      const bool is_covered =
          std::any_of(findings->begin(), findings->end(),
                      [&](const Finding& f) { return f.start < end && start < f.end; });
      if (!is_covered)
        FAIL_CHECK(rule.entity << " at " << start << " to " << end << " of " << text);
    });
  }
  CHECK(standing > 500);
}
