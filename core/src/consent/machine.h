// SPDX-License-Identifier: Apache-2.0
// The consent machine for one person and one purpose, without text, time or storage of its own.
// docs/consent.md has its table.
#pragma once

#include <array>
#include <cstdint>

#include "consent/hash.h"
#include "consent/policy.h"
#include "consent/record.h"

namespace subrosa::consent {

/// What may go where: for each data type of the purpose, bit n is its recipient n.
using Cells = std::array<uint16_t, kMaxTypes>;

/// What the record says, and what this session knows.
struct State {
  Status status = Status::kUnknown;
  Reason expiry = Reason::kExpired;  // kExpired or kPolicyChanged
  uint32_t epoch = 0;
  // The last act of giving.
  Hash policy_hash;
  Hash material_hash;
  Seconds valid_until = 0;
  Cells scope{};
  bool bundled = false;
  bool by_guardian = false;
  bool gpc_override = false;
  // Marks that outlive it.
  bool gpc_latched = false;
  bool erased = false;
  // This session alone.
  bool storage_lost = false;
  bool is_shown = false;
  Hash shown;  // the policy whose notice was shown
  bool operator==(const State&) const = default;
};

/// What the policy in force says of the purpose, and the region asks for.
struct Terms {
  Hash policy_hash;
  Hash material_hash;
  Seconds effective = 0;
  bool essential = false;
  bool separate = false;
  bool share = false;          // every recipient counts as a third party
  uint16_t third_parties = 0;  // bit n: recipient n is one
};

/// The circumstances of a decision. The defaults are the strictest.
struct Context {
  Age age = Age::kUnknown;
  bool guardian = false;  // a guardian was verified
  bool gpc = false;
  bool storage = false;  // the stored state was read and is whole
  bool present = false;  // the person is in front of the widget
};

/// A cell of the matrix.
struct Cell {
  uint32_t type = 0;
  uint32_t recipient = 0;
};

/// Why data of a cell may be processed (kGiven) or not. `clock` is the latest moment known.
Reason judge(const State& state, const Terms& terms, const Context& context, Cell cell,
             Seconds clock);

/// Whether an answer is merely outstanding: such a message is held while the person is there.
bool may_still_be_given(Reason reason);

/// Whether a person of this age may hold the consent that the state has.
bool is_age_enough(const State& state, const Terms& terms, const Context& context);

}  // namespace subrosa::consent
