// SPDX-License-Identifier: Apache-2.0
#include "detect/scanner.h"

#include <algorithm>
#include <utility>

#include "detect/boundary.h"
#include "detect/overlap.h"
#include "detect/validators/digits.h"
#include "text/utf8.h"
#include "text/view.h"

namespace subrosa::detect {
namespace {

constexpr uint16_t kContextLift = 350;
constexpr uint16_t kContextFloor = 400;

bool joins(char c) { return c == '-' || c == '.' || c == ',' || c == ':' || c == '/'; }

bool joins_number(std::string_view text, uint32_t start) {
  return start >= 2 && is_digit(text[start - 2]) && joins(text[start - 1]);
}

bool within_bounds(Bounds bounds, std::string_view text, uint32_t start, uint32_t end) {
  if (bounds == Bounds::kNone) return true;
  if (word_before(text, start) && word_at(text, start)) return false;
  if (word_at(text, end) && word_before(text, end)) return false;
  if (bounds == Bounds::kWord) return true;
  const bool joins_behind = end + 1 < text.size() && joins(text[end]) && is_digit(text[end + 1]);
  return !joins_behind && !joins_number(text, start);
}

Place place_of(std::string_view text, uint32_t at, BeginTable::Kind before) {
  if (before != BeginTable::kOther && word_at(text, at)) return Place::kInside;
  if (joins_number(text, at)) return Place::kJoined;
  return is_digit(text[at]) ? Place::kFree : Place::kFarFromDigits;
}

uint16_t lifted(uint16_t score) {
  return std::min<uint16_t>(1000, std::max<uint16_t>(score + kContextLift, kContextFloor));
}

}  // namespace

uint16_t Scanner::least_score(uint32_t rule, const ScanOptions& options) const {
  const uint16_t own = options.thresholds ? options.thresholds[rule] : 0;
  return own ? own : options.min_score;
}

Result<std::vector<Finding>> Scanner::scan(std::string_view text, const ScanOptions& options) {
  if (text.size() > kMaxText) return ErrorCode::kTooLong;
  if (const size_t bad = text::find_ill_formed(text); bad != std::string_view::npos) {
    return Error{ErrorCode::kBadUtf8, static_cast<uint32_t>(bad), {}};
  }
  const text::View view(text);
  context_.begin(view.text(), options.previous);
  gate_.begin(view.text(), view.is_ascii());
  read(view.text());
  read_previous();
  Scan scan{view.text(), options, mode_of(options), {}};
  walk_range(start_alone(scan), 0, static_cast<uint32_t>(scan.text.size()), &scan);
  try_led(&scan);
  walk_listed(&scan);
  walk_near_words(&scan);
  for (Finding& finding : scan.found) {
    finding.start = view.original(finding.start);
    finding.end = view.original(finding.end);
    finding.context_start = view.original(finding.context_start);
    finding.context_end = view.original(finding.context_end);
    if (view.changed()) finding.flags |= Finding::kNormalised;
  }
  return resolve_overlaps(std::move(scan.found), rules_, options.beaten);
}

/// Whether a walk finds something; it is in accepts_.
inline bool Scanner::walk(Automaton* automaton, Automaton::Start start, std::string_view text,
                          uint32_t at) {
  accepts_.clear();
  automaton->walk(start, text, at, &accepts_);
  return !accepts_.empty();
}

/// Where something begins, and which words there are.
void Scanner::read(std::string_view text) {
  begins_.clear();
  led_.clear();
  each_begin(text, [&, text](uint32_t at, uint8_t what, BeginTable::Kind before) -> uint32_t {
    const uint32_t byte = static_cast<uint8_t>(text[at]);
    const uint8_t may = bytes_[byte];
    if (may & kGap) gate_.note_gap(at);
    if (may & kOnlyGap) {
      context_.note_gap();
      return 1;
    }
    if (may & kOpaque) {
      if (const uint32_t length = note_opaque(text, at)) return length;
    }
    if (what & may & kMatch)
      begins_.push_back({at, gate_.digits(), byte, place_of(text, at, before)});
    if (may & (kMark | kDigits)) note_byte(text, at);
    if (!(what & kPhrase)) return 1;
    context_.note_begin(at);
    if (may & kPhrase && walk(words_automaton_.get(), words_, text, at))
      note_words({at, gate_.digits(), byte, Place::kFree}, what);
    return 1;
  });
  gate_.note_gap(static_cast<uint32_t>(text.size()));
}

/// What begins a little before a digit is not far from it.
void Scanner::note_near_digit(uint32_t at) {
  for (auto begin = begins_.rbegin(); begin != begins_.rend() && at - begin->at <= kNear; ++begin) {
    if (begin->place == Place::kFarFromDigits) begin->place = Place::kFree;
  }
}

/// A mark, or digits.
void Scanner::note_byte(std::string_view text, uint32_t at) {
  if (!is_digit(text[at])) return gate_.note_mark(text[at]);
  note_near_digit(at);
  for (uint32_t i = at; i < text.size() && is_digit(text[i]); ++i) gate_.note_digit(i);
}

/// The length of what redaction put there, so that it is stepped over; 0 if it did not. Its digits
/// may still be in what a pattern takes for a whole.
uint32_t Scanner::note_opaque(std::string_view text, uint32_t at) {
  const uint32_t length = opaque_.length_at(text, at);
  if (length == 0) return 0;
  context_.note_opaque(at);
  for (uint32_t i = at; i < at + length; ++i) {
    if (is_digit(text[i])) {
      note_near_digit(i);
      gate_.note_digit(i);
    }
    gate_.note_mark(text[i]);
  }
  return length;
}

/// The phrases, the patterns and the words of lists that were found to begin here.
void Scanner::note_words(const Begin& begin, uint8_t what) {
  const auto phrases = static_cast<uint32_t>(context_.patterns().size());
  const auto lists = phrases + static_cast<uint32_t>(compiled_.size());
  next_walk();
  for (const Automaton::Accept& accept : accepts_) {
    for (const uint32_t id : accept.ids) {
      if (id < phrases) {
        context_.note_phrase({begin.at, accept.end, id});
      } else if (id >= lists) {
        gate_.note(id - lists, accept.end);
      } else if (what & kMatch && std::exchange(done_[id - phrases], walk_) != walk_) {
        led_.push_back({begin, accept.end, id - phrases});
      }
    }
  }
}

/// The phrases that were found to begin here in the turn before.
void Scanner::note_previous(uint32_t at) {
  for (const Automaton::Accept& accept : accepts_) {
    for (const uint32_t id : accept.ids) {
      if (id < context_.patterns().size()) context_.note_previous({at, accept.end, id});
    }
  }
}

void Scanner::read_previous() {
  const std::string_view text = context_.previous();
  if (text.empty()) return;
  each_begin(text, [&](uint32_t at, uint8_t what, BeginTable::Kind) -> uint32_t {
    if (!(what & kPhrase)) return 1;
    if (const uint32_t length = opaque_.length_at(text, at)) return length;
    if (walk(words_automaton_.get(), words_, text, at)) note_previous(at);
    return 1;
  });
}

/// What words lead is there already.
void Scanner::try_led(Scan* scan) {
  const uint32_t features = gate_.features();
  for (const Led& led : led_) {
    Compiled& c = compiled_[led.pattern];
    if (c.features & ~features || (scan->options.only && !(*scan->options.only)[c.rule])) continue;
    handle_whole(&c, led.begin, led.end, scan);
  }
}

/// What holds a word of a list is looked for around such words.
void Scanner::walk_listed(Scan* scan) {
  const auto size = static_cast<uint32_t>(scan->text.size());
  for (const uint32_t list : gate_.noted()) {
    const Listed& listed = start_listed(list, *scan);
    if (listed.starts.none) continue;
    uint32_t walked = 0;
    for (const uint32_t end : gate_.ends(list)) {
      const uint32_t from = std::max(walked, end - std::min(end, listed.reach));
      walked = std::max(from, std::min(size, end + listed.back));
      walk_range(listed.starts, from, walked, scan);
    }
  }
}

/// What needs context is looked for where the context is.
void Scanner::walk_near_words(Scan* scan) {
  const auto size = static_cast<uint32_t>(scan->text.size());
  for (const Context::Hit& hit : context_.previous_hits())
    walk_near(hit.phrase, 0, std::min(size, Context::kMaxBytes), scan);
  for (const Context::Hit& hit : context_.hits()) {
    const uint32_t from = hit.start > Context::kMaxBytes ? hit.start - Context::kMaxBytes : 0;
    walk_near(hit.phrase, from, std::min(size, hit.end + Context::kMaxBytes), scan);
  }
  for (const Context::Hit& hit : context_.previous_hits())
    walked_[context_.group_of(hit.phrase)] = 0;
  for (const Context::Hit& hit : context_.hits()) walked_[context_.group_of(hit.phrase)] = 0;
}

void Scanner::walk_near(uint32_t phrase, uint32_t from, uint32_t to, Scan* scan) {
  const uint32_t group = context_.group_of(phrase);
  from = std::max(from, walked_[group]);
  if (from >= to) return;
  walked_[group] = to;
  const Starts& starts = start_near(group, *scan);
  if (!starts.none) walk_range(starts, from, to, scan);
}

/// Walks from every place in text[from, to) where a match may begin.
void Scanner::walk_range(const Starts& starts, uint32_t from, uint32_t to, Scan* scan) {
  const auto is_before = [](const Begin& begin, uint32_t at) { return begin.at < at; };
  auto begin = begins_.begin();
  if (from > 0) begin = std::lower_bound(begin, begins_.end(), from, is_before);
  for (; begin != begins_.end() && begin->at < to; ++begin) {
    const auto place = static_cast<size_t>(begin->place);
    if (!(starts.places[begin->byte] >> place & 1)) continue;
    if (walk(automaton_.get(), starts.at[place], scan->text, begin->at)) try_accepts(*begin, scan);
  }
}

void Scanner::next_walk() {
  if (++walk_ != 0) return;
  done_.assign(done_.size(), 0);
  walk_ = 1;
}

/// Tries what a walk from there found, the longest first.
void Scanner::try_accepts(const Begin& begin, Scan* scan) {
  next_walk();
  for (size_t i = accepts_.size(); i-- > 0;) {
    for (const uint32_t id : accepts_[i].ids) {
      if (done_[id] == walk_) continue;
      Compiled& c = compiled_[id];
      if (scan->options.only && !(*scan->options.only)[c.rule]) continue;
      const uint32_t end = accepts_[i].end;
      const bool is_done =
          c.whole ? handle_whole(&c, begin, end, scan) : handle(&c, begin.at, end, scan);
      if (is_done) done_[id] = walk_;
    }
  }
}

/// The walk saw how it begins, up to `seen`; now the pattern runs alone.
bool Scanner::handle_whole(Compiled* compiled, const Begin& begin, uint32_t seen, Scan* scan) {
  if (!gate_.is_open(compiled->needs, begin.at, seen, begin.digits)) return true;
  const auto& ends = compiled->whole->ends(scan->text, begin.at);
  for (size_t i = ends.size(); i-- > 0;) {
    if (handle(compiled, begin.at, ends[i], scan)) break;
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
  const auto& starts = compiled->prefix->ends(scan->text, at);
  for (size_t i = starts.size(); i-- > 0;) {
    if (consider(compiled, starts[i], end, scan)) return true;
  }
  return false;
}

/// `after` matched up to `at`: the finding begins there.
bool Scanner::follow(Compiled* compiled, uint32_t at, Scan* scan) {
  if (at < scan->text.size() && opaque_.length_at(scan->text, at) > 0) return false;
  const auto& ends = compiled->body->ends(scan->text, at);
  for (size_t i = ends.size(); i-- > 0;) {
    if (consider(compiled, at, ends[i], scan)) break;
  }
  return false;  // a shorter `after` may lead to another finding
}

/// Whether one of the last findings of the rule holds text[start, end) and has as many points, by
/// its context, as this could have: then this would be absorbed.
bool Scanner::is_held(const Compiled& compiled, uint32_t start, uint32_t end,
                      const Scan& scan) const {
  constexpr size_t kLast = 4;
  const uint16_t most = lifted(rules_[compiled.rule].best_score(compiled.pattern));
  for (size_t i = scan.found.size(), left = kLast; i > 0 && left > 0; --left) {
    const Finding& f = scan.found[--i];
    if (f.rule == compiled.rule && f.start <= start && f.end >= end && f.score >= most &&
        f.flags & Finding::kContext)
      return true;
  }
  return false;
}

/// Whether text[start, end) is one, by all but its overlaps; if so and it scores enough, it is
/// noted.
bool Scanner::consider(Compiled* compiled, uint32_t start, uint32_t end, Scan* scan) {
  if (!within_bounds(compiled->bounds, scan->text, start, end)) return false;
  if (is_held(*compiled, start, end, *scan)) return true;
  if (compiled->before && compiled->before->ends(scan->text, end).empty()) return false;

  const Rule& rule = rules_[compiled->rule];
  const Pattern& pattern = rule.patterns[compiled->pattern];
  const Context::Near* near = nullptr;
  if (!rule.context.empty() || !rule.deny_context.empty()) near = &context_.near(start, end);
  const bool has_context = near && near->lifted[compiled->rule];
  if (near && near->denied[compiled->rule] && !has_context) return false;

  // Validators cost more than this test, and most numbers in a chat are nothing.
  const uint16_t least = least_score(compiled->rule, scan->options);
  const uint16_t best = rule.best_score(compiled->pattern);
  if ((has_context ? lifted(best) : best) < least) return false;

  Verdict verdict = Verdict::kNeutral;
  const bool weak_counts = (has_context ? lifted(pattern.score) : pattern.score) >= least;
  const Candidate candidate{scan->text, start, end, scan->options.regions, weak_counts};
  if (rule.validator) verdict = rule.validator(candidate);
  if (verdict == Verdict::kReject) return false;

  Finding finding{start, candidate.end, compiled->rule, compiled->pattern, pattern.score, 0};
  if (verdict == Verdict::kConfirm) {
    finding.score = pattern.checked;
    finding.flags |= Finding::kValidated;
  }
  if (has_context) {
    finding.score = lifted(finding.score);
    finding.flags |= Finding::kContext;
    if (scan->options.beaten) {
      const Context::Word word = context_.lifting_word(compiled->rule, start, end);
      finding.context_start = word.start;
      finding.context_end = word.end;
    }
  }
  if (finding.score < least) return true;
  scan->found.push_back(finding);
  return true;
}

}  // namespace subrosa::detect
