// Streams: however a text is cut, what comes out is what the whole gives.
#include "redact/redact_stream.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <numeric>
#include <random>
#include <set>

#include "examples.h"
#include "redact/restore.h"
#include "redact_fixture.h"
#include "text/utf8.h"

using namespace subrosa;
using namespace subrosa::redact;
using nlohmann::json;

namespace {

const Redactor& redactor() {
  static const auto plain = Redactor::create(detector().rules(), "");
  return *plain;
}

std::string whole(std::string_view text) {
  Vault vault;
  const auto out = redactor().redact(&detector(), text, {}, &vault);
  REQUIRE(out);
  return out->is_changed ? out->text : std::string(text);
}

/// Cuts in the middle of a code point are moved to its end: a caller gives whole ones.
std::vector<std::string_view> cut_at(std::string_view text, std::vector<size_t> cuts) {
  std::vector<std::string_view> pieces;
  size_t from = 0;
  cuts.push_back(text.size());
  for (size_t cut : cuts) {
    while (cut < text.size() && text::is_continuation(text[cut])) ++cut;
    if (cut < from) continue;
    pieces.push_back(text.substr(from, cut - from));
    from = cut;
  }
  return pieces;
}

/// Cut everywhere: a character at a time.
std::vector<std::string_view> in_characters(std::string_view text) {
  std::vector<size_t> all(text.size());
  std::iota(all.begin(), all.end(), 0);
  return cut_at(text, std::move(all));
}

std::string streamed(const std::vector<std::string_view>& pieces) {
  Vault vault;
  RedactStream stream("");
  std::string out;
  const auto push = [&](std::string_view piece, bool is_last) {
    auto emitted = stream.push(redactor(), &detector(), &vault, piece, is_last);
    REQUIRE(emitted);
    for (const Record& record : emitted->records) REQUIRE(record.start < record.end);
    out += emitted->text;
  };
  for (const std::string_view piece : pieces) push(piece, false);
  push("", true);
  return out;
}

std::string restored_whole(std::string_view text, Vault* vault) {
  const auto out = restore(text, vault);
  REQUIRE(out);
  return out->is_changed ? out->text : std::string(text);
}

std::string restored_stream(const std::vector<std::string_view>& pieces, Vault* vault,
                            size_t* most_held) {
  RestoreStream stream;
  std::string out;
  size_t in = 0;
  for (const std::string_view piece : pieces) {
    auto emitted = stream.push(piece, false, vault);
    REQUIRE(emitted);
    in += piece.size();
    out += emitted->text;
    if (in > out.size()) *most_held = std::max(*most_held, in - out.size());
  }
  auto emitted = stream.push("", true, vault);
  REQUIRE(emitted);
  return out + emitted->text;
}

/// Cuts a text once, at each place in [from, to). How the rest is read depends on how much came out
/// of the first piece: it is read once for each.
void check_single_cuts(std::string_view text, size_t from, size_t to) {
  const std::string expected = whole(text);
  std::set<size_t> known;
  for (size_t cut = from; cut < to; ++cut) {
    if (text::is_continuation(text[cut])) continue;
    Vault vault;
    RedactStream stream("");
    const auto first = stream.push(redactor(), &detector(), &vault, text.substr(0, cut), false);
    REQUIRE(first);
    if (expected.compare(0, first->text.size(), first->text) != 0)
      FAIL_CHECK("cut at " << cut << ": " << text);
    if (!known.insert(first->text.size()).second) continue;
    const auto rest = stream.push(redactor(), &detector(), &vault, text.substr(cut), true);
    REQUIRE(rest);
    if (first->text + rest->text != expected) FAIL_CHECK("after a cut at " << cut << ": " << text);
  }
}

/// Cuts a text at random places, and everywhere.
void check_many_cuts(std::string_view text, std::mt19937* random) {
  const std::string expected = whole(text);
  std::vector<size_t> some;
  for (size_t at = (*random)() % 40; at < text.size(); at += 1 + (*random)() % 40)
    some.push_back(at);
  if (streamed(cut_at(text, some)) != expected) FAIL_CHECK("random cuts: " << text);
  if (streamed(in_characters(text)) != expected) FAIL_CHECK("one character at a time: " << text);
}

/// The examples of all rules, a line each, so that a stream of them is longer than it holds back.
std::string all_examples() {
  std::string out;
  for (const std::string& text : example_texts()) out += text + "\n";
  return out;
}

}  // namespace

TEST_CASE("a redacted stream is the redacted text, wherever it is cut", "[redact][stream]") {
  const std::string text = all_examples();
  const std::string expected = whole(text);
  REQUIRE(text.size() > 4 * RedactStream::kHold);
  std::mt19937 random(1);
  for (const size_t most : {size_t{3000}, size_t{20000}, size_t{70000}}) {
    std::vector<size_t> cuts;
    for (size_t at = random() % most; at < text.size(); at += 1 + random() % most)
      cuts.push_back(at);
    CHECK(streamed(cut_at(text, cuts)) == expected);
  }
}

TEST_CASE("a value on any cut is redacted", "[redact][stream]") {
  // Around the place where a stream first lets go, every cut.
  std::string text;
  while (text.size() < 2 * RedactStream::kHold) text += "nothing to see in this line at all.\n";
  const size_t at = text.size() - RedactStream::kHold;
  text.insert(at,
              " mail ann@example.org, card 4111 1111 1111 1111, \xe6\x89\x8b\xe6\x9c\xba"
              "13800138000 ");
  const std::string expected = whole(text);
  for (size_t cut = at - 10; cut < at + 100; ++cut) {
    const std::vector<std::string_view> pieces = cut_at(text, {cut, cut + RedactStream::kHold});
    if (streamed(pieces) != expected) FAIL("cut at " << cut);
  }
}

TEST_CASE("a password far behind the command that it is given to is redacted", "[redact][stream]") {
  std::string text = "then run this: curl https://example.com/upload";
  for (int i = 0; i < 12; ++i)
    text += " -H 'X-Part-" + std::to_string(i) + ": of nothing at all to see'";
  text += " -u admin:hunter2hunter2 and it is done.";
  const std::string expected = whole(text);
  REQUIRE(expected.find("hunter2") == std::string::npos);
  CHECK(streamed(in_characters(text)) == expected);
}

TEST_CASE("a word that counts for a number is kept, however long what is between is written",
          "[redact][stream]") {
  std::string text = "so much for that, and now to the rest: my SSN ";
  for (int i = 0; i < 100; ++i) text += "\xef\xbd\x81";  // full-width
  text += " 536228726 is what it says there.";
  const std::string expected = whole(text);
  REQUIRE(expected.find("536228726") == std::string::npos);
  CHECK(streamed(in_characters(text)) == expected);
}

TEST_CASE("each rule's examples come out of a stream as out of the whole, for every cut",
          "[redact][stream]") {
  const std::string before = "nothing to see in this line at all, and ";
  const std::string after =
      " so it goes on with the next one, quietly, and then it says no more of it until it ends";
  std::mt19937 random(4);
  for (const json& rule : rules_with_examples()) {
    for (const json& find : rule["finds"]) {
      const auto& example = find["text"].get_ref<const std::string&>();
      const std::string text = before + example + after;
      check_single_cuts(text, before.size(), before.size() + example.size() + 1);
      check_many_cuts(text, &random);
    }
  }
}

TEST_CASE("texts of several values come out of a stream as out of the whole, for every cut",
          "[redact][stream]") {
  constexpr int kTexts = 200;
  const json rules = rules_with_examples();
  static const char* kBetween[] = {" ",
                                   "",
                                   ", ",
                                   "\n",
                                   " and after that I said that ",
                                   "; ",
                                   " [",
                                   "] ",
                                   "\xe3\x80\x82",
                                   " [EMAIL_ADDRESS_1] ",
                                   ". As to the rest of it, we shall see. "};
  std::mt19937 random(5);
  for (int i = 0; i < kTexts; ++i) {
    std::string text;
    for (int values = 0; values < 4; ++values) {
      const json& finds = rules[random() % rules.size()]["finds"];
      text += finds[random() % finds.size()]["text"].get<std::string>();
      text += kBetween[random() % std::size(kBetween)];
    }
    check_single_cuts(text, 0, text.size());
    check_many_cuts(text, &random);
  }
}

TEST_CASE("prose in pieces of five characters is not held back by more than a line",
          "[redact][stream]") {
  std::string reply;
  while (reply.size() < 20000)
    reply +=
        "Of course! You could try again after lunch, and if it still does not work, we can "
        "have a look at it together. The second paragraph says what to do then. ";
  RedactStream stream("");
  Vault vault;
  size_t out = 0, most = 0, sum = 0, count = 0;
  for (size_t at = 0; at < reply.size(); at += 5) {
    const auto emitted =
        stream.push(redactor(), &detector(), &vault, std::string_view(reply).substr(at, 5), false);
    REQUIRE(emitted);
    out += emitted->text.size();
    const size_t held = std::min(at + 5, reply.size()) - out;
    most = std::max(most, held);
    sum += held;
    ++count;
  }
  INFO("held back at most " << most << " bytes, on average " << sum / count);
  CHECK(most <= 160);
  CHECK(sum / count <= 100);
}

TEST_CASE("a restored stream is the restored text, for every cut", "[redact][stream]") {
  Vault vault;
  REQUIRE(*vault.number_of("EMAIL_ADDRESS", "contact", "ann@example.org") == 1);
  REQUIRE(*vault.number_of("PERSON", "person", "Ann") == 1);
  REQUIRE(*vault.reserve("PERSON", 2));
  const std::string texts[] = {
      "Dear [PERSON_1], I wrote to [[EMAIL_ADDRESS_1]](mailto:EMAIL_ADDRESS_1) [PERSON_2].",
      "\xe3\x80\x90\xe9\x82\xae\xe7\xae\xb1_1\xe3\x80\x91\xe3\x80\x82[person 1's] \\[PERSON\\_1\\] "
      "%5BPERSON_1%5D",
      "[[PERSON_1]] {[PERSON_1]} <<EMAIL_ADDRESS_1>> [PERSON_1, EMAIL_ADDRESS_1] [PERSON_1 and "
      "PERSON_1",
      "PERSON_1] PERSON_1s __PERSON_1__ [PERSON_12] [PERSON_\n1] [\xc3\x89MAIL 1] EMAIL_ADDRESS_",
      "\xef\xbc\xbb\xef\xbc\xb0\xef\xbc\xa5RSON_1\xef\xbc\xbd [PER\xe2\x80\x8bSON_1]\xe2\x80\x8b "
      "&#91;PERSON_1&#93; [FOO_1] [",
      "A plain reply. It has no placeholder, only [a link](https://example.com/x_1) and "
      "CAPS_LOCK_2!",
  };
  size_t held = 0;
  for (const std::string& text : texts) {
    const std::string expected = restored_whole(text, &vault);
    for (size_t cut = 0; cut <= text.size(); ++cut) {
      if (restored_stream(cut_at(text, {cut}), &vault, &held) != expected)
        FAIL_CHECK("cut at " << cut << ": " << text);
    }
    CHECK(restored_stream(in_characters(text), &vault, &held) == expected);
    std::mt19937 random(2);
    for (int i = 0; i < 200; ++i) {
      std::vector<size_t> cuts;
      for (size_t at = random() % 9; at < text.size(); at += 1 + random() % 9) cuts.push_back(at);
      if (restored_stream(cut_at(text, cuts), &vault, &held) != expected)
        FAIL_CHECK("random cuts: " << text);
    }
  }
  CHECK(held <= RestoreStream::kMaxHold);
}

TEST_CASE("a reply in pieces of five characters is held back no more than stated",
          "[redact][stream]") {
  Vault vault;
  REQUIRE(*vault.number_of("EMAIL_ADDRESS", "contact", "a@b.io") == 1);
  std::string reply;
  for (int i = 0; i < 500; ++i)
    reply += i % 7 == 0 ? "write to [EMAIL_ADDRESS_1] " : "and Then SOME more words, [sic] ";
  std::vector<size_t> cuts;
  for (size_t at = 5; at < reply.size(); at += 5) cuts.push_back(at);
  RestoreStream stream;
  size_t in = 0, decided = 0, most = 0;
  for (const std::string_view piece : cut_at(reply, cuts)) {
    const auto out = stream.push(piece, false, &vault);
    REQUIRE(out);
    in += piece.size();
    // A placeholder that was put back is shorter now by so much.
    constexpr size_t kShorter = sizeof("[EMAIL_ADDRESS_1]") - sizeof("a@b.io");
    decided += out->text.size() + out->count * kShorter;
    most = std::max(most, in - decided);
  }
  INFO("held back at most " << most << " bytes");
  CHECK(most <= 48);
}
