// SPDX-License-Identifier: Apache-2.0
#include "detect/rules.h"

#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "detect/regex.h"
#include "detect/validators/registry.h"
#include "rules.inc"

namespace subrosa::detect {
namespace {

using nlohmann::json;

enum class Origin : uint8_t { kBuiltIn, kUser };

/// Reads one rule; the first thing wrong is kept, with the rule's id and the field.
class Reader {
 public:
  Reader(const json& value, size_t index, Origin origin)
      : value_(value), name_(std::to_string(index)), origin_(origin) {}

  Result<Rule> read() {
    if (!value_.is_object()) return failure("");
    Rule rule;
    rule.entity = string("id", true);
    if (!rule.entity.empty()) name_ = rule.entity;
    rule.kind = string("kind", false);
    rule.category = string("category", false);
    rule.regions = strings("regions");
    rule.context = strings("context");
    rule.deny_context = strings("deny_context");
    rule.priority = static_cast<int>(number("priority", 0, -100, 100));
    read_validator(&rule);
    read_patterns(&rule);
    check_keys(value_,
               {"id", "kind", "category", "regions", "context", "deny_context", "priority",
                "validator", "patterns"},
               "");
    if (failed_) return error_;
    return rule;
  }

 private:
  void read_validator(Rule* rule) {
    const std::string name = string("validator", false);
    if (name.empty()) return;
    if (origin_ == Origin::kUser) return fail(ErrorCode::kBadArgument, "validator");
    const NamedValidator* found = find_named_validator(name);
    if (!found) return fail(ErrorCode::kUnknownId, "validator");
    rule->validator = found->run;
    rule->least_digits = found->least_digits;
    confirms_ = found->confirms;
  }

  void read_patterns(Rule* rule) {
    const auto found = value_.find("patterns");
    if (found == value_.end() || !found->is_array() || found->empty())
      return fail(ErrorCode::kBadFormat, "patterns");
    for (const json& item : *found) {
      if (!item.is_object()) return fail(ErrorCode::kBadFormat, "patterns");
      Pattern pattern;
      pattern.name = string_of(item, "name", false);
      if (pattern.name.empty()) pattern.name = std::to_string(rule->patterns.size());
      pattern.regex = expression(item, "regex", true);
      pattern.prefix = expression(item, "prefix", false);
      pattern.after = expression(item, "after", false);
      pattern.before = expression(item, "before", false);
      pattern.score = static_cast<uint16_t>(std::lround(1000 * number_of(item, "score", -1, 0, 1)));
      pattern.checked =
          static_cast<uint16_t>(std::lround(1000 * number_of(item, "checked", 1, 0, 1)));
      if (!confirms_) pattern.checked = pattern.score;
      const std::string bounds = string_of(item, "bounds", false);
      if (bounds == "number") {
        pattern.bounds = Bounds::kNumber;
      } else if (bounds == "none") {
        pattern.bounds = Bounds::kNone;
      } else if (!bounds.empty() && bounds != "word") {
        fail(ErrorCode::kUnknownId, "bounds");
      }
      if (!pattern.prefix.empty() && !pattern.after.empty()) fail(ErrorCode::kBadFormat, "prefix");
      check_keys(item, {"name", "regex", "prefix", "after", "before", "score", "checked", "bounds"},
                 "patterns");
      rule->patterns.push_back(std::move(pattern));
    }
  }

  std::string string(const char* key, bool required) { return string_of(value_, key, required); }
  double number(const char* key, double fallback, double min, double max) {
    return number_of(value_, key, fallback, min, max);
  }

  std::string expression(const json& pattern, const char* key, bool required) {
    std::string text = string_of(pattern, key, required);
    if (origin_ == Origin::kUser && text.size() > kMaxExpression) fail(ErrorCode::kTooLong, key);
    return text;
  }

  std::string string_of(const json& object, const char* key, bool required) {
    const auto found = object.find(key);
    if (found != object.end() && found->is_string()) {
      const auto& text = found->get_ref<const std::string&>();
      if (!text.empty()) return text;
    }
    if (found != object.end() || required) fail(ErrorCode::kBadFormat, key);
    return {};
  }

  /// A fallback outside [min, max] means that the field is required.
  double number_of(const json& object, const char* key, double fallback, double min, double max) {
    const auto found = object.find(key);
    if (found == object.end() && fallback >= min) return fallback;
    const double value =
        found != object.end() && found->is_number() ? found->get<double>() : min - 1;
    if (value >= min && value <= max) return value;
    fail(ErrorCode::kBadFormat, key);
    return min;
  }

  /// A list of strings, or an object of such lists by language.
  std::vector<std::string> strings(const char* key) {
    std::vector<std::string> out;
    const auto found = value_.find(key);
    if (found == value_.end()) return out;
    const auto take = [&](const json& list) {
      if (!list.is_array()) return fail(ErrorCode::kBadFormat, key);
      for (const json& item : list) {
        if (!item.is_string() || item.get_ref<const std::string&>().empty())
          return fail(ErrorCode::kBadFormat, key);
        out.push_back(item.get<std::string>());
      }
    };
    if (found->is_object()) {
      for (const json& list : *found) take(list);
    } else {
      take(*found);
    }
    return out;
  }

  void check_keys(const json& object, std::initializer_list<std::string_view> known,
                  const char* where) {
    for (auto item = object.begin(); item != object.end(); ++item) {
      bool is_known = false;
      for (const std::string_view key : known) is_known |= item.key() == key;
      if (!is_known)
        fail(ErrorCode::kBadFormat, *where ? std::string(where) + "/" + item.key() : item.key());
    }
  }

  void fail(ErrorCode code, const std::string& field) {
    if (failed_) return;
    failed_ = true;
    error_ = failure(field, code);
  }
  Error failure(const std::string& field, ErrorCode code = ErrorCode::kBadFormat) const {
    return {code, 0, field.empty() ? name_ : name_ + "/" + field};
  }

  const json& value_;
  std::string name_;
  Origin origin_;
  bool failed_ = false;
  bool confirms_ = true;  // its validator, if it has one
  Error error_;
};

Result<std::vector<Rule>> read_rules(const json& list, Origin origin) {
  if (!list.is_array()) return Error{ErrorCode::kBadFormat, 0, "rules"};
  std::vector<Rule> rules;
  for (const json& item : list) {
    Result<Rule> rule = Reader(item, rules.size(), origin).read();
    if (!rule) return rule.error();
    rules.push_back(std::move(*rule));
  }
  return rules;
}

/// Instructions of all of a pattern's expressions; those that are wrong are the scanner's to tell.
uint64_t size_of(const Pattern& pattern) {
  uint64_t size = 0;
  for (const std::string* text :
       {&pattern.regex, &pattern.prefix, &pattern.after, &pattern.before}) {
    const auto checked = Program::check(*text);
    if (checked) size += checked->size;
  }
  return size;
}

}  // namespace

Result<std::vector<Rule>> parse_rules(const json& list) {
  Result<std::vector<Rule>> rules = read_rules(list, Origin::kUser);
  if (!rules) return rules;
  size_t patterns = 0;
  uint64_t instructions = 0;
  for (const Rule& rule : *rules) {
    patterns += rule.patterns.size();
    for (const Pattern& pattern : rule.patterns) instructions += size_of(pattern);
    if (patterns > kMaxPatterns || instructions > kMaxInstructions)
      return Error{ErrorCode::kTooLong, 0, rule.entity + "/patterns"};
  }
  return rules;
}

const std::vector<Rule>& built_in_rules() {
  static const std::vector<Rule> rules = [] {
    const json list = json::parse(kRules, kRules + kRulesSize, nullptr, false);
    Result<std::vector<Rule>> parsed = read_rules(list, Origin::kBuiltIn);
    if (!parsed) std::abort();  // the build ran every one of them
    return std::move(*parsed);
  }();
  return rules;
}

}  // namespace subrosa::detect
