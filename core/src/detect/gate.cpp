// SPDX-License-Identifier: Apache-2.0
#include "detect/gate.h"

#include <algorithm>

#include "detect/automaton.h"
#include "detect/boundary.h"
#include "text/utf8.h"

namespace subrosa::detect {
namespace {

/// The part of a word of a list that begins where words do; empty if it may lie inside another.
std::string_view visible(std::string_view word) {
  if (word_at(word, 0)) return {};
  while (!word.empty() && static_cast<uint8_t>(word[0]) < 0x80 && !word_at(word, 0))
    word.remove_prefix(1);
  return word;
}

}  // namespace

void Gate::add(const AnyOf& list, std::vector<uint32_t>* lists) {
  AnyOf seen;
  for (const std::string& word : list) {
    seen.emplace_back(visible(word));
    if (seen.back().size() < 2) return;  // of one letter there is one in every text
  }
  const auto id = static_cast<uint32_t>(lists_.size());
  lists->push_back(lists_.try_emplace(std::move(seen), id).first->second);
}

uint32_t Gate::feature(const Needs& needs) {
  feature_of_.resize(lists_.size());
  bool is_wide = false;
  for (const auto& [list, id] : lists_) {
    if (id == needs.words.front()) is_wide = !text::is_ascii(list.front());
  }
  // One list is enough: a text without a word of it has no match.
  const uint32_t feature = is_wide ? kWideWord : kWord;
  feature_of_[needs.words.front()] |= feature;
  return feature;
}

std::vector<Program::Word> Gate::words() const {
  std::multimap<std::string, uint32_t> sorted;
  for (const auto& [list, id] : lists_) {
    for (const std::string& word : list) sorted.emplace(word, id);
  }
  return {sorted.begin(), sorted.end()};
}

void Gate::begin(std::string_view text) {
  text_ = text;
  ends_.resize(lists_.size());
  feature_of_.resize(lists_.size());
  for (const uint32_t list : noted_) ends_[list].clear();
  noted_.clear();
  features_ = features_of(text, &digits_);
}

void Gate::note(uint32_t list, uint32_t end) {
  auto& ends = ends_[list];
  if (ends.empty()) {
    noted_.push_back(list);
    features_ |= feature_of_[list];
  }
  // A longer word may have begun before.
  ends.insert(std::upper_bound(ends.begin(), ends.end(), end), end);
}

bool Gate::is_open(const Needs& needs, uint32_t at) const {
  return has_words(needs, at) && has_run(needs, at);
}

bool Gate::has_words(const Needs& needs, uint32_t at) const {
  for (const uint32_t list : needs.words) {
    const auto& ends = ends_[list];
    if (ends.empty()) return false;
    const auto next = std::upper_bound(ends.begin(), ends.end(), at - std::min(at, needs.back));
    if (next == ends.end() || *next > at + needs.reach) return false;
  }
  return true;
}

bool Gate::has_run(const Needs& needs, uint32_t at) const {
  uint32_t end = at + needs.length;
  if (needs.digits > 0) {
    const auto first = std::lower_bound(digits_.begin(), digits_.end(), at);
    if (digits_.end() - first < static_cast<ptrdiff_t>(needs.digits)) return false;
    end = std::max(end, first[needs.digits - 1] + 1);
  }
  if (end > text_.size() || end - at > std::min(needs.reach, Automaton::kMaxWalk)) return false;
  return std::all_of(text_.begin() + at, text_.begin() + end,
                     [&](char c) { return needs.alphabet[static_cast<uint8_t>(c)]; });
}

}  // namespace subrosa::detect
