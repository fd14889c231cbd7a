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
      Compiled c{r, p, 0, 0};
      const auto add = [&](const std::string& regex, const char* field,
                           uint32_t* entry) -> Result<bool> {
        Result<Program::Entry> added = program.add(regex, static_cast<uint32_t>(compiled.size()));
        if (!added)
          return Error{added.error().code, added.error().at, place(rules[r], pattern, field)};
        *entry = added->start;
        c.features |= added->features;
        return true;
      };
      if (auto ok = add(pattern.regex, "regex", &c.entry); !ok) return ok.error();
      // Entries are turned into starts once the program is whole.
      if (!pattern.after.empty()) {
        c.body = c.entry;
        if (auto ok = add(pattern.after, "after", &c.entry); !ok) return ok.error();
      }
      if (!pattern.before.empty()) {
        if (auto ok = add(pattern.before, "before", &c.before); !ok) return ok.error();
      }
      compiled.push_back(c);
    }
  }
  return std::unique_ptr<Scanner>(
      new Scanner(std::move(rules), std::move(program), std::move(compiled)));
}

Scanner::Scanner(std::vector<Rule> rules, Program program, std::vector<Compiled> compiled)
    : rules_(std::move(rules)),
      compiled_(std::move(compiled)),
      automaton_(std::move(program)),
      context_(rules_) {
  for (Compiled& c : compiled_) {
    if (c.body != kNoStart) c.body = automaton_.add_start({c.body});
    if (c.before != kNoStart) c.before = automaton_.add_start({c.before});
  }
}

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
  if (accepts_.empty()) return;
  // A walk invalidates the spans of the one before, and following a pattern walks: so take the ids
  // first.
  struct End {
    uint32_t id, end;
  };
  std::vector<End> ends;
  for (size_t i = accepts_.size(); i-- > 0;) {
    for (const uint32_t id : accepts_[i].ids) ends.push_back({id, accepts_[i].end});
  }
  taken_.clear();
  for (const End& e : ends) {
    const Compiled& c = compiled_[e.id];
    if (scan->options.only && !(*scan->options.only)[c.rule]) continue;
    if (std::find(taken_.begin(), taken_.end(), e.id) != taken_.end()) continue;
    if (c.body != kNoStart) {
      follow(c, e.end, scan);
    } else if (consider(c, at, e.end, scan)) {
      taken_.push_back(e.id);
    }
  }
}

/// `after` matched up to `at`: the finding begins there.
void Scanner::follow(const Compiled& compiled, uint32_t at, Scan* scan) {
  inner_.clear();
  automaton_.walk(compiled.body, scan->text, at, &inner_);
  std::vector<uint32_t> ends;
  for (size_t i = inner_.size(); i-- > 0;) ends.push_back(inner_[i].end);
  for (const uint32_t end : ends) {
    if (consider(compiled, at, end, scan)) return;
  }
}

bool Scanner::is_followed(const Compiled& compiled, uint32_t end, std::string_view text) {
  if (compiled.before == kNoStart) return true;
  after_.clear();
  automaton_.walk(compiled.before, text, end, &after_);
  return !after_.empty();
}

/// Whether text[start, end) is one, by all but its overlaps; if so and it scores enough, it is
/// noted.
bool Scanner::consider(const Compiled& compiled, uint32_t start, uint32_t end, Scan* scan) {
  const Rule& rule = rules_[compiled.rule];
  const Pattern& pattern = rule.patterns[compiled.pattern];
  if (!within_bounds(pattern.bounds, scan->text, start, end)) return false;
  if (!is_followed(compiled, end, scan->text)) return false;

  const Context::Near* near = nullptr;
  if (!rule.context.empty() || !rule.deny_context.empty()) near = &context_.near(start, end);
  const bool has_context = near && near->lifted[compiled.rule];
  if (near && near->denied[compiled.rule] && !has_context) return false;

  // Validators cost more than this test, and most numbers in a chat are nothing.
  uint16_t least = scan->options.min_score;
  if (scan->options.thresholds && scan->options.thresholds[compiled.rule])
    least = scan->options.thresholds[compiled.rule];
  const uint16_t best = rule.validator ? std::max(pattern.score, pattern.checked) : pattern.score;
  if ((has_context ? lifted(best) : best) < least) return false;

  Verdict verdict = Verdict::kNeutral;
  if (rule.validator) verdict = rule.validator({scan->text, start, end, scan->options.regions});
  if (verdict == Verdict::kReject) return false;

  Finding finding{start, end, compiled.rule, compiled.pattern, pattern.score, 0, {}};
  if (verdict == Verdict::kConfirm) {
    finding.score = pattern.checked;
    finding.flags |= Finding::kValidated;
  }
  if (has_context) {
    finding.score = lifted(finding.score);
    finding.flags |= Finding::kContext;
    if (scan->options.beaten) {
      const Context::Word word = context_.lifting_word(compiled.rule, start, end);
      finding.context = scan->text.substr(word.start, word.end - word.start);
    }
  }
  if (finding.score < least) return true;
  scan->found.push_back(std::move(finding));
  return true;
}

}  // namespace subrosa::detect
