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
  if (place == Place::kFarFromDigits) return !compiled.has_near_digit;
  if (place == Place::kFree || compiled.prefix || compiled.body) return true;
  return compiled.bounds == Bounds::kNone ||
         (compiled.bounds == Bounds::kWord && place == Place::kJoined);
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
    starts.none &= entries.empty();
    starts.at[place] = automaton_->add_start(std::move(entries));
    const ByteSet& first = automaton_->first_bytes(starts.at[place]);
    for (size_t byte = 0; byte < first.size(); ++byte) {
      starts.places[byte] |= static_cast<uint8_t>(first[byte] << place);
    }
  }
  return starts;
}

/// Of a text with the present features.
Scanner::Mode& Scanner::mode_of(const ScanOptions& options) {
  const uint32_t key = uint32_t{options.min_score} << kFeatureBits | gate_.features();
  if (last_mode_ && last_mode_->key == key) return *last_mode_;  // texts come alike
  Mode& mode = modes_[key];
  if (mode.near.empty()) {
    mode.key = key;
    mode.listed.resize(gate_.lists());
    mode.near.resize(context_.groups());
  }
  last_mode_ = &mode;
  return mode;
}

/// The patterns that need neither context nor a word of a list.
const Scanner::Starts& Scanner::start_alone(const Scan& scan) {
  auto& known = scan.mode.alone;
  if (known) return *known;
  std::vector<const Compiled*> patterns;
  for (const Compiled& c : compiled_) {
    if (!c.is_led && c.needs.words.empty() && stands_alone(c, scan.options)) patterns.push_back(&c);
  }
  known = std::make_unique<Starts>(add_starts(patterns));
  return *known;
}

/// The patterns that stand alone and hold a word of this list, and from how far around it they may
/// begin.
const Scanner::Listed& Scanner::start_listed(uint32_t list, const Scan& scan) {
  auto& known = scan.mode.listed[list];
  if (known) return *known;
  known = std::make_unique<Listed>();
  std::vector<const Compiled*> patterns;
  for (const Compiled& c : compiled_) {
    if (c.is_led || c.needs.words.empty() || c.needs.words.front() != list ||
        !stands_alone(c, scan.options))
      continue;
    patterns.push_back(&c);
    known->back = std::max(known->back, c.needs.back);
    known->reach = std::max(known->reach, c.needs.reach);
  }
  known->starts = add_starts(patterns);
  return *known;
}

/// The patterns that phrases of this group lift and that do not stand alone.
const Scanner::Starts& Scanner::start_near(uint32_t group, const Scan& scan) {
  auto& known = scan.mode.near[group];
  if (known) return *known;
  const auto& rules = context_.lifted_by(group);
  std::vector<const Compiled*> patterns;
  for (const Compiled& c : compiled_) {
    const bool is_lifted = std::find(rules.begin(), rules.end(), c.rule) != rules.end();
    if (is_lifted && !c.is_led && !stands_alone(c, scan.options)) patterns.push_back(&c);
  }
  known = std::make_unique<Starts>(add_starts(patterns));
  return *known;
}

}  // namespace subrosa::detect
