// SPDX-License-Identifier: Apache-2.0
// Consent records: what one person was told and did about one purpose. Events are only appended,
// and the last one is the state. Field names are those of ISO/IEC TS 27560, values are DPV terms.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "consent/hash.h"
#include "consent/time.h"
#include "json/strict.h"
#include "reasons.inc"
#include "subrosa/result.h"

namespace subrosa::consent {

/// DPV's consent statuses; to_text gives "dpv:ConsentGiven".
enum class Status : uint32_t {
  kUnknown,
  kRequested,
  kDeferred,
  kRefused,
  kGiven,
  kRenewed,
  kExpired,
  kWithdrawn,
  kRevoked,
  kInvalidated
};
inline constexpr uint32_t kStatusCount = 10;
std::string_view to_text(Status status);
inline bool is_valid(Status status) {
  return status == Status::kGiven || status == Status::kRenewed;
}

/// As the host asserts it; never guessed.
enum class Age : uint32_t { kUnknown, kMinor, kAdult };
std::string_view to_text(Age age);
Age read_age(Fields& fields, const char* key);

/// Who acted, as DPV calls them.
inline constexpr std::string_view kSubject = "dpv:DataSubject";
inline constexpr std::string_view kGuardian = "dpv:GuardianOfDataSubject";

/// Which notice a person saw.
struct Notice {
  std::string policy_id;
  std::string version;
  std::string language;
  Hash policy_hash;    // the policy document
  Hash content_hash;   // its text in that language
  Hash material_hash;  // what the document says of the purpose
  bool operator==(const Notice&) const = default;
};

/// Data types that may go to one recipient.
struct Grant {
  std::string recipient;
  std::vector<std::string> pii_types;
};

/// An array of {recipient, pii_types}.
std::vector<Grant> read_grants(Fields& fields, const char* key);

/// What a person chose, where an event is the act of giving.
struct Given {
  Seconds valid_until = 0;
  std::string validity_duration;
  bool bundled = false;   // "accept all", not a toggle of its own
  bool presumed = false;  // by the operator, until the person opts out; bundled as well
  std::vector<Grant> scope;
  bool gpc_conflict = false;  // confirmed although Global Privacy Control was on
  Age age = Age::kUnknown;
};

struct RecordEvent {
  Seconds time = 0;
  std::string type;    // the kind of consent, "dpv:ExplicitlyExpressedConsent"
  std::string entity;  // who acted: "dpv:DataSubject", "dpv:GuardianOfDataSubject", a party's id
  Status state = Status::kUnknown;
  uint32_t epoch = 0;
  std::optional<Notice> notice;
  bool notice_updated = false;     // the notice changed, nothing material in it
  Reason reason = Reason::kGiven;  // of an expiry: kExpired or kPolicyChanged
  std::optional<Given> given;
  bool gpc = false;  // Global Privacy Control was on
  bool erased = false;
};

struct Record {
  std::string record_id;
  std::string pii_principal_id;
  std::string purpose;
  std::string jurisdiction;
  std::string profile;  // the region profile and its version, "CN@1"
  std::string collection_method;
  std::vector<RecordEvent> events;

  uint32_t epoch() const { return events.empty() ? 0 : events.back().epoch; }
  Status status() const { return events.empty() ? Status::kUnknown : events.back().state; }
};

/// Reads one record. Refused is also a history that the machine cannot have made: a step that the
/// table has not, an epoch that goes back or stays where consent ended, a give after erasure.
Result<Record> parse_record(const Json& json, const std::string& pointer);
Json to_json(const Record& record);

/// Whether the table has a step from one status to another.
bool may_follow(Status from, Status to);

}  // namespace subrosa::consent
