// SPDX-License-Identifier: Apache-2.0
#include "redact/redactor.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "redact/pass.h"
#include "text/utf8.h"

namespace subrosa::redact {
namespace {

using nlohmann::json;

bool is_named(const detect::Rule& rule, const std::string& name) {
  return rule.entity == name || rule.category == name;
}

bool is_known(const std::vector<detect::Rule>& rules, const std::string& name) {
  return std::any_of(rules.begin(), rules.end(),
                     [&](const detect::Rule& rule) { return is_named(rule, name); });
}

}  // namespace

std::vector<Record> records_of(const std::vector<Change>& changes, std::string_view text,
                               std::string_view out) {
  std::vector<Record> records;
  records.reserve(changes.size());
  text::Utf16Cursor before(text), after(out);
  for (const Change& change : changes) {
    const detect::Finding& f = change.finding;
    const uint32_t start = before.at(f.start), out_start = after.at(change.out_start);
    records.push_back(
        {f.rule, start, before.at(f.end), f.score, f.flags, out_start, after.at(change.out_end)});
  }
  return records;
}

Result<Redacted> Redactor::redact(detect::Detector* detector, std::string_view text,
                                  std::string_view call, Vault* vault) const {
  auto findings = detector->detect(text, call);
  if (!findings) return findings.error();
  if (findings->empty() && !vault) return Redacted{};
  Vault fresh(Vault::Kind::kOneWay);
  if (!vault) vault = &fresh;
  add_labels(vault);
  return Pass(*this, detector, text, call, vault).run(*findings, {}, {});
}

void Redactor::add_labels(Vault* vault) const {
  for (const std::string& entity : own_entities_) vault->add_label(entity);
}

Result<Redactor> Redactor::create(const std::vector<detect::Rule>& rules,
                                  std::string_view options) {
  Redactor redactor(rules);
  for (const detect::Rule& rule : rules) {
    if (!Labels::built_in().find(fold_label(rule.entity)))
      redactor.own_entities_.push_back(rule.entity);
  }
  if (options.empty()) return redactor;
  const json object = json::parse(options.begin(), options.end(), nullptr, false);
  if (!object.is_object()) return Error{ErrorCode::kBadFormat, 0, "/"};
  const json* recipient = nullptr;
  for (const auto& [key, value] : object.items()) {
    if (key == "recipient") {
      recipient = &value;
    } else if (key != "operator" && key != "operators" && key != "recipients") {
      return Error{ErrorCode::kUnknownId, 0, "/" + key};
    }
  }
  if (auto ok = redactor.set(rules, object, ""); !ok) return ok.error();
  if (auto ok = redactor.set_recipient(rules, object, recipient); !ok) return ok.error();
  return redactor;
}

/// Every recipient's operators are read, so that a mistake shows at once; the one that is meant is
/// kept.
Result<bool> Redactor::set_recipient(const std::vector<detect::Rule>& rules, const json& options,
                                     const json* recipient) {
  const auto recipients = options.find("recipients");
  const bool has_table = recipients != options.end();
  if (has_table && !recipients->is_object()) return Error{ErrorCode::kBadFormat, 0, "/recipients"};
  if (recipient && (!recipient->is_string() || !has_table ||
                    !recipients->contains(recipient->get_ref<const std::string&>())))
    return Error{ErrorCode::kUnknownId, 0, "/recipient"};
  if (!has_table) return true;
  for (const auto& [name, value] : recipients->items()) {
    const std::string pointer = "/recipients/" + name;
    if (!value.is_object()) return Error{ErrorCode::kBadFormat, 0, pointer};
    for (const auto& item : value.items()) {
      if (item.key() != "operator" && item.key() != "operators")
        return Error{ErrorCode::kUnknownId, 0, std::string(pointer).append("/").append(item.key())};
    }
    Redactor tried = *this;
    if (auto ok = tried.set(rules, value, pointer); !ok) return ok.error();
    if (recipient && *recipient == name) *this = std::move(tried);
  }
  return true;
}

/// Sets the operators that an object names, over those that are there.
Result<bool> Redactor::set(const std::vector<detect::Rule>& rules, const json& object,
                           const std::string& pointer) {
  if (const auto common = object.find("operator"); common != object.end()) {
    auto op = parse_operator(*common, pointer + "/operator");
    if (!op) return op.error();
    operators_.clear();
    operators_.push_back(std::move(*op));
    by_rule_.assign(rules.size(), 0);
  }
  const auto named = object.find("operators");
  if (named == object.end()) return true;
  return assign(rules, *named, pointer + "/operators");
}

Result<bool> Redactor::assign(const std::vector<detect::Rule>& rules, const json& named,
                              const std::string& pointer) {
  if (!named.is_object()) return Error{ErrorCode::kBadFormat, 0, pointer};
  std::vector<bool> by_entity(rules.size());
  for (const auto& [name, value] : named.items()) {
    const std::string place = std::string(pointer).append("/").append(name);
    if (!is_known(rules, name)) return Error{ErrorCode::kUnknownId, 0, place};
    auto op = parse_operator(value, place);
    if (!op) return op.error();
    for (size_t i = 0; i < rules.size(); ++i) {
      if (!is_named(rules[i], name) || by_entity[i]) continue;
      by_entity[i] = rules[i].entity == name;  // which goes before its category's
      by_rule_[i] = static_cast<uint32_t>(operators_.size());
    }
    operators_.push_back(std::move(*op));
  }
  return true;
}

}  // namespace subrosa::redact
