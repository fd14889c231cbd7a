// SPDX-License-Identifier: Apache-2.0
#include "detect/matcher.h"

#include <cstdlib>

namespace subrosa::detect {

const std::vector<uint32_t>& Matcher::ends(std::string_view text, uint32_t from) {
  if (!automaton_) {
    Program program;
    const auto entry = program.add(pattern_, 0, direction_);
    if (!entry) std::abort();  // checked when the rule was read
    automaton_ = std::make_unique<Automaton>(std::move(program), Automaton::kSmallCacheBytes);
    start_ = automaton_->add_start({entry->start});
    first_ = automaton_->first_bytes(start_);
  }
  ends_.clear();
  if (direction_ == Direction::kForward) {
    read_ = from + 1;
    if (from < text.size() && !first_[static_cast<uint8_t>(text[from])]) return ends_;
    read_ = automaton_->walk_ends(start_, text, from, &ends_);
  } else {
    automaton_->walk_back(start_, text, from, &ends_);
  }
  return ends_;
}

}  // namespace subrosa::detect
