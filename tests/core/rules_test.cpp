// Every rule's own examples: they are its tests.
#include "detect/rules.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "detect/detector.h"
#include "detect/validators/registry.h"
#include "examples.h"

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
  const json& examples = rules_with_examples();
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

TEST_CASE("a validator that is said to refuse only never confirms", "[rules]") {
  auto scanner = Scanner::create(built_in_rules());
  REQUIRE(scanner);
  const json& rules = rules_with_examples();
  ScanOptions everything;
  everything.min_score = 1;
  size_t refused_only = 0, confirmed = 0;
  for (const json& rule : rules) {
    for (const json& find : rule["finds"]) {
      const auto findings = (*scanner)->scan(find["text"].get<std::string>(), everything);
      REQUIRE(findings);
      for (const Finding& f : *findings) {
        if (!rules[f.rule].contains("validator")) continue;
        const NamedValidator* validator =
            find_named_validator(rules[f.rule]["validator"].get<std::string>());
        REQUIRE(validator);
        const bool is_confirmed = f.flags & Finding::kValidated;
        INFO(validator->name);
        CHECK((validator->confirms || !is_confirmed));
        refused_only += !validator->confirms;
        confirmed += is_confirmed;
      }
    }
  }
  CHECK(refused_only > 100);
  CHECK(confirmed > 100);
}

namespace {

Error error_of(const json& rules) {
  const auto parsed = parse_rules(rules);
  return parsed ? Error{} : parsed.error();
}

/// A rule X with one pattern, and more fields of the rule.
json rule_of(const json& pattern, const json& more = json::object()) {
  json rule = {{"id", "X"}, {"patterns", {pattern}}};
  rule.update(more);
  return json::array({rule});
}

json expression(const std::string& regex) { return {{"regex", regex}, {"score", 1}}; }

std::string repeated(const std::string& piece, size_t count) {
  std::string out;
  for (size_t i = 0; i < count; ++i) out += piece;
  return out;
}

/// What making a scanner says of a rule of the user's own.
Error scanner_error(const json& rules) {
  const auto detector = Detector::create(json{{"rules", rules}}.dump());
  return detector ? Error{} : detector.error();
}

}  // namespace

TEST_CASE("a rule that is wrong is refused by its name and field", "[rules]") {
  const json plain = expression("a");
  const auto where = [](const json& rules) { return error_of(rules).where; };
  CHECK(where(json::object()) == "rules");
  CHECK(where(json::array({json::object()})) == "0/id");
  CHECK(where(json::array({{{"id", "X"}}})) == "X/patterns");
  CHECK(where(rule_of({{"regex", "a"}})) == "X/score");
  CHECK(where(rule_of({{"regex", "a"}, {"score", 2}})) == "X/score");
  CHECK(where(rule_of(plain, {{"colour", 1}})) == "X/colour");
  CHECK(where(rule_of({{"regex", "a"}, {"score", 1}, {"bounds", "line"}})) == "X/bounds");
  CHECK(where(rule_of(plain, {{"context", {{"en", {1}}}}})) == "X/context");
}

TEST_CASE("a user's rule has no validator", "[rules]") {
  // Each trusts what its own rule's patterns let through: so short a match would be read past.
  const Error error = error_of(rule_of(expression("a"), {{"validator", "it_fiscal_code"}}));
  CHECK(error.code == ErrorCode::kBadArgument);
  CHECK(error.where == "X/validator");
}

TEST_CASE("a user's rules are bounded", "[rules]") {
  const auto too_long = [](const json& rules, const char* where) {
    const Error error = error_of(rules);
    CHECK(error.code == ErrorCode::kTooLong);
    CHECK(error.where == where);
  };
  const std::string longest(kMaxExpression, 'a');
  CHECK(error_of(rule_of(expression(longest))).code == ErrorCode::kOk);
  too_long(rule_of(expression(longest + "a")), "X/regex");
  for (const char* field : {"prefix", "after", "before"})
    too_long(rule_of({{"regex", "a"}, {"score", 1}, {field, longest + "a"}}),
             (std::string("X/") + field).c_str());
  json many = rule_of(expression("a"));
  while (many[0]["patterns"].size() <= kMaxPatterns) many[0]["patterns"].push_back(expression("a"));
  too_long(many, "X/patterns");
  json large = rule_of(expression("a"));
  for (int i = 0; i < 60; ++i) large[0]["patterns"].push_back(expression("(?:a{1000}){9}"));
  too_long(large, "X/patterns");
}

TEST_CASE("hostile rules are refused by name and field, or do no harm", "[rules]") {
  const auto refused = [](const std::string& regex, ErrorCode code) {
    const Error error = scanner_error(rule_of(expression(regex)));
    INFO(regex.substr(0, 40));
    CHECK(error.code == code);
    CHECK(error.where == "X/patterns/0/regex");
  };
  refused(repeated("(", 1000) + "a" + repeated(")", 1000), ErrorCode::kBadFormat);
  refused("a{1000000000}", ErrorCode::kBadFormat);
  refused("(?:(?:a{1000}){1000}){1000}", ErrorCode::kTooLong);
  refused("a" + repeated("{2}", 600), ErrorCode::kBadFormat);
  refused("a" + repeated("*", 2000), ErrorCode::kBadFormat);
  refused("(?:" + repeated("[^a]|", 400) + "b){1000}", ErrorCode::kTooLong);
  refused(repeated("(?:", 60) + "a" + repeated(")+", 60), ErrorCode::kTooLong);

  const std::string text = repeated("a", 4000) + " " + repeated("ab", 2000);
  for (const std::string& regex :
       {repeated("(?:", 60) + "a" + repeated("){1}", 60), repeated("(?:a*)*", 100) + "b",
        repeated("(?:", 8) + "a" + repeated(")+", 8) + "b", std::string("(?:a|b)*a(?:a|b){500}c"),
        "[" + repeated("\\x{100}-\\x{10FFFF}", 90) + "]{100}", repeated("\\p{L}?", 60),
        "(?:(?:" + repeated("[^a]|", 300) + "b){1,2}y?)*x"}) {
    INFO(regex.substr(0, 40));
    const auto detector = Detector::create(json{{"rules", rule_of(expression(regex))}}.dump());
    REQUIRE(detector);
    const auto findings = (*detector)->detect(text, "");
    REQUIRE(findings);
    for (const Finding& f : *findings) CHECK((f.start < f.end && f.end <= text.size()));
  }

  std::string nested = R"({"rules":[{"id":)" + repeated("[", 100000);
  nested += repeated("]", 100000) + "}]}";
  const auto detector = Detector::create(nested);
  REQUIRE_FALSE(detector);
  CHECK(detector.error().where == "0/id");
}
