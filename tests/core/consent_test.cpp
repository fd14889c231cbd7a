#include "consent/consent.h"

#include "consent_fixture.h"

using namespace consent_fixture;

namespace {

const Seconds kNow = 1775000000;  // 2026-03-31, within the year that the fixture's records give

Decision decide(const Json& state, const std::string& context = kContext,
                const char* purpose = "share", const char* type = "text", const char* to = "r1",
                Seconds now = kNow) {
  const Consent consent = consent_of(policy(), state, context);
  Decision decision = consent.decide(purpose, type, to, now);
  decision.record_id = {};  // it lives in the consent
  return decision;
}

Json given(std::initializer_list<const char*> purposes) {
  Json state = state_json();
  for (const char* purpose : purposes) {
    state["records"].push_back(given_record(*policy(), purpose));
  }
  return state;
}

std::string context_with(const char* key, const Json& value) {
  Json json = *parse_strict(kContext);
  json[key] = value;
  return canonical(json);
}

}  // namespace

TEST_CASE("decide: what was given is permitted, and named", "[consent]") {
  const Consent consent = consent_of(policy(), given({"share"}));
  const Decision decision = consent.decide("share", "text", "r1", kNow);
  REQUIRE(decision.verdict == Verdict::kPermit);
  REQUIRE(decision.reason == Reason::kGiven);
  REQUIRE(decision.record_id == "record-share");
  REQUIRE(decision.notice_hash == policy()->hash);
  REQUIRE(decision.epoch == 0);
}

TEST_CASE("decide: held while the person is there, else denied", "[consent]") {
  REQUIRE(decide(state_json()).verdict == Verdict::kHold);
  REQUIRE(decide(state_json()).reason == Reason::kNotAsked);
  REQUIRE(decide(state_json(), context_with("present", false)).verdict == Verdict::kDeny);
}

TEST_CASE("decide: every cell of the matrix counts", "[consent]") {
  const Json state = given({"chat", "share"});
  REQUIRE(name(decide(state, kContext, "nothing").reason) == "unknown_purpose");
  REQUIRE(name(decide(state, kContext, "share", "voice").reason) == "unknown_pii_type");
  REQUIRE(name(decide(state, kContext, "share", "text", "p1").reason) == "unknown_recipient");
  REQUIRE(name(decide(state, kContext, "improve", "text", "ctl").reason) == "not_asked");
  Json partial = state;
  partial["records"][0]["events"][1]["scope"] = {
      {{"recipient", "ctl"}, {"pii_types", {"text", "ip"}}},
      {{"recipient", "p1"}, {"pii_types", {"text"}}}};
  for (const char* type : {"text", "ip"}) {
    for (const char* to : {"ctl", "p1"}) {
      const bool is_out = std::string_view(type) == "ip" && std::string_view(to) == "p1";
      REQUIRE(decide(state, kContext, "chat", type, to).verdict == Verdict::kPermit);
      REQUIRE(name(decide(partial, kContext, "chat", type, to).reason) ==
              (is_out ? "not_in_scope" : "given"));
    }
  }
}

TEST_CASE("decide: time", "[consent]") {
  const Json state = given({"share"});
  const auto reason_at = [&](Seconds now) {
    return decide(state, kContext, "share", "text", "r1", now).reason;
  };
  const Seconds end = at("2027-03-01T00:00:00Z");
  REQUIRE(reason_at(end - 1) == Reason::kGiven);
  REQUIRE(reason_at(end) == Reason::kExpired);
  // The strictest profile gives half a year, whatever the record says.
  const std::string nowhere = context_with("region", "XX");
  const Seconds half = at("2026-09-01T00:00:00Z");
  REQUIRE(decide(state, nowhere, "share", "text", "r1", half - 1).verdict == Verdict::kPermit);
  REQUIRE(decide(state, nowhere, "share", "text", "r1", half).reason == Reason::kExpired);

  Json seen = state;
  seen["last_seen"] = format_time(end);
  REQUIRE(decide(seen).reason == Reason::kExpired);
}

TEST_CASE("decide: a policy that is not in force yet, or has changed in substance", "[consent]") {
  Json early = state_json();
  early["last_seen"] = "2026-01-01T00:00:00Z";
  REQUIRE(decide(early, kContext, "share", "text", "r1", at("2026-01-31T23:59:59Z")).reason ==
          Reason::kNotEffective);
  Json json = policy_json();
  json["purposes"][2]["storage_locations"] = {"DE", "US"};
  json["purposes"][0]["purpose"]["en"] = "Answers";
  const Consent consent = consent_of(policy_of(json), given({"chat", "share"}));
  REQUIRE(consent.decide("share", "text", "r1", kNow).reason == Reason::kPolicyChanged);
  REQUIRE(consent.decide("chat", "text", "ctl", kNow).verdict == Verdict::kPermit);
}

TEST_CASE("decide: age, storage, Global Privacy Control", "[consent]") {
  const Json state = given({"chat", "improve", "share"});
  REQUIRE(decide(state, context_with("age", "unknown")).reason == Reason::kAge);
  REQUIRE(decide(state, context_with("age", "unknown"), "chat", "text", "ctl").verdict ==
          Verdict::kPermit);
  REQUIRE(decide(state, context_with("age", "minor"), "chat", "text", "ctl").reason ==
          Reason::kAge);
  REQUIRE(decide(state, context_with("storage", false)).reason == Reason::kStorageUnverified);
  const std::string gpc = context_with("gpc", true);
  REQUIRE(decide(state, gpc).reason == Reason::kGpc);
  REQUIRE(decide(state, gpc, "improve", "text", "ctl").verdict == Verdict::kPermit);
  REQUIRE(decide(state, gpc, "chat", "text", "p1").verdict == Verdict::kPermit);
}

TEST_CASE("decide: an empty context is the strictest", "[consent]") {
  const Decision decision = decide(given({"share"}), "{}");
  REQUIRE(decision.verdict == Verdict::kDeny);
}

TEST_CASE("consent: state that cannot be trusted is refused", "[consent]") {
  const auto refused = [](const Json& state) {
    const Result<Consent> consent = Consent::create(policy(), canonical(state), kContext);
    REQUIRE(!consent);
    return consent.error().where;
  };
  Json state = given({"share"});
  SECTION("another person's record") {
    state["records"][0]["pii_principal_id"] = "person-2";
    REQUIRE(refused(state) == "/records/0/pii_principal_id");
  }
  SECTION("two records of a purpose") {
    state["records"].push_back(state["records"][0]);
    REQUIRE(refused(state) == "/records/1/purpose");
  }
  SECTION("a broken record") {
    state["records"][0]["events"][0]["epoch"] = -1;
    REQUIRE(refused(state) == "/records/0/events/0/epoch");
  }
}
