// What holds for every operator, entity and text.
#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <random>

#include "examples.h"
#include "redact/redactor.h"
#include "redact/restore.h"
#include "redact_fixture.h"

using namespace subrosa;
using namespace subrosa::redact;
using nlohmann::json;

namespace {

struct Example {
  std::string entity, text;
};

const std::vector<Example>& examples() {
  static const std::vector<Example> all = [] {
    std::vector<Example> out;
    for (const json& rule : rules_with_examples()) {
      for (const json& find : rule["finds"]) out.push_back({rule["id"], find["text"]});
    }
    return out;
  }();
  return all;
}

std::string options_of(const std::string& name) {
  const std::string key(64, '3');
  if (name != "hash" && name != "encrypt") return R"({"operator":")" + name + "\"}";
  return R"({"operator":{"operator":")" + name + R"(","key":")" + key + "\"}}";
}

/// Some examples with what people write between them, or nothing.
std::string some_text(std::mt19937* random) {
  static const char* kBetween[] = {" ",
                                   "",
                                   ", ",
                                   "\n",
                                   " and ",
                                   "; my number is ",
                                   "/",
                                   " [",
                                   "] ",
                                   "\xe3\x80\x82",
                                   " [EMAIL_ADDRESS_1] "};
  std::string text;
  for (int i = 0; i < 3; ++i) {
    text += examples()[(*random)() % examples().size()].text;
    text += kBetween[(*random)() % std::size(kBetween)];
  }
  return text;
}

}  // namespace

TEST_CASE("what an operator leaves holds no finding", "[redact][property]") {
  std::mt19937 random(11);
  for (const char* name : {"replace", "mask", "redact", "hash", "encrypt"}) {
    const auto redactor = Redactor::create(detector().rules(), options_of(name));
    REQUIRE(redactor);
    int changed = 0;
    for (int i = 0; i < 300; ++i) {
      const std::string text = some_text(&random);
      const auto redacted = redactor->redact(&detector(), text, {}, nullptr);
      REQUIRE(redacted);
      changed += redacted->is_changed;
      const auto again = detector().detect(redacted->is_changed ? redacted->text : text, {});
      REQUIRE(again);
      if (!again->empty())
        FAIL_CHECK(name << ": " << text << "\n became " << redacted->text << "\n with "
                        << detector().rules()[again->front().rule].entity);
    }
    CHECK(changed > 250);
  }
}

TEST_CASE("of each entity, what an operator leaves holds no finding, and no value",
          "[redact][property]") {
  for (const char* name :
       {"replace", "mask", "redact", "hash", "encrypt", "surrogate", "generalize"}) {
    const auto redactor = Redactor::create(detector().rules(), options_of(name));
    REQUIRE(redactor);
    const bool keeps_shape = name == std::string("surrogate") || name == std::string("generalize");
    for (const Example& example : examples()) {
      const std::string call = R"({"entities":[")" + example.entity + "\"]}";
      const auto redacted = redactor->redact(&detector(), example.text, call, nullptr);
      REQUIRE(redacted);
      if (!redacted->is_changed) FAIL_CHECK(example.entity << " is not found in " << example.text);
      for (const Change& change : redacted->changes) {
        const auto& [finding, start, end] = change;
        const std::string value = example.text.substr(finding.start, finding.end - finding.start);
        const std::string made = redacted->text.substr(start, end - start);
        if (keeps_shape ? made == value : made.find(value) != std::string::npos)
          FAIL_CHECK(name << ": " << example.text << " became " << redacted->text);
      }
      if (keeps_shape) continue;
      const auto again = detector().detect(redacted->text, call);
      REQUIRE(again);
      if (!again->empty()) FAIL_CHECK(name << ": " << example.text << " became " << redacted->text);
    }
  }
}

TEST_CASE("what keeps a value's shape keeps no value", "[redact][property]") {
  std::mt19937 random(12);
  for (const char* name : {"surrogate", "generalize"}) {
    const auto redactor = Redactor::create(detector().rules(), options_of(name));
    REQUIRE(redactor);
    for (int i = 0; i < 300; ++i) {
      const std::string text = some_text(&random);
      const auto redacted = redactor->redact(&detector(), text, {}, nullptr);
      REQUIRE(redacted);
      for (const Change& change : redacted->changes) {
        const auto& [finding, start, end] = change;
        const std::string value = text.substr(finding.start, finding.end - finding.start);
        if (redacted->text.substr(start, end - start) == value)
          FAIL_CHECK(name << " kept " << value << " of " << text);
      }
    }
  }
}

TEST_CASE("what was redacted is restored", "[redact][property]") {
  std::mt19937 random(13);
  const auto redactor = Redactor::create(detector().rules(), "");
  int compared = 0;
  for (int i = 0; i < 300; ++i) {
    const std::string text = some_text(&random);
    Vault vault;
    const auto redacted = redactor->redact(&detector(), text, {}, &vault);
    REQUIRE(redacted);
    if (!redacted->is_changed) continue;
    const auto restored = restore(redacted->text, &vault);
    REQUIRE(restored);
    CHECK(restored->unknown.empty());
    // A value that is written in two ways comes back as it was first: leave those texts out.
    std::map<std::string, std::string> values;
    bool is_one_way = true;
    for (const auto& [finding, start, end] : redacted->changes) {
      const std::string value = text.substr(finding.start, finding.end - finding.start);
      const auto known = values.emplace(redacted->text.substr(start, end - start), value).first;
      is_one_way &= known->second == value;
    }
    if (!is_one_way) continue;
    ++compared;
    if (restored->text != text)
      FAIL_CHECK(text << "\n became " << redacted->text << "\n came back as " << restored->text);
  }
  CHECK(compared > 250);
}
