#include "consent/consent.h"
#include "consent/region.h"
#include "consent_fixture.h"

using namespace consent_fixture;

namespace {

const Seconds kNow = 1775000000;  // 2026-03-31

Json apply(Consent* consent, Json event, Seconds now = kNow) {
  const Result<std::string> outcome = consent->apply(canonical(event), now);
  INFO((outcome ? "" : outcome.error().where));
  REQUIRE(outcome);
  return *parse_strict(*outcome);
}

std::string reason_of(Consent* consent, const Json& event, Seconds now = kNow) {
  return apply(consent, event, now)["reason"].get<std::string>();
}

Json act(const char* type, const char* purpose) {
  return {{"type", type}, {"purpose", purpose}, {"record_id", std::string("record-") + purpose}};
}

Json notice(const Consent& consent, const char* purpose) {
  Json event = act("notice_shown", purpose);
  event["policy_hash"] = to_text(consent.policy().hash);
  event["language"] = "en";
  return event;
}

Json give(const Consent& consent, const char* purpose) {
  Json event = act("give", purpose);
  event["policy_hash"] = to_text(consent.policy().hash);
  event["indication_method"] = "toggle+save";
  event["deliberate"] = true;
  return event;
}

Json presume(const Consent& consent, const char* purpose) {
  Json event = act("presume", purpose);
  event["policy_hash"] = to_text(consent.policy().hash);
  event["entity_id"] = "ctl";
  return event;
}

std::string context_in(const char* region) {
  Json context = *parse_strict(kContext);
  context["region"] = region;
  return canonical(context);
}

std::shared_ptr<const Policy> policy_at(const char* place) {
  Json json = policy_json();
  for (Json& purpose : json["purposes"]) purpose["storage_locations"] = {place};
  return policy_of(json);
}

Consent with_given(std::initializer_list<const char*> purposes) {
  Consent consent = consent_of(policy(), state_json());
  for (const char* purpose : purposes) {
    REQUIRE(reason_of(&consent, notice(consent, purpose)) == "given");
    REQUIRE(reason_of(&consent, give(consent, purpose)) == "given");
  }
  return consent;
}

Reason share_reason(const Consent& consent, Seconds now = kNow) {
  return consent.decide("share", "text", "r1", now).reason;
}

}  // namespace

TEST_CASE("consent: a give is recorded with all that proves it", "[consent]") {
  const Consent consent = with_given({"share"});
  REQUIRE(consent.decide("share", "text", "r1", kNow).verdict == Verdict::kPermit);
  const Json state = *parse_strict(consent.save());
  const Json& record = state["records"][0];
  REQUIRE(record["record_id"] == "record-share");
  REQUIRE(record["profile"] == "EU@1");
  REQUIRE(record["privacy_notice"]["policy_hash"] == to_text(policy()->hash));
  const Json& event = record["events"][1];
  REQUIRE(event["event_state"] == "dpv:ConsentGiven");
  REQUIRE(event["event_type"] == "dpv:ExplicitlyExpressedConsent");
  REQUIRE(event["entity_id"] == "dpv:DataSubject");
  REQUIRE(event["valid_until"] == "2027-03-31T23:33:20Z");
  REQUIRE(event["indication_method"] == "toggle+save");
  REQUIRE(event["scope"] == Json({{{"recipient", "ctl"}, {"pii_types", {"text"}}},
                                  {{"recipient", "r1"}, {"pii_types", {"text"}}}}));
}

TEST_CASE("consent: what is saved opens to the same decisions", "[consent]") {
  Consent consent = with_given({"chat", "improve", "share"});
  apply(&consent, act("withdraw", "improve"));
  apply(&consent, {{"type", "context"}, {"gpc", true}});
  const std::string saved = consent.save();
  const Consent again = consent_of(policy(), *parse_strict(saved));
  REQUIRE(again.save() == saved);
  for (const char* purpose : {"chat", "improve", "share"}) {
    const Decision before = consent.decide(purpose, "text", "ctl", kNow);
    const Decision after = again.decide(purpose, "text", "ctl", kNow);
    REQUIRE(before.reason == after.reason);
    REQUIRE(before.epoch == after.epoch);
  }
  REQUIRE(share_reason(again) == Reason::kGpc);
}

TEST_CASE("consent: an event that is malformed changes nothing and names the place", "[consent]") {
  Consent consent = with_given({"share"});
  const std::string before = consent.save();
  const auto refused = [&](const Json& event) {
    const Result<std::string> outcome = consent.apply(canonical(event), kNow);
    REQUIRE(!outcome);
    REQUIRE(consent.save() == before);
    return outcome.error().where;
  };
  REQUIRE(refused({{"type", "agree"}}) == "/type");
  REQUIRE(refused(act("withdraw", "nothing")) == "/purpose");
  REQUIRE(refused({{"type", "withdraw"}, {"purpose", "share"}}) == "/record_id");
  REQUIRE(refused({{"type", "context"}, {"age", 18}}) == "/age");
  Json event = give(consent, "share");
  event["scope"] = {{{"recipient", "r1"}, {"pii_types", {"voice"}}}};
  REQUIRE(refused(event) == "/scope");
  event.erase("scope");
  event["more"] = 1;
  REQUIRE(refused(event) == "/more");
}

TEST_CASE("consent: a part of the matrix", "[consent]") {
  Consent consent = with_given({});
  apply(&consent, notice(consent, "chat"));
  Json event = give(consent, "chat");
  event["scope"] = {{{"recipient", "ctl"}, {"pii_types", {"text"}}}};
  REQUIRE(reason_of(&consent, event) == "given");
  REQUIRE(consent.decide("chat", "text", "ctl", kNow).verdict == Verdict::kPermit);
  REQUIRE(consent.decide("chat", "ip", "ctl", kNow).reason == Reason::kNotInScope);
  REQUIRE(consent.decide("chat", "text", "p1", kNow).reason == Reason::kNotInScope);
}

TEST_CASE("consent: accept all does not reach what needs an act of its own", "[consent]") {
  Consent consent = with_given({});
  for (const char* purpose : {"improve", "share"}) {
    apply(&consent, notice(consent, purpose));
    Json event = give(consent, purpose);
    event["indication_method"] = "accept_all";
    REQUIRE(reason_of(&consent, event) ==
            (std::string_view(purpose) == "share" ? "separate_required" : "given"));
  }
}

TEST_CASE("consent: only the purpose that changed is asked again", "[consent]") {
  Consent consent = with_given({"chat", "share"});
  Json json = policy_json();
  json["version"] = "2.0.0";
  json["purposes"][2]["retention_period"]["duration"] = "P5Y";
  const auto next = policy_of(json);
  const Json outcome = *parse_strict(consent.set_policy(next, kNow));
  REQUIRE(outcome["fenced"] == Json({"share"}));
  REQUIRE(consent.decide("chat", "text", "ctl", kNow).verdict == Verdict::kPermit);
  REQUIRE(consent.decide("chat", "text", "ctl", kNow).notice_hash == policy()->hash);
  REQUIRE(share_reason(consent) == Reason::kPolicyChanged);
  const Json state = *parse_strict(consent.save());
  REQUIRE(state["records"][0]["events"].back()["notice_status"] == "dpv:NoticeUpdated");
  REQUIRE(state["records"][1]["events"].back()["reason"] == "policy_changed");
  REQUIRE(consent_of(next, state).save() == consent.save());
}

TEST_CASE("consent: a purpose that the policy drops is denied, and its record kept", "[consent]") {
  Consent consent = with_given({"share"});
  Json json = policy_json();
  json["purposes"].erase(2);
  consent.set_policy(policy_of(json), kNow);
  REQUIRE(share_reason(consent) == Reason::kUnknownPurpose);
  REQUIRE(parse_strict(consent.save())->at("records").size() == 1);
  consent.set_policy(policy(), kNow);
  REQUIRE(share_reason(consent) == Reason::kPolicyChanged);
}

TEST_CASE("consent: a policy is not put in force before its day", "[consent]") {
  Consent consent = with_given({"share"});
  Json json = policy_json();
  json["effective_date"] = "2027-01-01T00:00:00Z";
  REQUIRE(parse_strict(consent.set_policy(policy_of(json), kNow))->at("reason") == "not_effective");
  REQUIRE(consent.policy().hash == policy()->hash);
}

TEST_CASE("consent: a stricter region shortens and ends", "[consent]") {
  Consent consent = with_given({});
  apply(&consent, notice(consent, "improve"));
  Json event = give(consent, "improve");
  event["indication_method"] = "accept_all";
  apply(&consent, event);
  // In Germany the data stays at home; from an unknown region it crosses a border.
  REQUIRE(consent.decide("improve", "text", "ctl", kNow).verdict == Verdict::kPermit);
  const Json outcome = apply(&consent, {{"type", "context"}, {"region", "XX"}});
  REQUIRE(outcome["fenced"] == Json({"improve"}));
  apply(&consent, {{"type", "context"}, {"region", "DE"}});
  REQUIRE(consent.decide("improve", "text", "ctl", kNow).reason == Reason::kInvalidated);
}

TEST_CASE("consent: of two tabs the withdrawal wins, whatever the order", "[consent]") {
  const Consent start = with_given({"share"});
  Consent withdrawing = start;
  Consent latching = start;
  apply(&withdrawing, act("withdraw", "share"));
  apply(&latching, {{"type", "context"}, {"gpc", true}});
  Consent one = withdrawing;
  Consent other = latching;
  REQUIRE(one.merge(latching.save()));
  const Result<std::string> outcome = other.merge(withdrawing.save());
  REQUIRE(parse_strict(*outcome)->at("changed") == Json({"share"}));
  REQUIRE(one.save() == other.save());
  REQUIRE(share_reason(one) == Reason::kWithdrawn);
  REQUIRE(parse_strict(*one.merge(start.save()))->at("reason") == "unchanged");
}

TEST_CASE("consent: a record that was written before does not undo what came after", "[consent]") {
  Consent consent = with_given({});
  apply(&consent, notice(consent, "share"));
  const std::string before = consent.save();
  apply(&consent, give(consent, "share"));
  REQUIRE(parse_strict(*consent.merge(before))->at("reason") == "unchanged");
  Consent other = consent_of(policy(), *parse_strict(before));
  REQUIRE(other.merge(consent.save()));
  REQUIRE(share_reason(other) == Reason::kGiven);
}

TEST_CASE("consent: erasure holds for what had no record, and for merged state", "[consent]") {
  Consent consent = with_given({"share"});
  const std::string before = consent.save();
  REQUIRE(reason_of(&consent, {{"type", "erase_subject"}}) == "given");
  REQUIRE(consent.decide("improve", "text", "ctl", kNow).reason == Reason::kErased);
  Consent other = consent_of(policy(), *parse_strict(before));
  REQUIRE(other.merge(consent.save()));
  REQUIRE(share_reason(other) == Reason::kErased);
  apply(&other, notice(other, "improve"));
  REQUIRE(reason_of(&other, give(other, "improve")) == "erased");
}

TEST_CASE("F1: every error denies with a reason", "[consent]") {
  const Consent consent = with_given({"share"});
  REQUIRE(name(consent.decide("\xFF", "text", "r1", kNow).reason) == "unknown_purpose");
  REQUIRE(name(consent.decide("share", "", "r1", kNow).reason) == "unknown_pii_type");
  REQUIRE(name(consent.decide("share", "text", "", kNow).reason) == "unknown_recipient");
  REQUIRE(consent.decide("share", "text", "r1", -1).verdict ==
          Verdict::kPermit);  // last_seen holds
  Json state = *parse_strict(consent.save());
  state["records"][0]["events"][1]["event_state"] = "dpv:ConsentPerhaps";
  REQUIRE(!Consent::create(policy(), canonical(state), kContext));
  REQUIRE(!Consent::create(policy(), "", kContext));
  REQUIRE(!Consent::create(policy(), canonical(state_json()), "{\"gpc\":\"no\"}"));
}

TEST_CASE("F2: what cannot be read is unknown, not refused, and nothing is lost", "[consent]") {
  Consent consent = with_given({"share"});
  const Json outcome = apply(&consent, {{"type", "load_failed"}});
  REQUIRE(outcome["fenced"] == Json({"share"}));
  REQUIRE(share_reason(consent) == Reason::kStorageUnverified);
  const Json state = *parse_strict(consent.save());
  REQUIRE(state["records"][0]["events"].back()["event_state"] == "dpv:ConsentGiven");
  apply(&consent, {{"type", "restored"}});
  REQUIRE(share_reason(consent) == Reason::kGiven);
  REQUIRE(consent.decide("share", "text", "r1", kNow).epoch == 1);
}

TEST_CASE("F3: a payload of an earlier epoch or notice is told apart", "[consent]") {
  Consent consent = with_given({"share"});
  const Decision captured = consent.decide("share", "text", "r1", kNow);
  apply(&consent, act("withdraw", "share"));
  apply(&consent, notice(consent, "share"));
  apply(&consent, give(consent, "share"));
  const Decision now = consent.decide("share", "text", "r1", kNow);
  REQUIRE(now.verdict == Verdict::kPermit);
  REQUIRE(now.epoch == captured.epoch + 1);
}

TEST_CASE("F10: a server's own record decides, whatever a page claims", "[consent]") {
  Consent page = with_given({"share"});
  Consent server = consent_of(policy(), *parse_strict(page.save()));
  apply(&server, act("withdraw", "share"));
  REQUIRE(server.merge(page.save()));
  REQUIRE(share_reason(server) == Reason::kWithdrawn);
}

TEST_CASE("F11: no region permits what the strictest denies, and none permits without an act",
          "[consent]") {
  const Profile& strict = profile_of("");
  REQUIRE(strict.id == "strict");
  REQUIRE(profile_of("XX").id == "strict");
  REQUIRE(profile_of("DE US-CA").id == "strict");
  REQUIRE_FALSE(strict.opt_out);
  for (const char* region : {"DE", "CN", "US-CA", "CA-QC", "JP"}) {
    const Profile& profile = profile_of(region);
    REQUIRE(profile.id != strict.id);
    REQUIRE((profile.separate & ~strict.separate) == 0);
    REQUIRE(add(kNow, profile.max_validity) >= add(kNow, strict.max_validity));
    REQUIRE(add(kNow, profile.ask_again) <= add(kNow, strict.ask_again));
    REQUIRE(profile.opt_out == (profile.id == "US-OO"));
    const Consent consent = consent_of(policy(), state_json(), context_in(region));
    for (const Purpose& purpose : consent.policy().purposes) {
      REQUIRE(consent.decide(purpose.id, "text", "ctl", kNow).verdict != Verdict::kPermit);
    }
  }
}

TEST_CASE("F11: an operator may presume consent where the region lets it, as a recorded act",
          "[consent]") {
  const auto at_home = policy_at("US");
  Consent consent = consent_of(at_home, state_json(), context_in("US-CA"));
  const Json presumed = presume(consent, "improve");
  REQUIRE(reason_of(&consent, presumed) == "consent_stale");
  apply(&consent, notice(consent, "improve"));
  REQUIRE(reason_of(&consent, presumed) == "given");
  REQUIRE(reason_of(&consent, presumed) == "unchanged");
  REQUIRE(consent.decide("improve", "text", "ctl", kNow).verdict == Verdict::kPermit);
  const Json state = *parse_strict(consent.save());
  const Json& event = state["records"][0]["events"][1];
  REQUIRE(event["event_type"] == "dpv:ImpliedConsent");
  REQUIRE(event["indication_method"] == "opt_out_default");
  REQUIRE(event["entity_id"] == "ctl");
  const Consent again = consent_of(at_home, state, context_in("US-CA"));
  REQUIRE(again.decide("improve", "text", "ctl", kNow).verdict == Verdict::kPermit);
  // Elsewhere it counts for nothing, at once and for good.
  const Consent abroad = consent_of(at_home, state, context_in("US-VA"));
  REQUIRE(abroad.decide("improve", "text", "ctl", kNow).verdict == Verdict::kDeny);
  apply(&consent, {{"type", "context"}, {"region", "DE"}});
  apply(&consent, {{"type", "context"}, {"region", "US-CA"}});
  REQUIRE(consent.decide("improve", "text", "ctl", kNow).reason == Reason::kInvalidated);
}

TEST_CASE("F11: nothing is presumed of an answer, of others' purposes, or against a signal",
          "[consent]") {
  const auto refusal = [](const char* purpose, const std::string& context, const char* answer = "",
                          const char* place = "US") {
    Consent consent = consent_of(policy_at(place), state_json(), context);
    apply(&consent, notice(consent, purpose));
    if (*answer) apply(&consent, act(answer, purpose));
    return reason_of(&consent, presume(consent, purpose));
  };
  const auto california = [](const char* key, const Json& value) {
    Json context = *parse_strict(context_in("US-CA"));
    context[key] = value;
    return canonical(context);
  };
  const std::string plain = context_in("US-CA");
  REQUIRE(refusal("improve", plain, "dismiss") == "given");
  REQUIRE(refusal("improve", plain, "refuse") == "refused");
  REQUIRE(refusal("improve", plain, "withdraw") == "withdrawn");
  REQUIRE(refusal("improve", plain, "", "DE") == "not_deliberate");
  REQUIRE(refusal("share", plain) == "not_deliberate");
  REQUIRE(refusal("chat", plain) == "not_deliberate");
  for (const char* region : {"DE", "CN", "JP", "US-VA", "XX"}) {
    REQUIRE(refusal("improve", context_in(region)) == "not_deliberate");
  }
  REQUIRE(refusal("improve", california("age", "unknown")) == "age");
  REQUIRE(refusal("improve", california("age", "minor")) == "age");
  REQUIRE(refusal("improve", california("gpc", true)) == "gpc");
  REQUIRE(refusal("improve", california("storage", false)) == "storage_unverified");
}

TEST_CASE("consent: after a no the person is left alone for as long as the region says",
          "[consent]") {
  Consent consent = with_given({"chat"});
  using Purposes = std::vector<std::string>;
  REQUIRE(consent.to_ask(kNow) == Purposes{"improve", "share"});
  apply(&consent, act("refuse", "improve"));
  apply(&consent, act("withdraw", "chat"));
  apply(&consent, act("refuse", "share"), kNow + 86400);
  REQUIRE(consent.to_ask(kNow).empty());
  const Seconds half = add(kNow, profile_of("DE").ask_again);
  REQUIRE(consent.to_ask(half - 1).empty());
  REQUIRE(consent.to_ask(half) == Purposes{"chat", "improve"});
  // Shown too early, a notice asks nothing; later it asks, and another no counts anew.
  apply(&consent, notice(consent, "improve"), half - 1);
  REQUIRE(consent.decide("improve", "text", "ctl", half - 1).reason == Reason::kRefused);
  apply(&consent, notice(consent, "improve"), half);
  REQUIRE(consent.decide("improve", "text", "ctl", half).reason == Reason::kAsked);
  apply(&consent, act("refuse", "improve"), half);
  REQUIRE(consent.to_ask(half) == Purposes{"chat"});
  const Consent again = consent_of(policy(), *parse_strict(consent.save()));
  REQUIRE(again.to_ask(half) == Purposes{"chat"});
  REQUIRE(again.to_ask(add(half, profile_of("DE").ask_again) - 1) == Purposes{"chat", "share"});
  // The strictest region waits longer.
  const Consent nowhere = consent_of(policy(), *parse_strict(consent.save()), context_in("XX"));
  REQUIRE(nowhere.to_ask(half).empty());
  apply(&consent, {{"type", "erase_subject"}}, half);
  REQUIRE(consent.to_ask(half + 10 * 366 * 86400).empty());
}
