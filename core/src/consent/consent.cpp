// SPDX-License-Identifier: Apache-2.0
#include "consent/consent.h"

#include <algorithm>

#include "consent/region.h"
#include "json/canonical.h"

namespace subrosa::consent {
namespace {

constexpr size_t kMaxRecords = 256;
constexpr std::string_view kEventNames[] = {
    "notice_shown", "dismiss",       "give", "presume",     "refuse",   "withdraw", "revoke",
    "invalidate",   "erase_subject", "tick", "load_failed", "restored", "context"};
constexpr std::string_view kMethods[] = {"toggle+save", "accept_all"};

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

std::vector<Grant> to_scope(const Cells& cells, const Purpose& purpose) {
  std::vector<Grant> scope;
  for (size_t to = 0; to < purpose.recipients.size(); ++to) {
    Grant grant{purpose.recipients[to], {}};
    for (size_t type = 0; type < purpose.pii_types.size(); ++type) {
      if (cells[type] & bit(static_cast<uint32_t>(to))) {
        grant.pii_types.push_back(purpose.pii_types[type]);
      }
    }
    if (!grant.pii_types.empty()) scope.push_back(std::move(grant));
  }
  return scope;
}

Cells all_cells(const Purpose& purpose) {
  Cells cells{};
  for (size_t type = 0; type < purpose.pii_types.size(); ++type) {
    cells[type] = static_cast<uint16_t>(bit(static_cast<uint32_t>(purpose.recipients.size())) - 1);
  }
  return cells;
}

void read_scope(Fields* fields, const Purpose& purpose, Act* act) {
  act->scope = {};
  for (const Grant& grant : read_grants(*fields, "scope")) {
    const int to = index_of(purpose.recipients, grant.recipient);
    for (const std::string& name : grant.pii_types) {
      const int type = index_of(purpose.pii_types, name);
      if (type < 0 || to < 0) return fields->refuse("scope", ErrorCode::kUnknownId);
      act->scope[type] |= static_cast<uint16_t>(bit(to));
    }
  }
}

/// The shorter of two periods from a moment.
Period shorter(Seconds from, const Period& a, const Period& b) {
  return add(from, b) < add(from, a) ? b : a;
}

const RecordEvent* last_give(const Record& record) {
  const auto found = std::find_if(record.events.rbegin(), record.events.rend(),
                                  [](const RecordEvent& event) { return event.given.has_value(); });
  return found == record.events.rend() ? nullptr : &*found;
}

/// DPV's term for how consent was given.
std::string_view type_of(const State& state) {
  if (state.presumed) return "dpv:ImpliedConsent";
  return state.bundled ? "dpv:ExpressedConsent" : "dpv:ExplicitlyExpressedConsent";
}

bool is_giving(ActType type) { return type == ActType::kGive || type == ActType::kPresume; }

/// The last event that changed the status: notes may have come after it.
Seconds time_of_status(const Record& record) {
  const auto is_other = [&](const RecordEvent& event) { return event.state != record.status(); };
  const auto last = std::find_if(record.events.rbegin(), record.events.rend(), is_other);
  return last.base()->time;
}

/// What a record's events add up to.
State replay(const Record& record, const Purpose* purpose) {
  State state;
  for (const RecordEvent& event : record.events) {
    state.status = event.state;
    state.epoch = event.epoch;
    state.erased = state.erased || event.erased;
    state.gpc_latched = event.gpc;
    if (event.state == Status::kExpired) state.expiry = event.reason;
    if (!event.given) continue;
    state.policy_hash = event.notice->policy_hash;
    state.material_hash = event.notice->material_hash;
    state.valid_until = event.given->valid_until;
    state.scope = purpose ? to_cells(event.given->scope, *purpose) : Cells{};
    state.bundled = event.given->bundled;
    state.presumed = event.given->presumed;
    state.by_guardian = event.entity == kGuardian;
    state.gpc_override = event.given->gpc_conflict;
  }
  return state;
}

/// Whether `a` is `b` and what came after it.
bool continues(const Json& a, const Json& b) {
  const Json& later = *a.find("events");
  const Json& earlier = *b.find("events");
  return *a.find("record_id") == *b.find("record_id") && later.size() > earlier.size() &&
         std::equal(earlier.begin(), earlier.end(), later.begin());
}

/// Which of two records of a purpose counts: the one that continues the other. Where they have
/// parted, the later epoch, and at the same epoch the one that permits less.
bool outranks(const Record& a, const Record& b) {
  const Json a_json = to_json(a);
  const Json b_json = to_json(b);
  if (continues(a_json, b_json)) return true;
  if (continues(b_json, a_json)) return false;
  if (a.epoch() != b.epoch()) return a.epoch() > b.epoch();
  if (is_valid(a.status()) != is_valid(b.status())) return !is_valid(a.status());
  if (a.events.size() != b.events.size()) return a.events.size() > b.events.size();
  return canonical(a_json) > canonical(b_json);
}

}  // namespace

/// An event as it came: the act, and what of it the record keeps.
struct Consent::Event {
  Act act;
  std::string purpose;  // empty: it concerns all
  std::string record_id;
  std::string language;
  std::string entity;
  std::string validity;
  std::string region;
};

class Consent::Outcome {
 public:
  void add(const std::string& purpose, bool changed, bool fenced) {
    if (changed) insert(&changed_, purpose);
    if (fenced) insert(&fenced_, purpose);
  }
  bool is_done() const { return reason_ == Reason::kGiven; }
  bool is_changed() const { return !changed_.empty(); }
  void conclude(Reason reason) { reason_ = reason; }
  /// For an event that concerns all purposes: done where it was done for one.
  void conclude_for_one(Reason reason) {
    if (reason_ != Reason::kGiven) reason_ = reason;
  }
  std::string json() const {
    return canonical({{"reason", kReasonNames[static_cast<uint32_t>(reason_)]},
                      {"changed", changed_},
                      {"fenced", fenced_}});
  }

 private:
  static void insert(std::vector<std::string>* list, const std::string& purpose) {
    if (std::find(list->begin(), list->end(), purpose) == list->end()) list->push_back(purpose);
  }
  Reason reason_ = Reason::kUnchanged;
  std::vector<std::string> changed_;
  std::vector<std::string> fenced_;
};

// Reading.

Result<Consent> Consent::create(std::shared_ptr<const Policy> policy, std::string_view state,
                                std::string_view context) {
  Consent consent;
  consent.policy_ = std::move(policy);
  const Result<Json> json = parse_strict(context);
  if (!json) return json.error();
  Error error;
  Fields fields(*json, "", &error);
  if (fields.has("collection_method")) consent.method_ = fields.text("collection_method");
  fields.member("collection_method", false);
  Context circumstances;
  consent.read_context(&fields, &circumstances, &consent.region_);
  fields.finish();
  if (error.code != ErrorCode::kOk) return error;
  Result<Stored> stored = read_state(state);
  if (!stored) return stored.error();

  consent.principal_ = std::move(stored->principal);
  consent.erased_ = stored->erased;
  for (const Purpose& purpose : consent.policy_->purposes) {
    consent.entries_.push_back(consent.make_entry(purpose.id, &purpose));
  }
  for (Record& record : stored->records) {
    if (!consent.find(record.purpose)) {
      consent.entries_.push_back(consent.make_entry(record.purpose, nullptr));
    }
    Entry* entry = consent.find(record.purpose);
    entry->record = std::move(record);
    entry->machine.state = replay(entry->record, entry->purpose);
  }
  for (Entry& entry : consent.entries_) {
    entry.machine.context = circumstances;
    consent.bind(&entry);
  }
  consent.set_last_seen(stored->last_seen);
  return consent;
}

Result<Consent::Stored> Consent::read_state(std::string_view text) {
  const Result<Json> json = parse_strict(text);
  if (!json) return json.error();
  Error error;
  Fields fields(*json, "", &error);
  Stored stored;
  if (fields.text("schema_version") != kStateSchema) {
    fields.refuse("schema_version", ErrorCode::kUnsupportedVersion);
  }
  stored.principal = fields.text("pii_principal_id");
  if (!parse_time(fields.text("last_seen"), &stored.last_seen)) fields.refuse("last_seen");
  stored.erased = fields.flag("erased");
  const Json* records = fields.list("records", kMaxRecords, 0);
  fields.finish();
  for (size_t i = 0; records && i < records->size() && !fields.failed(); ++i) {
    const std::string pointer = pointer_to("/records", i);
    Result<Record> record = parse_record((*records)[i], pointer);
    if (!record) return record.error();
    if (record->pii_principal_id != stored.principal) refuse(&error, pointer + "/pii_principal_id");
    for (const Record& other : stored.records) {
      if (other.purpose == record->purpose) refuse(&error, pointer + "/purpose");
    }
    stored.records.push_back(std::move(*record));
  }
  if (error.code != ErrorCode::kOk) return error;
  return stored;
}

void Consent::read_context(Fields* fields, Context* context, std::string* region) {
  if (fields->has("region")) *region = fields->text("region", 8);
  if (fields->has("age")) context->age = read_age(*fields, "age");
  if (fields->has("guardian")) context->guardian = fields->flag("guardian");
  if (fields->has("gpc")) context->gpc = fields->flag("gpc");
  if (fields->has("storage")) context->storage = fields->flag("storage");
  if (fields->has("present")) context->present = fields->flag("present");
}

Error Consent::read_event(std::string_view text, Seconds now, Event* event) const {
  const Result<Json> json = parse_strict(text);
  if (!json) return json.error();
  Error error;
  Fields fields(*json, "", &error);
  event->act.type = static_cast<ActType>(fields.choice("type", kEventNames));
  event->entity = policy_->controller;
  event->region = region_;
  if (event->act.type <= ActType::kInvalidate) {
    event->purpose = fields.text("purpose");
    event->record_id = fields.text("record_id", 64);
    if (!fields.failed() && !find(event->purpose)) fields.refuse("purpose", ErrorCode::kUnknownId);
  }
  switch (event->act.type) {
    case ActType::kNoticeShown:
      if (!parse_hash(fields.text("policy_hash"), &event->act.notice)) fields.refuse("policy_hash");
      event->language = fields.text("language");
      if (!policy_->text(event->language)) fields.refuse("language", ErrorCode::kUnknownId);
      break;
    case ActType::kGive:
      read_give(&fields, now, event);
      break;
    case ActType::kPresume:
      read_presume(&fields, now, event);
      break;
    case ActType::kDismiss:
    case ActType::kRefuse:
    case ActType::kWithdraw:
      event->entity = kSubject;
      break;
    case ActType::kRevoke:
      event->entity = fields.text("entity_id");
      break;
    case ActType::kContext:
      event->act.context = entries_.front().machine.context;
      read_context(&fields, &event->act.context, &event->region);
      break;
    default:
      break;
  }
  fields.finish();
  return error;
}

void Consent::read_give(Fields* fields, Seconds now, Event* event) const {
  Act& act = event->act;
  if (!parse_hash(fields->text("policy_hash"), &act.notice)) fields->refuse("policy_hash");
  act.time = now;
  if (fields->has("event_time") && !parse_time(fields->text("event_time"), &act.time)) {
    fields->refuse("event_time");
  }
  act.bundled = fields->choice("indication_method", kMethods) == 1;
  act.deliberate = fields->optional_flag("deliberate");
  act.by_guardian = fields->optional_flag("guardian");
  act.gpc_confirmed = fields->optional_flag("gpc_confirmed");
  event->entity = act.by_guardian ? kGuardian : kSubject;
  const Entry* entry = find(event->purpose);
  if (!entry || !entry->purpose) return;
  cover(*entry->purpose, event);
  if (fields->has("scope")) read_scope(fields, *entry->purpose, &act);
}

void Consent::read_presume(Fields* fields, Seconds now, Event* event) const {
  Act& act = event->act;
  if (!parse_hash(fields->text("policy_hash"), &act.notice)) fields->refuse("policy_hash");
  act.time = now;
  act.bundled = true;
  event->entity = fields->text("entity_id");
  const Entry* entry = find(event->purpose);
  if (entry && entry->purpose) cover(*entry->purpose, event);
}

/// All cells of a purpose, for as long as policy and region allow.
void Consent::cover(const Purpose& purpose, Event* event) const {
  Act& act = event->act;
  const Period period = shorter(act.time, purpose.validity, profile_of(region_).max_validity);
  event->validity = format_period(period);
  act.valid_until = add(act.time, period);
  act.scope = all_cells(purpose);
}

// Deciding.

Decision Consent::decide(std::string_view purpose, std::string_view pii_type,
                         std::string_view recipient, Seconds now) const {
  Decision decision;
  decision.notice_hash = policy_->hash;
  decision.reason = Reason::kUnknownPurpose;
  const Entry* entry = find(purpose);
  if (!entry || !entry->purpose) return decision;
  const Machine& machine = entry->machine;
  decision.epoch = machine.state.epoch;
  decision.record_id = entry->record.record_id;
  if (is_valid(machine.state.status)) decision.notice_hash = machine.state.policy_hash;
  const int type = index_of(entry->purpose->pii_types, pii_type);
  const int to = index_of(entry->purpose->recipients, recipient);
  if (type < 0 || to < 0) {
    decision.reason = type < 0 ? Reason::kUnknownPiiType : Reason::kUnknownRecipient;
    return decision;
  }
  decision.reason = judge(machine, {static_cast<uint32_t>(type), static_cast<uint32_t>(to)}, now);
  if (decision.reason == Reason::kGiven) {
    decision.verdict = Verdict::kPermit;
  } else if (machine.context.present && may_still_be_given(decision.reason)) {
    decision.verdict = Verdict::kHold;
  }
  return decision;
}

std::vector<std::string> Consent::to_ask(Seconds now) const {
  std::vector<std::string> purposes;
  for (const Entry& entry : entries_) {
    if (entry.purpose && may_ask(entry.machine, now)) purposes.push_back(entry.id);
  }
  return purposes;
}

void Consent::see(Seconds now) { set_last_seen(std::max(last_seen_, now)); }

// Stepping.

Result<std::string> Consent::apply(std::string_view text, Seconds now) {
  Event event;
  const Error error = read_event(text, now, &event);
  if (error.code != ErrorCode::kOk) return error;
  const Act tick;
  Outcome outcome;
  for (Entry& entry : entries_) {
    perform(&entry, event, tick, now, &outcome);
    if (event.purpose.empty() || event.purpose == entry.id) {
      perform(&entry, event, event.act, now, &outcome);
    }
  }
  erased_ = erased_ || event.act.type == ActType::kErase;
  region_ = event.region;
  Seconds latest = std::max(last_seen_, now);
  // A give has mended a clock that was ahead; by the tick all that had run out is marked.
  if (is_giving(event.act.type) && outcome.is_done()) latest = now;
  set_last_seen(latest);
  for (Entry& entry : entries_) {
    bind(&entry);
    perform(&entry, event, tick, now, &outcome);
  }
  return outcome.json();
}

std::string Consent::set_policy(std::shared_ptr<const Policy> policy, Seconds now) {
  Outcome outcome;
  if (now < policy->effective) {
    outcome.conclude(Reason::kNotEffective);
    return outcome.json();
  }
  Event event;
  event.entity = policy->controller;
  const std::shared_ptr<const Policy> before = std::exchange(policy_, std::move(policy));
  std::vector<Entry> entries;
  for (const Purpose& purpose : policy_->purposes) {
    Entry* known = find(purpose.id);
    entries.push_back(known ? std::move(*known) : make_entry(purpose.id, &purpose));
    if (known) known->id.clear();
    entries.back().purpose = &purpose;
  }
  for (Entry& entry : entries_) {
    if (entry.id.empty() || entry.record.events.empty()) continue;
    entry.purpose = nullptr;
    entries.push_back(std::move(entry));
  }
  entries_ = std::move(entries);
  set_last_seen(std::max(last_seen_, now));
  for (Entry& entry : entries_) {
    perform(&entry, event, Act{}, now, &outcome);  // what had ended under the old terms
    Act act;
    act.type = ActType::kTerms;
    act.terms = terms_of(entry.purpose);
    perform(&entry, event, act, now, &outcome);
    perform(&entry, event, Act{}, now, &outcome);
    if (is_valid(entry.machine.state.status) && before->hash != policy_->hash) {
      note_update(&entry, event, now);
      outcome.add(entry.id, true, false);
    }
  }
  outcome.conclude(Reason::kGiven);
  return outcome.json();
}

Result<std::string> Consent::merge(std::string_view text) {
  Result<Stored> stored = read_state(text);
  if (!stored) return stored.error();
  if (stored->principal != principal_) {
    return Error{ErrorCode::kBadArgument, 0, "/pii_principal_id"};
  }
  Outcome outcome;
  erased_ = erased_ || stored->erased;
  for (Record& record : stored->records) {
    if (!find(record.purpose)) entries_.push_back(make_entry(record.purpose, nullptr));
    Entry* entry = find(record.purpose);
    if (!entry->record.events.empty() && !outranks(record, entry->record)) continue;
    const State before = entry->machine.state;
    const bool is_other = entry->record.record_id != record.record_id;
    entry->record = std::move(record);
    State& state = entry->machine.state;
    state = replay(entry->record, entry->purpose);
    state.storage_lost = before.storage_lost;
    state.is_shown = before.is_shown;
    state.shown = before.shown;
    outcome.add(entry->id, true, is_other || state.epoch != before.epoch);
  }
  for (Entry& entry : entries_) bind(&entry);
  see(stored->last_seen);
  outcome.conclude(outcome.is_changed() ? Reason::kGiven : Reason::kUnchanged);
  return outcome.json();
}

std::string Consent::save() const {
  Json records = Json::array();
  for (const Entry& entry : entries_) {
    if (!entry.record.events.empty()) records.push_back(to_json(entry.record));
  }
  return canonical({{"schema_version", kStateSchema},
                    {"pii_principal_id", principal_},
                    {"last_seen", format_time(last_seen_)},
                    {"erased", erased_},
                    {"records", std::move(records)}});
}

void Consent::perform(Entry* entry, const Event& event, const Act& act, Seconds now,
                      Outcome* outcome) {
  const bool is_asked = act.type == ActType::kNoticeShown || is_giving(act.type);
  if (is_asked && !entry->purpose) return outcome->conclude(Reason::kUnknownPurpose);
  const State before = entry->machine.state;
  const Step step = subrosa::consent::apply(entry->machine, act, now);
  entry->machine = step.machine;
  if (act.type == ActType::kNoticeShown && step.reason == Reason::kGiven) {
    entry->language = event.language;
  }
  const bool is_give = is_giving(act.type) && step.reason == Reason::kGiven;
  const State& after = entry->machine.state;
  const bool is_changed = is_give || before.status != after.status || before.epoch != after.epoch ||
                          before.gpc_latched != after.gpc_latched || before.erased != after.erased;
  if (is_changed) note(entry, event, is_give ? &act : nullptr, now);
  outcome->add(entry->id, is_changed, step.fenced);
  if (act.type != ActType::kTick || event.act.type == ActType::kTick) {
    if (event.purpose.empty()) {
      outcome->conclude_for_one(step.reason);
    } else {
      outcome->conclude(step.reason);
    }
  }
}

void Consent::note(Entry* entry, const Event& event, const Act* give, Seconds now) const {
  Record& record = entry->record;
  // Without a record there is nothing but the mark of an erasure, which the state document keeps.
  if (record.events.empty() && event.record_id.empty()) return;
  const State& state = entry->machine.state;
  RecordEvent noted;
  noted.time = give ? give->time : now;
  noted.type = entry->purpose ? entry->purpose->lawful_basis : record.events.back().type;
  noted.entity = event.entity;
  noted.state = state.status;
  noted.epoch = state.epoch;
  noted.gpc = state.gpc_latched;
  noted.erased = state.erased;
  if (state.status == Status::kExpired) noted.reason = state.expiry;
  if (give || state.status == Status::kRequested) noted.notice = notice_of(*entry);
  if (give) {
    noted.type = type_of(state);
    noted.given = Given{give->valid_until,
                        event.validity,
                        give->bundled,
                        state.presumed,
                        to_scope(give->scope, *entry->purpose),
                        state.gpc_override,
                        entry->machine.context.age};
  }
  if (record.events.empty()) {
    record.record_id = event.record_id;
    record.pii_principal_id = principal_;
    record.purpose = entry->id;
    record.jurisdiction = region_.empty() ? "unknown" : region_;
    record.collection_method = method_;
  }
  const Profile& profile = profile_of(region_);
  record.profile = std::string(profile.id) + "@" + std::to_string(profile.version);
  record.events.push_back(std::move(noted));
}

void Consent::note_update(Entry* entry, const Event& event, Seconds now) const {
  note(entry, event, nullptr, now);
  RecordEvent& noted = entry->record.events.back();
  noted.notice = notice_of(*entry);
  noted.notice_updated = true;
}

// Binding records to terms.

Consent::Entry Consent::make_entry(std::string id, const Purpose* purpose) const {
  Entry entry;
  entry.id = std::move(id);
  entry.purpose = purpose;
  if (!entries_.empty()) entry.machine.context = entries_.front().machine.context;
  entry.machine.last_seen = last_seen_;
  return entry;
}

void Consent::bind(Entry* entry) const {
  State& state = entry->machine.state;
  state.erased = state.erased || erased_;
  entry->machine.terms = terms_of(entry->purpose);
  // A region may give less time than the one where consent was given.
  if (const RecordEvent* give = last_give(entry->record)) {
    const Seconds longest = add(give->time, profile_of(region_).max_validity);
    state.valid_until = std::min(state.valid_until, longest);
  }
  const bool is_no = state.status == Status::kRefused || state.status == Status::kWithdrawn;
  state.ask_from = is_no && !entry->record.events.empty()
                       ? add(time_of_status(entry->record), profile_of(region_).ask_again)
                       : kNever;
}

Terms Consent::terms_of(const Purpose* purpose) const {
  Terms terms;
  terms.policy_hash = policy_->hash;
  terms.effective = policy_->effective;
  if (!purpose) return terms;
  terms.material_hash = purpose->material_hash;
  terms.essential = purpose->purpose_class == PurposeClass::kEssential;
  terms.separate = needs_separate_act(*purpose, region_);
  terms.may_presume = may_presume(*purpose, region_);
  terms.share = purpose->purpose_class == PurposeClass::kShare;
  terms.third_parties = static_cast<uint16_t>(purpose->third_parties);
  return terms;
}

Notice Consent::notice_of(const Entry& entry) const {
  const Hash* text = policy_->text(entry.language);
  return {policy_->policy_id,
          policy_->version,
          text ? entry.language : policy_->texts.front().first,
          policy_->hash,
          text ? *text : policy_->texts.front().second,
          entry.purpose ? entry.purpose->material_hash : Hash{}};
}

void Consent::set_last_seen(Seconds time) {
  last_seen_ = time;
  for (Entry& entry : entries_) entry.machine.last_seen = time;
}

const Consent::Entry* Consent::find(std::string_view purpose) const {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [purpose](const Entry& entry) { return entry.id == purpose; });
  return found == entries_.end() ? nullptr : &*found;
}

Consent::Entry* Consent::find(std::string_view purpose) {
  return const_cast<Entry*>(std::as_const(*this).find(purpose));
}

}  // namespace subrosa::consent
