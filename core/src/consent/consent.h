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
  /// `state` is a document as save() writes it; `context` has region, age, guardian, gpc, storage
  /// and present, each absent one the strictest. Both are JSON.
  static Result<Consent> create(std::shared_ptr<const Policy> policy, std::string_view state,
                                std::string_view context);

  /// Total: what is not known is denied. `now` in seconds.
  Decision decide(std::string_view purpose, std::string_view pii_type, std::string_view recipient,
                  Seconds now) const;

  /// Moves the latest moment known; it never goes back, so neither does an expiry.
  void see(Seconds now);

  const Policy& policy() const { return *policy_; }

 private:
  struct Entry {
    std::string id;
    const Purpose* purpose = nullptr;  // null where the policy no longer has it
    Record record;
    State state;
    Terms terms;
  };

  Error read_state(std::string_view state);
  Error read_context(std::string_view context);
  void read_record(const Json& json, const std::string& pointer, Error* error);
  void bind(Entry* entry) const;
  const Entry* find(std::string_view purpose) const;
  Entry* find(std::string_view purpose);

  std::shared_ptr<const Policy> policy_;
  std::string principal_;
  Seconds last_seen_ = 0;
  bool erased_ = false;
  std::string region_;
  Context context_;
  std::vector<Entry> entries_;  // one a purpose of the policy in its order, then the others
};

}  // namespace subrosa::consent
