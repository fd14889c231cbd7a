#include "validator_testing.h"

using namespace subrosa::detect;

TEST_CASE("Indian numbers") {
  require_confirmed("in_aadhaar", {"234123412346", "3998 7654 3211", "3123:4567:8909"});
  require_rejected("in_aadhaar", {"234123412347", "2341-2341 2346"});
  require_confirmed("in_pan", {"ACUPA7085R", "abbpm4567s"});
  require_rejected("in_pan", {"ACUPA0000R", "ABCXD1234Z"});
  require_confirmed("in_gstin", {"27AAPFU0939F1ZV"});
  require_rejected("in_gstin", {"27AAPFU0939F1ZW", "07AAPFU0939F1ZV", "39AAPFU0939F1ZV"});
  require_confirmed("in_voter", {"WKH1186253"});
  require_rejected("in_voter", {"WKH1186254"});
  require_neutral("in_plate", {"KA53ME3456", "22BH1234AA", "DL-3C-AB-0001"});
  require_rejected("in_plate", {"XY53ME3456"});
  require_neutral("in_driving_license", {"MH12 20110012345"});
  require_rejected("in_driving_license", {"XX12 20110012345"});
}

TEST_CASE("An Indian payment address is no part of a host name") {
  const Validator in_upi = find_validator("in_upi");
  const std::string_view host = "ravi@sbi.co.in", end = "to ravi@sbi. Thanks";
  REQUIRE(in_upi({host, 0, 8, ""}) == Verdict::kReject);
  REQUIRE(in_upi({end, 3, 11, ""}) == Verdict::kNeutral);
}

TEST_CASE("Pakistani and Sri Lankan numbers") {
  require_neutral("pk_cnic", {"34201-0891231-9", "82203-0891231-8"});
  require_rejected("pk_cnic", {"34201-0891231-0", "94201-0891231-8", "34201-0000000-1"});
  require_neutral("lk_nic", {"853400937V", "198534000937", "722222222v"});
  require_rejected("lk_nic", {"853990937V", "185034000937", "850000937V"});
}
