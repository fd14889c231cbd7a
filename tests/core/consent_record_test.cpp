#include "consent/record.h"
#include "consent_fixture.h"

using namespace consent_fixture;

namespace {

std::string refused_at(const Json& json) {
  const Result<Record> record = parse_record(json, "");
  REQUIRE(!record);
  return record.error().where;
}

}  // namespace

TEST_CASE("record: what is read is written again", "[consent]") {
  const Json json = given_record(*policy(), "share");
  const Result<Record> record = parse_record(json, "");
  REQUIRE(record);
  REQUIRE(record->status() == Status::kGiven);
  REQUIRE(canonical(to_json(*record)) == canonical(json));
}

TEST_CASE("record: an error names the place", "[consent]") {
  Json json = given_record(*policy(), "share");
  SECTION("an unknown key") {
    json["events"][1]["ip"] = "192.0.2.1";
    REQUIRE(refused_at(json) == "/events/1/ip");
  }
  SECTION("an unknown state") {
    json["events"][1]["event_state"] = "dpv:ConsentPerhaps";
    REQUIRE(refused_at(json) == "/events/1/event_state");
  }
  SECTION("a gap in the numbers") {
    json["events"][1]["seq"] = 3;
    REQUIRE(refused_at(json) == "/events/1/seq");
  }
  SECTION("an epoch that is not the last event's") {
    json["epoch"] = 1;
    REQUIRE(refused_at(json) == "/epoch");
  }
  SECTION("a notice that is not the last event's") {
    json["privacy_notice"]["version"] = "9";
    REQUIRE(refused_at(json) == "/privacy_notice");
  }
  SECTION("a give without its scope") {
    json["events"][1].erase("scope");
    REQUIRE(refused_at(json) == "/events/1/scope");
  }
  SECTION("a state that claims consent without an act") {
    json["events"][1].erase("indication_method");
    REQUIRE(!parse_record(json, ""));
  }
}

TEST_CASE("record: a history that the machine cannot have made is refused", "[consent]") {
  Json json = given_record(*policy(), "share");
  Json next = json["events"][0];
  next["seq"] = 3;
  next["epoch"] = 1;
  json["epoch"] = 1;
  SECTION("consent that ends without a new epoch") {
    next["event_state"] = "dpv:ConsentWithdrawn";
    next["epoch"] = 0;
    json["epoch"] = 0;
    json["events"].push_back(next);
    REQUIRE(refused_at(json) == "/events/2");
  }
  SECTION("a refusal of what was given") {
    next["event_state"] = "dpv:ConsentRefused";
    json["events"].push_back(next);
    REQUIRE(refused_at(json) == "/events/2");
  }
  SECTION("consent presumed of a person who has answered") {
    Json& first = json["events"][1];
    first["indication_method"] = "opt_out_default";
    REQUIRE(refused_at(json) == "/epoch");  // no new epoch is claimed here
    json["epoch"] = 0;
    REQUIRE(parse_record(json, ""));
    Json again = first;
    again["seq"] = 3;
    again["event_state"] = "dpv:RenewedConsentGiven";
    json["events"].push_back(again);
    REQUIRE(refused_at(json) == "/events/2");
  }
  SECTION("a give after erasure") {
    next["event_state"] = "dpv:ConsentWithdrawn";
    next["erased"] = true;
    json["events"].push_back(next);
    REQUIRE(parse_record(json, ""));
    Json again = json["events"][1];
    again["seq"] = 4;
    again["epoch"] = 1;
    json["events"].push_back(again);
    REQUIRE(refused_at(json) == "/events/3");
  }
}
