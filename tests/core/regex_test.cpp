#include "detect/regex.h"

#include <catch2/catch.hpp>

#include "detect/automaton.h"

using namespace subrosa::detect;

namespace {

/// The longest end of a match that begins at 0, or -1.
int longest(std::string_view pattern, std::string_view text) {
  Program program;
  const auto entry = program.add(pattern, 0);
  REQUIRE(entry);
  Automaton automaton(std::move(program));
  const auto start = automaton.add_start({entry->start});
  std::vector<Automaton::Accept> accepts;
  automaton.walk(start, text, 0, &accepts);
  return accepts.empty() ? -1 : static_cast<int>(accepts.back().end);
}

uint32_t error_at(std::string_view pattern) {
  Program program;
  const auto entry = program.add(pattern, 0);
  REQUIRE_FALSE(entry);
  return entry.error().at;
}

uint32_t features(std::string_view pattern) {
  Program program;
  const auto entry = program.add(pattern, 0);
  REQUIRE(entry);
  return Program::check(pattern)->needs.features;
}

}  // namespace

TEST_CASE("patterns match what they say, greedily") {
  CHECK(longest("abc", "abcd") == 3);
  CHECK(longest("abc", "abd") == -1);
  CHECK(longest("a{2,3}", "aaaa") == 3);
  CHECK(longest("a{2,3}", "a") == -1);
  CHECK(longest("a{3}b?", "aaab") == 4);
  CHECK(longest("(?:ab|a)(?:c|bcd)", "abcd") == 4);
  CHECK(longest("a*b+", "aaabb") == 5);
  CHECK(longest("[^a-y]z", "zz") == 2);
  CHECK(longest("[^a-y]z", "az") == -1);
  CHECK(longest("[\\d-]+", "12-3x") == 4);
  CHECK(longest("[a\\]-]+", "a]-b") == 3);
  CHECK(longest("(?i)straSSe", "STRAsse!") == 7);
  CHECK(longest(".+", "ab\ncd") == 2);
  CHECK(longest("\\w\\W\\s\\S\\D", "a- bc") == 5);
  CHECK(longest("(a|)b", "b") == 1);
  CHECK(longest("(?:a?){50}", std::string(60, 'a')) == 50);
}

TEST_CASE("classes beyond ASCII run over UTF-8") {
  CHECK(longest("\\p{Han}{2}", "\xe5\xbc\xa0\xe4\xbc\x9f\xe5\xa5\xbd") ==
        6);  // three Han characters
  CHECK(longest("[\\x{80}-\\x{10FFFF}]+",
                "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"
                "a") == 9);
  CHECK(longest("\\x{1F600}", "\xf0\x9f\x98\x80") == 4);
  CHECK(longest(".", "\xf0\x9f\x98\x80") == 4);
  CHECK(longest("[^x]", "\xc3\xa9") == 2);
  CHECK(longest("\xc3\xa9t", "\xc3\xa9t") == 3);
}

TEST_CASE("every code point is in the class of its neighbours and in no other") {
  Program program;
  const auto entry = program.add("[\\x{7F0}-\\x{80F}\\x{FFF0}-\\x{1000F}\\x{D7F0}-\\x{E00F}]", 0);
  REQUIRE(entry);
  Automaton automaton(std::move(program));
  const auto start = automaton.add_start({entry->start});
  const auto matches = [&](std::string text) {
    std::vector<Automaton::Accept> accepts;
    automaton.walk(start, text, 0, &accepts);
    return !accepts.empty();
  };
  CHECK(matches("\xdf\xb0"));            // U+07F0
  CHECK_FALSE(matches("\xdf\xaf"));      // U+07EF
  CHECK(matches("\xe0\xa0\x8f"));        // U+080F
  CHECK_FALSE(matches("\xe0\xa0\x90"));  // U+0810
  CHECK(matches("\xf0\x90\x80\x8f"));    // U+1000F
  CHECK_FALSE(matches("\xf0\x90\x80\x90"));
  CHECK(matches("\xee\x80\x8f"));  // U+E00F
}

TEST_CASE("what the dialect does not have is refused with its place") {
  CHECK(error_at("a(") == 2);
  CHECK(error_at("a)") == 1);
  CHECK(error_at("a**") == 2);
  CHECK(error_at("a****") == 2);
  CHECK(error_at("(ab)+?") == 5);
  CHECK(error_at("a?+") == 2);
  CHECK(error_at("a{2}{3}") == 4);
  CHECK(error_at("a{2}*") == 4);
  CHECK(error_at("^a") == 0);
  CHECK(error_at("a$") == 1);
  CHECK(error_at("\\bx") == 2);
  CHECK(error_at("(?=x)") == 2);
  CHECK(error_at("a{2000}") == 6);
  CHECK(error_at("a{3,2}") == 6);
  CHECK(error_at("[b-a]") == 4);
  CHECK(error_at("[abc") == 4);
  CHECK(error_at("\\p{Klingon}") == 3);
  CHECK(error_at("\\x{110000}") == 10);
  Program program;
  const auto huge = program.add("(?:(?:a{1000}){1000}){1000}", 0);
  REQUIRE_FALSE(huge);
  CHECK(huge.error().code == subrosa::ErrorCode::kTooLong);
}

TEST_CASE("features are what every match must hold") {
  CHECK(features("a+@b") == kAt);
  CHECK(features("a|b@") == 0);
  CHECK(features("(?:x@|y@)\\d") == (kAt | kDigit));
  CHECK(features("\\d{3}-\\d{2}-\\d{4}") == (kDigit | kDigits5 | kDigits8));
  CHECK(features("\\d{5,9}") == (kDigit | kDigits5));
  CHECK(features("\\p{Han}+") == kHighByte);
  CHECK(features("[\\d@]") == 0);
  CHECK(features("(?:\\d){0,9}") == 0);
  CHECK(features_of_digits(0) == 0);
  CHECK(features_of_digits(4) == kDigit);
  CHECK(features_of_digits(8) == (kDigit | kDigits5 | kDigits8));
}

TEST_CASE("a pattern compiled backwards reads from a match's end to its start") {
  Program program;
  const auto entry = program.add("[a-z\\x{C0}-\\x{24F}]{1,8}-\\d", 0, Direction::kBackward);
  REQUIRE(entry);
  Automaton automaton(std::move(program));
  const auto start = automaton.add_start({entry->start});
  const std::string text = "an j\xc3\xbcrgen-7!";
  std::vector<uint32_t> begins;
  automaton.walk_back(start, text, static_cast<uint32_t>(text.size() - 1), &begins);
  REQUIRE_FALSE(begins.empty());
  CHECK(begins.back() == 3);
}

TEST_CASE("a head lets through whatever its pattern does") {
  const std::pair<const char*, const char*> pairs[] = {
      {"\\d{1,5}(?: [A-Z][a-z]+){1,4} Street", "12 Long Lane Street"},
      {"(?:Mr|Mrs)?\\.? ?[A-Z][a-z]{1,30}", "Smith"},
      {"(?:a|bc|def)*x{3}", "bcaxxx"},
      {"(?:ab?){2,9}c", "aabac"},
      {"[a-z]{3}-?[0-9]{4,20}", "abc1234"},
      {"(?:x(?:y|zz){0,3})?q[0-9]+", "xzzyq1"},
  };
  for (const auto& [pattern, text] : pairs) {
    Program program;
    const auto checked = Program::check(pattern);
    REQUIRE(checked->has_head);
    const auto entry = program.add_head(*checked, 0);
    REQUIRE(entry);
    Automaton automaton(std::move(program));
    const auto start = automaton.add_start({entry->start});
    std::vector<Automaton::Accept> accepts;
    automaton.walk(start, text, 0, &accepts);
    CAPTURE(pattern);
    CHECK_FALSE(accepts.empty());
    CHECK(longest(pattern, text) == static_cast<int>(std::string_view(text).size()));
  }
  CHECK_FALSE(Program::check("(?:abc)?")->has_head);
}
