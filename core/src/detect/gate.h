// SPDX-License-Identifier: Apache-2.0
// The gate before patterns that are dear to run: whether what every match holds is there at all.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "detect/needs.h"
#include "detect/regex.h"

namespace subrosa::detect {

class Gate {
 public:
  /// What one pattern needs at the place where it begins.
  struct Needs {
    uint32_t digits = 0, length = 0;  // at least, in a run of the alphabet
    // Bytes before and after the place: within them the words end, and the run.
    uint32_t back = 0, reach = 0;
    std::vector<uint32_t> words;  // lists
    ByteSet alphabet;
  };

  /// Notes the lists of which all words can be seen from where words begin; the one that the fewest
  /// texts will hold a word of comes first. The same list gets the same number.
  void add(const std::vector<AnyOf>& lists, std::vector<uint32_t>* ids);

  /// What to look for where words begin: sorted, each with its list.
  std::vector<Program::Word> words() const;

  /// Begins a text, which must outlive the questions. What it has is told in the order of its
  /// places: characters that are no part of a word, digits, and where a word of a list ends.
  void begin(std::string_view text, bool is_ascii);
  void note_mark(char c) { features_ |= c == '@' ? kAt : c == ':' ? kColon : 0; }
  /// No letter or digit; and that the text ends.
  void note_gap(uint32_t at) {
    if (at - gap_ >= kLongWordBytes) features_ |= kLongWord;
    gap_ = at + 1;
  }
  void note_digit(uint32_t at) { digits_.push_back(at); }
  void note(uint32_t list, uint32_t end);

  /// How many digits were noted.
  uint32_t digits() const { return static_cast<uint32_t>(digits_.size()); }

  /// What patterns ask of a text.
  uint32_t features() const { return features_ | features_of_digits(digits()); }
  size_t lists() const { return lists_.size(); }
  /// The lists of which the text holds a word, and where the words end, ascending.
  const std::vector<uint32_t>& noted() const { return noted_; }
  const std::vector<uint32_t>& ends(uint32_t list) const { return ends_[list]; }

  /// Whether a match may begin at `at`, with so many digits before it, where all up to `seen` is of
  /// the alphabet.
  bool is_open(const Needs& needs, uint32_t at, uint32_t seen, uint32_t digits_before) const;

 private:
  bool has_words(const Needs& needs, uint32_t at) const;
  bool has_run(const Needs& needs, uint32_t at, uint32_t seen, uint32_t digits_before) const;

  std::map<AnyOf, uint32_t> lists_;
  std::vector<size_t> shortest_;  // by list, bytes of its shortest word
  std::string_view text_;
  std::vector<uint32_t> digits_;             // where they stand
  std::vector<std::vector<uint32_t>> ends_;  // by list, where its words end, ascending
  std::vector<uint32_t> noted_;              // lists with ends
  uint32_t features_ = 0;
  uint32_t gap_ = 0;  // behind the last character that was no letter or digit
};

}  // namespace subrosa::detect
