// SPDX-License-Identifier: Apache-2.0
// How long a text may still become a match: an automaton that is asked where nothing is left alive.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "detect/regex.h"

namespace subrosa::detect {

class Prefixes {
 public:
  /// The program is complete.
  explicit Prefixes(Program program);

  using Start = uint32_t;
  /// Entry points of the program to begin with.
  Start add_start(std::vector<uint32_t> entries);

  struct Accept {
    uint32_t end, id;
  };

  /// Walks from text[from]. Returns the end of what it had to read to see that nothing is alive,
  /// past the text's size when something is. Appends what accepts on the way.
  uint32_t walk(Start start, std::string_view text, uint32_t from, std::vector<Accept>* accepts);

 private:
  using Row = uint16_t;
  using Set = std::vector<uint32_t>;  // instructions that eat a byte or accept, sorted
  static constexpr Row kDead = 0, kUnset = 0xffff;
  static constexpr size_t kMaxStates = 4096;

  struct State {
    std::array<Row, 256> next;
    const Set* set;
    std::vector<uint32_t> ids;
  };

  Row build(Row row, uint8_t byte);
  Row intern(Set set);
  Set close(Set roots);
  void clear();

  Program program_;
  std::vector<State> states_;
  std::map<Set, Row> known_;
  std::vector<Set> starts_;
  std::vector<Row> start_rows_;
  std::vector<uint32_t> seen_;  // in the closure of generation_
  uint32_t generation_ = 0;
};

}  // namespace subrosa::detect
