// A text that is typed, pasted into and cut: its findings are those of a full scan.
#include "detect/composer.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "redact_fixture.h"
#include "text/utf8.h"

using namespace subrosa;
using namespace subrosa::detect;
using nlohmann::json;

namespace {

std::vector<std::string> examples() {
  std::ifstream file(SUBROSA_ROOT "/build/generated/rules.json");
  std::vector<std::string> out;
  for (const json& rule : json::parse(file)) {
    for (const json& find : rule["finds"]) out.push_back(find["text"].get<std::string>());
  }
  return out;
}

/// What to type: a letter, a separator, a word that counts as context, an example or a part of one.
std::string some_piece(std::mt19937* random, const std::vector<std::string>& all) {
  static const char* kPieces[] = {"a",
                                  "7",
                                  " ",
                                  "@",
                                  ".",
                                  "-",
                                  "\n",
                                  " ssn ",
                                  " my password is ",
                                  "[",
                                  "]",
                                  "\xe7\x94\xb5\xe8\xaf\x9d",
                                  "\xe2\x80\x8b",
                                  ", "};
  if ((*random)() % 3 > 0) return kPieces[(*random)() % std::size(kPieces)];
  const std::string& example = all[(*random)() % all.size()];
  if ((*random)() % 2) return example;
  size_t end = (*random)() % example.size();
  while (end < example.size() && text::is_continuation(example[end])) ++end;
  return example.substr(0, end);
}

size_t some_place(std::mt19937* random, std::string_view text) {
  size_t at = (*random)() % (text.size() + 1);
  while (at < text.size() && text::is_continuation(text[at])) ++at;
  return at;
}

bool same(const std::vector<Finding>& a, const std::vector<Finding>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Finding& x, const Finding& y) {
    return x.rule == y.rule && x.start == y.start && x.end == y.end && x.score == y.score;
  });
}

}  // namespace

TEST_CASE("after each edit the findings are those of a full scan", "[composer][property]") {
  const std::vector<std::string> all = examples();
  std::mt19937 random(21);
  for (int round = 0; round < 12; ++round) {
    std::string text;
    while (text.size() < 3000) {
      text += "nothing to see in this line at all, " + all[random() % all.size()];
      text += round % 2 ? " and so on.\n" : "";
    }
    Composer composer(detector(), "");
    for (int edit = 0; edit < 60; ++edit) {
      size_t start = some_place(&random, text), end = start;
      if (random() % 3 == 0) end = std::min(text.size(), start + random() % 40);
      while (end < text.size() && text::is_continuation(text[end])) ++end;
      text.replace(start, end - start, some_piece(&random, all));
      const auto found = composer.update(&detector(), text);
      const auto expected = detector().detect(text, {});
      REQUIRE(found);
      if (!same(*found, *expected)) FAIL("round " << round << ", edit " << edit << ": " << text);
    }
  }
}

TEST_CASE("a text typed letter by letter, and deleted again", "[composer]") {
  const std::string text =
      "Hi, my SSN is 536-22-8726. \xe6\x88\x91\xe7\x9a\x84\xe6\x89\x8b\xe6\x9c\xba\xe5\x8f\xb7"
      "13800138000\xe3\x80\x82 Write to ann@example.org or +1 415 555 2671.";
  Composer composer(detector(), R"({"previous":"What is your passport number?"})");
  const auto check = [&](size_t size) {
    if (size < text.size() && text::is_continuation(text[size])) return;
    const auto found = composer.update(&detector(), text.substr(0, size));
    REQUIRE(found);
    CHECK(same(*found, *detector().detect(text.substr(0, size),
                                          R"({"previous":"What is your passport number?"})")));
  };
  for (size_t size = 0; size <= text.size(); ++size) check(size);
  for (size_t size = text.size(); size-- > 0;) check(size);
  const auto bad = composer.update(&detector(), "\xff");
  REQUIRE_FALSE(bad);
  CHECK(bad.error().code == ErrorCode::kBadUtf8);
}
