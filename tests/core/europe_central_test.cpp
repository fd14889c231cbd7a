#include "validator_testing.h"

using namespace subrosa::detect;

TEST_CASE("German tax numbers") {
  require_confirmed("de_tax_id", {"36 574 261 809", "36574261809", "86095742719", "65929970489"});
  require_neutral("de_tax_id", {"11123456786"});
  require_rejected("de_tax_id",
                   {"36574261808", "01234567896", "12345678903", "65299970489", "11111111111"});
  require_confirmed("de_vat_id", {"DE136695976", "DE 129 273 398"});
  require_rejected("de_vat_id", {"DE136695975", "DE123456789"});
  require_confirmed("de_tax_number", {"2893081508152", "9181081508155"});
  require_neutral("de_tax_number", {"181/815/08155", "93815/08152", "0181508150000"});
  require_rejected("de_tax_number", {"11/222/333"});
}

TEST_CASE("German documents: nine characters, and a check digit when a tenth is given") {
  require_neutral("de_id_card", {"L01X00T47", "T22000129"});
  require_confirmed("de_id_card", {"L01X00T471", "T220001293"});
  require_rejected("de_id_card", {"L01X00T472", "LMNPRTVWX", "C01X00T47", "LA1X00T47"});
  require_neutral("de_passport", {"C01X00T47"});
  require_confirmed("de_passport", {"C01X00T478"});
  require_rejected("de_passport", {"C01X00T479", "L01X00T47"});
}

TEST_CASE("German social and health numbers") {
  require_confirmed("de_social_security", {"15070649C103", "65 070803 A 019", "38551285K051"});
  require_rejected("de_social_security", {"15070649C102", "15420649C103", "15071349C103"});
  require_confirmed("de_health_insurance", {"A123456780", "Z000000005", "m123456785"});
  require_rejected("de_health_insurance", {"A123456781", "M123456789"});
  require_confirmed("de_lanr", {"123456601", "987654401"});
  require_rejected("de_lanr", {"123456701", "100000401"});
  require_confirmed("de_ik", {"260326822"});
  require_rejected("de_ik", {"260326823"});
  require_neutral("de_plz", {"01001", "80331", "99998"});
  require_rejected("de_plz", {"00000", "01000", "05123", "43123", "62123", "99999"});
}

TEST_CASE("Austrian numbers") {
  require_confirmed("at_vnr", {"1237 010180", "1237010180"});
  require_rejected("at_vnr", {"2237 010180", "1237 010108"});
  require_confirmed("at_vat", {"ATU13585627"});
  require_rejected("at_vat", {"ATU13585626"});
  require_confirmed("at_tax_number", {"93-173/6581"});
  require_rejected("at_tax_number", {"93-173/6582"});
  require_confirmed("at_firmenbuch", {"FN 122119m"});
  require_rejected("at_firmenbuch", {"FN 122119a"});
}

TEST_CASE("Swiss numbers") {
  require_confirmed("ch_ahv", {"756.9217.0769.85", "7569217076985"});
  require_rejected("ch_ahv", {"756.9217.0769.84"});
  require_confirmed("ch_uid", {"CHE-100.155.212", "CHE107787577 IVA"});
  require_rejected("ch_uid", {"CHE-100.155.213"});
  require_neutral("ch_id_card", {"E1234567"});
  require_rejected("ch_id_card", {"SABCDEFG1"});
}
