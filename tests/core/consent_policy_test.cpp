#include "consent/policy.h"
#include "consent_fixture.h"

using namespace consent_fixture;

namespace {

Error refused(const Json& json) {
  const Result<Policy> policy = parse_policy(canonical(json));
  REQUIRE(!policy);
  return policy.error();
}

Hash material(const Json& json, const char* purpose = "share") {
  return policy_of(json)->find(purpose)->material_hash;
}

}  // namespace

TEST_CASE("policy: its hash is that of the canonical document", "[consent]") {
  const auto parsed = policy();
  REQUIRE(parsed->hash == sha256(canonical(policy_json())));
  REQUIRE(parse_policy(kPolicy)->hash == parsed->hash);
  REQUIRE(parsed->purposes.size() == 3);
  REQUIRE(parsed->find("chat")->recipients == std::vector<std::string>{"ctl", "p1"});
  REQUIRE(parsed->find("chat")->third_parties == 0);
  REQUIRE(parsed->find("share")->third_parties == 2);
}

TEST_CASE("policy: an error names the place", "[consent]") {
  Json json = policy_json();
  SECTION("an unknown key") {
    json["purposes"][1]["colour"] = "red";
    REQUIRE(refused(json).where == "/purposes/1/colour");
  }
  SECTION("a missing key") {
    json["purposes"][0].erase("retention_period");
    REQUIRE(refused(json).where == "/purposes/0/retention_period");
  }
  SECTION("a wrong type") {
    json["purposes"][0]["pii_information"][1]["pii_optional"] = "yes";
    REQUIRE(refused(json).where == "/purposes/0/pii_information/1/pii_optional");
  }
  SECTION("a purpose that comes twice") {
    json["purposes"][2]["id"] = "chat";
    REQUIRE(refused(json).where == "/purposes/2/id");
  }
  SECTION("a missing language") {
    json["texts"].push_back(json["texts"][0]);
    json["texts"][1]["language"] = "zh";
    REQUIRE(refused(json).where == "/purposes/0/purpose/zh");
  }
  SECTION("a text that is too long") {
    json["purposes"][0]["purpose"]["en"] = std::string(2001, 'x');
    REQUIRE(refused(json).code == ErrorCode::kTooLong);
    REQUIRE(refused(json).where == "/purposes/0/purpose/en");
  }
  SECTION("an unknown term") {
    json["purposes"][0]["class"] = "other";
    REQUIRE(refused(json).where == "/purposes/0/class");
  }
  SECTION("an unknown recipient") {
    json["purposes"][2]["recipient_third_parties"] = {"nobody"};
    REQUIRE(refused(json).where == "/purposes/2/recipient_third_parties/0");
  }
  SECTION("a party that is named twice") {
    json["parties"][0]["party_id"] = "ctl";
    REQUIRE(refused(json).where == "/parties/0/party_id");
  }
  SECTION("in force before it is published") {
    json["effective_date"] = "2025-12-31T23:59:59Z";
    REQUIRE(refused(json).where == "/effective_date");
  }
  SECTION("another schema") {
    json["schema_version"] = "subrosa-policy/2";
    REQUIRE(refused(json).code == ErrorCode::kUnsupportedVersion);
  }
  SECTION("a material hash that is not the purpose's") {
    json["purposes"][0]["material_hash"] = to_text(Hash{});
    REQUIRE(refused(json).where == "/purposes/0/material_hash");
    json["purposes"][0]["material_hash"] = to_text(material(policy_json(), "chat"));
    REQUIRE(parse_policy(canonical(json)));
  }
}

TEST_CASE("policy: what is material changes the purpose's hash", "[consent]") {
  const Hash before = material(policy_json());
  const auto changed = [](auto change) {
    Json json = policy_json();
    change(json["purposes"][2], json);
    return material(json);
  };
  REQUIRE(changed([](Json& p, Json&) { p["purpose_type"] = "ai:ModelTraining"; }) != before);
  REQUIRE(changed([](Json& p, Json&) { p["lawful_basis"] = "dpv:Consent"; }) != before);
  REQUIRE(changed([](Json& p, Json&) { p["kind"].push_back("publication"); }) != before);
  REQUIRE(changed([](Json& p, Json&) { p["class"] = "improve"; }) != before);
  REQUIRE(changed([](Json& p, Json&) { p["pii_information"][0]["pii_type"] = "voice"; }) != before);
  REQUIRE(changed([](Json& p, Json&) { p["processing_method"] = {"dpv:Store"}; }) != before);
  REQUIRE(changed([](Json& p, Json&) { p["recipient_third_parties"].push_back("p1"); }) != before);
  REQUIRE(changed([](Json& p, Json&) { p["storage_locations"] = {"US"}; }) != before);
  REQUIRE(changed([](Json& p, Json&) { p["geographic_restrictions"] = {"EU"}; }) != before);
  REQUIRE(changed([](Json& p, Json&) { p["retention_period"]["duration"] = "P91D"; }) != before);
  REQUIRE(changed([](Json&, Json& json) { json["parties"][0]["party_name"] = "Another"; }) !=
          before);
  REQUIRE(changed([](Json&, Json& json) { json["pii_controllers"][0]["party_name"] = "X"; }) !=
          before);
}

TEST_CASE("policy: what is not material leaves it", "[consent]") {
  const Hash before = material(policy_json());
  Json json = policy_json();
  Json& purpose = json["purposes"][2];
  purpose["purpose"]["en"] = "Research done by others";
  purpose["validity_duration"] = "P6M";
  purpose["withdrawal_method"] = "in-widget or by letter";
  json["version"] = "1.0.1";
  json["pii_controllers"][0]["party_contact"] = "mailto:privacy@example.org";
  json["parties"][1]["party_name"] = "A host that is no recipient here";
  REQUIRE(material(json) == before);
}

TEST_CASE("policy: the order of a list is not material", "[consent]") {
  Json json = policy_json();
  json["purposes"][0]["processing_method"] = {"dpv:Store", "dpv:Anonymise"};
  const Hash before = material(json, "chat");
  json["purposes"][0]["processing_method"] = {"dpv:Anonymise", "dpv:Store"};
  Json& types = json["purposes"][0]["pii_information"];
  std::swap(types[0], types[1]);
  REQUIRE(material(json, "chat") == before);
}
