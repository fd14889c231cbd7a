// SPDX-License-Identifier: Apache-2.0
#include "detect/prefixes.h"

#include <algorithm>

namespace subrosa::detect {

Prefixes::Prefixes(Program program)
    : program_(std::move(program)), seen_(program_.instructions().size(), 0) {
  clear();
}

/// State 0 is the dead one.
void Prefixes::clear() {
  states_.clear();
  known_.clear();
  intern({});
  for (size_t i = 0; i < starts_.size(); ++i) start_rows_[i] = intern(starts_[i]);
}

Prefixes::Start Prefixes::add_start(std::vector<uint32_t> entries) {
  starts_.push_back(close(std::move(entries)));
  start_rows_.push_back(intern(starts_.back()));
  return static_cast<Start>(starts_.size() - 1);
}

Prefixes::Set Prefixes::close(Set roots) {
  ++generation_;
  Set out;
  while (!roots.empty()) {
    const uint32_t at = roots.back();
    roots.pop_back();
    if (seen_[at] == generation_) continue;
    seen_[at] = generation_;
    const Instruction& instruction = program_.instructions()[at];
    if (instruction.op == Instruction::kSplit) {
      roots.push_back(instruction.out);
      roots.push_back(instruction.value);
    } else {
      out.push_back(at);
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

Prefixes::Row Prefixes::intern(Set set) {
  const auto [found, is_new] = known_.emplace(std::move(set), static_cast<Row>(states_.size()));
  if (!is_new) return found->second;
  State state{{}, &found->first, {}};
  state.next.fill(found->first.empty() ? kDead : kUnset);
  for (const uint32_t at : found->first) {
    const Instruction& instruction = program_.instructions()[at];
    if (instruction.op == Instruction::kMatch) state.ids.push_back(instruction.value);
  }
  states_.push_back(std::move(state));
  return found->second;
}

Prefixes::Row Prefixes::build(Row row, uint8_t byte) {
  Set targets;
  for (const uint32_t at : *states_[row].set) {
    const Instruction& instruction = program_.instructions()[at];
    if (instruction.op == Instruction::kBytes && program_.sets()[instruction.value][byte])
      targets.push_back(instruction.out);
  }
  Set closed = close(std::move(targets));
  if (states_.size() == kMaxStates && known_.find(closed) == known_.end()) {
    clear();
    return intern(std::move(closed));  // the row that led here is gone
  }
  const Row next = intern(std::move(closed));
  states_[row].next[byte] = next;
  return next;
}

uint32_t Prefixes::walk(Start start, std::string_view text, uint32_t from,
                        std::vector<Accept>* accepts) {
  Row row = start_rows_[start];
  for (uint32_t at = from; at < text.size(); ++at) {
    const auto byte = static_cast<uint8_t>(text[at]);
    const Row known = states_[row].next[byte];
    row = known != kUnset ? known : build(row, byte);
    if (row == kDead) return at + 1;
    for (const uint32_t id : states_[row].ids) accepts->push_back({at + 1, id});
  }
  return static_cast<uint32_t>(text.size()) + 1;
}

}  // namespace subrosa::detect
