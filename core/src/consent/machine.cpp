// SPDX-License-Identifier: Apache-2.0
#include "consent/machine.h"

#include <algorithm>

namespace subrosa::consent {
namespace {

Reason reason_of(const State& state) {
  switch (state.status) {
    case Status::kUnknown:
      return Reason::kNotAsked;
    case Status::kRequested:
      return Reason::kAsked;
    case Status::kDeferred:
      return Reason::kDeferred;
    case Status::kRefused:
      return Reason::kRefused;
    case Status::kGiven:
    case Status::kRenewed:
      return Reason::kGiven;
    case Status::kExpired:
      return state.expiry;
    case Status::kWithdrawn:
      return Reason::kWithdrawn;
    case Status::kRevoked:
      return Reason::kRevoked;
    case Status::kInvalidated:
      return Reason::kInvalidated;
  }
  return Reason::kError;
}

/// G3: an adult, a guardian for a minor, and for an unknown age what the service cannot do without.
bool is_age_enough(const Machine& machine, bool by_guardian) {
  if (machine.context.age == Age::kAdult) return true;
  if (machine.context.age == Age::kMinor) return by_guardian && machine.context.guardian;
  return machine.terms.essential;
}

bool may_share(const Terms& terms) { return terms.share || terms.third_parties != 0; }

/// Leaves a status; from a valid one this is a new epoch, which fences all that was captured.
void leave_for(State* state, Status status) {
  if (is_valid(state->status)) ++state->epoch;
  state->status = status;
}

/// What time and circumstances do to a valid consent. It is done before every act, under the
/// circumstances that held until then, so that what has ended does not come back with them.
void review(Machine* machine) {
  State& state = machine->state;
  if (!is_valid(state.status)) return;
  if (machine->last_seen >= state.valid_until) {
    state.expiry = Reason::kExpired;
    leave_for(&state, Status::kExpired);
  } else if (state.material_hash != machine->terms.material_hash) {
    state.expiry = Reason::kPolicyChanged;
    leave_for(&state, Status::kExpired);
  } else if (!is_age_enough(*machine, state.by_guardian) ||
             (machine->terms.separate && state.bundled) ||
             (state.presumed && !machine->terms.may_presume)) {
    leave_for(&state, Status::kInvalidated);
  } else if (machine->context.gpc && may_share(machine->terms) && !state.gpc_latched &&
             !state.gpc_override) {
    state.gpc_latched = true;
    ++state.epoch;
  }
}

/// What every consent rests on: storage, time, and the notice in force, shown (G1, G4).
Reason guard(const Machine& machine, const Act& act, Seconds now) {
  const State& state = machine.state;
  if (state.erased) return Reason::kErased;
  if (!machine.context.storage || state.storage_lost) return Reason::kStorageUnverified;
  if (act.time > now + kClockSkew) return Reason::kClock;
  if (now < machine.terms.effective) return Reason::kNotEffective;
  const bool is_active = act.notice == machine.terms.policy_hash;
  if (!is_active || !state.is_shown || state.shown != act.notice) return Reason::kConsentStale;
  return Reason::kGiven;
}

/// The guards G1 to G4 and G6; kGiven where the act may be done.
Reason guard_give(const Machine& machine, const Act& act, Seconds now) {
  const Reason refused = guard(machine, act, now);
  if (refused != Reason::kGiven) return refused;
  if (!act.deliberate) return Reason::kNotDeliberate;
  if (act.bundled && machine.terms.separate) return Reason::kSeparateRequired;
  if (!is_age_enough(machine, act.by_guardian)) return Reason::kAge;
  if (machine.context.gpc && may_share(machine.terms) && !act.gpc_confirmed) {
    return Reason::kGpcConfirmation;
  }
  return Reason::kGiven;
}

/// An operator presumes only of an adult, who has not answered and sends no signal.
Reason guard_presume(const Machine& machine, const Act& act, Seconds now) {
  const Reason refused = guard(machine, act, now);
  if (refused != Reason::kGiven) return refused;
  if (!machine.terms.may_presume) return Reason::kNotDeliberate;
  const Status status = machine.state.status;
  if (is_valid(status)) return Reason::kUnchanged;
  if (status != Status::kRequested && status != Status::kDeferred) return reason_of(machine.state);
  if (machine.context.age != Age::kAdult) return Reason::kAge;
  return machine.context.gpc || machine.state.gpc_latched ? Reason::kGpc : Reason::kGiven;
}

bool takes_away(const Cells& before, const Cells& after) {
  for (size_t i = 0; i < before.size(); ++i) {
    if (before[i] & ~after[i]) return true;
  }
  return false;
}

Reason give(Machine* machine, const Act& act, Seconds now) {
  const bool is_presumed = act.type == ActType::kPresume;
  const Reason refused =
      is_presumed ? guard_presume(*machine, act, now) : guard_give(*machine, act, now);
  if (refused != Reason::kGiven) return refused;
  State& state = machine->state;
  // To give less than before is to withdraw the rest.
  if (is_valid(state.status) && takes_away(state.scope, act.scope)) ++state.epoch;
  const bool is_renewal = is_valid(state.status) || state.status == Status::kExpired;
  state.status = is_renewal ? Status::kRenewed : Status::kGiven;
  state.policy_hash = act.notice;
  state.material_hash = machine->terms.material_hash;
  state.valid_until = act.valid_until;
  state.scope = act.scope;
  state.bundled = act.bundled;
  state.by_guardian = act.by_guardian;
  state.presumed = is_presumed;
  state.gpc_latched = machine->context.gpc;
  state.gpc_override = machine->context.gpc && may_share(machine->terms);
  // All that had run out by the old clock has expired by now, so a clock that was ahead may be
  // mended here.
  machine->last_seen = now;
  return Reason::kGiven;
}

Reason show_notice(Machine* machine, const Act& act) {
  State& state = machine->state;
  if (state.erased) return Reason::kErased;
  if (act.notice != machine->terms.policy_hash) return Reason::kConsentStale;
  state.is_shown = true;
  state.shown = act.notice;
  if (may_ask(*machine, machine->last_seen) && may_follow(state.status, Status::kRequested)) {
    state.status = Status::kRequested;
  }
  return Reason::kGiven;
}

Reason end(State* state, Status status) {
  if (state->status == status) return Reason::kUnchanged;
  leave_for(state, status);
  return Reason::kGiven;
}

Reason lose_storage(State* state) {
  if (state->storage_lost) return Reason::kUnchanged;
  state->storage_lost = true;
  if (is_valid(state->status)) ++state->epoch;
  return Reason::kGiven;
}

Reason perform(Machine* machine, const Act& act, Seconds now) {
  State& state = machine->state;
  switch (act.type) {
    case ActType::kNoticeShown:
      return show_notice(machine, act);
    case ActType::kDismiss:
      if (state.status != Status::kRequested) return Reason::kUnchanged;
      return end(&state, Status::kDeferred);
    case ActType::kGive:
    case ActType::kPresume:
      return give(machine, act, now);
    case ActType::kRefuse:
      return end(&state, is_valid(state.status) ? Status::kWithdrawn : Status::kRefused);
    case ActType::kWithdraw:
      return end(&state, Status::kWithdrawn);
    case ActType::kRevoke:
      ++state.epoch;
      state.status = Status::kRevoked;
      return Reason::kGiven;
    case ActType::kInvalidate:
      if (!is_valid(state.status)) return Reason::kUnchanged;
      return end(&state, Status::kInvalidated);
    case ActType::kErase:
      if (state.erased) return Reason::kUnchanged;
      ++state.epoch;
      state.status = Status::kWithdrawn;
      state.erased = true;
      return Reason::kGiven;
    case ActType::kTick:
      return Reason::kGiven;
    case ActType::kLoadFailed:
      return lose_storage(&state);
    case ActType::kRestored:
      state.storage_lost = false;
      return Reason::kGiven;
    case ActType::kContext:
      machine->context = act.context;
      return Reason::kGiven;
    case ActType::kTerms:
      if (now < act.terms.effective) return Reason::kNotEffective;
      machine->terms = act.terms;
      return Reason::kGiven;
  }
  return Reason::kError;
}

}  // namespace

Step apply(const Machine& before, const Act& act, Seconds now) {
  Step step{before};
  step.machine.last_seen = std::max(before.last_seen, now);
  review(&step.machine);
  step.reason = perform(&step.machine, act, now);
  step.fenced = step.machine.state.epoch != before.state.epoch;
  return step;
}

Reason judge(const Machine& machine, Cell cell, Seconds now) {
  const State& state = machine.state;
  const Terms& terms = machine.terms;
  const Seconds clock = std::max(now, machine.last_seen);
  if (state.erased) return Reason::kErased;
  if (!machine.context.storage || state.storage_lost) return Reason::kStorageUnverified;
  if (clock < terms.effective) return Reason::kNotEffective;
  const Reason reason = reason_of(state);
  if (reason != Reason::kGiven) return reason;
  if (state.material_hash != terms.material_hash) return Reason::kPolicyChanged;
  if (clock >= state.valid_until) return Reason::kExpired;
  if (!is_age_enough(machine, state.by_guardian)) return Reason::kAge;
  if (terms.separate && state.bundled) return Reason::kSeparateRequired;
  if (state.presumed && !terms.may_presume) return Reason::kNotDeliberate;
  if (!(state.scope[cell.type] & bit(cell.recipient))) return Reason::kNotInScope;
  const bool is_share = terms.share || (terms.third_parties & bit(cell.recipient));
  const bool is_gpc = machine.context.gpc || state.gpc_latched;
  if (is_share && is_gpc && !state.gpc_override) return Reason::kGpc;
  return Reason::kGiven;
}

bool may_ask(const Machine& machine, Seconds now) {
  const State& state = machine.state;
  if (state.erased) return false;
  switch (state.status) {
    case Status::kUnknown:
    case Status::kRequested:
    case Status::kDeferred:
    case Status::kExpired:
    case Status::kInvalidated:
      return true;
    case Status::kRefused:
    case Status::kWithdrawn:
      return std::max(now, machine.last_seen) >= state.ask_from;
    case Status::kGiven:
    case Status::kRenewed:
    case Status::kRevoked:
      return false;
  }
  return false;
}

bool may_still_be_given(Reason reason) {
  return reason == Reason::kNotAsked || reason == Reason::kAsked || reason == Reason::kDeferred;
}

}  // namespace subrosa::consent
