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
    ByteSet alphabet;
    std::vector<uint32_t> words;  // lists
    // Bytes before and after the place: within them the words end, and the run.
    uint32_t back = 0, reach = 0;
  };

  /// Notes a list of words if all of them can be seen from where words begin. The same list gets
  /// the same number.
  void add(const AnyOf& list, std::vector<uint32_t>* lists);

  /// What to look for where words begin: sorted, each with its list.
  std::vector<Program::Word> words() const;

  /// Begins a text, which must outlive the questions.
  void begin(std::string_view text);
  /// Notes, in the order of their beginnings, where a word of a list ends.
  void note(uint32_t list, uint32_t end);

  /// The feature that a text has if a word of one of these lists is in it: one for what is written
  /// in ASCII, one for the rest, since each feature doubles the sets of patterns to be looked for.
  uint32_t feature(const Needs& needs);
  /// Those of the text, and what else patterns ask of a text; see features_of.
  uint32_t features() const { return features_; }

  /// Whether a match may begin at `at`.
  bool is_open(const Needs& needs, uint32_t at) const;

 private:
  bool has_words(const Needs& needs, uint32_t at) const;
  bool has_run(const Needs& needs, uint32_t at) const;

  std::map<AnyOf, uint32_t> lists_;
  std::string_view text_;
  std::vector<uint32_t> digits_;             // where they stand
  std::vector<std::vector<uint32_t>> ends_;  // by list, where its words end, ascending
  std::vector<uint32_t> noted_;              // lists with ends
  std::vector<uint32_t> feature_of_;         // by list
  uint32_t features_ = 0;
};

}  // namespace subrosa::detect
