// SPDX-License-Identifier: Apache-2.0
#include "consent_walk.h"

#include <string>
#include <unordered_set>
#include <vector>

#include "machine_fixture.h"

namespace consent_walk {
namespace {

using namespace machine_fixture;

constexpr int kDepth = 7;
constexpr uint64_t kFnvPrime = 0x100000001b3;

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
  kPresume,
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
  kMove,
  kCapture,
  kCount
};

/// A presumption permits only where the region allows it and the person has not answered.
bool may_permit(Move move, const Machine& before) {
  if (move == Move::kPresume) {
    const Status status = before.state.status;
    return before.terms.may_presume &&
           (status == Status::kRequested || status == Status::kDeferred);
  }
  return move == Move::kGive || move == Move::kGiveBundled || move == Move::kGiveConfirmed ||
         move == Move::kRestored;
}

bool is_no(Status status) { return status == Status::kRefused || status == Status::kWithdrawn; }

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
    case Move::kPresume:
      act = give(machine, world->now);
      act.type = ActType::kPresume;
      act.deliberate = false;
      act.bundled = true;
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
      act.terms.may_presume = machine.terms.may_presume;
      return act;
    case Move::kMove:
      act = act_of(ActType::kTerms);
      act.terms = machine.terms;
      act.terms.separate = true;
      act.terms.may_presume = false;
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

World step(World world, Move move, Walk* walk) {
  const Act act = act_for(move, &world);
  const Status before = world.machine.state.status;
  const Step step = apply(world.machine, act, world.now);
  world.machine = step.machine;
  State& state = world.machine.state;
  if (!is_no(state.status)) state.ask_from = kNever;
  if (is_no(state.status) && state.status != before) state.ask_from = world.now + 300 * kDay;
  if (move == Move::kCapture && permits(world.machine, world.now)) {
    world.has_payload = true;
    world.must_not_leave = false;
    world.epoch = world.machine.state.epoch;
    world.notice = world.machine.state.policy_hash;
  }
  const Reason reason = judge(world.machine, kFirst, world.now);
  if (world.has_payload && reason != Reason::kGiven) world.must_not_leave = true;
  const uint32_t seen[] = {static_cast<uint32_t>(move), static_cast<uint32_t>(step.reason),
                           static_cast<uint32_t>(reason), static_cast<uint32_t>(state.status),
                           state.epoch};
  for (const uint32_t value : seen) walk->digest = (walk->digest ^ value) * kFnvPrime;
  return world;
}

/// Everything in which two worlds can differ.
std::string key_of(const World& world) {
  const Machine& m = world.machine;
  const State& s = m.state;
  std::string key;
  const auto add = [&key](uint64_t value) { key.append(reinterpret_cast<const char*>(&value), 5); };
  const auto days = [](Seconds time) {
    return time == kNever ? 0 : static_cast<uint64_t>((time - kStart) / kDay + 4000);
  };
  add(static_cast<uint64_t>(s.status) | static_cast<uint64_t>(s.expiry) << 8 |
      uint64_t{s.epoch} << 16 | uint64_t{world.epoch} << 24 | uint64_t{world.version} << 32);
  add(uint64_t{s.policy_hash.bytes[0]} | uint64_t{s.material_hash.bytes[0]} << 8 |
      uint64_t{s.shown.bytes[0]} << 16 | uint64_t{world.notice.bytes[0]} << 24);
  add(uint64_t{s.bundled} | uint64_t{s.gpc_override} << 1 | uint64_t{s.gpc_latched} << 2 |
      uint64_t{s.erased} << 3 | uint64_t{s.storage_lost} << 4 | uint64_t{s.is_shown} << 5 |
      uint64_t{m.context.gpc} << 6 | static_cast<uint64_t>(m.context.age) << 7 |
      uint64_t{world.has_payload} << 9 | uint64_t{world.must_not_leave} << 10 |
      uint64_t{s.presumed} << 11 | uint64_t{m.terms.may_presume} << 12 |
      uint64_t{m.terms.separate} << 13);
  add(days(s.valid_until) | days(m.last_seen) << 16);
  add(days(world.now) | days(s.ask_from) << 16);
  return key;
}

void check(const World& before, Move move, const World& after, Walk* walk) {
  ++walk->edges;
  const bool was_permitted = permits(before.machine, before.now);
  if (!was_permitted && permits(after.machine, after.now) && !may_permit(move, before.machine)) {
    ++walk->revived;
  }
  if (after.must_not_leave && after.may_leave()) ++walk->replayed;
  if (is_withdrawal(move) && was_permitted && before.may_leave() && after.may_leave()) {
    ++walk->unfenced;
  }
}

void walk_from(const World& start, int depth, Walk* walk) {
  std::unordered_set<std::string> seen{key_of(start)};
  std::vector<World> frontier{start};
  for (int level = 0; level < depth; ++level) {
    std::vector<World> next;
    for (const World& world : frontier) {
      for (int move = 0; move < static_cast<int>(Move::kCount); ++move) {
        const World after = step(world, static_cast<Move>(move), walk);
        check(world, static_cast<Move>(move), after, walk);
        if (seen.insert(key_of(after)).second) next.push_back(after);
      }
    }
    frontier = std::move(next);
  }
  walk->states += seen.size();
}

}  // namespace

Walk walk_all() {
  Walk walk;
  for (const bool share : {false, true}) {
    for (const bool essential : {false, true}) {
      World world;
      world.machine = fresh(terms_of(0, share, essential));
      world.machine.terms.separate = share;
      world.machine.terms.may_presume = !share && !essential;
      walk_from(world, kDepth, &walk);
    }
  }
  return walk;
}

}  // namespace consent_walk
