#include "validator_testing.h"

using namespace subrosa::detect;

TEST_CASE("US numbers: ranges that were never issued") {
  require_neutral("us_ssn", {"536-90-4399", "536 90 4399", "536904399", "899-99-9999"});
  require_rejected("us_ssn", {"000-12-3456", "666-12-3456", "900-12-3456", "536-00-4399",
                              "536-90-0000", "078-05-1120", "219-09-9999", "536-90.4399"});
  require_neutral("us_itin", {"912-50-1234", "912-65-1234", "912-92-1234", "912-99-1234"});
  require_rejected("us_itin", {"912-49-1234", "912-66-1234", "912-89-1234", "912-93-1234"});
  require_neutral("us_ein", {"12-3456789", "99-0000000"});
  require_rejected("us_ein", {"00-1234567", "07-1234567", "49-1234567", "97-1234567"});
  require_rejected("us_account", {"11111111"});
}

TEST_CASE("US numbers: check digits") {
  require_confirmed("us_npi", {"1234567893", "1245319599"});
  require_rejected("us_npi", {"1234567894", "1234567803"});
  require_confirmed("us_dea", {"GL0285191", "EU4488929", "K92993548"});
  require_rejected("us_dea", {"IL0285191", "GL0285192", "GL0825191"});
  require_confirmed("us_aba", {"121000358", "021000021", "011401533", "111000025"});
  require_rejected("us_aba", {"121000359", "131000025", "911000025", "000000000"});
}

TEST_CASE("Canadian numbers") {
  require_confirmed("ca_sin", {"130-692-544", "258 933 688", "130692544"});
  require_rejected("ca_sin", {"130-692-545", "046 454 286", "130 692-544"});
  require_neutral("ca_postal_code", {"K1A 0B1", "m5v3l9"});
  require_rejected("ca_postal_code", {"D1A 0B1", "K1O 0B1", "W1A 0B1"});
  require_confirmed("ca_bn", {"123456782", "123456782RC0001"});
  require_rejected("ca_bn", {"123456783RC0001"});
  require_confirmed("ca_ohip", {"9876-543-217"});
  require_rejected("ca_ohip", {"9876-543-218", "0123456782"});
  require_confirmed("ca_ramq", {"TREM89561523", "BOUF 9401 1419"});
  require_rejected("ca_ramq", {"TREM89131523", "TREM89023023", "TREM89631523"});
  require_confirmed("ca_bc_phn", {"9123456702", "9876543218"});
  require_rejected("ca_bc_phn", {"9123456703"});
}

TEST_CASE("Mexican numbers") {
  require_confirmed("mx_curp", {"BOXW310820HNERXN09", "boxw310820hnerxn09"});
  require_rejected("mx_curp", {"BOXW310820HNERXN08", "BOXW311320HNERXN09", "BOXW310820HZZRXN09",
                               "BACA890909MJCRMS05"});
  require_confirmed("mx_rfc", {"GODE561231GR8", "MAB-930714-8T4", "VSM140430NQA"});
  require_neutral("mx_rfc", {"COMG-600703", "GODE561231GR3"});
  require_rejected("mx_rfc", {"ABCD 123456", "CACA 580710 NF7", "GODE561331GR8"});
  require_confirmed("mx_nss", {"12345678903"});
  require_rejected("mx_nss", {"12345678904", "11111111111"});
  require_confirmed("mx_clabe", {"032180000118359719"});
  require_rejected("mx_clabe", {"032180000118359718", "000180000118359719"});
  require_confirmed("mx_voter_key", {"GMVLMR80070501M100"});
  require_rejected("mx_voter_key", {"GMVLMR80130501M100", "GMVLMR80070545M100"});
}
