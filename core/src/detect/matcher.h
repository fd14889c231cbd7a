// SPDX-License-Identifier: Apache-2.0
// One pattern at one place: what comes before or after something that was found. Compiled when
// first needed, since most texts never get there.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "detect/automaton.h"

namespace subrosa::detect {

class Matcher {
 public:
  Matcher() = default;
  /// The pattern must be one that Program::check accepts; an empty one is no matcher.
  explicit Matcher(std::string pattern, Direction direction = Direction::kForward)
      : pattern_(std::move(pattern)), direction_(direction) {}

  explicit operator bool() const { return !pattern_.empty(); }

  /// Where matches that begin at `from` end, nearest first; backwards, where matches that end at
  /// `from` begin. Valid until the next call.
  const std::vector<uint32_t>& ends(std::string_view text, uint32_t from);
  /// The end of what the last call of ends had to read, forwards; see Automaton::walk.
  uint32_t read() const { return read_; }

 private:
  std::string pattern_;
  Direction direction_ = Direction::kForward;
  std::unique_ptr<Automaton> automaton_;
  Automaton::Start start_ = 0;
  ByteSet first_;  // of what matches, forwards
  std::vector<uint32_t> ends_;
  uint32_t read_ = 0;
};

}  // namespace subrosa::detect
