// SPDX-License-Identifier: Apache-2.0
#include "consent/consent.h"

#include <algorithm>

#include "consent/region.h"

namespace subrosa::consent {
namespace {

constexpr size_t kMaxRecords = 256;

int index_of(const std::vector<std::string>& sorted, std::string_view value) {
  const auto found = std::lower_bound(sorted.begin(), sorted.end(), value);
  return found != sorted.end() && *found == value ? static_cast<int>(found - sorted.begin()) : -1;
}

Cells to_cells(const std::vector<Grant>& scope, const Purpose& purpose) {
  Cells cells{};
  for (const Grant& grant : scope) {
    const int recipient = index_of(purpose.recipients, grant.recipient);
    for (const std::string& name : grant.pii_types) {
      const int type = index_of(purpose.pii_types, name);
      if (recipient >= 0 && type >= 0) cells[type] |= static_cast<uint16_t>(bit(recipient));
    }
  }
  return cells;
}

Terms terms_of(const Policy& policy, const Purpose& purpose, std::string_view region) {
  return {policy.hash,
          purpose.material_hash,
          policy.effective,
          purpose.purpose_class == PurposeClass::kEssential,
          needs_separate_act(purpose, region),
          purpose.purpose_class == PurposeClass::kShare,
          static_cast<uint16_t>(purpose.third_parties)};
}

/// What a record's events add up to.
State replay(const Record& record, const Purpose* purpose, const Profile& profile) {
  State state;
  for (const RecordEvent& event : record.events) {
    state.status = event.state;
    state.expiry = event.reason;
    state.epoch = event.epoch;
    state.erased = state.erased || event.erased;
    state.gpc_latched = state.gpc_latched || event.gpc;
    if (!event.given) continue;
    state.policy_hash = event.notice->policy_hash;
    state.material_hash = event.notice->material_hash;
    state.valid_until = std::min(event.given->valid_until, add(event.time, profile.max_validity));
    state.scope = purpose ? to_cells(event.given->scope, *purpose) : Cells{};
    state.bundled = event.given->bundled;
    state.by_guardian = event.entity == kGuardian;
    state.gpc_override = event.given->gpc_conflict;
    state.gpc_latched = event.gpc;
  }
  return state;
}

}  // namespace

Result<Consent> Consent::create(std::shared_ptr<const Policy> policy, std::string_view state,
                                std::string_view context) {
  Consent consent;
  consent.policy_ = std::move(policy);
  Error error = consent.read_context(context);
  if (error.code == ErrorCode::kOk) error = consent.read_state(state);
  if (error.code != ErrorCode::kOk) return error;
  return consent;
}

Error Consent::read_context(std::string_view text) {
  const Result<Json> json = parse_strict(text);
  if (!json) return json.error();
  Error error;
  Fields fields(*json, "", &error);
  region_ = fields.optional_text("region", 8);
  if (fields.has("age")) context_.age = read_age(fields, "age");
  context_.guardian = fields.optional_flag("guardian");
  context_.gpc = fields.optional_flag("gpc");
  context_.storage = fields.optional_flag("storage");
  context_.present = fields.optional_flag("present");
  fields.finish();
  return error;
}

Error Consent::read_state(std::string_view text) {
  const Result<Json> json = parse_strict(text);
  if (!json) return json.error();
  Error error;
  Fields fields(*json, "", &error);
  if (fields.text("schema_version") != kStateSchema) {
    fields.refuse("schema_version", ErrorCode::kUnsupportedVersion);
  }
  principal_ = fields.text("pii_principal_id");
  if (!parse_time(fields.text("last_seen"), &last_seen_)) fields.refuse("last_seen");
  erased_ = fields.flag("erased");
  for (const Purpose& purpose : policy_->purposes)
    entries_.push_back({purpose.id, &purpose, {}, {}, {}});
  const Json* records = fields.list("records", kMaxRecords, 0);
  for (size_t i = 0; records && i < records->size() && !fields.failed(); ++i) {
    read_record((*records)[i], pointer_to("/records", i), &error);
  }
  fields.finish();
  for (Entry& entry : entries_) bind(&entry);
  return error;
}

void Consent::read_record(const Json& json, const std::string& pointer, Error* error) {
  Result<Record> record = parse_record(json, pointer);
  if (!record) {
    *error = record.error();
    return;
  }
  if (record->pii_principal_id != principal_) refuse(error, pointer + "/pii_principal_id");
  Entry* entry = find(record->purpose);
  if (!entry) entry = &entries_.emplace_back(Entry{record->purpose, nullptr, {}, {}, {}});
  if (!entry->record.events.empty()) refuse(error, pointer + "/purpose");
  entry->record = std::move(*record);
}

void Consent::bind(Entry* entry) const {
  entry->state = replay(entry->record, entry->purpose, profile_of(region_));
  entry->state.erased = entry->state.erased || erased_;
  if (entry->purpose) entry->terms = terms_of(*policy_, *entry->purpose, region_);
}

Decision Consent::decide(std::string_view purpose, std::string_view pii_type,
                         std::string_view recipient, Seconds now) const {
  Decision decision;
  decision.notice_hash = policy_->hash;
  decision.reason = Reason::kUnknownPurpose;
  const Entry* entry = find(purpose);
  if (!entry || !entry->purpose) return decision;
  const State& state = entry->state;
  decision.epoch = state.epoch;
  decision.record_id = entry->record.record_id;
  if (is_valid(state.status)) decision.notice_hash = state.policy_hash;
  const int type = index_of(entry->purpose->pii_types, pii_type);
  const int to = index_of(entry->purpose->recipients, recipient);
  if (type < 0 || to < 0) {
    decision.reason = type < 0 ? Reason::kUnknownPiiType : Reason::kUnknownRecipient;
    return decision;
  }
  const Cell cell{static_cast<uint32_t>(type), static_cast<uint32_t>(to)};
  decision.reason = judge(state, entry->terms, context_, cell, std::max(now, last_seen_));
  if (decision.reason == Reason::kGiven) {
    decision.verdict = Verdict::kPermit;
  } else if (context_.present && may_still_be_given(decision.reason)) {
    decision.verdict = Verdict::kHold;
  }
  return decision;
}

void Consent::see(Seconds now) { last_seen_ = std::max(last_seen_, now); }

const Consent::Entry* Consent::find(std::string_view purpose) const {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [purpose](const Entry& entry) { return entry.id == purpose; });
  return found == entries_.end() ? nullptr : &*found;
}

Consent::Entry* Consent::find(std::string_view purpose) {
  return const_cast<Entry*>(std::as_const(*this).find(purpose));
}

}  // namespace subrosa::consent
