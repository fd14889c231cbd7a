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

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "detect/needs.h"
#include "subrosa/result.h"

namespace subrosa::detect {

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
    uint32_t start;  // first instruction
  };

  /// Adds a pattern whose matches report `id`; backwards, it reads a text from a match's end to its
  /// start. Errors: bad_format with the byte offset in the pattern, too_long.
  Result<Entry> add(std::string_view pattern, uint32_t id,
                    Direction direction = Direction::kForward);

  using Word = std::pair<std::string, uint32_t>;  // lower case; id
  /// Adds words in any case of ASCII letters. They are sorted, and there is one at least.
  Entry add_words(const std::vector<Word>& words);

  /// What add would say, without compiling, and what the pattern is, for adding it later.
  struct Check {
    NodePtr root;
    Needs needs;
    uint64_t size;  // instructions, near enough
    bool has_head;  // whether add_head may be called: the pattern does not match the empty text

    static constexpr uint64_t kMaxWhole = 64;  // instructions
    /// A larger pattern is looked for by its head: in one automaton with others, its states would
    /// multiply with theirs.
    bool is_by_head() const { return has_head && size > kMaxWhole; }
    static constexpr uint32_t kLead = 2;  // characters
    /// A pattern that few words lead is looked for with the words of context.
    bool is_led() const { return has_head && needs.lead >= kLead; }
  };
  static Result<Check> check(std::string_view pattern);

  Result<Entry> add(const Check& checked, uint32_t id);
  /// Adds what a match of the pattern may begin with, its first characters: at least one byte, and
  /// never less than the pattern itself would let through. Small where the pattern is large.
  Result<Entry> add_head(const Check& checked, uint32_t id);

  const std::vector<Instruction>& instructions() const { return instructions_; }
  const std::vector<ByteSet>& sets() const { return sets_; }

 private:
  friend class Emitter;
  uint32_t intern(const ByteSet& set);
  uint32_t emit_words(std::span<const Word> words, size_t depth);

  std::vector<Instruction> instructions_;
  std::vector<ByteSet> sets_;
  std::unordered_map<ByteSet, uint32_t> by_set_;
};

}  // namespace subrosa::detect
