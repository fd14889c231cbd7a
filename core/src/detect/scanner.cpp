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

// A pattern with more instructions than this is looked for by its head: in one automaton with the
// others, its states would multiply with theirs.
constexpr uint64_t kMaxInWalk = 64;

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

uint16_t best_score(const Rule& rule, uint32_t pattern) {
  const Pattern& p = rule.patterns[pattern];
  return rule.validator ? std::max(p.score, p.checked) : p.score;
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
      Compiled c{r, p, 0, 0, {}, {}, {}, {}};
      const auto wrong = [&](const Error& error, const char* field) {
        return Error{error.code, error.at, place(rules[r], pattern, field)};
      };
      const std::string& lead = pattern.after.empty() ? pattern.regex : pattern.after;
      bool by_head = false;
      const std::pair<const std::string*, const char*> parts[] = {{&pattern.prefix, "prefix"},
                                                                  {&pattern.regex, "regex"},
                                                                  {&pattern.after, "after"},
                                                                  {&pattern.before, "before"}};
      for (const auto& [text, field] : parts) {
        if (text->empty()) continue;
        const auto checked = Program::check(*text);
        if (!checked) return wrong(checked.error(), field);
        c.features |= checked->features;
        if (text == &lead) by_head = checked->has_head && checked->size > kMaxInWalk;
      }
      const auto id = static_cast<uint32_t>(compiled.size());
      const auto entry = by_head ? program.add_head(lead, id) : program.add(lead, id);
      if (!entry) return wrong(entry.error(), "regex");
      c.entry = entry->start;
      if (by_head) c.whole = Matcher(lead);
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

uint16_t Scanner::least_score(uint32_t rule, const ScanOptions& options) const {
  const uint16_t own = options.thresholds ? options.thresholds[rule] : 0;
  return own ? own : options.min_score;
}

/// Whether a match can score enough without a word near it.
bool Scanner::stands_alone(const Compiled& compiled, const ScanOptions& options) const {
  return best_score(rules_[compiled.rule], compiled.pattern) >= least_score(compiled.rule, options);
}

/// The patterns that need no context and that a text with these features can match at all.
Automaton::Start Scanner::start_alone(uint32_t features, const ScanOptions& options) {
  const uint64_t key = uint64_t{options.min_score} << 32 | features;
  if (const auto found = alone_.find(key); found != alone_.end()) return found->second;
  std::vector<uint32_t> entries;
  for (const Compiled& c : compiled_) {
    if ((c.features & ~features) == 0 && stands_alone(c, options)) entries.push_back(c.entry);
  }
  return alone_[key] = automaton_.add_start(std::move(entries));
}

/// The patterns that this phrase lifts and that do not stand alone.
Automaton::Start Scanner::start_near(uint32_t phrase, const ScanOptions& options) {
  const uint64_t key = uint64_t{options.min_score} << 32 | phrase;
  if (const auto found = near_.find(key); found != near_.end()) return found->second;
  const auto& rules = context_.lifted_by(phrase);
  std::vector<uint32_t> entries;
  for (const Compiled& c : compiled_) {
    if (std::find(rules.begin(), rules.end(), c.rule) != rules.end() && !stands_alone(c, options)) {
      entries.push_back(c.entry);
    }
  }
  return near_[key] = automaton_.add_start(std::move(entries));
}

Result<std::vector<Finding>> Scanner::scan(std::string_view text, const ScanOptions& options) {
  if (text.size() > kMaxText) return ErrorCode::kTooLong;
  if (const size_t bad = text::find_ill_formed(text); bad != std::string_view::npos) {
    return Error{ErrorCode::kBadUtf8, static_cast<uint32_t>(bad), {}};
  }
  const text::View view(text);
  Scan scan{view.text(), options, {}};
  context_.begin(scan.text, options.previous);
  walk_range(start_alone(features_of(scan.text), options), 0,
             static_cast<uint32_t>(scan.text.size()), &scan);
  walk_near_words(&scan);
  for (Finding& finding : scan.found) {
    finding.start = view.original(finding.start);
    finding.end = view.original(finding.end);
    if (view.changed()) finding.flags |= Finding::kNormalised;
  }
  return resolve_overlaps(std::move(scan.found), rules_, options.beaten);
}

/// What needs context is looked for where the context is.
void Scanner::walk_near_words(Scan* scan) {
  const auto size = static_cast<uint32_t>(scan->text.size());
  walked_.assign(
      context_.hits().empty() && context_.previous_hits().empty() ? 0 : context_.phrases(), 0);
  const auto walk = [&](uint32_t phrase, uint32_t from, uint32_t to) {
    from = std::max(from, walked_[phrase]);
    if (from >= to) return;
    walk_range(start_near(phrase, scan->options), from, to, scan);
    walked_[phrase] = to;
  };
  for (const Context::Hit& hit : context_.previous_hits())
    walk(hit.phrase, 0, std::min(size, Context::kMaxBytes));
  for (const Context::Hit& hit : context_.hits()) {
    const uint32_t from = hit.start > Context::kMaxBytes ? hit.start - Context::kMaxBytes : 0;
    walk(hit.phrase, from, std::min(size, hit.end + Context::kMaxBytes));
  }
}

/// Walks from every place in text[from, to) where a match may begin.
void Scanner::walk_range(Automaton::Start start, uint32_t from, uint32_t to, Scan* scan) {
  const std::string_view text = scan->text;
  from = opaque_.end_around(text, from);
  bool after_word = word_before(text, from);
  for (uint32_t at = from; at < to; ++at) {
    const ByteKind kind = kind_at(text, at);
    if (kind == ByteKind::kInside) continue;
    if (const uint32_t length = opaque_.length_at(text, at)) {
      at += length - 1;
      after_word = false;
      continue;
    }
    const bool is_word = kind == ByteKind::kWord;
    // Within a word a number may begin ("tel4155550132"); whether it may stand there is its rule's
    // matter.
    const bool begins = !(after_word && is_word) || (is_digit(text[at]) && !is_digit(text[at - 1]));
    if (begins && automaton_.can_begin(start, static_cast<uint8_t>(text[at])))
      walk_from(start, at, scan);
    after_word = is_word;
  }
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
      const bool is_done =
          c.whole ? handle_whole(&c, at, scan) : handle(&c, at, accepts_[i].end, scan);
      if (is_done) taken_.push_back(id);
    }
  }
}

/// The walk saw how it begins; now the pattern runs alone.
bool Scanner::handle_whole(Compiled* compiled, uint32_t at, Scan* scan) {
  const auto& ends = compiled->whole.ends(scan->text, at);
  for (size_t i = ends.size(); i-- > 0;) {
    if (handle(compiled, at, ends[i], scan)) break;
  }
  return true;
}

/// The regex, or `after`, matched text[at, end). Whether a shorter end need not be tried.
bool Scanner::handle(Compiled* compiled, uint32_t at, uint32_t end, Scan* scan) {
  if (compiled->body) return follow(compiled, end, scan);
  return compiled->prefix ? reach_back(compiled, at, end, scan) : consider(compiled, at, end, scan);
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
bool Scanner::follow(Compiled* compiled, uint32_t at, Scan* scan) {
  if (at < scan->text.size() && opaque_.length_at(scan->text, at) > 0) return false;
  const auto& ends = compiled->body.ends(scan->text, at);
  for (size_t i = ends.size(); i-- > 0;) {
    if (consider(compiled, at, ends[i], scan)) break;
  }
  return false;  // a shorter `after` may lead to another finding
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
  const uint16_t least = least_score(compiled->rule, scan->options);
  const uint16_t best = best_score(rule, compiled->pattern);
  if ((has_context ? lifted(best) : best) < least) return false;

  Verdict verdict = Verdict::kNeutral;
  const bool weak_counts = (has_context ? lifted(pattern.score) : pattern.score) >= least;
  const Candidate candidate{scan->text, start, end, scan->options.regions, weak_counts};
  if (rule.validator) verdict = rule.validator(candidate);
  if (verdict == Verdict::kReject) return false;

  Finding finding{start, candidate.end, compiled->rule, compiled->pattern, pattern.score, 0, {}};
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
