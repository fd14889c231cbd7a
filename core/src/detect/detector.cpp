// SPDX-License-Identifier: Apache-2.0
#include "detect/detector.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "detect/profiles.h"
#include "detect/validators/digits.h"

namespace subrosa::detect {
namespace {

using nlohmann::json;

/// What says less than this of what it is, as seven digits do, is a finding by itself for none but
/// a caller who names its entity.
constexpr uint16_t kLeastUnnamed = 100;

Error bad(const std::string& pointer, ErrorCode code = ErrorCode::kBadFormat) {
  return {code, 0, pointer};
}

/// A list of strings at a key of an object; absent is empty.
Result<std::vector<std::string>> strings_at(const json& object, const char* key) {
  std::vector<std::string> out;
  const auto found = object.find(key);
  if (found == object.end()) return out;
  if (!found->is_array()) return bad(std::string("/") + key);
  for (const json& item : *found) {
    if (!item.is_string()) return bad(std::string("/") + key);
    out.push_back(item.get<std::string>());
  }
  return out;
}

bool as_score(const json& value, uint16_t* thousandths) {
  if (!value.is_number()) return false;
  const double score = value.get<double>();
  if (!(score >= 0 && score <= 1)) return false;
  *thousandths = static_cast<uint16_t>(std::lround(score * 1000));
  return true;
}

Result<json> parse_object(std::string_view text, std::initializer_list<std::string_view> keys) {
  if (text.empty()) return json::object();
  json object = json::parse(text.begin(), text.end(), nullptr, false);
  if (!object.is_object()) return bad("/");
  for (const auto& item : object.items()) {
    if (std::find(keys.begin(), keys.end(), item.key()) == keys.end()) return bad("/" + item.key());
  }
  return object;
}

/// The rules that a list of entity names stands for.
Result<RuleSet> rules_named(const std::vector<Rule>& rules, const std::vector<std::string>& names) {
  RuleSet set;
  for (const std::string& name : names) {
    bool known = false;
    for (size_t i = 0; i < rules.size(); ++i) {
      if (rules[i].entity != name && rules[i].entity + "/" + rules[i].kind != name) continue;
      set.set(i);
      known = true;
    }
    if (!known) return bad("/entities", ErrorCode::kUnknownId);
  }
  return set;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : ",") + part;
  return out;
}

bool is_at_home(const Rule& rule, const std::vector<std::string>& regions) {
  if (regions.empty() || rule.regions.empty()) return true;
  for (const std::string& region : rule.regions) {
    if (region == "*" || std::find(regions.begin(), regions.end(), region) != regions.end())
      return true;
  }
  return false;
}

/// A literal as a pattern.
std::string escaped(std::string_view literal) {
  std::string out;
  for (const char c : literal) {
    const bool plain =
        static_cast<uint8_t>(c) >= 0x80 || is_alnum(c) || static_cast<uint8_t>(c) <= ' ';
    if (!plain) out += '\\';
    out += c;
  }
  return out;
}

/// The deny list: values that are findings wherever they stand.
Result<bool> add_denied(const json& options, std::vector<Rule>* rules) {
  const auto found = options.find("deny");
  if (found == options.end()) return true;
  if (!found->is_object()) return bad("/deny");
  for (const auto& [entity, values] : found->items()) {
    if (!values.is_array()) return bad("/deny/" + entity);
    Rule rule;
    rule.entity = entity;
    rule.category = "other";
    for (const json& value : values) {
      if (!value.is_string() || value.get_ref<const std::string&>().empty())
        return bad("/deny/" + entity);
      Pattern pattern;
      pattern.name = std::to_string(rule.patterns.size());
      pattern.regex = "(?i)" + escaped(value.get_ref<const std::string&>());
      pattern.score = 1000;
      rule.patterns.push_back(std::move(pattern));
    }
    if (!rule.patterns.empty()) rules->push_back(std::move(rule));
  }
  return true;
}

}  // namespace

std::string without_previous(const std::string& call) {
  json object = json::parse(call.begin(), call.end(), nullptr, false);
  if (!object.is_object()) return call;
  object.erase("previous");
  return object.dump();
}

Result<std::unique_ptr<Detector>> Detector::create(std::string_view text) {
  const auto options = parse_object(
      text, {"entities", "regions", "profile", "minScore", "thresholds", "rules", "allow", "deny"});
  if (!options) return options.error();

  std::vector<Rule> rules = built_in_rules();
  if (const auto own = options->find("rules"); own != options->end()) {
    Result<std::vector<Rule>> parsed = parse_rules(*own);
    if (!parsed) return parsed.error();
    for (Rule& rule : *parsed) rules.push_back(std::move(rule));
  }
  if (auto ok = add_denied(*options, &rules); !ok) return ok.error();

  const auto names = strings_at(*options, "entities");
  if (!names) return names.error();
  const auto regions = strings_at(*options, "regions");
  if (!regions) return regions.error();
  const auto allow = strings_at(*options, "allow");
  if (!allow) return allow.error();

  auto detector = std::make_unique<Detector>();
  detector->regions_ = joined(*regions);
  detector->allow_.insert(allow->begin(), allow->end());
  if (const auto score = options->find("minScore"); score != options->end()) {
    if (!as_score(*score, &detector->min_score_)) return bad("/minScore");
  }

  if (names->empty()) {
    detector->enabled_.set();
  } else {
    auto named = rules_named(rules, *names);
    if (!named) return named.error();
    detector->enabled_ = *named;
    detector->named_ = true;
  }
  if (const auto profile = options->find("profile"); profile != options->end()) {
    if (!profile->is_string()) return bad("/profile");
    const auto has = find_profile(profile->get<std::string>());
    if (!has) return bad("/profile", ErrorCode::kUnknownId);
    for (size_t i = 0; i < rules.size(); ++i) {
      if (!has(rules[i])) detector->enabled_.reset(i);
    }
  }
  for (size_t i = 0; i < rules.size(); ++i) {
    if (!is_at_home(rules[i], *regions)) detector->enabled_.reset(i);
  }

  detector->thresholds_.assign(rules.size(), 0);
  if (const auto thresholds = options->find("thresholds"); thresholds != options->end()) {
    if (!thresholds->is_object()) return bad("/thresholds");
    detector->has_thresholds_ = true;
    for (const auto& [entity, value] : thresholds->items()) {
      uint16_t score = 0;
      if (!as_score(value, &score)) return bad("/thresholds/" + entity);
      const auto named = rules_named(rules, {entity});
      if (!named) return bad("/thresholds/" + entity, ErrorCode::kUnknownId);
      for (size_t i = 0; i < rules.size(); ++i) {
        if ((*named)[i]) detector->thresholds_[i] = score;
      }
    }
  }

  auto scanner = Scanner::create(std::move(rules));
  if (!scanner) return scanner.error();
  detector->scanner_ = std::move(*scanner);
  return detector;
}

Horizon& Detector::horizon() {
  if (!horizon_) horizon_ = std::make_unique<Horizon>(rules());
  return *horizon_;
}

struct Detector::Call {
  RuleSet only;
  uint16_t min_score;
  bool named;
  std::string regions;
  std::string previous;
};

Result<Detector::Call> Detector::parse_call(std::string_view text) const {
  const auto options =
      parse_object(text, {"entities", "minScore", "region", "language", "previous"});
  if (!options) return options.error();
  Call call{enabled_, min_score_, named_, regions_, {}};
  const auto names = strings_at(*options, "entities");
  if (!names) return names.error();
  if (!names->empty()) {
    const auto named = rules_named(rules(), *names);
    if (!named) return named.error();
    call.only = *named;
    call.named = true;
  }
  if (const auto score = options->find("minScore"); score != options->end()) {
    if (!as_score(*score, &call.min_score)) return bad("/minScore");
  }
  for (const auto& [key, target] :
       {std::pair{"region", &call.regions}, std::pair{"previous", &call.previous}}) {
    const auto found = options->find(key);
    if (found == options->end()) continue;
    if (!found->is_string()) return bad(std::string("/") + key);
    *target = found->get<std::string>();
  }
  return call;
}

Result<std::vector<Finding>> Detector::detect(std::string_view text, std::string_view json,
                                              std::vector<Finding>* beaten) {
  ScanOptions options;
  options.only = &enabled_;
  options.min_score = min_score_;
  options.regions = regions_;
  options.beaten = beaten;
  options.thresholds = has_thresholds_ ? thresholds_.data() : nullptr;
  Call call{};
  call.named = named_;
  if (!json.empty()) {
    auto parsed = parse_call(json);
    if (!parsed) return parsed.error();
    call = std::move(*parsed);
    options.only = &call.only;
    options.min_score = call.min_score;
    options.regions = call.regions;
    options.previous = call.previous;
  }
  if (!call.named) options.min_score = std::max(options.min_score, kLeastUnnamed);
  auto findings = scanner_->scan(text, options);
  if (findings && !allow_.empty()) {
    std::erase_if(*findings, [&](const Finding& f) {
      if (stands(f, text)) return false;
      if (beaten) beaten->push_back(f);
      return true;
    });
  }
  return findings;
}

bool Detector::stands(const Finding& finding, std::string_view text) const {
  return allow_.count(std::string(text.substr(finding.start, finding.end - finding.start))) == 0;
}

}  // namespace subrosa::detect
