// SPDX-License-Identifier: Apache-2.0
// One person's consent under one policy: the records, the circumstances, and the decision.
//
//   Result<Consent> consent = Consent::create(policy, state_json, context_json);
//   const Decision decision = consent->decide("chat", "pd:Communication", "ctl", now);
//   if (decision.verdict != Verdict::kPermit) return decision.reason;
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "consent/machine.h"
#include "consent/policy.h"
#include "consent/record.h"

namespace subrosa::consent {

enum class Verdict : uint32_t { kDeny, kHold, kPermit };

struct Decision {
  Verdict verdict = Verdict::kDeny;
  Reason reason = Reason::kError;
  uint32_t epoch = 0;
  std::string_view record_id;  // empty where there is no record; lives as long as the Consent
  Hash notice_hash;            // the policy that the consent was given to, else the one in force
};

/// The schema_version of the state document.
inline constexpr std::string_view kStateSchema = "subrosa-consent/1";

class Consent {
 public:
  /// `state` is a document as save() writes it; `context` has region, age, guardian, gpc, storage,
  /// present and collection_method, each absent one the strictest. Both are JSON.
  static Result<Consent> create(std::shared_ptr<const Policy> policy, std::string_view state,
                                std::string_view context);

  /// Total: what is not known is denied. `now` in seconds.
  Decision decide(std::string_view purpose, std::string_view pii_type, std::string_view recipient,
                  Seconds now) const;

  /// The purposes whose notice may ask for a choice: not those that the person has answered, and
  /// after a no not before the region's time is over.
  std::vector<std::string> to_ask(Seconds now) const;

  /// Takes one step of the machine; docs/consent.md lists the events. Gives JSON {reason, changed:
  /// [purposes], fenced: [purposes]}; reason is "given" where it was done. An error means that the
  /// event itself is malformed, and nothing was changed.
  Result<std::string> apply(std::string_view event, Seconds now);

  /// Puts another version of the policy in force, once it is effective. The same result as apply().
  std::string set_policy(std::shared_ptr<const Policy> policy, Seconds now);

  /// Takes over what another tab or a recovered store knows: of each purpose the record that
  /// continues the other; where they have parted, the later epoch, and at the same one what permits
  /// less. The same result as apply().
  Result<std::string> merge(std::string_view state);

  /// The state as JSON, canonical.
  std::string save() const;

  /// Moves the latest moment known; it never goes back, so neither does an expiry.
  void see(Seconds now);

  const Policy& policy() const { return *policy_; }

 private:
  struct Entry {
    std::string id;
    const Purpose* purpose = nullptr;  // null where the policy does not have it
    Record record;
    Machine machine;
    std::string language;  // of the notice that was shown last
  };
  /// What is read of a state document before it is taken over.
  struct Stored {
    std::string principal;
    Seconds last_seen = 0;
    bool erased = false;
    std::vector<Record> records;
  };
  struct Event;
  class Outcome;

  static Result<Stored> read_state(std::string_view text);
  static void read_context(Fields* fields, Context* context, std::string* region);
  Error read_event(std::string_view text, Seconds now, Event* event) const;
  void read_give(Fields* fields, Seconds now, Event* event) const;
  void read_presume(Fields* fields, Seconds now, Event* event) const;
  void cover(const Purpose& purpose, Event* event) const;

  Entry make_entry(std::string id, const Purpose* purpose) const;
  void bind(Entry* entry) const;
  Terms terms_of(const Purpose* purpose) const;
  Notice notice_of(const Entry& entry) const;
  void perform(Entry* entry, const Event& event, const Act& act, Seconds now, Outcome* outcome);
  void note(Entry* entry, const Event& event, const Act* give, Seconds now) const;
  void note_update(Entry* entry, const Event& event, Seconds now) const;
  void set_last_seen(Seconds time);
  const Entry* find(std::string_view purpose) const;
  Entry* find(std::string_view purpose);

  std::shared_ptr<const Policy> policy_;
  std::string principal_;
  std::string region_;
  std::string method_ = "subrosa";
  bool erased_ = false;
  Seconds last_seen_ = 0;
  std::vector<Entry> entries_;  // one a purpose of the policy in its order, then the others
};

}  // namespace subrosa::consent
