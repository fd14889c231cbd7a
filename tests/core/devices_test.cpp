#include "validator_testing.h"

using namespace subrosa::detect;

TEST_CASE("handset numbers carry Luhn's digit, those with a software version none") {
  require_confirmed("imei", {"490154203237518", "49-015420-323751-8", "356938035643809"});
  require_neutral("imei", {"4901542032375101"});
  require_rejected("imei", {"490154203237517", "000000000000000"});
}

TEST_CASE("vehicle numbers: the check digit confirms, its absence does not refute") {
  require_confirmed("vin", {"1M8GDM9AXKP042788", "1HGCM82633A004352", "5GZCZ43D13S812715"});
  require_neutral("vin", {"WVWZZZ1JZXW000001"});
  require_rejected(
      "vin", {"1M8GDM9AXKPO42788", "12345678901234567", "0HGCM82633A004352", "1HGCM82633A00435Z"});
}

TEST_CASE("SIM cards and subscribers") {
  require_confirmed("iccid", {"8991101200003204514", "89860012345678901238"});
  require_rejected("iccid", {"8991101200003204513"});
  require_neutral("imsi", {"310150123456789", "901280123456789"});
  require_rejected("imsi", {"123456789012345"});
}
