// SPDX-License-Identifier: Apache-2.0
#include "redact/redactor.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "redact/placeholder.h"

namespace subrosa::redact {
namespace {

using detect::Finding;
using nlohmann::json;

constexpr int kMaxRounds = 8;
// What a text becomes when it still has findings after kMaxRounds: one made to defeat redaction.
constexpr char kWithheld[] = "[REDACTED]";

bool is_named(const detect::Rule& rule, const std::string& name) {
  return rule.entity == name || rule.category == name;
}

bool is_known(const std::vector<detect::Rule>& rules, const std::string& name) {
  return std::any_of(rules.begin(), rules.end(),
                     [&](const detect::Rule& rule) { return is_named(rule, name); });
}

}  // namespace

/// One text on its way: its spans, and what they become.
class Pass {
 public:
  Pass(const Redactor& redactor, detect::Detector* detector, std::string_view text,
       std::string_view call, Vault* vault)
      : redactor_(redactor), detector_(detector), text_(text), call_(call), vault_(vault) {}

  Result<Redacted> run(const std::vector<Finding>& findings) {
    for (const Finding& finding : findings) spans_.push_back({finding});
    if (auto ok = keep_typed(); !ok) return ok.error();
    if (spans_.empty()) return Redacted{};  // the text stands
    for (int round = 0; round < kMaxRounds; ++round) {
      if (auto ok = build(); !ok) return ok.error();
      const auto is_clean = check();
      if (!is_clean) return is_clean.error();
      if (*is_clean) return finish();
    }
    return withhold();
  }

 private:
  /// A piece of the text that changes.
  struct Span {
    Finding finding;
    std::string typed = {};  // the entity whose placeholder the user typed here, else empty
    int rank = 0;            // how often its replacement was itself found
    bool is_built = false;
    Replacement replacement = {};
    uint32_t out_start = 0, out_end = 0;
  };

  /// What the user typed that looks like a placeholder must come back as typed: its number is kept
  /// free, or, where it was given out already, it is itself replaced.
  Result<bool> keep_typed() {
    if (!may_hold_token(text_)) return true;
    for (Token& token : find_tokens(text_, vault_->own_labels())) {
      const Range range = token.range[0];
      const bool is_found = std::any_of(spans_.begin(), spans_.end(), [&](const Span& span) {
        return span.finding.start < range.end && range.start < span.finding.end;
      });
      if (is_found) continue;
      const auto is_free = vault_->reserve(token.entity, token.number);
      if (!is_free) return is_free.error();
      if (!*is_free) add_typed(range, std::move(token.entity));
    }
    return true;
  }

  void add_typed(Range range, std::string entity) {
    Span span{};
    span.finding.start = range.start;
    span.finding.end = range.end;
    span.typed = std::move(entity);
    insert(std::move(span));
  }

  void insert(Span span) {
    const auto at = std::lower_bound(
        spans_.begin(), spans_.end(), span.finding.start,
        [](const Span& other, uint32_t start) { return other.finding.start < start; });
    spans_.insert(at, std::move(span));
  }

  Result<Replacement> replacement(const Span& span) {
    const std::string_view value =
        text_.substr(span.finding.start, span.finding.end - span.finding.start);
    if (span.rank > 0) return Replacement{};
    if (!span.typed.empty()) {
      const auto number = vault_->number_of_typed(span.typed, value);
      if (!number) return number.error();
      return Replacement{placeholder({}, span.typed, *number), *number};
    }
    const detect::Rule& rule = detector_->rules()[span.finding.rule];
    return apply(redactor_.of(span.finding.rule), {rule.entity, rule.category, value}, vault_);
  }

  Result<bool> build() {
    out_.clear();
    uint32_t at = 0;
    for (Span& span : spans_) {
      if (!span.is_built) {
        auto made = replacement(span);
        if (!made) return made.error();
        span.replacement = std::move(*made);
        span.is_built = true;
      }
      out_.append(text_.substr(at, span.finding.start - at));
      span.out_start = static_cast<uint32_t>(out_.size());
      out_.append(span.replacement.text);
      span.out_end = static_cast<uint32_t>(out_.size());
      at = span.finding.end;
    }
    out_.append(text_.substr(at));
    return true;
  }

  /// Scans what came out. False when spans had to grow or to change, so that it must be built anew.
  Result<bool> check() {
    const auto residue = detector_->detect(out_, call_);
    if (!residue) return residue.error();
    bool is_clean = true;
    for (auto finding = residue->rbegin(); finding != residue->rend(); ++finding) {
      if (redactor_.of(finding->rule).kind == OperatorKind::kKeep) continue;
      is_clean &= !cover(*finding);
    }
    return is_clean;
  }

  using Place = std::vector<Span>::iterator;

  /// Makes a finding of the output part of the spans. From the last finding to the first: the spans
  /// before it are then as they were built. False when it may stay.
  bool cover(const Finding& residue) {
    const Place first = std::find_if(spans_.begin(), spans_.end(), [&](const Span& span) {
      return span.out_end > residue.start;
    });
    const Place last = std::find_if(
        first, spans_.end(), [&](const Span& span) { return span.out_start >= residue.end; });
    if (first != last && first->out_start <= residue.start && residue.end <= first->out_end) {
      if (may_stay(*first)) return false;
      ++first->rank;
      first->is_built = false;
      return true;
    }
    Span merged{residue};
    merged.out_start = residue.start;
    merged.out_end = residue.end;
    merged.finding.start = original(residue.start, first);
    merged.finding.end = original(residue.end, last);
    if (first != last) {
      merged.out_start = std::min(merged.out_start, first->out_start);
      merged.out_end = std::max(merged.out_end, std::prev(last)->out_end);
      if (first->out_start <= residue.start) merged.finding.start = first->finding.start;
    }
    spans_.insert(spans_.erase(first, last), std::move(merged));
    return true;
  }

  /// Where in the text a place of the output is that lies before the span `next`, or in the one
  /// before that: then its end.
  uint32_t original(uint32_t at, Place next) const {
    if (next == spans_.begin()) return at;
    const Span& previous = *std::prev(next);
    return previous.finding.end + (at > previous.out_end ? at - previous.out_end : 0);
  }

  /// Placeholders are no findings, and what is kept is known to be one.
  bool may_stay(const Span& span) const {
    return span.replacement.number > 0 ||
           redactor_.of(span.finding.rule).kind == OperatorKind::kKeep;
  }

  Redacted finish() {
    Redacted redacted;
    redacted.is_changed = true;
    for (const Span& span : spans_) {
      note_brackets(span);
      if (span.typed.empty())
        redacted.changes.push_back({span.finding, span.out_start, span.out_end});
    }
    redacted.text = std::move(out_);
    return redacted;
  }

  void note_brackets(const Span& span) {
    if (span.replacement.number == 0) return;
    const std::string_view entity =
        span.typed.empty() ? std::string_view(detector_->rules()[span.finding.rule].entity)
                           : std::string_view(span.typed);
    Vault::Entry* entry = vault_->find(entity, span.replacement.number);
    entry->pairs = std::max(entry->pairs, pairs_around(out_, {span.out_start, span.out_end}));
  }

  Redacted withhold() const {
    Redacted redacted{true, kWithheld, {}};
    Finding all = spans_.front().finding;
    all.start = 0;
    all.end = static_cast<uint32_t>(text_.size());
    redacted.changes.push_back({all, 0, static_cast<uint32_t>(redacted.text.size())});
    return redacted;
  }

  const Redactor& redactor_;
  detect::Detector* detector_;
  std::string_view text_, call_;
  Vault* vault_;
  std::vector<Span> spans_;  // by start, none overlapping
  std::string out_;
};

Result<Redacted> Redactor::redact(detect::Detector* detector, std::string_view text,
                                  std::string_view call, Vault* vault) const {
  const auto findings = detector->detect(text, call);
  if (!findings) return findings.error();
  if (findings->empty() && !vault) return Redacted{};
  Vault fresh;
  if (!vault) vault = &fresh;
  for (const std::string& entity : own_entities_) vault->add_label(entity);
  return Pass(*this, detector, text, call, vault).run(*findings);
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
  for (const auto& [key, value] : object.items()) {
    if (key != "operator" && key != "operators") return Error{ErrorCode::kUnknownId, 0, "/" + key};
  }
  if (const auto common = object.find("operator"); common != object.end()) {
    auto op = parse_operator(*common, "/operator");
    if (!op) return op.error();
    redactor.operators_[0] = std::move(*op);
  }
  if (const auto named = object.find("operators"); named != object.end()) {
    if (auto ok = redactor.assign(rules, *named); !ok) return ok.error();
  }
  return redactor;
}

Result<bool> Redactor::assign(const std::vector<detect::Rule>& rules, const json& named) {
  if (!named.is_object()) return Error{ErrorCode::kBadFormat, 0, "/operators"};
  std::vector<bool> by_entity(rules.size());
  for (const auto& [name, value] : named.items()) {
    const std::string pointer = "/operators/" + name;
    if (!is_known(rules, name)) return Error{ErrorCode::kUnknownId, 0, pointer};
    auto op = parse_operator(value, pointer);
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
