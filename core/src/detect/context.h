// SPDX-License-Identifier: Apache-2.0
// Context words: 'my SSN is' makes nine digits a finding, 'order number' makes them none.
#pragma once

#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "detect/boundary.h"
#include "detect/rules.h"

namespace subrosa::detect {

constexpr size_t kMaxRules = 1024;
using RuleSet = std::bitset<kMaxRules>;

/// Looks for the words of all rules. A rule whose patterns say too little by themselves is only
/// tried near its words, so this comes first: it decides what the scanner looks for at all.
class Context {
 public:
  static constexpr uint32_t kWordsBefore = 5;
  static constexpr uint32_t kWordsAfter = 3;
  static constexpr uint32_t kMaxBytes =
      160;  // and no further than this, whatever the words' length

  explicit Context(const std::vector<Rule>& rules);

  struct Hit {
    uint32_t start, end;  // bytes
    uint32_t phrase;
  };

  /// What to look for: phrase i's pattern, to be matched where words begin.
  const std::vector<std::string>& patterns() const { return patterns_; }

  /// Begins a text; both must outlive the look-ups. `previous` is the chat turn before, which
  /// counts as words before.
  void begin(std::string_view text, std::string_view previous);
  std::string_view previous() const { return previous_; }

  /// Notes, in the order of their place, that something begins in the text, if only what redaction
  /// put there; and that a phrase matches, which counts if a word ends with it.
  void note_begin(uint32_t at) {
    const bool is_plain = static_cast<uint8_t>(text_[at]) < 0x80 &&
                          (at == 0 || static_cast<uint8_t>(text_[at - 1]) < 0x80);
    if (!is_plain) {
      note_wide_begin(at);
    } else if (kind_at(text_, at) == ByteKind::kWord) {
      words_.push_back(at);
    } else {
      note_gap();
    }
  }
  /// The same of a character of ASCII that is no part of a word.
  void note_gap() { wide_ = 0; }
  void note_opaque(uint32_t at) { words_.push_back(at); }
  void note_phrase(const Hit& hit);
  void note_previous(const Hit& hit);

  /// The words of the text, and of the turn before, by their start.
  const std::vector<Hit>& hits() const { return hits_; }
  const std::vector<Hit>& previous_hits() const { return previous_hits_; }

  /// Phrases that lift the same rules are of one group.
  uint32_t group_of(uint32_t phrase) const { return phrases_[phrase].group; }
  size_t groups() const { return lifted_.size(); }
  /// The rules that a group lifts.
  const std::vector<uint16_t>& lifted_by(uint32_t group) const { return lifted_[group]; }

  struct Near {
    RuleSet lifted;
    RuleSet denied;
  };
  /// What the words around text[start, end) say. Valid until the next call.
  const Near& near(uint32_t start, uint32_t end);

  struct Word {
    uint32_t start, end;
  };
  /// The nearest word that lifts this rule at this place, for explanations; {0, 0} when it was in
  /// `previous`.
  Word lifting_word(uint32_t rule, uint32_t start, uint32_t end);

 private:
  struct Phrase {
    uint32_t group = 0;
    std::vector<uint16_t> denies;  // rules
  };
  struct Window {
    uint32_t first, last;  // bytes
    bool reaches_start;
  };

  void note_wide_begin(uint32_t at);
  Window window(uint32_t start, uint32_t end) const;
  void add(uint32_t phrase);

  std::vector<Phrase> phrases_;
  std::vector<std::vector<uint16_t>> lifted_;  // rules by group
  std::vector<std::string> patterns_;

  std::string_view text_, previous_;
  std::vector<Hit> hits_, previous_hits_;
  uint32_t longest_ = 0;         // bytes of a hit
  std::vector<uint32_t> words_;  // where each begins
  uint32_t wide_ = 0;            // characters of a script without spaces since the last space
  Near near_;
  uint32_t near_start_ = ~0u, near_end_ = ~0u;
};

}  // namespace subrosa::detect
