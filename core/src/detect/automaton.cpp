// SPDX-License-Identifier: Apache-2.0
#include "detect/automaton.h"

#include <algorithm>
#include <array>
#include <functional>
#include <memory>

namespace subrosa::detect {

Automaton::Automaton(Program program, size_t cache_limit)
    : program_(std::move(program)),
      mark_(program_.instructions().size(), 0),
      cache_limit_(cache_limit) {
  make_classes();
  begin();
}

/// Bytes that no set tells apart share a column. Small letters come first, so that what a walk over
/// words touches of a row lies together.
void Automaton::make_classes() {
  constexpr int16_t kNone = -1;
  int16_t count = 1;
  for (const ByteSet& set : program_.sets()) {
    // A class that the set cuts in two keeps its number for one part.
    std::array<std::array<int16_t, 256>, 2> parts;
    parts[0].fill(kNone);
    parts[1].fill(kNone);
    for (size_t byte = 0; byte < classes_.size(); ++byte) {
      const uint8_t known = classes_[byte];
      int16_t& part = parts[set[byte]][known];
      if (part == kNone) part = parts[!set[byte]][known] == kNone ? known : count++;
      classes_[byte] = static_cast<uint8_t>(part);
    }
  }
  std::array<int16_t, 256> columns;
  columns.fill(kNone);
  int16_t next = 0;
  for (uint32_t i = 0; i < 256; ++i) {
    uint8_t& known = classes_[(i + 'a') & 0xff];
    if (columns[known] == kNone) columns[known] = next++;
    known = static_cast<uint8_t>(columns[known]);
  }
  while ((1 << shift_) < count) ++shift_;
}

/// An empty cache holds the dead state alone.
void Automaton::begin() {
  table_.assign(size_t{1} << shift_, kDead);
  states_.push_back(std::make_unique<State>());
  cache_bytes_ = 0;
}

void Automaton::reset() {
  for (auto& state : states_) retired_.push_back(std::move(state));
  states_.clear();
  by_hash_.clear();
  begin();
  for (StartSet& start : starts_) start.row = intern(start.entries);
}

Automaton::Start Automaton::add_start(std::vector<uint32_t> entries) {
  std::vector<uint32_t> closed;
  close(entries, &closed);
  ByteSet first;
  for (const uint32_t at : closed) {
    const Instruction& instruction = program_.instructions()[at];
    if (instruction.op == Instruction::kBytes) first |= program_.sets()[instruction.value];
  }
  const Row row = intern(closed);
  starts_.push_back({std::move(closed), row, first});
  return static_cast<Start>(starts_.size() - 1);
}

/// Follows splits: what is left are instructions that eat a byte or accept.
void Automaton::close(std::span<const uint32_t> roots, std::vector<uint32_t>* out) {
  ++generation_;
  std::vector<uint32_t> stack(roots.begin(), roots.end());
  while (!stack.empty()) {
    const uint32_t at = stack.back();
    stack.pop_back();
    if (mark_[at] == generation_) continue;
    mark_[at] = generation_;
    const Instruction& instruction = program_.instructions()[at];
    if (instruction.op == Instruction::kSplit) {
      stack.push_back(instruction.out);
      stack.push_back(instruction.value);
    } else {
      out->push_back(at);
    }
  }
  std::sort(out->begin(), out->end());
}

Automaton::Row Automaton::intern(std::vector<uint32_t> instructions) {
  if (instructions.empty()) return kDead;
  const std::string_view bytes(reinterpret_cast<const char*>(instructions.data()),
                               instructions.size() * sizeof(uint32_t));
  const size_t hash = std::hash<std::string_view>()(bytes);
  const auto [first, last] = by_hash_.equal_range(hash);
  for (auto same = first; same != last; ++same) {
    if (states_[index_of(same->second)]->instructions == instructions) return same->second;
  }

  auto state = std::make_unique<State>();
  for (const uint32_t at : instructions) {
    const Instruction& instruction = program_.instructions()[at];
    if (instruction.op == Instruction::kMatch) state->ids.push_back(instruction.value);
  }
  std::sort(state->ids.begin(), state->ids.end());
  const auto row = static_cast<Row>(states_.size() | (state->ids.empty() ? 0 : kAccepts));
  cache_bytes_ += (sizeof(Row) << shift_) + bytes.size() + sizeof(State) + 64;
  state->instructions = std::move(instructions);
  states_.push_back(std::move(state));
  table_.resize(table_.size() + (size_t{1} << shift_), kUnset);
  by_hash_.emplace(hash, row);
  return row;
}

[[gnu::noinline]] Automaton::Row Automaton::build(Row row, uint8_t byte) {
  std::vector<uint32_t> targets;
  for (const uint32_t at : states_[index_of(row)]->instructions) {
    const Instruction& instruction = program_.instructions()[at];
    if (instruction.op == Instruction::kBytes && program_.sets()[instruction.value][byte])
      targets.push_back(instruction.out);
  }
  std::vector<uint32_t> closed;
  close(targets, &closed);
  const bool is_full = cache_bytes_ > cache_limit_ || states_.size() == kMaxRows;
  if (is_full && !closed.empty()) {
    reset();
    return intern(std::move(closed));  // the row that led here is gone, so the step is not noted
  }
  const Row next = intern(std::move(closed));
  table_[(index_of(row) << shift_) + classes_[byte]] = next;
  return next;
}

// What a walk seldom does is kept out of its loop: inlined, it would make every walk dearer.

[[gnu::noinline]] void Automaton::release() { retired_.clear(); }

/// Walks from a state before text[from] to text[to], forwards or back. Returns behind the byte that
/// nothing survived, or null. note(offset behind a byte, row) is told of rows that accept.
template <int kStep, typename Note>
const char* Automaton::run(Row row, std::string_view text, size_t from, size_t to, Note note) {
  if (!retired_.empty()) release();
  const uint32_t shift = shift_;
  const Row* table = table_.data();
  const char* const end = text.data() + to;
  for (const char* next = text.data() + from; next != end;) {
    if (kStep < 0) --next;
    const auto byte = static_cast<uint8_t>(*next);
    if (kStep > 0) ++next;
    const Row from_row = row;
    row = table[(index_of(row) << shift) + classes_[byte]];
    if (is_plain(row)) continue;
    if (row == kUnset) {
      row = build(from_row, byte);
      table = table_.data();
    }
    if (row == kDead) return next;
    if (row & kAccepts) note(static_cast<uint32_t>(next - text.data()), row);
  }
  return nullptr;
}

/// A walk that began at `from` and is in this state before text[at]. Returns what `walk` does.
template <typename Note>
uint32_t Automaton::run_on(Row row, std::string_view text, uint32_t from, uint32_t at, Note note) {
  const char* read = run<1>(row, text, at, end_of_walk(from, text), note);
  return read ? static_cast<uint32_t>(read - text.data()) : walked_to(from, text);
}

uint32_t Automaton::walk_on(Row row, std::string_view text, uint32_t from, uint32_t at,
                            std::vector<Accept>* accepts) {
  return run_on(row, text, from, at, [&](uint32_t end, Row accepting) {
    accepts->push_back({end, states_[index_of(accepting)]->ids});
  });
}

uint32_t Automaton::walk_ends(Start start, std::string_view text, uint32_t from,
                              std::vector<uint32_t>* ends) {
  return run_on(starts_[start].row, text, from, from,
                [&](uint32_t end, Row) { ends->push_back(end); });
}

void Automaton::walk_back(Start start, std::string_view text, uint32_t from,
                          std::vector<uint32_t>* begins) {
  run<-1>(starts_[start].row, text, from, from > kMaxWalk ? from - kMaxWalk : 0,
          [&](uint32_t begin, Row) { begins->push_back(begin); });
}

}  // namespace subrosa::detect
