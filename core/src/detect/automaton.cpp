// SPDX-License-Identifier: Apache-2.0
#include "detect/automaton.h"

#include <algorithm>
#include <map>
#include <memory>

namespace subrosa::detect {

Automaton::Automaton(Program program, size_t cache_limit)
    : program_(std::move(program)),
      mark_(program_.instructions().size(), 0),
      cache_limit_(cache_limit) {
  make_classes();
  begin();
}

/// Bytes that no set tells apart share a column.
void Automaton::make_classes() {
  std::map<std::vector<bool>, uint16_t> known;
  for (uint32_t byte = 0; byte < 256; ++byte) {
    std::vector<bool> signature;
    for (const ByteSet& set : program_.sets()) signature.push_back(set[byte]);
    classes_[byte] =
        known.try_emplace(std::move(signature), static_cast<uint16_t>(known.size())).first->second;
  }
  stride_ =
      (static_cast<uint32_t>(known.size()) + 1) & ~1u;  // even, to leave the low bit of a row free
}

/// An empty cache holds the dead state alone, in row 0.
void Automaton::begin() {
  table_.assign(stride_, kDead);
  states_.push_back(std::make_unique<State>());
  cache_bytes_ = 0;
}

void Automaton::reset() {
  for (auto& state : states_) retired_.push_back(std::move(state));
  states_.clear();
  by_key_.clear();
  begin();
  for (StartSet& start : starts_) start.row = intern(start.entries);
}

Automaton::Start Automaton::add_start(std::vector<uint32_t> entries) {
  std::vector<uint32_t> closed;
  close(entries, &closed);
  const Row row = intern(closed);
  starts_.push_back({std::move(closed), row});
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
  std::string key(reinterpret_cast<const char*>(instructions.data()),
                  instructions.size() * sizeof(uint32_t));
  if (const auto found = by_key_.find(key); found != by_key_.end()) return found->second;

  auto state = std::make_unique<State>();
  for (const uint32_t at : instructions) {
    const Instruction& instruction = program_.instructions()[at];
    if (instruction.op == Instruction::kMatch) state->ids.push_back(instruction.value);
  }
  std::sort(state->ids.begin(), state->ids.end());
  const Row row = static_cast<Row>(states_.size()) * stride_ | (state->ids.empty() ? 0 : 1);
  cache_bytes_ += stride_ * sizeof(Row) + 2 * key.size() + sizeof(State) + 64;
  state->instructions = std::move(instructions);
  states_.push_back(std::move(state));
  table_.resize(table_.size() + stride_, kUnset);
  by_key_.emplace(std::move(key), row);
  return row;
}

Automaton::Row Automaton::build(Row row, uint8_t byte) {
  std::vector<uint32_t> targets;
  for (const uint32_t at : state(row).instructions) {
    const Instruction& instruction = program_.instructions()[at];
    if (instruction.op == Instruction::kBytes && program_.sets()[instruction.value][byte])
      targets.push_back(instruction.out);
  }
  std::vector<uint32_t> closed;
  close(targets, &closed);
  if (cache_bytes_ > cache_limit_ && !closed.empty()) {
    reset();
    return intern(std::move(closed));  // the row that led here is gone, so the step is not noted
  }
  const Row next = intern(std::move(closed));
  table_[(row & ~1u) + classes_[byte]] = next;
  return next;
}

void Automaton::walk(Start start, std::string_view text, uint32_t from,
                     std::vector<Accept>* accepts) {
  retired_.clear();
  const uint32_t end =
      static_cast<uint32_t>(std::min<size_t>(text.size(), size_t{from} + kMaxWalk));
  Row row = starts_[start].row;
  for (uint32_t at = from; at < end;) {
    row = step(row, static_cast<uint8_t>(text[at]));
    if (row == kDead) return;
    ++at;
    if (row & 1) accepts->push_back({at, state(row).ids});
  }
}

void Automaton::walk_back(Start start, std::string_view text, uint32_t from,
                          std::vector<Accept>* accepts) {
  retired_.clear();
  const uint32_t begin = from > kMaxWalk ? from - kMaxWalk : 0;
  Row row = starts_[start].row;
  for (uint32_t at = from; at > begin;) {
    row = step(row, static_cast<uint8_t>(text[--at]));
    if (row == kDead) return;
    if (row & 1) accepts->push_back({at, state(row).ids});
  }
}

}  // namespace subrosa::detect
