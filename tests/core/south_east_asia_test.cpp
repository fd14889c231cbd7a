#include "validator_testing.h"

using namespace subrosa::detect;

TEST_CASE("Singaporean numbers") {
  require_confirmed("sg_nric", {"S1234567D", "S0000001I", "F2346401L", "t0123456g"});
  require_rejected("sg_nric", {"S1234567A", "G1234567A"});
  require_confirmed("sg_uen", {"197401143C", "00192200M", "T16RF0037C", "S16FC0121D"});
  require_rejected("sg_uen", {"197401143D", "00192201M", "T16RF0037D", "T16RY0037C"});
  require_confirmed("sg_plate", {"SBA 1234 G"});
  require_rejected("sg_plate", {"SBA 1234 H"});
}

TEST_CASE("Philippine, Thai and Vietnamese numbers") {
  require_confirmed("ph_tin", {"000-123-456-000", "000123456"});
  require_rejected("ph_tin", {"000-123-457-000", "000-000-000"});
  require_confirmed("th_tnin", {"1-2345-45678-78-1", "1220000000007", "1580000000004"});
  require_rejected("th_tnin", {"1-2345-45678-78-9", "1284567890124", "1594567890124",
                               "1984567890124", "0234567890124"});
  require_confirmed("th_tax_id", {"0105536000313"});
  require_rejected("th_tax_id", {"0105536000314"});
  require_neutral("vn_cccd", {"001088012345"});
  require_rejected("vn_cccd", {"099088012345", "000088012345"});
  require_confirmed("vn_tax_code", {"0100233488", "0314409058-002"});
  require_rejected("vn_tax_code", {"0100233489"});
}

TEST_CASE("Indonesian and Malaysian numbers") {
  require_neutral("id_nik", {"3171011708450001", "3171015708450001", "3171082902001234"});
  require_rejected("id_nik", {"3711011708450001", "3171013308450001", "3171013113450001"});
  require_neutral("my_nric", {"770305-02-1234", "880229875542"});
  require_rejected("my_nric", {"771305-02-1234", "770305-17-1234", "770305-00-1234"});
}
