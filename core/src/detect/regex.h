// SPDX-License-Identifier: Apache-2.0
// Rules' patterns: a regular language over UTF-8 bytes, compiled into one shared program.
//
// The dialect is what a linear-time matcher can keep: literals, classes, groups, alternation and
// greedy repetition. There are no assertions, back-references or captures; a rule's bounds, `after`
// and `before` stand in for them.
//   \d \w \s \D \W \S (ASCII)   \n \t \r   \x{4E00}   \p{Han} \p{Hiragana} \p{Katakana} \p{Hangul}
//   \p{L} \p{Lu} \p{Ll}
//   (?i) at the start of a pattern folds ASCII letters.
#pragma once

#include <bitset>
#include <cstdint>
#include <string_view>
#include <vector>

#include "subrosa/result.h"

namespace subrosa::detect {

using ByteSet = std::bitset<256>;

/// What every match of a pattern holds. A text without it need not be tried: this is the trigger
/// test, and it is conservative by construction, since it is read off the pattern itself.
inline constexpr uint32_t kAt = 1 << 0;
inline constexpr uint32_t kColon = 1 << 1;
inline constexpr uint32_t kSlash = 1 << 2;
inline constexpr uint32_t kUnderscore = 1 << 3;
inline constexpr uint32_t kHighByte = 1 << 4;  // not ASCII
inline constexpr uint32_t kDigit = 1 << 5;
inline constexpr uint32_t kDigits5 = 1 << 6;  // at least five, anywhere
inline constexpr uint32_t kDigits8 = 1 << 7;

/// The features of a text. Linear, one pass.
uint32_t features_of(std::string_view text);

struct Instruction {
  enum Op : uint8_t { kBytes, kSplit, kMatch } op;
  uint32_t out = 0;    // next, or the first way of a split
  uint32_t value = 0;  // kBytes: the set's index; kSplit: the second way; kMatch: the pattern's id
};

enum class Direction : uint8_t { kForward, kBackward };

class Program {
 public:
  static constexpr uint32_t kMaxInstructions = 1u << 20;
  static constexpr uint32_t kMaxPerPattern = 20000;

  struct Entry {
    uint32_t start;     // first instruction
    uint32_t features;  // what a match needs
  };

  /// Adds a pattern whose matches report `id`; backwards, it reads a text from a match's end to its
  /// start. Errors: bad_format with the byte offset in the pattern, too_long.
  Result<Entry> add(std::string_view pattern, uint32_t id,
                    Direction direction = Direction::kForward);

  /// Adds what a match of the pattern may begin with: at least one byte, and never less than the
  /// pattern itself would let through. Small where the pattern is large.
  Result<Entry> add_head(std::string_view pattern, uint32_t id);

  /// What add would say, without compiling.
  struct Check {
    uint32_t features;
    uint64_t size;  // instructions, near enough
    bool has_head;  // whether add_head may be called: the pattern does not match the empty text
  };
  static Result<Check> check(std::string_view pattern);

  const std::vector<Instruction>& instructions() const { return instructions_; }
  const std::vector<ByteSet>& sets() const { return sets_; }

 private:
  friend class Emitter;
  uint32_t intern(const ByteSet& set);

  std::vector<Instruction> instructions_;
  std::vector<ByteSet> sets_;
};

}  // namespace subrosa::detect
