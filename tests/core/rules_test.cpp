// Every rule's own examples: they are its tests.
#include "detect/rules.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "detect/scanner.h"

using namespace subrosa;
using namespace subrosa::detect;
using nlohmann::json;

namespace {

std::string name_of(const Rule& rule) {
  return rule.kind.empty() ? rule.entity : rule.entity + "/" + rule.kind;
}

std::string describe(const std::vector<Finding>& findings, const std::vector<Rule>& rules,
                     const std::string& text) {
  std::string out;
  for (const Finding& f : findings) {
    out += " " + name_of(rules[f.rule]) + "=\"" + text.substr(f.start, f.end - f.start) + "\"@" +
           std::to_string(f.score);
  }
  return out.empty() ? " nothing" : out;
}

}  // namespace

TEST_CASE("every example of every rule is found, and every look-alike is not", "[rules]") {
  auto scanner = Scanner::create(built_in_rules());
  if (!scanner) FAIL(scanner.error().where << " at byte " << scanner.error().at);
  const auto& rules = (*scanner)->rules();
  std::ifstream file(SUBROSA_ROOT "/build/generated/rules.json");
  const json examples = json::parse(file);
  REQUIRE(examples.size() == rules.size());
  for (size_t i = 0; i < examples.size(); ++i) {
    const std::string name = name_of(rules[i]);
    for (const json& find : examples[i]["finds"]) {
      const std::string text = find["text"], match = find["match"];
      const auto findings = (*scanner)->scan(text, {});
      REQUIRE(findings);
      bool found = false;
      for (const Finding& f : *findings)
        found |= f.rule == i && text.substr(f.start, f.end - f.start) == match;
      if (!found)
        FAIL_CHECK(name << " in \"" << text << "\" found" << describe(*findings, rules, text));
    }
    for (const json& ignore : examples[i]["ignores"]) {
      const std::string text = ignore;
      const auto findings = (*scanner)->scan(text, {});
      REQUIRE(findings);
      for (const Finding& f : *findings) {
        if (f.rule == i)
          FAIL_CHECK(name << " must ignore \"" << text << "\" but found"
                          << describe(*findings, rules, text));
      }
    }
  }
}

TEST_CASE("a rule that is wrong is refused by its name and field", "[rules]") {
  const auto where = [](const char* text) {
    const auto rules = parse_rules(text);
    REQUIRE_FALSE(rules);
    return rules.error().where;
  };
  CHECK(where("{}") == "rules");
  CHECK(where("[{}]") == "0/id");
  CHECK(where(R"([{"id":"X"}])") == "X/patterns");
  CHECK(where(R"([{"id":"X","patterns":[{"regex":"a"}]}])") == "X/score");
  CHECK(where(R"([{"id":"X","patterns":[{"regex":"a","score":2}]}])") == "X/score");
  CHECK(where(R"([{"id":"X","patterns":[{"regex":"a","score":1}],"validator":"none_such"}])") ==
        "X/validator");
  CHECK(where(R"([{"id":"X","patterns":[{"regex":"a","score":1}],"colour":1}])") == "X/colour");
  CHECK(where(R"([{"id":"X","patterns":[{"regex":"a","score":1,"bounds":"line"}]}])") ==
        "X/bounds");
  CHECK(where(R"([{"id":"X","patterns":[{"regex":"a","score":1}],"context":{"en":[1]}}])") ==
        "X/context");
}
