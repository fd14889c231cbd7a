// SPDX-License-Identifier: Apache-2.0
#include "consent/record.h"

#include <algorithm>
#include <array>

#include "json/canonical.h"

namespace subrosa::consent {
namespace {

constexpr std::string_view kSchema = "https://w3id.org/dpv/schema/dpv-27560#record";
constexpr size_t kMaxEvents = 10000;
constexpr uint64_t kMaxEpoch = UINT32_MAX;

constexpr std::string_view kStatusNames[] = {
    "dpv:ConsentUnknown",    "dpv:ConsentRequested", "dpv:ConsentRequestDeferred",
    "dpv:ConsentRefused",    "dpv:ConsentGiven",     "dpv:RenewedConsentGiven",
    "dpv:ConsentExpired",    "dpv:ConsentWithdrawn", "dpv:ConsentRevoked",
    "dpv:ConsentInvalidated"};
constexpr std::string_view kAgeNames[] = {"unknown", "minor", "adult"};
/// How consent came about, by whether it was bundled and whether it was presumed.
constexpr std::string_view kMethods[] = {"toggle+save", "accept_all", "opt_out_default"};
constexpr std::string_view kNoticeStatuses[] = {"dpv:NoticeCommunicated", "dpv:NoticeUpdated"};
constexpr std::string_view kExpiryReasons[] = {"expired", "policy_changed"};

Hash read_hash(Fields& fields, const char* key) {
  Hash hash;
  if (!parse_hash(fields.text(key), &hash)) fields.refuse(key);
  return hash;
}

Seconds read_time(Fields& fields, const char* key) {
  Seconds time = 0;
  if (!parse_time(fields.text(key), &time)) fields.refuse(key);
  return time;
}

Notice read_notice(const Json& json, std::string pointer, Error* error) {
  Fields fields(json, std::move(pointer), error);
  Notice notice;
  notice.policy_id = fields.text("policy_id");
  notice.version = fields.text("version");
  notice.language = fields.text("language");
  notice.policy_hash = read_hash(fields, "policy_hash");
  notice.content_hash = read_hash(fields, "content_hash");
  notice.material_hash = read_hash(fields, "material_hash");
  fields.finish();
  return notice;
}

Json write_notice(const Notice& notice) {
  return {{"policy_id", notice.policy_id},
          {"version", notice.version},
          {"language", notice.language},
          {"policy_hash", to_text(notice.policy_hash)},
          {"content_hash", to_text(notice.content_hash)},
          {"material_hash", to_text(notice.material_hash)}};
}

Given read_given(Fields& fields) {
  Given given;
  given.valid_until = read_time(fields, "valid_until");
  given.validity_duration = fields.text("validity_duration");
  Period period;
  if (!parse_period(given.validity_duration, &period)) fields.refuse("validity_duration");
  const uint32_t method = fields.choice("indication_method", kMethods);
  given.bundled = method > 0;
  given.presumed = method > 1;
  given.gpc_conflict = fields.flag("gpc_conflict");
  given.age = read_age(fields, "age_band");
  given.scope = read_grants(fields, "scope");
  return given;
}

void write_given(const Given& given, Json* json) {
  Json scope = Json::array();
  for (const Grant& grant : given.scope) {
    scope.push_back({{"recipient", grant.recipient}, {"pii_types", grant.pii_types}});
  }
  json->emplace("valid_until", format_time(given.valid_until));
  json->emplace("validity_duration", given.validity_duration);
  json->emplace("indication_method", kMethods[given.presumed ? 2 : given.bundled ? 1 : 0]);
  json->emplace("gpc_conflict", given.gpc_conflict);
  json->emplace("age_band", to_text(given.age));
  json->emplace("scope", std::move(scope));
}

RecordEvent read_event(const Json& json, const std::string& pointer, size_t seq, Error* error) {
  Fields fields(json, pointer, error);
  RecordEvent event;
  if (fields.number("seq", kMaxEvents) != seq) fields.refuse("seq");
  event.time = read_time(fields, "event_time");
  event.type = fields.text("event_type");
  event.entity = fields.text("entity_id");
  event.state = static_cast<Status>(fields.choice("event_state", kStatusNames));
  event.epoch = static_cast<uint32_t>(fields.number("epoch", kMaxEpoch));
  event.gpc = fields.flag("gpc");
  event.erased = fields.optional_flag("erased");
  if (const Json* notice = fields.member("privacy_notice", false)) {
    event.notice = read_notice(*notice, fields.at("privacy_notice"), error);
    event.notice_updated = fields.choice("notice_status", kNoticeStatuses) == 1;
  }
  if (event.state == Status::kExpired) {
    event.reason =
        fields.choice("reason", kExpiryReasons) == 0 ? Reason::kExpired : Reason::kPolicyChanged;
  }
  if (fields.has("indication_method")) event.given = read_given(fields);
  fields.finish();
  return event;
}

Json write_event(const RecordEvent& event, size_t seq) {
  Json json = {{"seq", seq},
               {"event_time", format_time(event.time)},
               {"event_type", event.type},
               {"entity_id", event.entity},
               {"event_state", to_text(event.state)},
               {"epoch", event.epoch},
               {"gpc", event.gpc}};
  if (event.erased) json.emplace("erased", true);
  if (event.notice) {
    json.emplace("privacy_notice", write_notice(*event.notice));
    json.emplace("notice_status", kNoticeStatuses[event.notice_updated ? 1 : 0]);
  }
  if (event.state == Status::kExpired) {
    json.emplace("reason", kReasonNames[static_cast<uint32_t>(event.reason)]);
  }
  if (event.given) write_given(*event.given, &json);
  return json;
}

const Notice* last_notice(const Record& record) {
  const auto found =
      std::find_if(record.events.rbegin(), record.events.rend(),
                   [](const RecordEvent& event) { return event.notice.has_value(); });
  return found == record.events.rend() ? nullptr : &*found->notice;
}

/// Whether the machine could have appended `event` in this state.
bool is_step(Status from, uint32_t epoch, bool erased, const RecordEvent& event) {
  if (event.epoch < epoch) return false;
  if (is_valid(from) && !is_valid(event.state) && event.epoch == epoch) return false;
  if (event.state == from && !event.given) return from != Status::kUnknown;  // a note, not a step
  if (is_valid(event.state) && (erased || !event.given || !event.notice)) return false;
  if (!is_valid(event.state) && event.given) return false;
  if (event.given && event.given->presumed && from != Status::kRequested &&
      from != Status::kDeferred) {
    return false;
  }
  return may_follow(from, event.state);
}

void check_history(const Record& record, const std::string& pointer, Error* error) {
  Status state = Status::kUnknown;
  uint32_t epoch = 0;
  bool erased = false;
  for (size_t i = 0; i < record.events.size(); ++i) {
    const RecordEvent& event = record.events[i];
    if (!is_step(state, epoch, erased, event)) return refuse(error, pointer_to(pointer, i));
    state = event.state;
    epoch = event.epoch;
    erased = erased || event.erased;
  }
}

}  // namespace

std::string_view to_text(Status status) { return kStatusNames[static_cast<uint32_t>(status)]; }

std::string_view to_text(Age age) { return kAgeNames[static_cast<uint32_t>(age)]; }

Age read_age(Fields& fields, const char* key) {
  return static_cast<Age>(fields.choice(key, kAgeNames));
}

std::vector<Grant> read_grants(Fields& fields, const char* key) {
  std::vector<Grant> grants;
  const Json* rows = fields.list(key, 64, 1);
  for (size_t i = 0; rows && i < rows->size(); ++i) {
    Fields row((*rows)[i], pointer_to(fields.at(key), i), fields.error());
    Grant grant{row.text("recipient"), row.texts("pii_types", 64, 1)};
    row.finish();
    grants.push_back(std::move(grant));
  }
  return grants;
}

bool may_follow(Status from, Status to) {
  switch (to) {
    case Status::kUnknown:
      return false;
    case Status::kRequested:
      return from == Status::kUnknown || from == Status::kDeferred || from == Status::kExpired ||
             from == Status::kRefused || from == Status::kWithdrawn;
    case Status::kDeferred:
      return from == Status::kRequested;
    case Status::kGiven:
      return !is_valid(from) && from != Status::kExpired;
    case Status::kRenewed:
      return is_valid(from) || from == Status::kExpired;
    case Status::kRefused:
      return !is_valid(from);
    case Status::kExpired:
    case Status::kInvalidated:
      return is_valid(from);
    case Status::kWithdrawn:
    case Status::kRevoked:
      return true;
  }
  return false;
}

Result<Record> parse_record(const Json& json, const std::string& pointer) {
  Error error;
  Fields fields(json, pointer, &error);
  Record record;
  if (fields.text("schema_version") != kSchema) {
    fields.refuse("schema_version", ErrorCode::kUnsupportedVersion);
  }
  record.record_id = fields.text("record_id");
  record.pii_principal_id = fields.text("pii_principal_id");
  record.purpose = fields.text("purpose");
  record.jurisdiction = fields.text("jurisdiction");
  record.profile = fields.text("profile");
  record.collection_method = fields.text("collection_method");
  const Json* events = fields.list("events", kMaxEvents, 1);
  for (size_t i = 0; events && i < events->size() && !fields.failed(); ++i) {
    record.events.push_back(
        read_event((*events)[i], pointer_to(fields.at("events"), i), i + 1, &error));
  }
  for (const char* derived : {"epoch", "language", "privacy_notice"}) {
    fields.member(derived, std::string_view(derived) == "epoch");
  }
  fields.finish();
  check_history(record, fields.at("events"), &error);
  if (error.code != ErrorCode::kOk) return error;
  // What is said twice must be the same.
  const Json written = to_json(record);
  for (const auto& [key, value] : json.items()) {
    const auto found = written.find(key);
    if (found == written.end() || *found != value) refuse(&error, pointer_to(pointer, key));
  }
  if (error.code == ErrorCode::kOk && written.size() != json.size()) refuse(&error, pointer);
  if (error.code != ErrorCode::kOk) return error;
  return record;
}

Json to_json(const Record& record) {
  Json json = {{"schema_version", kSchema},
               {"record_id", record.record_id},
               {"pii_principal_id", record.pii_principal_id},
               {"epoch", record.epoch()},
               {"purpose", record.purpose},
               {"jurisdiction", record.jurisdiction},
               {"profile", record.profile},
               {"collection_method", record.collection_method}};
  if (const Notice* notice = last_notice(record)) {
    json.emplace("privacy_notice", write_notice(*notice));
    json.emplace("language", notice->language);
  }
  Json events = Json::array();
  for (size_t i = 0; i < record.events.size(); ++i) {
    events.push_back(write_event(record.events[i], i + 1));
  }
  json.emplace("events", std::move(events));
  return json;
}

}  // namespace subrosa::consent
