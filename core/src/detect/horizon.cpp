// SPDX-License-Identifier: Apache-2.0
#include "detect/horizon.h"

#include <algorithm>
#include <utility>

#include "detect/boundary.h"
#include "detect/matcher.h"
#include "detect/validators/digits.h"
#include "detect/validators/registry.h"
#include "text/utf8.h"

namespace subrosa::detect {
namespace {

constexpr size_t kFirstsCacheBytes = size_t{4} << 20;

bool is_plain(char c) { return is_alnum(c) || static_cast<uint8_t>(c) >= 0x80; }

/// What the validators that move a finding's end let it run over.
bool runs_on(char c) {
  return is_alnum(c) || static_cast<uint8_t>(c) <= ' ' ||
         std::string_view("+/-_=\\:,\"'.()").find(c) != std::string_view::npos;
}

/// Whether what redaction puts in a text may begin here and go on behind the text's end.
bool runs_out_opaque(std::string_view text, uint32_t at) {
  if (text[at] != '[') return false;
  const auto is_body = [](char c) {
    return is_alnum(c) || c == '_' || c == '-' || c == ':' || c == '=';
  };
  ++at;
  while (at < text.size() && is_body(text[at])) ++at;
  return at == text.size();
}

/// Where the words end that count behind a finding that ends at text[at], and what a validator
/// looks at: it looks past any number of spaces and points. Does not decrease with `at`.
uint32_t words_end(std::string_view text, uint32_t at) {
  while (at < text.size() && !is_plain(text[at])) ++at;
  const uint32_t most = at + Horizon::kAround;
  for (uint32_t words = 0; at < text.size() && at < most; ++at) {
    const bool begins = is_alnum(text[at]) && at > 0 && static_cast<uint8_t>(text[at - 1]) <= ' ';
    if (begins && ++words > Horizon::kWordsAhead) return at;
  }
  return at < text.size() ? most : at + 1;
}

/// The first place where a finding that ends there may yet be changed by what follows the text.
uint32_t first_unsettled(std::string_view text) {
  uint32_t low = 0, high = static_cast<uint32_t>(text.size());
  while (low < high) {
    const uint32_t middle = (low + high) / 2;
    if (words_end(text, middle) > text.size()) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

/// Bytes of a character in a view.
uint32_t shown_size(std::string_view character) {
  return character.size() == 1 ? 1 : static_cast<uint32_t>(text::View(character).text().size());
}

/// How far before a finding a phrase may begin that counts for it: in another case, and with more
/// between its words, it is longer than it is written in the rule.
uint32_t reach_of(const std::string& phrase) {
  return Context::kMaxBytes +
         std::min(3 * static_cast<uint32_t>(phrase.size()), Automaton::kMaxWalk);
}

/// Whether there is what a validator looks for further back than kAround: every manifest's secrets
/// stand under this key, and a password given to curl behind its name.
bool looks_far_back(std::string_view text) {
  const text::View view(text);
  return view.text().find("data:") != std::string_view::npos ||
         view.text().find("curl") != std::string_view::npos;
}

uint32_t longest(std::string_view pattern) {
  const auto checked = Program::check(pattern);
  return checked ? std::min(checked->needs.reach, Automaton::kMaxWalk) : 0;
}

}  // namespace

uint32_t offset_in(const text::View& view, uint32_t original) {
  if (!view.changed()) return original;
  uint32_t low = 0, high = static_cast<uint32_t>(view.text().size());
  while (low < high) {
    const uint32_t middle = (low + high) / 2;
    if (view.original(middle) < original) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

uint32_t character_at(std::string_view text, uint32_t at) {
  while (at > 0 && at < text.size() && text::is_continuation(text[at])) --at;
  return at;
}

uint32_t shown_before(std::string_view text, uint32_t at, uint32_t bytes) {
  uint32_t shown = 0;
  while (at > 0 && shown < bytes) {
    const uint32_t start = character_at(text, at - 1);
    shown += shown_size(text.substr(start, at - start));
    at = start;
  }
  return at;
}

uint32_t shown_behind(std::string_view text, uint32_t at, uint32_t bytes) {
  for (uint32_t shown = 0; at < text.size() && shown < bytes;) {
    const uint32_t length = text::decode(text, at).length;
    shown += shown_size(text.substr(at, length));
    at += length;
  }
  return at;
}

bool parts_words(std::string_view character) {
  const text::View view(character);
  const std::string_view shown = view.text();
  return shown.size() == 1 && !is_plain(shown[0]) &&
         std::string_view("_-:=[]").find(shown[0]) == std::string_view::npos;
}

/// The parts of a pattern in the order in which they stand in a text, but for its prefix: like the
/// scanner, this looks for what stands behind that.
struct Horizon::Chain {
  std::vector<Matcher> parts;
  Matcher prefix;           // backwards from where the parts begin
  bool is_by_head = false;  // the first part is in firsts_ with its head only
  bool moves_end = false;   // its validator does
  uint32_t most = 0;        // bytes that a match has at most, without its prefix
  uint32_t ahead = 0;       // bytes that its validator looks at, beyond those of words
  uint64_t walk = 0;        // the last one that it was followed in
};

Horizon::~Horizon() = default;

Horizon::Horizon(const std::vector<Rule>& rules) : opaque_(rules) {
  Program program;
  std::vector<uint32_t> all, far, prefixes, behind_prefix;
  for (const Rule& rule : rules) {
    for (const auto* words : {&rule.context, &rule.deny_context}) {
      for (const std::string& word : *words) back_ = std::max(back_, reach_of(word));
    }
    for (const Pattern& pattern : rule.patterns) {
      back_ = std::max(back_, longest(pattern.after) + 1);
      const std::string& first = pattern.after.empty() ? pattern.regex : pattern.after;
      const auto checked = Program::check(first);
      if (!checked) continue;  // the scanner refused the rule
      Chain chain = chain_of(rule, pattern);
      chain.is_by_head = checked->is_by_head();
      const auto id = static_cast<uint32_t>(chains_.size());
      const auto entry =
          chain.is_by_head ? program.add_head(*checked, id) : program.add(*checked, id);
      if (!entry) continue;
      if (!pattern.prefix.empty()) {
        longest_prefix_ = std::max(longest_prefix_, longest(pattern.prefix));
        if (const auto prefix = program.add(pattern.prefix, id)) prefixes.push_back(prefix->start);
        behind_prefix.push_back(entry->start);
        prefixed_.push_back(std::move(chain));
        continue;
      }
      all.push_back(entry->start);
      if (chain.most + chain.ahead > kNear) far.push_back(entry->start);
      chains_.push_back(std::move(chain));
    }
  }
  back_ = std::max(back_, longest_prefix_ + kAround);
  firsts_ = std::make_unique<Automaton>(std::move(program), kFirstsCacheBytes);
  all_ = firsts_->add_start(std::move(all));
  far_ = firsts_->add_start(std::move(far));
  prefixes_ = firsts_->add_start(std::move(prefixes));
  behind_prefix_ = firsts_->add_start(std::move(behind_prefix));
}

Horizon::Chain Horizon::chain_of(const Rule& rule, const Pattern& pattern) {
  static const Validator kJwt = find_validator("jwt"), kPem = find_validator("pem_private_key");
  static const Validator kKubernetes = find_validator("kubernetes_secret");
  Chain chain;
  chain.moves_end = rule.validator && (rule.validator == kJwt || rule.validator == kPem);
  if (chain.moves_end) chain.most = kMaxReach;
  if (rule.validator && rule.validator == kKubernetes) chain.ahead = kManifest;
  for (const auto* part : {&pattern.after, &pattern.regex, &pattern.before}) {
    if (part->empty()) continue;
    chain.parts.emplace_back(*part);
    chain.most += longest(*part);
  }
  chain.prefix = Matcher(pattern.prefix, Direction::kBackward);
  return chain;
}

/// Whether whatever the chain matches from text[at] on is known, and all that has a say in it.
bool Horizon::is_far_off(const Chain& chain, uint32_t at) const {
  const uint32_t end = at + chain.most;
  return end < unsettled_ && end + chain.ahead <= text_.size();
}

/// Whether what follows a match that ends at `end` may yet have a say.
bool Horizon::is_unsettled(const Chain& chain, uint32_t begin, uint32_t end) const {
  if (chain.moves_end) {
    while (end < text_.size() && end - begin < kMaxReach && runs_on(text_[end])) ++end;
  }
  return end >= unsettled_ || end + chain.ahead > text_.size();
}

/// Whether a match whose parts before `part` end at text[at] may yet come about, or change.
bool Horizon::is_open(Chain* chain, size_t part, uint32_t begin, uint32_t at) {
  if (part == chain->parts.size()) return is_unsettled(*chain, begin, at);
  Matcher& own = chain->parts[part];
  const std::vector<uint32_t>& ends = own.ends(text_, at);
  return own.read() > text_.size() || std::any_of(ends.begin(), ends.end(), [&](uint32_t end) {
           return is_open(chain, part + 1, begin, end);
         });
}

bool Horizon::begins(uint32_t at) const {
  return !(word_before(text_, at) && word_at(text_, at)) ||
         (is_digit(text_[at]) && !is_digit(text_[at - 1]));
}

/// Whether anything that begins at text[at] is open.
bool Horizon::is_open_at(uint32_t at) {
  if (runs_out_opaque(text_, at)) return true;
  accepts_.clear();
  if (text_.size() - at <= longest_prefix_ &&
      firsts_->walk(prefixes_, text_, at, &accepts_) > text_.size())
    return true;
  if (!begins(at)) return false;
  accepts_.clear();
  const bool is_far = at + kNear < unsettled_;
  if (firsts_->walk(is_far ? far_ : all_, text_, at, &accepts_) > text_.size()) return true;
  ++walk_;
  for (const Automaton::Accept& accept : accepts_) {
    for (const uint32_t id : accept.ids) {
      Chain& chain = chains_[id];
      if (is_far_off(chain, at)) continue;
      if (chain.is_by_head && std::exchange(chain.walk, walk_) == walk_) continue;
      if (chain.is_by_head ? is_open(&chain, 0, at, at) : is_open(&chain, 1, at, accept.end))
        return true;
    }
  }
  return false;
}

/// Where the first of the matches begins that are open and whose prefix ends at text[at]; behind
/// the text when there is none.
uint32_t Horizon::open_before(uint32_t at) {
  const auto none = static_cast<uint32_t>(text_.size());
  if (!begins(at)) return none;
  accepts_.clear();
  if (firsts_->walk(behind_prefix_, text_, at, &accepts_) <= none && accepts_.empty()) return none;
  uint32_t first = none;
  for (Chain& chain : prefixed_) {
    if (is_far_off(chain, at) || !is_open(&chain, 0, at, at)) continue;
    const std::vector<uint32_t>& starts = chain.prefix.ends(text_, at);
    if (!starts.empty()) first = std::min(first, starts.back());
  }
  return first;
}

uint32_t Horizon::back(std::string_view text, uint32_t from, uint32_t to) const {
  from = shown_before(text, from, kManifest);
  to = shown_behind(text, to, kManifest);
  return looks_far_back(text.substr(from, to - from)) ? std::max(kManifest, back_) : back_;
}

uint32_t Horizon::behind(std::string_view text) {
  const auto size = static_cast<uint32_t>(text.size());
  const uint32_t from = shown_before(text, size, kManifest);
  return std::min(size, looks_far_back(text.substr(from)) ? kManifest : kAround);
}

uint32_t Horizon::undecided(std::string_view text, uint32_t from, uint32_t to) {
  const auto size = static_cast<uint32_t>(text.size());
  if (size - from > kFarthest) from = size - kFarthest;
  from = character_at(text, from);
  text_ = text;
  unsettled_ = first_unsettled(text);
  uint32_t first = std::min(size, to);
  // What ends a prefix comes behind it, and so may come behind something else that is open.
  for (uint32_t at = from; at < size && at <= first + longest_prefix_; ++at) {
    if (text::is_continuation(text[at])) continue;
    if (const uint32_t length = opaque_.length_at(text, at)) {
      at += length - 1;
      continue;
    }
    if (at < first && is_open_at(at)) first = at;
    first = std::min(first, open_before(at));
  }
  return std::max(from, first);
}

}  // namespace subrosa::detect
