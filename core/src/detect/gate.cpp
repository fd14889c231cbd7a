// SPDX-License-Identifier: Apache-2.0
#include "detect/gate.h"

#include <algorithm>

#include "detect/automaton.h"
#include "detect/boundary.h"
#include "detect/validators/digits.h"

namespace subrosa::detect {
namespace {

/// The part of a word of a list that begins where words do; empty if it may lie inside another.
std::string_view visible(std::string_view word) {
  if (word_at(word, 0) && word[0] != '_') return {};
  while (!word.empty() && static_cast<uint8_t>(word[0]) < 0x80 && !is_alnum(word[0]))
    word.remove_prefix(1);
  return !word.empty() && is_digit(word[0]) ? std::string_view() : word;
}

}  // namespace

void Gate::add(const std::vector<AnyOf>& lists, std::vector<uint32_t>* ids) {
  for (const AnyOf& list : lists) {
    AnyOf seen;
    size_t shortest = ~size_t{0};
    for (const std::string& word : list) {
      seen.emplace_back(visible(word));
      shortest = std::min(shortest, seen.back().size());
    }
    if (shortest < 2) continue;  // of one letter there is one in every text
    const auto id = static_cast<uint32_t>(lists_.size());
    const auto [known, is_new] = lists_.try_emplace(std::move(seen), id);
    if (is_new) shortest_.push_back(shortest);
    ids->push_back(known->second);
    if (shortest > shortest_[ids->front()]) std::swap(ids->front(), ids->back());
  }
}

std::vector<Program::Word> Gate::words() const {
  std::multimap<std::string, uint32_t> sorted;
  for (const auto& [list, id] : lists_) {
    for (const std::string& word : list) sorted.emplace(word, id);
  }
  return {sorted.begin(), sorted.end()};
}

void Gate::begin(std::string_view text, bool is_ascii) {
  text_ = text;
  ends_.resize(lists_.size());
  for (const uint32_t list : noted_) ends_[list].clear();
  noted_.clear();
  features_ = is_ascii ? 0 : kHighByte;
  digits_.clear();
  gap_ = 0;
}

void Gate::note(uint32_t list, uint32_t end) {
  auto& ends = ends_[list];
  if (ends.empty()) noted_.push_back(list);
  // A longer word may have begun before.
  ends.insert(std::upper_bound(ends.begin(), ends.end(), end), end);
}

bool Gate::is_open(const Needs& needs, uint32_t at, uint32_t seen, uint32_t digits_before) const {
  return digits() - digits_before >= needs.digits && has_words(needs, at) &&
         has_run(needs, at, seen, digits_before);
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

bool Gate::has_run(const Needs& needs, uint32_t at, uint32_t seen, uint32_t digits_before) const {
  uint32_t end = at + needs.length;
  if (needs.digits > 0) end = std::max(end, digits_[digits_before + needs.digits - 1] + 1);
  if (end > text_.size() || end - at > std::min(needs.reach, Automaton::kMaxWalk)) return false;
  for (uint32_t i = seen; i < end; ++i) {
    if (!needs.alphabet[static_cast<uint8_t>(text_[i])]) return false;
  }
  return true;
}

}  // namespace subrosa::detect
