#include "detect/context.h"

#include <catch2/catch.hpp>

#include "detect/scanner.h"
#include "text/letter_case.h"

using namespace subrosa;
using namespace subrosa::detect;

namespace {

/// Whether the phrase lifts a rule that says too little alone, at the text's last word.
bool lifts(const std::string& phrase, const std::string& text) {
  Rule rule;
  rule.entity = "NUMBER";
  rule.context = {phrase};
  Pattern pattern;
  pattern.regex = "\\d\\d";
  pattern.score = 100;
  rule.patterns = {pattern};
  const auto scanner = Scanner::create({rule});
  REQUIRE(scanner);
  const auto findings = (*scanner)->scan(text, {});
  REQUIRE(findings);
  return !findings->empty() && findings->front().start == text.rfind(' ') + 1;
}

}  // namespace

TEST_CASE("A context word is looked for up to five words before", "[context]") {
  CHECK(lifts("passport", "passport is one two three 12"));
  CHECK_FALSE(lifts("passport", "passport is one two three four 12"));
  // A phrase counts by its nearer end.
  CHECK(lifts("passport number", "passport number is one two three 12"));
  CHECK_FALSE(lifts("passport number", "passport number is one two three four 12"));
}

TEST_CASE("Words are counted as each script writes them", "[context]") {
  const std::string thai =
      "\u0E40\u0E25\u0E02\u0E1B\u0E23\u0E30\u0E08\u0E33\u0E15\u0E31\u0E27\u0E1B\u0E23\u0E30\u0E0A"
      "\u0E32\u0E0A\u0E19";
  CHECK(lifts(thai, thai + " 12"));
  const std::string hindi = "\u092E\u0924\u0926\u093E\u0924\u093E";
  CHECK(lifts(hindi, hindi + " \u092A\u0939\u091A\u093E\u0928 \u092A\u0924\u094D\u0930: 12"));
  const std::string vietnamese = "c\u0103n c\u01B0\u1EDBc";
  CHECK(lifts(vietnamese, vietnamese + " c\u00F4ng d\u00E2n 12"));
  const std::string korean = "\uC678\uAD6D\uC778\uB4F1\uB85D\uBC88\uD638";
  CHECK(lifts(korean, korean + "\uB294 12"));
}

TEST_CASE("Context words are found in either case, beyond ASCII too", "[context]") {
  CHECK(lifts("\u0438\u043D\u043D", "\u0418\u041D\u041D 12"));
  CHECK(lifts("\u00E9tat", "\u00C9tat 12"));
  CHECK(lifts("\u03B1\u03C6\u03BC", "\u0391\u03A6\u039C 12"));
}

TEST_CASE("The other case of a letter", "[context]") {
  CHECK(text::other_case(U'\u00E9') == U'\u00C9');
  CHECK(text::other_case(U'\u0416') == U'\u0436');
  CHECK(text::other_case(U'\u0141') == U'\u0142');
  CHECK(text::other_case(U'\u0142') == U'\u0141');
  CHECK(text::other_case(U'\u0110') == U'\u0111');
  CHECK(text::other_case(U'\u1EBF') == U'\u1EBE');
  CHECK(text::other_case(U'\u00D7') == U'\u00D7');
  CHECK(text::other_case(U'\u4E2D') == U'\u4E2D');
}
