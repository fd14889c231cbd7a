// A composer's findings are those of the whole text, whatever is edited.
#include "detect/composer.h"

#include <catch2/catch.hpp>
#include <random>

#include "examples.h"
#include "text/utf8.h"

using namespace subrosa;
using namespace subrosa::detect;

namespace {

using Random = std::mt19937;

/// A private key of so many lines, as PEM files have it.
std::string private_key(int lines) {
  std::string key = "-----BEGIN PRIVATE KEY-----\n";
  for (int i = 0; i < lines; ++i)
    key += "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n";
  return key + "-----END PRIVATE KEY-----\n";
}

std::string times(int count, const std::string& piece) {
  std::string out;
  for (int i = 0; i < count; ++i) out += piece;
  return out;
}

/// What texts are made of: the examples of all rules, and what is long, far apart or odd.
const std::vector<std::string>& pieces() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> out = {
        private_key(10),
        private_key(100),
        "Ann Lee\n221B Baker Street\nLondon NW1 6XE\nUnited Kingdom\n",
        "kind: Secret\nmetadata:\n  name: db\ndata:\n  password: c3VwZXJzZWNyZXRwYXNzd29yZA==\n",
        "curl https://example.com/ -H 'Accept: text/plain' -u admin:hunter2hunter2 ",
        "[EMAIL_ADDRESS_1]",
        "[SECRET=" + std::string(300, 'q') + "]",
        "\xf0\x9f\x98\x80\xf0\x9f\x8e\x89",
        "my passport number, which I had to look up, is as follows: ",
        "SSN ",
        "\xe6\x88\x91\xe7\x9a\x84\xe6\x89\x8b\xe6\x9c\xba\xe5\x8f\xb7\xe6\x98\xaf",
        "\xe8\xbf\x99\xe6\x98\xaf\xe4\xb8\x80\xe4\xb8\xaa\xe5\xbe\x88\xe9\x95\xbf\xe7\x9a\x84\xe5"
        "\x8f\xa5\xe5\xad\x90\xe3\x80\x82\xe6\xb2\xa1\xe6\x9c\x89\xe7\xa9\xba\xe6\xa0\xbc\xe3\x80"
        "\x82",
        "\xef\xbc\x8c",
        times(150, "\xef\xbc\x91"),
        times(300, "\xe2\x80\x8b"),
        std::string(400, 'a'),
        std::string(90, ' '),
    };
    for (std::string& text : example_texts()) out.push_back(std::move(text));
    return out;
  }();
  return all;
}

const std::vector<std::string>& fillers() {
  static const std::vector<std::string> all = {
      " ",
      "\n",
      ", ",
      "1",
      "4",
      "@",
      ".",
      "-",
      "a",
      "[",
      "]",
      "=",
      ":",
      "\xe3\x80\x82",
      "\xe7\x9a\x84",
      "\xc3\xa9",
      "\xe2\x80\x8b",
      "\xef\xbc\x91",
      "\xf0\x9f\x98\x80",
      "x",
      "no. ",
      "tel ",
      "curl ",
      "data:",
      "-----",
      " and so it goes on with the next one, quietly, ",
      "Thanks for the quick answer! I will try again tomorrow after lunch. "};
  return all;
}

template <typename T>
const T& any_of(const std::vector<T>& list, Random* random) {
  return list[(*random)() % list.size()];
}

/// Sentences in Chinese: three bytes a character.
std::string chinese(int sentences) {
  std::string out;
  for (int i = 0; i < sentences; ++i)
    out +=
        "\xe8\xb0\xa2\xe8\xb0\xa2\xe6\x82\xa8\xef\xbc\x8c\xe6\x88\x91\xe7\x9a\x84\xe6\x89\x8b\xe6"
        "\x9c"
        "\xba\xe5\x8f\xb7\xe6\x98\xaf"
        "1380013800" +
        std::to_string(i % 10) + "\xe3\x80\x82";
  return out;
}

std::string some_text(Random* random) {
  return any_of((*random)() % 3 == 0 ? pieces() : fillers(), random);
}

/// A place between two characters.
size_t some_place(const std::string& text, Random* random) {
  size_t at = (*random)() % (text.size() + 1);
  while (at < text.size() && text::is_continuation(text[at])) --at;
  return at;
}

/// What a person does to a text: mostly a key here and there, sometimes more.
void edit(std::string* text, Random* random) {
  const size_t start = some_place(*text, random);
  const size_t most = (*random)() % 20 == 0 ? 2000 : 8;
  size_t end = std::min(text->size(), start + (*random)() % most);
  while (end < text->size() && text::is_continuation((*text)[end])) ++end;
  switch ((*random)() % 4) {
    case 0:
      text->erase(start, end - start);
      break;
    case 1:
      text->replace(start, end - start, some_text(random));
      break;
    default:
      text->insert(start, some_text(random));
  }
}

/// All that callers see.
std::string shown(const std::vector<Finding>& findings) {
  std::string out;
  for (const Finding& f : findings) {
    for (const uint32_t value : {f.rule, f.pattern, f.start, f.end, uint32_t{f.score},
                                 uint32_t{f.flags} & ~uint32_t{Finding::kNormalised}})
      out += std::to_string(value) + " ";
    out += "\n";
  }
  return out;
}

struct Setting {
  std::string scanner, call;
};

/// Types texts and edits them; each time the composer must know what a scan of all finds.
void check(const Setting& setting, int texts, int edits, size_t size, uint32_t seed,
           const std::string& before = {}) {
  const auto detector = Detector::create(setting.scanner);
  REQUIRE(detector);
  Random random(seed);
  for (int i = 0; i < texts; ++i) {
    Composer composer(setting.call);
    std::string text = before;
    while (text.size() < size) text += some_text(&random);
    for (int k = 0; k < edits; ++k) {
      const auto whole = (*detector)->detect(text, setting.call);
      const auto composed = composer.update(detector->get(), text);
      REQUIRE(whole);
      REQUIRE(composed);
      if (shown(*composed) != shown(*whole)) {
        FAIL("text " << i << ", edit " << k << "\n"
                     << shown(*composed) << "instead of\n"
                     << shown(*whole) << text);
      }
      edit(&text, &random);
    }
  }
}

}  // namespace

TEST_CASE("a composer finds what a scan of the whole finds, whatever is edited", "[composer]") {
  check({"", ""}, 12, 40, 1500, 1);
  check({"", ""}, 2, 60, 10000, 2);
  check({"", ""}, 2, 80, 6000, 4, chinese(120));
}

TEST_CASE("a composer has its scanner's choices and its call's", "[composer]") {
  const std::string own =
      R"({"allow":["ann@example.org","4111 1111 1111 1111"],"minScore":0.2,"regions":["US","CN"],)"
      R"("rules":[{"id":"CASE","patterns":[{"prefix":"case(?:-[a-z]+){1,9}","regex":"-[0-9]{4}",)"
      R"("score":0.9},{"after":"no[. ]{1,200}","regex":"[0-9]{1,9}","score":0.1}],)"
      R"("context":["quietly and so on, far away"]}]})";
  check({own, R"({"previous":"What is your passport number?"})"}, 8, 40, 1000, 3);
}

TEST_CASE("a composer knows what is typed letter by letter, and taken back", "[composer]") {
  const auto detector = Detector::create("");
  REQUIRE(detector);
  Composer composer("");
  std::string text = "Hello. ";
  const std::string typed = private_key(8) + "kind: Secret\ndata:\n  key: c3VwZXJzZWNyZXRwYXNz\n" +
                            std::string(300, '.') + " curl -u admin:hunter2hunter2 x";
  for (size_t i = 0; i < 2 * typed.size(); ++i) {
    if (i < typed.size()) {
      text.insert(text.size() / 2, 1, typed[i]);
    } else {
      text.erase(text.size() / 3, 1);
    }
    const auto composed = composer.update(detector->get(), text);
    REQUIRE(composed);
    if (i % 3 == 0 && shown(*composed) != shown(*(*detector)->detect(text, ""))) FAIL(i << text);
  }
}

TEST_CASE("a composer refuses what detection refuses, and goes on from the text before",
          "[composer]") {
  const auto detector = Detector::create("");
  REQUIRE(detector);
  Composer composer("");
  REQUIRE(composer.update(detector->get(), "to ann@example.org")->size() == 1);
  const auto refused = composer.update(detector->get(), "to ann@example.org\xff");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kBadUtf8);
  CHECK(refused.error().at == 18);
  CHECK(composer.update(detector->get(), "to ann@example.org, bob@example.org")->size() == 2);
  CHECK(composer.update(detector->get(), "")->empty());
}
