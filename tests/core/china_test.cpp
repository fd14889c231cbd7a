#include "validator_testing.h"

using namespace subrosa::detect;

TEST_CASE("Chinese numbers of persons") {
  require_confirmed("cn_resident_id", {"360426199101010071", "44011320141005001x"});
  require_neutral("cn_resident_id", {"110105491231002"});
  require_rejected("cn_resident_id", {"360426199101010072", "990426199112010074",
                                      "360426199113010071", "110105491331002", "110105491231000"});
  require_rejected("cn_foreigner_id", {"360426199101010071", "USA110081133002"});
  require_neutral("cn_foreigner_id", {"USA110081080302"});
  require_rejected("cn_driver_file", {"990300123456"});
  require_neutral("cn_driver_file", {"440300123456"});
  require_rejected("cn_postal_code", {"990300", "111111"});
  require_neutral("cn_postal_code", {"100871"});
  require_neutral("cn_handle", {"zhang_wei88"});
  require_rejected("cn_handle", {"wechat"});
}

TEST_CASE("Chinese numbers of organizations and vehicles") {
  require_confirmed("cn_uscc", {"91110000600037341L", "91 110000 600037341L"});
  require_rejected("cn_uscc", {"91110000600O37341L", "91110000600037342L", "91110000600073341L"});
  require_confirmed("cn_organization_code", {"60003734-1"});
  require_rejected("cn_organization_code", {"60003734-2"});
  require_rejected("cn_business_registration", {"990108000000016"});
  require_neutral("cn_plate", {"\xE4\xBA\xAC\x41\x31\x32\x33\x34\x35"});
  require_rejected("cn_plate", {"\xE6\x96\xB0MATE60"});
}

TEST_CASE("Hong Kong and Taiwanese numbers") {
  require_confirmed("hk_id", {"A123456(3)", "G123456A", "AB987654(3)"});
  require_rejected("hk_id", {"A123456(4)", "AB123456(3)"});
  require_confirmed("tw_national_id", {"A123456789", "k101189797", "Z277018381"});
  require_rejected("tw_national_id", {"A123456788", "A185034995"});
  require_confirmed("tw_business_number", {"04595257", "10458575", "97176270"});
  require_rejected("tw_business_number", {"04595253", "00000000"});
}
