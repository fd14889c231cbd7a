#include <catch2/catch.hpp>
#include <unordered_set>
#include <vector>

#include "consent/machine.h"
#include "consent/region.h"

using namespace subrosa::consent;

namespace {

constexpr Seconds kDay = 86400;
constexpr Seconds kStart = 1775000000;
constexpr Cell kFirst{0, 0};

Hash hash_of(uint8_t value) {
  Hash hash;
  hash.bytes.fill(value);
  return hash;
}

/// Version 1 changes the text of version 0, version 2 its substance.
Terms terms_of(uint8_t version, bool share = false, bool essential = false) {
  Terms terms;
  terms.policy_hash = hash_of(static_cast<uint8_t>(10 + version));
  terms.material_hash = hash_of(version == 2 ? 2 : 1);
  terms.share = share;
  terms.essential = essential;
  return terms;
}

Machine fresh(const Terms& terms = terms_of(0)) {
  Machine machine;
  machine.terms = terms;
  machine.context = {Age::kAdult, false, false, true, true};
  return machine;
}

Act act_of(ActType type) {
  Act act;
  act.type = type;
  return act;
}

Act notice(const Machine& machine) {
  Act act = act_of(ActType::kNoticeShown);
  act.notice = machine.terms.policy_hash;
  return act;
}

Act give(const Machine& machine, Seconds now = kStart) {
  Act act = act_of(ActType::kGive);
  act.notice = machine.terms.policy_hash;
  act.time = now;
  act.valid_until = now + 365 * kDay;
  act.scope[0] = 1;
  act.deliberate = true;
  return act;
}

Act context_act(const Machine& machine) {
  Act act = act_of(ActType::kContext);
  act.context = machine.context;
  return act;
}

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

bool permits(const Machine& machine, Seconds now = kStart) {
  return judge(machine, kFirst, now) == Reason::kGiven;
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

// The exhaustive walk: one purpose and one queued payload, all sequences of events.

namespace {

struct World {
  Machine machine;
  Seconds now = kStart;
  uint8_t version = 0;
  // The payload: captured while it was permitted, under an epoch and a notice.
  bool has_payload = false;
  bool must_not_leave = false;  // it was not permitted at some moment since
  uint32_t epoch = 0;
  Hash notice;

  bool may_leave() const {
    return has_payload && permits(machine, now) && machine.state.epoch == epoch &&
           machine.state.policy_hash == notice;
  }
};

enum class Move {
  kNotice,
  kDismiss,
  kGive,
  kGiveBundled,
  kGiveConfirmed,
  kRefuse,
  kWithdraw,
  kRevoke,
  kInvalidate,
  kErase,
  kTick,
  kLoadFailed,
  kRestored,
  kGpcOn,
  kGpcOff,
  kAdult,
  kUnknownAge,
  kForward,
  kBack,
  kNextPolicy,
  kCapture,
  kCount
};

bool may_permit(Move move) {
  return move == Move::kGive || move == Move::kGiveBundled || move == Move::kGiveConfirmed ||
         move == Move::kRestored;
}

bool is_withdrawal(Move move) {
  return move == Move::kRefuse || move == Move::kWithdraw || move == Move::kRevoke ||
         move == Move::kInvalidate || move == Move::kErase;
}

Act act_for(Move move, World* world) {
  const Machine& machine = world->machine;
  Act act;
  switch (move) {
    case Move::kNotice:
      return notice(machine);
    case Move::kGive:
    case Move::kGiveBundled:
    case Move::kGiveConfirmed:
      act = give(machine, world->now);
      act.bundled = move == Move::kGiveBundled;
      act.gpc_confirmed = move == Move::kGiveConfirmed;
      return act;
    case Move::kGpcOn:
    case Move::kGpcOff:
      act = context_act(machine);
      act.context.gpc = move == Move::kGpcOn;
      return act;
    case Move::kAdult:
    case Move::kUnknownAge:
      act = context_act(machine);
      act.context.age = move == Move::kAdult ? Age::kAdult : Age::kUnknown;
      return act;
    case Move::kNextPolicy:
      world->version = static_cast<uint8_t>((world->version + 1) % 3);
      act = act_of(ActType::kTerms);
      act.terms = terms_of(world->version, machine.terms.share, machine.terms.essential);
      act.terms.separate = machine.terms.separate;
      return act;
    case Move::kForward:
      world->now += 200 * kDay;
      return act;
    case Move::kBack:
      world->now -= 200 * kDay;
      return act;
    case Move::kDismiss:
      return act_of(ActType::kDismiss);
    case Move::kRefuse:
      return act_of(ActType::kRefuse);
    case Move::kWithdraw:
      return act_of(ActType::kWithdraw);
    case Move::kRevoke:
      return act_of(ActType::kRevoke);
    case Move::kInvalidate:
      return act_of(ActType::kInvalidate);
    case Move::kErase:
      return act_of(ActType::kErase);
    case Move::kLoadFailed:
      return act_of(ActType::kLoadFailed);
    case Move::kRestored:
      return act_of(ActType::kRestored);
    case Move::kTick:
    case Move::kCapture:
    case Move::kCount:
      return act;
  }
  return act;
}

World step(World world, Move move) {
  const Act act = act_for(move, &world);
  world.machine = apply(world.machine, act, world.now).machine;
  if (move == Move::kCapture && permits(world.machine, world.now)) {
    world.has_payload = true;
    world.must_not_leave = false;
    world.epoch = world.machine.state.epoch;
    world.notice = world.machine.state.policy_hash;
  }
  if (world.has_payload && !permits(world.machine, world.now)) world.must_not_leave = true;
  return world;
}

/// Everything in which two worlds can differ.
std::string key_of(const World& world) {
  const Machine& m = world.machine;
  const State& s = m.state;
  std::string key;
  const auto add = [&key](uint64_t value) { key.append(reinterpret_cast<const char*>(&value), 5); };
  const auto days = [](Seconds time) {
    return static_cast<uint64_t>((time - kStart) / kDay + 4000);
  };
  add(static_cast<uint64_t>(s.status) | static_cast<uint64_t>(s.expiry) << 8 |
      uint64_t{s.epoch} << 16 | uint64_t{world.epoch} << 24 | uint64_t{world.version} << 32);
  add(uint64_t{s.policy_hash.bytes[0]} | uint64_t{s.material_hash.bytes[0]} << 8 |
      uint64_t{s.shown.bytes[0]} << 16 | uint64_t{world.notice.bytes[0]} << 24);
  add(uint64_t{s.bundled} | uint64_t{s.gpc_override} << 1 | uint64_t{s.gpc_latched} << 2 |
      uint64_t{s.erased} << 3 | uint64_t{s.storage_lost} << 4 | uint64_t{s.is_shown} << 5 |
      uint64_t{m.context.gpc} << 6 | static_cast<uint64_t>(m.context.age) << 7 |
      uint64_t{world.has_payload} << 9 | uint64_t{world.must_not_leave} << 10);
  add(days(s.valid_until) | days(m.last_seen) << 16);
  add(days(world.now));
  return key;
}

struct Walk {
  size_t states = 0;
  size_t edges = 0;
  size_t revived = 0;   // deny became permit without a give or the storage's return
  size_t replayed = 0;  // a payload could leave although a moment since did not permit it
  size_t unfenced = 0;  // a withdrawal left the epoch as it was
};

void check(const World& before, Move move, const World& after, Walk* walk) {
  ++walk->edges;
  const bool was_permitted = permits(before.machine, before.now);
  if (!was_permitted && permits(after.machine, after.now) && !may_permit(move)) ++walk->revived;
  if (after.must_not_leave && after.may_leave()) ++walk->replayed;
  if (is_withdrawal(move) && was_permitted && before.may_leave() && after.may_leave()) {
    ++walk->unfenced;
  }
}

Walk walk_from(const World& start, int depth) {
  Walk walk;
  std::unordered_set<std::string> seen{key_of(start)};
  std::vector<World> frontier{start};
  for (int level = 0; level < depth; ++level) {
    std::vector<World> next;
    for (const World& world : frontier) {
      for (int move = 0; move < static_cast<int>(Move::kCount); ++move) {
        const World after = step(world, static_cast<Move>(move));
        check(world, static_cast<Move>(move), after, &walk);
        if (seen.insert(key_of(after)).second) next.push_back(after);
      }
    }
    frontier = std::move(next);
  }
  walk.states = seen.size();
  return walk;
}

}  // namespace

TEST_CASE("machine: the exhaustive walk", "[consent][walk]") {
  Walk total;
  for (const bool share : {false, true}) {
    for (const bool essential : {false, true}) {
      World world;
      world.machine = fresh(terms_of(0, share, essential));
      world.machine.terms.separate = share;
      const Walk walk = walk_from(world, 7);
      total.states += walk.states;
      total.edges += walk.edges;
      REQUIRE(walk.revived == 0);
      REQUIRE(walk.replayed == 0);
      REQUIRE(walk.unfenced == 0);
    }
  }
  WARN(total.states << " states, " << total.edges << " edges, no breach");
  REQUIRE(total.states >= 100000);
}
