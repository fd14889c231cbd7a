// SPDX-License-Identifier: Apache-2.0
#include "redact/pass.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "redact/placeholder.h"
#include "text/view.h"

namespace subrosa::redact {
namespace {

using detect::Finding;
using nlohmann::json;

constexpr int kMaxRounds = 8;
// What a text becomes when it still has findings after kMaxRounds: one made to defeat redaction.
constexpr char kWithheld[] = "[REDACTED]";

/// The regions that a call names.
std::string regions_of(std::string_view call) {
  const json options = json::parse(call.begin(), call.end(), nullptr, false);
  const auto region = options.is_object() ? options.find("region") : options.end();
  if (region == options.end() || !region->is_string()) return {};
  return region->get<std::string>();
}

}  // namespace

Pass::Pass(const Redactor& redactor, detect::Detector* detector, std::string_view text,
           std::string_view call, Vault* vault)
    : redactor_(redactor), detector_(detector), text_(text), call_(call), vault_(vault) {
  regions_ = detector->regions();
  if (call.find("region") != std::string_view::npos) regions_ = regions_of(call);
}

Result<Redacted> Pass::run(const std::vector<Finding>& findings, const std::vector<Finding>& beaten,
                           Part part) {
  bool is_clean = findings.empty();
  bool has_odd = false;
  for (const Finding& finding : findings) spans_.push_back({finding});
  if (may_hold_token(text_)) add_typed();
  for (const Span& span : spans_) has_odd |= is_odd(span);
  is_clean &= !has_odd;
  for (int round = 0; round < kMaxRounds && !is_clean; ++round) {
    auto checked = check_as(Typed::kAsIs, &part);
    if (checked && *checked && has_odd) checked = check_as(Typed::kRenumbered, &part);
    if (!checked) return checked.error();
    is_clean = *checked;
  }
  choose_cut(beaten, part.limit);
  cut_ = std::max(cut_, part.from);
  return is_clean ? finish(part.from) : withhold(part.from);
}

/// What the user typed that looks like a placeholder must come back as typed.
void Pass::add_typed() {
  std::vector<Span> all;
  size_t next = 0;
  for (Token& token : find_tokens(text_, vault_->own_labels())) {
    const Range range = token.range[0];
    while (next < spans_.size() && spans_[next].finding.end <= range.start)
      all.push_back(std::move(spans_[next++]));
    if (next < spans_.size() && spans_[next].finding.start < range.end) continue;
    Span span{};
    span.finding.start = range.start;
    span.finding.end = range.end;
    span.typed = std::move(token.entity);
    span.typed_number = token.number;
    all.push_back(std::move(span));
  }
  while (next < spans_.size()) all.push_back(std::move(spans_[next++]));
  spans_ = std::move(all);
}

/// Typed in a form that glues to what is beside it otherwise than the placeholder does.
bool Pass::is_odd(const Span& span) const {
  return !span.typed.empty() && piece(span) != placeholder({}, span.typed, span.typed_number);
}

Value Pass::value_of(const Span& span) const {
  return {&detector_->rules()[span.finding.rule], piece(span), regions_};
}

void Pass::build(Typed typed) {
  out_.clear();
  uint32_t at = 0;
  for (Span& span : spans_) {
    if (!span.typed.empty()) {
      span.replacement = typed == Typed::kAsIs ? std::string(piece(span))
                                               : placeholder({}, span.typed, span.typed_number);
    } else if (!span.is_built) {
      span.is_built = true;
      if (span.is_found_again) {
        span.replacement.clear();
      } else {
        span.replacement = apply(redactor_.of(span.finding.rule), value_of(span), 1);
      }
    }
    out_.append(text_.substr(at, span.finding.start - at));
    span.out_start = static_cast<uint32_t>(out_.size());
    out_.append(span.replacement);
    span.out_end = static_cast<uint32_t>(out_.size());
    at = span.finding.end;
  }
  out_.append(text_.substr(at));
}

Result<bool> Pass::check_as(Typed typed, Part* part) {
  build(typed);
  if (part->limit != kWhole) part->limit = std::min(part->limit, decided_in_output(part->from));
  return check();
}

/// Scans what came out. False when spans had to grow or to change, so that it must be built anew.
Result<bool> Pass::check() {
  auto residue = detector_->detect(out_, call_);
  if (!residue) return residue.error();
  std::erase_if(*residue, [&](const Finding& finding) {
    return redactor_.of(finding.rule).kind == OperatorKind::kKeep;
  });
  return residue->empty() || !cover(*residue);
}

/// Makes findings of the output part of the spans. False when all of them may stay.
bool Pass::cover(const std::vector<Finding>& residue) {
  std::vector<Span> next;
  bool changed = false;
  size_t first = 0;
  for (const Finding& finding : residue) {
    while (first < spans_.size() && spans_[first].out_end <= finding.start)
      next.push_back(std::move(spans_[first++]));
    size_t last = first;
    while (last < spans_.size() && spans_[last].out_start < finding.end) ++last;
    if (last == first + 1 && spans_[first].out_start <= finding.start &&
        finding.end <= spans_[first].out_end) {
      if (may_stay(spans_[first])) continue;
      spans_[first].is_found_again = true;
      spans_[first].is_built = false;
    } else {
      merge(finding, first, last, &next);
      first = last;
    }
    changed = true;
  }
  while (first < spans_.size()) next.push_back(std::move(spans_[first++]));
  spans_ = std::move(next);
  return changed;
}

/// One span for a finding of the output and the spans [first, last) that it touches.
void Pass::merge(const Finding& residue, size_t first, size_t last, std::vector<Span>* next) {
  Span merged{residue};
  const bool begins_inside = first < last && spans_[first].out_start <= residue.start;
  merged.finding.start =
      begins_inside ? spans_[first].finding.start : original(residue.start, first);
  merged.finding.end = original(residue.end, last);
  merged.out_end = residue.end;
  if (last > first) merged.out_end = std::max(merged.out_end, spans_[last - 1].out_end);
  // The one before may reach into this finding: both grew over the same span.
  if (!next->empty() && next->back().finding.end > merged.finding.start) {
    next->back().finding.end = std::max(next->back().finding.end, merged.finding.end);
    next->back().is_built = false;
    return;
  }
  next->push_back(std::move(merged));
}

/// Where in the text a place of the output is that lies after the span before `next`, or in it:
/// then its end.
uint32_t Pass::original(uint32_t at, size_t next) const {
  if (next == 0) return at;
  const Span& previous = spans_[next - 1];
  return previous.finding.end + (at > previous.out_end ? at - previous.out_end : 0);
}

/// Placeholders are no findings; what keeps a value's shape is one, and known to be.
bool Pass::may_stay(const Span& span) const {
  if (!span.typed.empty()) return true;
  return !span.is_found_again && redactor_.of(span.finding.rule).may_be_found();
}

/// Up to where the text is decided as far as its output goes: that may be found in, too.
uint32_t Pass::decided_in_output(uint32_t from) const {
  size_t next = 0;
  while (next < spans_.size() && spans_[next].finding.end <= from) ++next;
  const uint32_t out_from =
      next > 0 ? spans_[next - 1].out_end + (from - spans_[next - 1].finding.end) : from;
  const text::View view(out_);
  const uint32_t at =
      view.original(detector_->horizon().undecided(view.text(), detect::offset_in(view, out_from)));
  while (next < spans_.size() && spans_[next].out_start <= at) ++next;
  const bool is_inside = next > 0 && at < spans_[next - 1].out_end;
  return is_inside ? spans_[next - 1].finding.start : original(at, next);
}

void Pass::choose_cut(const std::vector<Finding>& beaten, uint32_t limit) {
  cut_ = std::min(static_cast<uint32_t>(text_.size()), limit);
  if (cut_ == text_.size()) return;
  std::vector<Range> ranges;
  for (const Span& span : spans_) ranges.push_back({span.finding.start, span.finding.end});
  for (const Finding& finding : beaten) ranges.push_back({finding.start, finding.end});
  std::sort(ranges.begin(), ranges.end(),
            [](const Range& a, const Range& b) { return a.end > b.end; });
  for (const Range& range : ranges) {
    if (range.start < cut_ && cut_ < range.end) cut_ = range.start;
  }
}

Result<Redacted> Pass::finish(uint32_t from) {
  Redacted out;
  uint32_t at = from;
  for (const Span& span : spans_) {
    if (span.finding.end <= from) continue;
    if (span.finding.start >= cut_) break;
    out.text.append(text_.substr(at, span.finding.start - at));
    if (auto ok = put(span, &out); !ok) return ok.error();
    at = span.finding.end;
  }
  if (out.is_changed) {
    out.text.append(text_.substr(at, cut_ - at));
  } else {
    out.text.clear();
  }
  return out;
}

Result<bool> Pass::put(const Span& span, Redacted* out) {
  const auto start = static_cast<uint32_t>(out->text.size());
  auto made = final_text(span);
  if (!made) return made.error();
  out->text.append(*made);
  if (span.typed.empty())
    out->changes.push_back({span.finding, start, static_cast<uint32_t>(out->text.size())});
  out->is_changed |= span.typed.empty() || *made != piece(span);
  return true;
}

Result<std::string> Pass::final_text(const Span& span) {
  uint32_t number = 0;
  std::string_view entity = span.typed;
  if (!span.typed.empty()) {
    const auto is_free = vault_->reserve(span.typed, span.typed_number);
    if (!is_free) return is_free.error();
    if (*is_free) return std::string(piece(span));
    const auto given = vault_->number_of_typed(span.typed, piece(span));
    if (!given) return given.error();
    number = *given;
  } else {
    const Operator& op = redactor_.of(span.finding.rule);
    if (span.is_found_again || !op.needs_number()) return span.replacement;
    const detect::Rule& rule = detector_->rules()[span.finding.rule];
    const auto given = vault_->number_of(rule.entity, rule.category, piece(span), regions_);
    if (!given) return given.error();
    number = *given;
    entity = rule.entity;
    if (op.kind != OperatorKind::kReplace) return apply(op, value_of(span), number);
  }
  Vault::Entry* entry = vault_->find(entity, number);
  entry->pairs =
      std::max(entry->pairs, pairs_around(text_, {span.finding.start, span.finding.end}));
  return span.typed.empty() ? apply(redactor_.of(span.finding.rule), value_of(span), number)
                            : placeholder({}, entity, number);
}

Redacted Pass::withhold(uint32_t from) const {
  Redacted out{true, kWithheld, {}};
  Finding all = spans_.front().finding;
  all.start = from;
  all.end = cut_;
  out.changes.push_back({all, 0, static_cast<uint32_t>(out.text.size())});
  return out;
}

}  // namespace subrosa::redact
