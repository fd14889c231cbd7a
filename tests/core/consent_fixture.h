// A policy and the like for the consent tests.
#pragma once

#include <catch2/catch.hpp>
#include <memory>
#include <string>

#include "consent/consent.h"
#include "json/canonical.h"

namespace consent_fixture {

using namespace subrosa;
using namespace subrosa::consent;

inline constexpr const char* kPolicy = R"({
  "schema_version": "subrosa-policy/1", "policy_id": "chat", "version": "1.0.0",
  "published": "2026-01-01T00:00:00Z", "effective_date": "2026-02-01T00:00:00Z",
  "texts": [{"language": "en", "uri": "policy/1.en.html",
    "content_hash": "sha256:0101010101010101010101010101010101010101010101010101010101010101"}],
  "pii_controllers": [{"party_id": "ctl", "party_name": "Example", "party_contact": "mailto:dpo@example.org",
    "party_role": "dpv:DataController"}],
  "parties": [
    {"party_id": "r1", "party_name": "Research", "party_role": "dpv:ThirdParty", "jurisdiction": "US"},
    {"party_id": "p1", "party_name": "Hosting", "party_role": "dpv:DataProcessor", "jurisdiction": "DE"}],
  "purposes": [
    {"id": "chat", "purpose": {"en": "Answer your messages"}, "purpose_type": "dpv:RequestedServiceProvision",
     "lawful_basis": "dpv:Consent", "class": "essential",
     "pii_information": [
       {"pii_type": "text", "pii_optional": false, "sensitive_pii_category": false},
       {"pii_type": "ip", "pii_optional": true, "sensitive_pii_category": false}],
     "processing_method": ["dpv:Store"], "recipient_third_parties": ["p1"], "storage_locations": ["DE"],
     "geographic_restrictions": [], "retention_period": {"duration": "P30D", "basis": "dpv:StorageDuration"},
     "validity_duration": "P12M", "withdrawal_method": "in-widget"},
    {"id": "improve", "purpose": {"en": "Better answers"}, "purpose_type": "dpv:ServicePersonalisation",
     "lawful_basis": "dpv:ExpressedConsent", "class": "improve",
     "pii_information": [{"pii_type": "text", "pii_optional": false, "sensitive_pii_category": false}],
     "processing_method": ["dpv:Store"], "storage_locations": ["DE"],
     "retention_period": {"duration": "P90D", "basis": "dpv:StorageDuration"},
     "validity_duration": "P12M", "withdrawal_method": "in-widget"},
    {"id": "share", "purpose": {"en": "Research by others"}, "purpose_type": "dpv:ResearchAndDevelopment",
     "lawful_basis": "dpv:ExplicitlyExpressedConsent", "kind": ["separate"], "class": "share",
     "pii_information": [{"pii_type": "text", "pii_optional": false, "sensitive_pii_category": false}],
     "processing_method": ["dpv:Anonymise"], "recipient_third_parties": ["r1"], "storage_locations": ["DE"],
     "retention_period": {"duration": "P90D", "basis": "dpv:StorageDuration"},
     "validity_duration": "P12M", "withdrawal_method": "in-widget"}]})";

inline Json policy_json() { return *parse_strict(kPolicy); }

inline std::shared_ptr<const Policy> policy_of(const Json& json) {
  Result<Policy> policy = parse_policy(canonical(json));
  INFO((policy ? "" : policy.error().where));
  REQUIRE(policy);
  return std::make_shared<const Policy>(std::move(*policy));
}

inline std::shared_ptr<const Policy> policy() { return policy_of(policy_json()); }

inline Seconds at(std::string_view text) {
  Seconds time = 0;
  REQUIRE(parse_time(text, &time));
  return time;
}

inline const std::string kContext =
    R"({"region":"DE","age":"adult","guardian":false,"gpc":false,"storage":true,"present":true})";

inline Json state_json() {
  return {{"schema_version", kStateSchema},
          {"pii_principal_id", "person-1"},
          {"last_seen", "2026-03-01T00:00:00Z"},
          {"erased", false},
          {"records", Json::array()}};
}

/// A record of a purpose, given on 2026-03-01 for a year, by a toggle of its own, all cells.
inline Json given_record(const Policy& policy, const std::string& purpose) {
  const Purpose& terms = *policy.find(purpose);
  const Json notice = {{"policy_id", policy.policy_id},
                       {"version", policy.version},
                       {"language", "en"},
                       {"policy_hash", to_text(policy.hash)},
                       {"content_hash", to_text(*policy.text("en"))},
                       {"material_hash", to_text(terms.material_hash)}};
  Json scope = Json::array();
  for (const std::string& recipient : terms.recipients) {
    scope.push_back({{"recipient", recipient}, {"pii_types", terms.pii_types}});
  }
  return {{"schema_version", "https://w3id.org/dpv/schema/dpv-27560#record"},
          {"record_id", "record-" + purpose},
          {"pii_principal_id", "person-1"},
          {"epoch", 0},
          {"purpose", purpose},
          {"jurisdiction", "DE"},
          {"profile", "EU@1"},
          {"collection_method", "test"},
          {"privacy_notice", notice},
          {"language", "en"},
          {"events",
           {{{"seq", 1},
             {"event_time", "2026-03-01T00:00:00Z"},
             {"event_type", terms.lawful_basis},
             {"entity_id", "ctl"},
             {"event_state", "dpv:ConsentRequested"},
             {"epoch", 0},
             {"gpc", false},
             {"privacy_notice", notice},
             {"notice_status", "dpv:NoticeCommunicated"}},
            {{"seq", 2},
             {"event_time", "2026-03-01T00:00:00Z"},
             {"event_type", terms.lawful_basis},
             {"entity_id", "dpv:DataSubject"},
             {"event_state", "dpv:ConsentGiven"},
             {"epoch", 0},
             {"gpc", false},
             {"gpc_conflict", false},
             {"privacy_notice", notice},
             {"notice_status", "dpv:NoticeCommunicated"},
             {"valid_until", "2027-03-01T00:00:00Z"},
             {"validity_duration", "P12M"},
             {"indication_method", "toggle+save"},
             {"age_band", "adult"},
             {"scope", scope}}}}};
}

inline Consent consent_of(std::shared_ptr<const Policy> policy, const Json& state,
                          const std::string& context = kContext) {
  Result<Consent> consent = Consent::create(std::move(policy), canonical(state), context);
  INFO((consent ? "" : consent.error().where));
  REQUIRE(consent);
  return std::move(*consent);
}

inline std::string_view name(Reason reason) { return kReasonNames[static_cast<uint32_t>(reason)]; }

}  // namespace consent_fixture
