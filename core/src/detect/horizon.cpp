// SPDX-License-Identifier: Apache-2.0
#include "detect/horizon.h"

#include <algorithm>

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

/// How far one must read to see whether what redaction put in a text begins here.
uint32_t read_opaque(std::string_view text, uint32_t at) {
  if (text[at] != '[') return at + 1;
  const auto is_body = [](char c) {
    return is_alnum(c) || c == '_' || c == '-' || c == ':' || c == '=';
  };
  ++at;
  while (at < text.size() && is_body(text[at])) ++at;
  return at + 1;
}

/// Where the words end that count behind a finding that ends at text[at], and what a validator
/// looks at: it looks past any number of spaces and points.
uint32_t words_end(std::string_view text, uint32_t at) {
  while (at < text.size() && !is_plain(text[at])) ++at;
  const uint32_t most = at + Horizon::kAhead;
  for (uint32_t words = 0; at < text.size() && at < most; ++at) {
    const bool begins = is_alnum(text[at]) && at > 0 && static_cast<uint8_t>(text[at - 1]) <= ' ';
    if (begins && ++words > Horizon::kWordsAhead) return at;
  }
  return at < text.size() ? most : at + 1;
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

/// The parts of a pattern in the order in which they stand in a text.
struct Horizon::Chain {
  std::vector<Matcher> parts;
  bool is_by_head = false;  // the first part is in firsts_ with its head only
  bool moves_end = false;   // its validator does
  uint32_t ahead = 0;       // bytes that its validator looks at, beyond those of words
};

Horizon::~Horizon() = default;

Horizon::Horizon(const std::vector<Rule>& rules) : opaque_(rules) {
  const Validator jwt = find_validator("jwt"), pem = find_validator("pem_private_key");
  const Validator kubernetes = find_validator("kubernetes_secret");
  Program program;
  std::vector<uint32_t> all, anywhere;
  for (const Rule& rule : rules) {
    for (const Pattern& pattern : rule.patterns) {
      Chain chain;
      const std::string* first = &pattern.regex;  // never empty
      chain.moves_end = rule.validator && (rule.validator == jwt || rule.validator == pem);
      if (rule.validator && rule.validator == kubernetes) chain.ahead = kBehind;
      for (const auto* part : {&pattern.prefix, &pattern.after, &pattern.regex, &pattern.before}) {
        if (part->empty()) continue;
        if (chain.parts.empty()) first = part;
        chain.parts.emplace_back(*part);
      }
      const auto id = static_cast<uint32_t>(chains_.size());
      const auto checked = Program::check(*first);
      chain.is_by_head = checked && checked->is_by_head();
      const auto entry = chain.is_by_head ? program.add_head(*first, id) : program.add(*first, id);
      if (!entry) continue;  // the scanner refused the rule
      all.push_back(entry->start);
      if (!pattern.prefix.empty()) anywhere.push_back(entry->start);
      chains_.push_back(std::move(chain));
    }
  }
  firsts_ = std::make_unique<Automaton>(std::move(program), kFirstsCacheBytes);
  at_word_ = firsts_->add_start(std::move(all));
  anywhere_ = firsts_->add_start(std::move(anywhere));
}

/// The reach of a chain whose parts before `part` end at text[at].
uint32_t Horizon::follow(Chain* chain, size_t part, std::string_view text, uint32_t begin,
                         uint32_t at) {
  if (part == chain->parts.size()) return settled(*chain, text, begin, at);
  Matcher& own = chain->parts[part];
  const std::vector<uint32_t>& ends = own.ends(text, at);
  uint32_t reach = own.read();
  for (const uint32_t end : ends) {
    if (reach > text.size()) break;
    reach = std::max(reach, follow(chain, part + 1, text, begin, end));
  }
  return reach;
}

/// How far what follows a whole match has a say.
uint32_t Horizon::settled(const Chain& chain, std::string_view text, uint32_t begin,
                          uint32_t end) const {
  if (chain.moves_end) {
    while (end < text.size() && end - begin < kMaxReach && runs_on(text[end])) ++end;
  }
  return std::max(words_end(text, end), end + chain.ahead);
}

uint32_t Horizon::reach(std::string_view text, uint32_t at) {
  const bool begins = !(word_before(text, at) && word_at(text, at)) ||
                      (is_digit(text[at]) && !is_digit(text[at - 1]));
  accepts_.clear();
  uint32_t reach = std::max(read_opaque(text, at),
                            firsts_->walk(begins ? at_word_ : anywhere_, text, at, &accepts_));
  for (const Automaton::Accept& accept : accepts_) {
    for (const uint32_t id : accept.ids) {
      if (reach > text.size()) break;
      Chain& chain = chains_[id];
      reach = std::max(reach, chain.is_by_head ? follow(&chain, 0, text, at, at)
                                               : follow(&chain, 1, text, at, accept.end));
    }
  }
  return std::min(reach, at + kFarthest);
}

uint32_t Horizon::undecided(std::string_view text, uint32_t from) {
  const auto size = static_cast<uint32_t>(text.size());
  if (size - from > kFarthest) return size - kFarthest;  // looking closer costs more than it saves
  for (uint32_t at = from; at < size; ++at) {
    if (text::is_continuation(text[at])) continue;
    if (const uint32_t length = opaque_.length_at(text, at)) {
      at += length - 1;
    } else if (reach(text, at) > size) {
      return at;
    }
  }
  return size;
}

}  // namespace subrosa::detect
