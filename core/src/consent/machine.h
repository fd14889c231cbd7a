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

inline constexpr Seconds kNever = INT64_MAX;

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
  bool presumed = false;  // by the operator; the person has not opted out
  // After a no: until when the person is not to be asked again.
  Seconds ask_from = kNever;
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
  bool may_presume = false;    // the region lets the operator presume consent
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

/// Everything that a decision rests on.
struct Machine {
  State state;
  Terms terms;
  Context context;
  Seconds last_seen = 0;  // the latest moment known; a clock that goes back revives nothing
};

enum class ActType : uint32_t {
  kNoticeShown,
  kDismiss,
  kGive,
  kPresume,  // by the operator, where the terms let it
  kRefuse,
  kWithdraw,
  kRevoke,      // by the controller, a guardian, an authority
  kInvalidate,  // a defect was found
  kErase,
  kTick,        // time alone
  kLoadFailed,  // the stored state cannot be read, or its signature is wrong
  kRestored,    // it can again
  kContext,     // `context` holds now
  kTerms        // `terms` hold now
};

/// One event of the table. Fields that belong to other types are not looked at.
struct Act {
  ActType type = ActType::kTick;
  Hash notice;  // kNoticeShown, kGive, kPresume: the policy that the notice was of
  // kGive, kPresume
  Seconds time = 0;
  Seconds valid_until = 0;
  Cells scope{};
  // kGive
  bool deliberate = false;  // an act on this very choice; nothing was preselected
  bool bundled = false;     // "accept all"
  bool by_guardian = false;
  bool gpc_confirmed = false;  // asked once more, since Global Privacy Control is on
  // kContext, kTerms
  Context context;
  Terms terms;
};

struct Step {
  Machine machine;
  Reason reason = Reason::kGiven;  // kGiven: done; kUnchanged; else the guard that refused
  bool fenced = false;             // a new epoch: payloads of the old one must not leave
};

/// How far ahead of the present the time of a give may lie (G4).
inline constexpr Seconds kClockSkew = 300;

/// Takes one step. Total: what the table does not allow changes nothing and says why. What time and
/// circumstances end is written down by the next step, kTick for one; judge() heeds them at once.
Step apply(const Machine& before, const Act& act, Seconds now);

/// Why data of a cell may be processed at `now` (kGiven) or not.
Reason judge(const Machine& machine, Cell cell, Seconds now);

/// Whether the notice may ask for a choice: not where one was made, and after a no not before the
/// region's time is over.
bool may_ask(const Machine& machine, Seconds now);

/// Whether an answer is merely outstanding: such a message is held while the person is there.
bool may_still_be_given(Reason reason);

}  // namespace subrosa::consent
