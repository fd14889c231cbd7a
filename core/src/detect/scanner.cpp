// SPDX-License-Identifier: Apache-2.0
#include "detect/scanner.h"

#include <algorithm>

#include "detect/boundary.h"
#include "detect/overlap.h"
#include "detect/validators/digits.h"
#include "text/utf8.h"
#include "text/view.h"

namespace subrosa::detect {
namespace {

constexpr uint16_t kContextLift = 350;
constexpr uint16_t kContextFloor = 400;

bool glued_to_number(std::string_view text, uint32_t start, uint32_t end) {
  const auto joins = [](char c) {
    return c == '-' || c == '.' || c == ',' || c == ':' || c == '/';
  };
  if (start >= 2 && joins(text[start - 1]) && is_digit(text[start - 2])) return true;
  return end + 1 < text.size() && joins(text[end]) && is_digit(text[end + 1]);
}

bool within_bounds(Bounds bounds, std::string_view text, uint32_t start, uint32_t end) {
  if (bounds == Bounds::kNone) return true;
  if (word_before(text, start) && word_at(text, start)) return false;
  if (word_at(text, end) && word_before(text, end)) return false;
  return bounds != Bounds::kNumber || !glued_to_number(text, start, end);
}

uint16_t lifted(uint16_t score) {
  return std::min<uint16_t>(1000, std::max<uint16_t>(score + kContextLift, kContextFloor));
}

std::string place(const Rule& rule, const Pattern& pattern, const char* field) {
  return rule.entity + (rule.kind.empty() ? "" : "/" + rule.kind) + "/patterns/" + pattern.name +
         "/" + field;
}

}  // namespace

Result<std::unique_ptr<Scanner>> Scanner::create(std::vector<Rule> rules) {
  if (rules.size() > kMaxRules) return Error{ErrorCode::kTooLong, 0, "rules"};
  Program program;
  std::vector<Compiled> compiled;
  for (uint32_t r = 0; r < rules.size(); ++r) {
    for (uint32_t p = 0; p < rules[r].patterns.size(); ++p) {
      const Pattern& pattern = rules[r].patterns[p];
      Compiled c{r, p, 0, 0, {}, {}, {}};
      const std::pair<const std::string&, const char*> parts[] = {{pattern.prefix, "prefix"},
                                                                  {pattern.regex, "regex"},
                                                                  {pattern.after, "after"},
                                                                  {pattern.before, "before"}};
      for (const auto& [text, field] : parts) {
        if (text.empty()) continue;
        const auto checked = Program::check(text);
        if (!checked)
          return Error{checked.error().code, checked.error().at, place(rules[r], pattern, field)};
        c.features |= checked->features;
      }
      // The walk begins with `after`, where there is one; the rest is compiled when a text first
      // leads to it.
      const auto entry = program.add(pattern.after.empty() ? pattern.regex : pattern.after,
                                     static_cast<uint32_t>(compiled.size()));
      if (!entry) return Error{entry.error().code, 0, place(rules[r], pattern, "regex")};
      c.entry = entry->start;
      c.prefix = Matcher(pattern.prefix, Direction::kBackward);
      if (!pattern.after.empty()) c.body = Matcher(pattern.regex);
      c.before = Matcher(pattern.before);
      compiled.push_back(std::move(c));
    }
  }
  return std::unique_ptr<Scanner>(
      new Scanner(std::move(rules), std::move(program), std::move(compiled)));
}

Scanner::Scanner(std::vector<Rule> rules, Program program, std::vector<Compiled> compiled)
    : rules_(std::move(rules)),
      compiled_(std::move(compiled)),
      automaton_(std::move(program)),
      opaque_(rules_),
      context_(rules_) {}

/// The patterns that a text with these features can match at all.
Automaton::Start Scanner::start_for(uint32_t features) {
  if (const auto found = starts_.find(features); found != starts_.end()) return found->second;
  std::vector<uint32_t> entries;
  for (const Compiled& c : compiled_) {
    if ((c.features & ~features) == 0) entries.push_back(c.entry);
  }
  const Automaton::Start start = automaton_.add_start(std::move(entries));
  starts_.emplace(features, start);
  return start;
}

Result<std::vector<Finding>> Scanner::scan(std::string_view text, const ScanOptions& options) {
  if (text.size() > kMaxText) return ErrorCode::kTooLong;
  if (const size_t bad = text::find_ill_formed(text); bad != std::string_view::npos) {
    return Error{ErrorCode::kBadUtf8, static_cast<uint32_t>(bad), {}};
  }
  const text::View view(text);
  Scan scan{view.text(), options, {}};
  context_.begin(scan.text, options.previous);

  const Automaton::Start start = start_for(features_of(scan.text));
  bool after_word = false;
  for (uint32_t at = 0; at < scan.text.size(); ++at) {
    const ByteKind kind = kind_at(scan.text, at);
    if (kind == ByteKind::kInside) continue;
    const bool is_word = kind == ByteKind::kWord;
    if (const uint32_t length = opaque_.length_at(scan.text, at)) {
      at += length - 1;
      after_word = false;
      continue;
    }
    // Within a word a number may begin ("tel4155550132"); whether it may stand there is its rule's
    // matter.
    const bool begins =
        !(after_word && is_word) || (is_digit(scan.text[at]) && !is_digit(scan.text[at - 1]));
    if (begins && automaton_.can_begin(start, static_cast<uint8_t>(scan.text[at])))
      walk_from(start, at, &scan);
    after_word = is_word;
  }

  for (Finding& finding : scan.found) {
    finding.start = view.original(finding.start);
    finding.end = view.original(finding.end);
    if (view.changed()) finding.flags |= Finding::kNormalised;
  }
  return resolve_overlaps(std::move(scan.found), rules_, options.beaten);
}

void Scanner::walk_from(Automaton::Start start, uint32_t at, Scan* scan) {
  accepts_.clear();
  automaton_.walk(start, scan->text, at, &accepts_);
  taken_.clear();
  for (size_t i = accepts_.size(); i-- > 0;) {
    for (const uint32_t id : accepts_[i].ids) {
      Compiled& c = compiled_[id];
      if (scan->options.only && !(*scan->options.only)[c.rule]) continue;
      if (std::find(taken_.begin(), taken_.end(), id) != taken_.end()) continue;
      if (c.body) {
        follow(&c, accepts_[i].end, scan);
      } else if (c.prefix ? reach_back(&c, at, accepts_[i].end, scan)
                          : consider(&c, at, accepts_[i].end, scan)) {
        taken_.push_back(id);
      }
    }
  }
}

/// The regex matched text[at, end): the finding begins before it.
bool Scanner::reach_back(Compiled* compiled, uint32_t at, uint32_t end, Scan* scan) {
  const auto& starts = compiled->prefix.ends(scan->text, at);
  for (size_t i = starts.size(); i-- > 0;) {
    if (consider(compiled, starts[i], end, scan)) return true;
  }
  return false;
}

/// `after` matched up to `at`: the finding begins there.
void Scanner::follow(Compiled* compiled, uint32_t at, Scan* scan) {
  if (at < scan->text.size() && opaque_.length_at(scan->text, at) > 0) return;
  const auto& ends = compiled->body.ends(scan->text, at);
  for (size_t i = ends.size(); i-- > 0;) {
    if (consider(compiled, at, ends[i], scan)) return;
  }
}

/// Whether text[start, end) is one, by all but its overlaps; if so and it scores enough, it is
/// noted.
bool Scanner::consider(Compiled* compiled, uint32_t start, uint32_t end, Scan* scan) {
  const Rule& rule = rules_[compiled->rule];
  const Pattern& pattern = rule.patterns[compiled->pattern];
  if (!within_bounds(pattern.bounds, scan->text, start, end)) return false;
  if (compiled->before && compiled->before.ends(scan->text, end).empty()) return false;

  const Context::Near* near = nullptr;
  if (!rule.context.empty() || !rule.deny_context.empty()) near = &context_.near(start, end);
  const bool has_context = near && near->lifted[compiled->rule];
  if (near && near->denied[compiled->rule] && !has_context) return false;

  // Validators cost more than this test, and most numbers in a chat are nothing.
  uint16_t least = scan->options.min_score;
  if (scan->options.thresholds && scan->options.thresholds[compiled->rule])
    least = scan->options.thresholds[compiled->rule];
  const uint16_t best = rule.validator ? std::max(pattern.score, pattern.checked) : pattern.score;
  if ((has_context ? lifted(best) : best) < least) return false;

  Verdict verdict = Verdict::kNeutral;
  if (rule.validator) verdict = rule.validator({scan->text, start, end, scan->options.regions});
  if (verdict == Verdict::kReject) return false;

  Finding finding{start, end, compiled->rule, compiled->pattern, pattern.score, 0, {}};
  if (verdict == Verdict::kConfirm) {
    finding.score = pattern.checked;
    finding.flags |= Finding::kValidated;
  }
  if (has_context) {
    finding.score = lifted(finding.score);
    finding.flags |= Finding::kContext;
    if (scan->options.beaten) {
      const Context::Word word = context_.lifting_word(compiled->rule, start, end);
      finding.context = scan->text.substr(word.start, word.end - word.start);
    }
  }
  if (finding.score < least) return true;
  scan->found.push_back(std::move(finding));
  return true;
}

}  // namespace subrosa::detect
