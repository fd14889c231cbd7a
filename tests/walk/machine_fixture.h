// SPDX-License-Identifier: Apache-2.0
// What the tests and the walk of the consent machine begin with: terms, machines, acts.
#pragma once

#include "consent/machine.h"

namespace machine_fixture {

using namespace subrosa::consent;

inline constexpr Seconds kDay = 86400;
inline constexpr Seconds kStart = 1775000000;
inline constexpr Cell kFirst{0, 0};

inline Hash hash_of(uint8_t value) {
  Hash hash;
  hash.bytes.fill(value);
  return hash;
}

/// Version 1 changes the text of version 0, version 2 its substance.
inline Terms terms_of(uint8_t version, bool share = false, bool essential = false) {
  Terms terms;
  terms.policy_hash = hash_of(static_cast<uint8_t>(10 + version));
  terms.material_hash = hash_of(version == 2 ? 2 : 1);
  terms.share = share;
  terms.essential = essential;
  return terms;
}

inline Machine fresh(const Terms& terms = terms_of(0)) {
  Machine machine;
  machine.terms = terms;
  machine.context = {Age::kAdult, false, false, true, true};
  return machine;
}

inline Act act_of(ActType type) {
  Act act;
  act.type = type;
  return act;
}

inline Act notice(const Machine& machine) {
  Act act = act_of(ActType::kNoticeShown);
  act.notice = machine.terms.policy_hash;
  return act;
}

inline Act give(const Machine& machine, Seconds now = kStart) {
  Act act = act_of(ActType::kGive);
  act.notice = machine.terms.policy_hash;
  act.time = now;
  act.valid_until = now + 365 * kDay;
  act.scope[0] = 1;
  act.deliberate = true;
  return act;
}

inline Act context_act(const Machine& machine) {
  Act act = act_of(ActType::kContext);
  act.context = machine.context;
  return act;
}

/// Whether the first cell is permitted.
inline bool permits(const Machine& machine, Seconds now = kStart) {
  return judge(machine, kFirst, now) == Reason::kGiven;
}

}  // namespace machine_fixture
