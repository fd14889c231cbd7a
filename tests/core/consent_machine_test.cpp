#include <catch2/catch.hpp>

#include "../walk/consent_walk.h"
#include "../walk/machine_fixture.h"

using namespace machine_fixture;
using consent_walk::Walk;

namespace {

Reason do_act(Machine* machine, const Act& act, Seconds now = kStart) {
  const Step step = apply(*machine, act, now);
  *machine = step.machine;
  return step.reason;
}

Reason do_act(Machine* machine, ActType type, Seconds now = kStart) {
  return do_act(machine, act_of(type), now);
}

Machine shown(const Terms& terms = terms_of(0)) {
  Machine machine = fresh(terms);
  REQUIRE(do_act(&machine, notice(machine)) == Reason::kGiven);
  return machine;
}

Machine given(const Terms& terms = terms_of(0)) {
  Machine machine = shown(terms);
  REQUIRE(do_act(&machine, give(machine)) == Reason::kGiven);
  return machine;
}

void set_gpc(Machine* machine, bool on) {
  Act act = context_act(*machine);
  act.context.gpc = on;
  do_act(machine, act);
  do_act(machine, ActType::kTick);
}

void set_age(Machine* machine, Age age, bool guardian = false) {
  Act act = context_act(*machine);
  act.context.age = age;
  act.context.guardian = guardian;
  do_act(machine, act);
  do_act(machine, ActType::kTick);
}

/// A machine whose status is the one that is asked for.
Machine in_status(Status status) {
  Machine machine = status == Status::kUnknown ? fresh() : shown();
  const bool is_after_give = status == Status::kGiven || status == Status::kRenewed ||
                             status == Status::kExpired || status == Status::kInvalidated;
  if (is_after_give) do_act(&machine, give(machine));
  if (status == Status::kDeferred) do_act(&machine, ActType::kDismiss);
  if (status == Status::kRefused) do_act(&machine, ActType::kRefuse);
  if (status == Status::kRenewed) do_act(&machine, give(machine));
  if (status == Status::kExpired) do_act(&machine, ActType::kTick, kStart + 365 * kDay);
  if (status == Status::kWithdrawn) do_act(&machine, ActType::kWithdraw);
  if (status == Status::kRevoked) do_act(&machine, ActType::kRevoke);
  if (status == Status::kInvalidated) do_act(&machine, ActType::kInvalidate);
  REQUIRE(machine.state.status == status);
  return machine;
}

}  // namespace

TEST_CASE("machine: every status and event of the table", "[consent]") {
  for (uint32_t i = 0; i < kStatusCount; ++i) {
    const Status from = static_cast<Status>(i);
    const Machine before = in_status(from);
    const bool was_valid = is_valid(from);
    const auto after = [&](ActType type) {
      return apply(before, act_of(type), before.last_seen).machine.state;
    };
    INFO("from " << to_text(from));

    const bool may_ask =
        from == Status::kUnknown || from == Status::kDeferred || from == Status::kExpired;
    REQUIRE(apply(before, notice(before), before.last_seen).machine.state.status ==
            (may_ask ? Status::kRequested : from));
    REQUIRE(after(ActType::kDismiss).status ==
            (from == Status::kRequested ? Status::kDeferred : from));

    Machine seen = before;
    seen.state.is_shown = true;
    seen.state.shown = seen.terms.policy_hash;
    const State gave = apply(seen, give(seen, before.last_seen), before.last_seen).machine.state;
    REQUIRE(gave.status ==
            (was_valid || from == Status::kExpired ? Status::kRenewed : Status::kGiven));
    REQUIRE(gave.epoch == before.state.epoch);

    REQUIRE(after(ActType::kRefuse).status == (was_valid ? Status::kWithdrawn : Status::kRefused));
    REQUIRE(after(ActType::kRefuse).epoch == before.state.epoch + (was_valid ? 1 : 0));
    REQUIRE(after(ActType::kWithdraw).status == Status::kWithdrawn);
    REQUIRE(after(ActType::kWithdraw).epoch == before.state.epoch + (was_valid ? 1 : 0));
    REQUIRE(after(ActType::kRevoke).status == Status::kRevoked);
    REQUIRE(after(ActType::kRevoke).epoch == before.state.epoch + 1);
    REQUIRE(after(ActType::kInvalidate).status == (was_valid ? Status::kInvalidated : from));
    REQUIRE(after(ActType::kInvalidate).epoch == before.state.epoch + (was_valid ? 1 : 0));
    REQUIRE(after(ActType::kErase).status == Status::kWithdrawn);
    REQUIRE(after(ActType::kErase).erased);
    REQUIRE(after(ActType::kErase).epoch == before.state.epoch + 1);
    REQUIRE(after(ActType::kLoadFailed).epoch == before.state.epoch + (was_valid ? 1 : 0));

    const State later = apply(before, act_of(ActType::kTick), kStart + 400 * kDay).machine.state;
    REQUIRE(later.status == (was_valid ? Status::kExpired : from));
    REQUIRE(later.epoch == before.state.epoch + (was_valid ? 1 : 0));
  }
}

TEST_CASE("machine: a policy that changes in substance ends consent, in words alone not",
          "[consent]") {
  Machine machine = given();
  Act act = act_of(ActType::kTerms);
  act.terms = terms_of(1);
  do_act(&machine, act);
  do_act(&machine, ActType::kTick);
  REQUIRE(permits(machine));
  REQUIRE(machine.state.epoch == 0);
  act.terms = terms_of(2);
  do_act(&machine, act);
  REQUIRE(judge(machine, kFirst, kStart) == Reason::kPolicyChanged);
  do_act(&machine, ActType::kTick);
  REQUIRE(machine.state.status == Status::kExpired);
  REQUIRE(machine.state.expiry == Reason::kPolicyChanged);
  REQUIRE(machine.state.epoch == 1);
  act.terms = terms_of(0);
  do_act(&machine, act);
  REQUIRE_FALSE(permits(machine));
}

TEST_CASE("machine: terms that are not in force yet are not taken", "[consent]") {
  Machine machine = given();
  Act act = act_of(ActType::kTerms);
  act.terms = terms_of(2);
  act.terms.effective = kStart + 1;
  REQUIRE(do_act(&machine, act) == Reason::kNotEffective);
  REQUIRE(permits(machine));
}

TEST_CASE("machine: to give less than before fences what was captured", "[consent]") {
  Machine machine = shown();
  Act act = give(machine);
  act.scope[0] = 3;
  do_act(&machine, act);
  act.scope[0] = 7;
  do_act(&machine, act);
  REQUIRE(machine.state.epoch == 0);
  act.scope[0] = 5;
  REQUIRE(apply(machine, act, kStart).fenced);
}

TEST_CASE("G1: only the notice that is in force and was shown in this session counts",
          "[consent]") {
  Machine machine = fresh();
  REQUIRE(do_act(&machine, give(machine)) == Reason::kConsentStale);
  Act old = notice(machine);
  old.notice = hash_of(99);
  REQUIRE(do_act(&machine, old) == Reason::kConsentStale);
  do_act(&machine, notice(machine));
  Act other = give(machine);
  other.notice = hash_of(99);
  REQUIRE(do_act(&machine, other) == Reason::kConsentStale);
  Act terms = act_of(ActType::kTerms);
  terms.terms = terms_of(1);
  Machine changed = machine;
  do_act(&changed, terms);
  REQUIRE(do_act(&changed, give(changed)) == Reason::kConsentStale);
  REQUIRE(do_act(&machine, give(machine)) == Reason::kGiven);
}

TEST_CASE("G2: only a deliberate act, and for some purposes one of its own", "[consent]") {
  Machine machine = shown();
  Act act = give(machine);
  act.deliberate = false;
  REQUIRE(do_act(&machine, act) == Reason::kNotDeliberate);
  act.deliberate = true;
  act.bundled = true;
  REQUIRE(apply(machine, act, kStart).reason == Reason::kGiven);
  machine.terms.separate = true;
  REQUIRE(do_act(&machine, act) == Reason::kSeparateRequired);
  act.bundled = false;
  REQUIRE(do_act(&machine, act) == Reason::kGiven);
}

TEST_CASE("G3: an adult, a guardian for a minor, the essential for an unknown age", "[consent]") {
  Machine machine = shown();
  set_age(&machine, Age::kUnknown);
  REQUIRE(do_act(&machine, give(machine)) == Reason::kAge);
  Machine essential = shown(terms_of(0, false, true));
  set_age(&essential, Age::kUnknown);
  REQUIRE(do_act(&essential, give(essential)) == Reason::kGiven);
  set_age(&essential, Age::kMinor);
  REQUIRE(essential.state.status == Status::kInvalidated);

  Act act = give(machine);
  act.by_guardian = true;
  set_age(&machine, Age::kMinor);
  REQUIRE(do_act(&machine, act) == Reason::kAge);
  set_age(&machine, Age::kMinor, true);
  REQUIRE(do_act(&machine, act) == Reason::kGiven);
  REQUIRE(permits(machine));
  set_age(&machine, Age::kMinor, false);
  REQUIRE(machine.state.status == Status::kInvalidated);
  set_age(&machine, Age::kAdult);
  REQUIRE_FALSE(permits(machine));
}

TEST_CASE("G4: no time in the future, and a clock set back revives nothing", "[consent]") {
  Machine machine = shown();
  REQUIRE(do_act(&machine, give(machine, kStart + kClockSkew + 1)) == Reason::kClock);
  REQUIRE(do_act(&machine, give(machine, kStart + kClockSkew)) == Reason::kGiven);
  machine = given();
  do_act(&machine, ActType::kTick, kStart + 365 * kDay);
  REQUIRE(machine.state.status == Status::kExpired);
  do_act(&machine, ActType::kTick, kStart);
  REQUIRE_FALSE(permits(machine, kStart));
  // A clock that ran ahead is mended by the next give, which counts from the true time.
  do_act(&machine, notice(machine));
  REQUIRE(do_act(&machine, give(machine)) == Reason::kGiven);
  REQUIRE(permits(machine));
}

TEST_CASE("G5: withdrawing needs nothing", "[consent]") {
  for (uint32_t i = 0; i < kStatusCount; ++i) {
    Machine machine = in_status(static_cast<Status>(i));
    machine.context = {};  // nobody there, nothing known, storage gone
    do_act(&machine, ActType::kLoadFailed);
    do_act(&machine, ActType::kWithdraw);
    REQUIRE(machine.state.status == Status::kWithdrawn);
  }
}

TEST_CASE("G6: a give while Global Privacy Control is on needs a second confirmation",
          "[consent]") {
  Machine machine = shown(terms_of(0, true));
  set_gpc(&machine, true);
  Act act = give(machine);
  REQUIRE(do_act(&machine, act) == Reason::kGpcConfirmation);
  act.gpc_confirmed = true;
  REQUIRE(do_act(&machine, act) == Reason::kGiven);
  REQUIRE(machine.state.gpc_override);
  REQUIRE(permits(machine));
  // What is not shared is not its business.
  Machine own = shown();
  set_gpc(&own, true);
  REQUIRE(do_act(&own, give(own)) == Reason::kGiven);
  REQUIRE_FALSE(own.state.gpc_override);
}

TEST_CASE("machine: Global Privacy Control is latched until an explicit give", "[consent]") {
  Machine machine = given(terms_of(0, true));
  set_gpc(&machine, true);
  REQUIRE(machine.state.status == Status::kGiven);
  REQUIRE(machine.state.epoch == 1);
  REQUIRE(judge(machine, kFirst, kStart) == Reason::kGpc);
  set_gpc(&machine, false);
  REQUIRE(judge(machine, kFirst, kStart) == Reason::kGpc);
  REQUIRE(do_act(&machine, give(machine)) == Reason::kGiven);
  REQUIRE(permits(machine));

  Machine own = given();
  set_gpc(&own, true);
  REQUIRE(own.state.epoch == 0);
  REQUIRE(permits(own));
}

TEST_CASE("machine: after an erasure nothing can be given, and withdrawal stays possible",
          "[consent]") {
  Machine machine = given();
  do_act(&machine, ActType::kErase);
  do_act(&machine, notice(machine));
  REQUIRE(do_act(&machine, give(machine)) == Reason::kErased);
  REQUIRE(judge(machine, kFirst, kStart) == Reason::kErased);
  REQUIRE(do_act(&machine, ActType::kRefuse) == Reason::kGiven);
  REQUIRE(do_act(&machine, ActType::kWithdraw) == Reason::kGiven);
}

TEST_CASE("machine: the exhaustive walk", "[consent][walk]") {
  const Walk walk = consent_walk::walk_all();
  INFO(walk.states << " states, " << walk.edges << " edges");
  REQUIRE(walk.revived == 0);
  REQUIRE(walk.replayed == 0);
  REQUIRE(walk.unfenced == 0);
  REQUIRE(walk.states >= 100000);
}
