// SPDX-License-Identifier: Apache-2.0
// A lazily built DFA over a Program: many patterns, one step a byte.
//
// A walk begins at a place and goes on while any pattern is alive; it reports every pattern that
// accepts and where. So one walk both finds which rules match and how far, where a set matcher
// would only say that they do. States are made when first met and kept in a bounded cache. A full
// cache is emptied and refilled: nothing is ever skipped, and since a walk is bounded by kMaxWalk,
// the cost of a byte is bounded too.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "detect/regex.h"

namespace subrosa::detect {

class Automaton {
 public:
  static constexpr uint32_t kMaxWalk = 2048;  // bytes
  static constexpr size_t kCacheBytes = size_t{12} << 20;
  static constexpr size_t kSmallCacheBytes = size_t{256} << 10;

  /// A set of patterns that a walk may begin with.
  using Start = uint32_t;

  /// The program is complete; the automaton keeps it.
  explicit Automaton(Program program, size_t cache_limit = kCacheBytes);

  /// Registers a set of entry points. A start stays valid for the automaton's life.
  Start add_start(std::vector<uint32_t> entries);

  /// An end that a walk passed: the patterns in ids accept text[from, end).
  struct Accept {
    uint32_t end;
    const std::vector<uint32_t>& ids;
  };

  /// Walks from text[from]; appends the accepts in the order of their ends. Their ids stay valid
  /// until the next walk. Returns the end of what was read: past the text's size when more of it
  /// could have gone on.
  uint32_t walk(Start start, std::string_view text, uint32_t from, std::vector<Accept>* accepts) {
    const size_t end = end_of_walk(from, text);
    const Row* const table = table_.data();
    const uint32_t shift = shift_;
    Row row = starts_[start].row;
    // As far as nothing is accepted or built, which is where most walks end, it takes no call.
    for (size_t at = from; at < end; ++at) {
      const Row next = table[(index_of(row) << shift) + classes_[static_cast<uint8_t>(text[at])]];
      if (!is_plain(next)) {
        if (next == kDead) return static_cast<uint32_t>(at) + 1;
        return walk_on(row, text, from, static_cast<uint32_t>(at), accepts);
      }
      row = next;
    }
    return walked_to(from, text);
  }

  /// The same for a program of one pattern: appends where its matches end, and nothing else.
  uint32_t walk_ends(Start start, std::string_view text, uint32_t from,
                     std::vector<uint32_t>* ends);

  /// The same from text[from - 1] towards the start, for a program compiled backwards: appends
  /// where its matches begin.
  void walk_back(Start start, std::string_view text, uint32_t from, std::vector<uint32_t>* begins);

  /// The bytes that a walk can begin with, for the caller's inner loop. Valid until the next start
  /// is added.
  const ByteSet& first_bytes(Start start) const { return starts_[start].first; }

  size_t cache_bytes() const { return cache_bytes_; }

 private:
  /// A state's number; its row in the table has a column for each class of bytes. Those that accept
  /// are marked, so that a step looks at the table alone.
  using Row = uint16_t;
  static constexpr Row kAccepts = 0x8000;
  static constexpr Row kDead = 0;
  static constexpr Row kUnset = 0xffff;
  static constexpr Row kMaxRows = 0x7fff;
  static constexpr size_t index_of(Row row) { return row & ~kAccepts; }
  static constexpr bool is_plain(Row row) { return static_cast<Row>(row - 1) < kMaxRows; }

  struct State {
    std::vector<uint32_t> instructions;  // kBytes and kMatch, sorted
    std::vector<uint32_t> ids;           // accepted, sorted
  };
  struct StartSet {
    std::vector<uint32_t> entries;
    Row row;
    ByteSet first;
  };

  uint32_t walk_on(Row row, std::string_view text, uint32_t from, uint32_t at,
                   std::vector<Accept>* accepts);
  static size_t end_of_walk(uint32_t from, std::string_view text) {
    return std::min<size_t>(text.size(), size_t{from} + kMaxWalk);
  }
  static uint32_t walked_to(uint32_t from, std::string_view text) {
    return static_cast<uint32_t>(std::min<size_t>(text.size() + 1, size_t{from} + kMaxWalk));
  }
  template <int kStep, typename Note>
  const char* run(Row row, std::string_view text, size_t from, size_t to, Note note);
  template <typename Note>
  uint32_t run_on(Row row, std::string_view text, uint32_t from, uint32_t at, Note note);
  void make_classes();
  Row build(Row row, uint8_t byte);
  Row intern(std::vector<uint32_t> instructions);
  void close(std::span<const uint32_t> roots, std::vector<uint32_t>* out);
  void release();
  void reset();
  void begin();

  Program program_;
  std::array<uint8_t, 256> classes_{};
  uint32_t shift_ = 0;  // a row has 1 << shift_ columns
  std::vector<Row> table_;
  std::vector<std::unique_ptr<State>> states_;
  std::unordered_multimap<size_t, Row> by_hash_;
  std::vector<StartSet> starts_;
  std::vector<std::unique_ptr<State>>
      retired_;                 // of an emptied cache, until the walk that uses them is over
  std::vector<uint32_t> mark_;  // visited in the closure of `generation_`
  uint32_t generation_ = 0;
  size_t cache_bytes_ = 0;
  size_t cache_limit_;
};

}  // namespace subrosa::detect
