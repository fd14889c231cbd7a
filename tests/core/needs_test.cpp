#include "detect/needs.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "detect/gate.h"
#include "detect/regex.h"
#include "detect/validators/digits.h"

using namespace subrosa::detect;

namespace {

Needs needs(const char* pattern) { return needs_of(**parse(pattern)); }

std::vector<AnyOf> words(const char* pattern) { return words_of(**parse(pattern), false); }

}  // namespace

TEST_CASE("A pattern's lengths, digits and bytes", "[needs]") {
  const Needs phone = needs("\\d{3}-?\\d{4,6}");
  CHECK(phone.digits == 7);
  CHECK(phone.length == 7);
  CHECK(phone.reach == 10);
  CHECK(phone.alphabet.count() == 11);
  CHECK(needs("ab|[a-z]{3,}").length == 2);
  CHECK(needs("ab|[a-z]{3,}").reach == Needs::kFar);
  CHECK(needs("\\p{Han}").reach == 4);
  CHECK(needs("(?:1{1000}){1000}").digits == 1000000);
}

TEST_CASE("How far from its begin a pattern's first digit is", "[needs]") {
  CHECK(needs("\\d{3}-?[a-z]").first_digit == 0);
  CHECK(needs("[A-Z9]{5} ?\\d{6}").first_digit == 6);
  CHECK(needs("(?:ab|c\\p{Han})\\d").first_digit == 5);
  CHECK(needs("(?:a1|bcd2)x").first_digit == 3);
  CHECK(needs("(?:a1|bcd)2?").first_digit == Needs::kFar);
  CHECK(needs("(?:x\\d)?y").first_digit == Needs::kFar);
  CHECK(needs("(?:x\\d){2,3}").first_digit == 1);
  CHECK(needs("[a-z]+\\d").first_digit == Needs::kFar);
}

TEST_CASE("How many characters lead a pattern of which there are few", "[needs]") {
  CHECK(needs("order \\d+").lead == 6);
  CHECK(needs("(?i)(?:code|pin)[ :]").lead == 4);
  CHECK(needs("(?:my )?name").lead == 4);
  CHECK(needs("[ab]{2}c").lead == 3);
  CHECK(needs("a+b").lead == 1);
  CHECK(needs("[a-z]b").lead == 0);
  CHECK(needs("2fa").lead == 0);
  CHECK(needs("(?:pin|2fa)").lead == 0);
  CHECK(needs("\xe5\xaf\x86\xe7\xa0\x81\\d").lead == 2);
}

TEST_CASE("A long word is one of a pattern's needs where every match has one", "[needs]") {
  const auto is_long = [](const char* pattern) {
    return (needs(pattern).features & kLongWord) != 0;
  };
  CHECK(is_long("[0-9A-Za-z]{15}"));
  CHECK(is_long("sk_[a-z]{4}(?:\\d{11}|[A-F]{12})"));
  CHECK(is_long("(?:ab-c){2}[0-9]{14}"));
  CHECK(is_long("(?:a{8}-?b{7}){1}c{8}"));
  CHECK(is_long("(?:-a{8}b{7}){3}"));
  CHECK_FALSE(is_long("[0-9A-Za-z]{14}"));
  CHECK_FALSE(is_long("[0-9A-Za-z-]{15,}"));
  CHECK_FALSE(is_long("(?:\\d{4} ?){4}"));
  CHECK_FALSE(is_long("(?:a{20})?b"));
  CHECK_FALSE(is_long("a{20}|b{10}"));
}

TEST_CASE("The gate knows a long word at the text's end too", "[needs]") {
  Gate gate;
  const auto features = [&](std::string_view text) {
    gate.begin(text, true);
    for (uint32_t at = 0; at < text.size(); ++at) {
      if (!is_alnum(text[at])) gate.note_gap(at);
    }
    gate.note_gap(static_cast<uint32_t>(text.size()));
    return gate.features();
  };
  CHECK(features("a word of 15: abcdefghijklmno") == kLongWord);
  CHECK(features("abcdefghijklmno, first") == kLongWord);
  CHECK(features("abcdefghijklmn, abcdefghijklmn") == 0);
  CHECK(features("") == 0);
}

TEST_CASE("Words that every match holds", "[needs]") {
  using Lists = std::vector<AnyOf>;
  CHECK(words("(?i)\\d+ (?:Street|St|Lane)") == Lists{{" st", " lane"}});
  CHECK(words("[a-z]+(?:street|lane)") == Lists{{"lane", "street"}});
  CHECK(words("(?:x+|y+)foo(?:bar|baz)?") == Lists{{"foo"}});
  CHECK(words("\\d+(?:foo)?").empty());
  CHECK(words("a+b") == Lists{});
  CHECK(words("\\p{Han}{1,4}(?:\\x{8DEF}|\\x{8857})\\d") ==
        Lists{{" \xe8\xa1\x97", " \xe8\xb7\xaf"}});
  CHECK(words("(?:[a-z]+ one|[0-9]+ two)!") == Lists{{" one", " two"}});
  CHECK(words("(?:\\d{1,4} )?(?:rua|via)") == Lists{{"rua", "via"}});
  const auto begins = parse("(?:\\d{1,4} )?(?:rua|via)");
  CHECK(words_of(**begins, true) == Lists{{" rua", " via"}});
}

TEST_CASE("The gate opens where what is needed is there", "[needs]") {
  Gate gate;
  Gate::Needs street;
  street.reach = 20;
  gate.add({{" street", " lane"}}, &street.words);
  Gate::Needs hidden;
  gate.add({{"strasse"}}, &hidden.words);  // it may lie inside a word, where nothing is looked for
  CHECK(street.words.size() == 1);
  CHECK(hidden.words.empty());
  REQUIRE(gate.words().size() == 2);
  CHECK(gate.words()[0].first == "lane");

  const std::string text = "12 Long Lane, 7 cats in a row and 1234 more";
  gate.begin(text, true);
  for (uint32_t at = 0; at < text.size(); ++at) {
    if (is_digit(text[at])) gate.note_digit(at);
  }
  CHECK(gate.features() == (kDigit | kDigits5));
  const auto is_open = [&](const Gate::Needs& needs, uint32_t at) {
    const auto digits = std::count_if(text.begin(), text.begin() + at, is_digit);
    return gate.is_open(needs, at, at, static_cast<uint32_t>(digits));
  };
  CHECK_FALSE(is_open(street, 0));
  gate.note(street.words[0], 12);
  CHECK(is_open(street, 0));
  CHECK_FALSE(is_open(street, 12));

  Gate::Needs number;
  number.digits = 4;
  number.length = 4;
  number.reach = 4;
  for (const char digit : std::string("0123456789"))
    number.alphabet.set(static_cast<uint8_t>(digit));
  CHECK(is_open(number, static_cast<uint32_t>(text.find("1234"))));
  CHECK_FALSE(is_open(number, 0));
  CHECK_FALSE(is_open(number, static_cast<uint32_t>(text.size())));
  number.alphabet.set();
  CHECK_FALSE(is_open(number, 0));  // four digits there are, but not within four bytes
  number.reach = 40;
  CHECK(is_open(number, 0));
  number.alphabet.reset('L');
  CHECK_FALSE(is_open(number, 0));
  CHECK(gate.is_open(number, 0, 9, 0));  // the walk saw what is up to there
}
