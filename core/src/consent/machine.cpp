// SPDX-License-Identifier: Apache-2.0
#include "consent/machine.h"

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

}  // namespace

bool may_still_be_given(Reason reason) {
  return reason == Reason::kNotAsked || reason == Reason::kAsked || reason == Reason::kDeferred;
}

bool is_age_enough(const State& state, const Terms& terms, const Context& context) {
  if (context.age == Age::kAdult) return true;
  if (context.age == Age::kMinor) return state.by_guardian && context.guardian;
  return terms.essential;
}

Reason judge(const State& state, const Terms& terms, const Context& context, Cell cell,
             Seconds clock) {
  if (state.erased) return Reason::kErased;
  if (!context.storage || state.storage_lost) return Reason::kStorageUnverified;
  if (clock < terms.effective) return Reason::kNotEffective;
  const Reason reason = reason_of(state);
  if (reason != Reason::kGiven) return reason;
  if (state.material_hash != terms.material_hash) return Reason::kPolicyChanged;
  if (clock >= state.valid_until) return Reason::kExpired;
  if (!is_age_enough(state, terms, context)) return Reason::kAge;
  if (terms.separate && state.bundled) return Reason::kSeparateRequired;
  if (!(state.scope[cell.type] & bit(cell.recipient))) return Reason::kNotInScope;
  const bool is_share = terms.share || (terms.third_parties & bit(cell.recipient));
  if (is_share && (context.gpc || state.gpc_latched) && !state.gpc_override) return Reason::kGpc;
  return Reason::kGiven;
}

}  // namespace subrosa::consent
