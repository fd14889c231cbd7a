// SPDX-License-Identifier: Apache-2.0
#include "detect/context.h"

#include <algorithm>
#include <map>
#include <string>

#include "detect/boundary.h"
#include "detect/validators/digits.h"
#include "text/letter_case.h"
#include "text/utf8.h"

namespace subrosa::detect {
namespace {

/// A phrase as a pattern: case folded, any white space between its words.
std::string pattern_of(std::string_view phrase) {
  std::string out = "(?i)";
  for (size_t at = 0; at < phrase.size();) {
    const text::CodePoint c = text::decode(phrase, at);
    const std::string_view bytes = phrase.substr(at, std::max(c.length, 1u));
    at += bytes.size();
    const char32_t other = text::other_case(c.value);
    if (bytes == " ") {
      out += "[\\s_-]{0,3}";
    } else if (other != c.value) {
      out.append("[").append(bytes);
      text::append(other, &out);
      out += ']';
    } else {
      if (bytes.size() == 1 && !is_alnum(bytes[0]) && bytes[0] != '_') out += '\\';
      out += bytes;
    }
  }
  return out;
}

bool is_letter(char c) { return is_alnum(c) || static_cast<uint8_t>(c) >= 0xc3; }

bool ends_word(std::string_view text, size_t at) {
  if (at >= text.size() || !is_letter(text[at]) || !word_before(text, at)) return true;
  if (!word_at(text, at)) return true;
  if (is_lower(text[at - 1]) && is_upper(text[at])) return true;
  // A plural is the same word.
  return text[at] == 's' && (at + 1 == text.size() || !word_at(text, at + 1));
}

/// How many characters a word has, more or less, in a script that puts no spaces; 0 where it does.
uint32_t letters_in_word(uint8_t lead, uint8_t second) {
  constexpr uint32_t kThai = 5, kHan = 2;
  if (lead == 0xe0) return second >= 0xb8 ? kThai : 0;  // before Thai come the scripts of India
  if (lead == 0xe1) return second < 0xb8 ? kThai : 0;   // from here on letters of Latin and Greek
  const bool hangul = lead == 0xeb || lead == 0xec || (lead == 0xea && second >= 0xb0) ||
                      (lead == 0xed && second < 0xa0);
  return hangul ? 0 : kHan;
}

/// U+1E00 to U+1EFF, which Vietnamese is full of, are letters here, though they end a word for
/// what a finding may be glued to.
bool follows_vietnamese(std::string_view text, size_t at) {
  return at >= 3 && text[at - 3] == '\xE1' && static_cast<uint8_t>(text[at - 2]) >= 0xb8;
}

bool follows_letter(std::string_view text, size_t at) {
  return at > 0 && (is_alnum(text[at - 1]) || static_cast<uint8_t>(text[at - 1]) >= 0x80);
}

}  // namespace

Context::Context(const std::vector<Rule>& rules) {
  struct Meaning {
    std::vector<uint16_t> lifts, denies;
  };
  std::map<std::string, Meaning> by_text;
  for (size_t rule = 0; rule < rules.size(); ++rule) {
    for (const std::string& word : rules[rule].context)
      by_text[word].lifts.push_back(static_cast<uint16_t>(rule));
    for (const std::string& word : rules[rule].deny_context)
      by_text[word].denies.push_back(static_cast<uint16_t>(rule));
  }
  std::map<std::vector<uint16_t>, uint32_t> groups;
  for (auto& [text, meaning] : by_text) {
    const auto next = static_cast<uint32_t>(groups.size());
    const auto [group, is_new] = groups.try_emplace(std::move(meaning.lifts), next);
    if (is_new) lifted_.push_back(group->first);
    patterns_.push_back(pattern_of(text));
    phrases_.push_back({group->second, std::move(meaning.denies)});
  }
}

void Context::begin(std::string_view text, std::string_view previous) {
  text_ = text;
  previous_ = previous.size() > kMaxBytes ? previous.substr(previous.size() - kMaxBytes) : previous;
  longest_ = 0;
  wide_ = 0;
  near_start_ = near_end_ = ~0u;
  hits_.clear();
  previous_hits_.clear();
  words_.clear();
}

/// Where characters beyond ASCII are.
void Context::note_wide_begin(uint32_t at) {
  const auto lead = static_cast<uint8_t>(text_[at]);
  if (kind_at(text_, at) == ByteKind::kWord) {
    if (!follows_vietnamese(text_, at)) words_.push_back(at);
  } else if (lead < 0xe0) {
    wide_ = 0;  // counted anew after a space or a comma, so that what is far away does not matter
  } else {
    const uint32_t length = letters_in_word(lead, static_cast<uint8_t>(text_[at + 1]));
    if (length > 0 ? wide_++ % length == 0 : !follows_letter(text_, at)) words_.push_back(at);
  }
}

void Context::note_phrase(const Hit& hit) {
  if (!ends_word(text_, hit.end)) return;
  hits_.push_back(hit);
  longest_ = std::max(longest_, hit.end - hit.start);
}

void Context::note_previous(const Hit& hit) {
  if (ends_word(previous_, hit.end)) previous_hits_.push_back(hit);
}

Context::Window Context::window(uint32_t start, uint32_t end) const {
  const auto before =
      static_cast<size_t>(std::lower_bound(words_.begin(), words_.end(), start) - words_.begin());
  size_t after = before;  // few words are in a finding
  while (after < words_.size() && words_[after] < end) ++after;
  const uint32_t first = before > kWordsBefore ? words_[before - kWordsBefore] : 0;
  const uint32_t last = after + kWordsAfter < words_.size() ? words_[after + kWordsAfter]
                                                            : static_cast<uint32_t>(text_.size());
  return {std::max(first, start > kMaxBytes ? start - kMaxBytes : 0),
          std::min(last, end + kMaxBytes), before <= kWordsBefore && start <= kMaxBytes};
}

void Context::add(uint32_t phrase) {
  for (const uint16_t rule : lifted_by(group_of(phrase))) near_.lifted.set(rule);
  for (const uint16_t rule : phrases_[phrase].denies) near_.denied.set(rule);
}

const Context::Near& Context::near(uint32_t start, uint32_t end) {
  static const Near kNothing;
  if (hits_.empty() && previous_hits_.empty()) return kNothing;
  if (start == near_start_ && end == near_end_) return near_;
  near_ = {};
  near_start_ = start;
  near_end_ = end;
  const Window w = window(start, end);
  // A phrase counts by its nearer end, so it may begin before the window.
  auto hit = std::lower_bound(hits_.begin(), hits_.end(), w.first - std::min(w.first, longest_),
                              [](const Hit& h, uint32_t at) { return h.start < at; });
  for (; hit != hits_.end() && hit->start < w.last; ++hit) {
    if (hit->end > w.first && (hit->end <= start || hit->start >= end)) add(hit->phrase);
  }
  if (w.reaches_start) {
    for (const Hit& h : previous_hits_) add(h.phrase);
  }
  return near_;
}

Context::Word Context::lifting_word(uint32_t rule, uint32_t start, uint32_t end) {
  const Window w = window(start, end);
  Word best = {0, 0};
  uint32_t best_distance = ~0u;
  for (const Hit& hit : hits_) {
    if (hit.end <= w.first || hit.start >= w.last || (hit.end > start && hit.start < end)) continue;
    const auto& lifts = lifted_by(group_of(hit.phrase));
    if (std::find(lifts.begin(), lifts.end(), rule) == lifts.end()) continue;
    const uint32_t distance = hit.end <= start ? start - hit.end : hit.start - end;
    if (distance >= best_distance) continue;
    best = {hit.start, hit.end};
    best_distance = distance;
  }
  return best;
}

}  // namespace subrosa::detect
