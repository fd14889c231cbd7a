// SPDX-License-Identifier: Apache-2.0
// How far findings depend on the text around them: what a stream may let go of, and how much of a
// text an edit can change.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "detect/automaton.h"
#include "detect/context.h"
#include "detect/opaque.h"
#include "detect/rules.h"
#include "text/view.h"

namespace subrosa::detect {

/// The view's offset of a character of the original.
uint32_t offset_in(const text::View& view, uint32_t original);

class Horizon {
 public:
  /// Bytes around a finding that its words and its validator may look at; those of the Kubernetes
  /// validator, which looks further ahead too, are kBehind.
  static constexpr uint32_t kAhead = 256, kBehind = 1024;
  /// Words behind a finding that count, at least: three, and the longest context phrase.
  static constexpr uint32_t kWordsAhead = Context::kWordsAfter + 8;
  /// Nothing that begins at a place reaches further from it.
  static constexpr uint32_t kFarthest = 8192;

  explicit Horizon(const std::vector<Rule>& rules);
  ~Horizon();

  /// text: a canonical view, `at` a character of it. Everything that may be found from there on is
  /// found, or not, whatever stands at or after the place that is returned; past the text's size
  /// when that is open. Not const: states are kept from call to call.
  uint32_t reach(std::string_view text, uint32_t at);

  /// What begins before it is decided: the first place from `from` on whose reach is open, or
  /// kFarthest bytes before the end where `from` is further back than that.
  uint32_t undecided(std::string_view text, uint32_t from);

 private:
  struct Chain;

  uint32_t follow(Chain* chain, size_t part, std::string_view text, uint32_t begin, uint32_t at);
  uint32_t settled(const Chain& chain, std::string_view text, uint32_t begin, uint32_t end) const;

  Opaque opaque_;
  std::vector<Chain> chains_;
  std::unique_ptr<Automaton> firsts_;  // of all chains
  Automaton::Start at_word_ = 0, anywhere_ = 0;
  std::vector<Automaton::Accept> accepts_;
};

}  // namespace subrosa::detect
