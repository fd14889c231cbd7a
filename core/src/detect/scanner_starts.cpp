// SPDX-License-Identifier: Apache-2.0
// Which patterns a scanner looks for where: made when a text first asks for it, and kept.
#include <algorithm>

#include "detect/scanner.h"

namespace subrosa::detect {

/// Whether a match can score enough without a word near it.
bool Scanner::stands_alone(const Compiled& compiled, const ScanOptions& options) const {
  return rules_[compiled.rule].best_score(compiled.pattern) >= least_score(compiled.rule, options);
}

/// Whether a match of this pattern may begin at such a place, by its bounds. Where something goes
/// before the finding, the place of the walk says nothing of it.
bool Scanner::may_begin(const Compiled& compiled, Place place) const {
  if (place == Place::kFree || compiled.prefix || compiled.body) return true;
  const Bounds bounds = rules_[compiled.rule].patterns[compiled.pattern].bounds;
  return bounds == Bounds::kNone || (bounds == Bounds::kWord && place == Place::kJoined);
}

/// What to walk with for these patterns, at each kind of place, in a text with the present
/// features.
Scanner::Starts Scanner::add_starts(const std::vector<const Compiled*>& patterns) {
  Starts starts;
  for (size_t place = 0; place < starts.at.size(); ++place) {
    std::vector<uint32_t> entries;
    for (const Compiled* c : patterns) {
      if ((c->features & ~gate_.features()) == 0 && may_begin(*c, static_cast<Place>(place)))
        entries.push_back(c->entry);
    }
    starts.at[place] = automaton_->add_start(std::move(entries));
    const ByteSet& first = automaton_->first_bytes(starts.at[place]);
    for (size_t byte = 0; byte < first.size(); ++byte) {
      starts.places[byte] |= static_cast<uint8_t>(first[byte] << place);
    }
  }
  return starts;
}

/// The patterns that need neither context nor a word of a list.
const Scanner::Starts& Scanner::start_alone(const ScanOptions& options) {
  const auto [known, is_new] = alone_.try_emplace(key_of(0, options));
  if (!is_new) return known->second;
  std::vector<const Compiled*> patterns;
  for (const Compiled& c : compiled_) {
    if (c.needs.words.empty() && stands_alone(c, options)) patterns.push_back(&c);
  }
  return known->second = add_starts(patterns);
}

/// The patterns that stand alone and hold a word of this list, and from how far around it they may
/// begin.
const Scanner::Listed& Scanner::start_listed(uint32_t list, const ScanOptions& options) {
  const auto [known, is_new] = listed_.try_emplace(key_of(list, options));
  Listed& listed = known->second;
  if (!is_new) return listed;
  std::vector<const Compiled*> patterns;
  for (const Compiled& c : compiled_) {
    if (c.needs.words.empty() || c.needs.words.front() != list || !stands_alone(c, options))
      continue;
    patterns.push_back(&c);
    listed.back = std::max(listed.back, c.needs.back);
    listed.reach = std::max(listed.reach, c.needs.reach);
  }
  listed.starts = add_starts(patterns);
  return listed;
}

/// The patterns that this phrase lifts and that do not stand alone.
const Scanner::Starts& Scanner::start_near(uint32_t phrase, const ScanOptions& options) {
  const auto [known, is_new] = near_.try_emplace(key_of(phrase, options));
  if (!is_new) return known->second;
  const auto& rules = context_.lifted_by(phrase);
  std::vector<const Compiled*> patterns;
  for (const Compiled& c : compiled_) {
    const bool is_lifted = std::find(rules.begin(), rules.end(), c.rule) != rules.end();
    if (is_lifted && !stands_alone(c, options)) patterns.push_back(&c);
  }
  return known->second = add_starts(patterns);
}

uint64_t Scanner::key_of(uint32_t id, const ScanOptions& options) const {
  return (uint64_t{options.min_score} << 32 | id) << kFeatureBits | gate_.features();
}

}  // namespace subrosa::detect
