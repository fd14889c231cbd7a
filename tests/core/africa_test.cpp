#include "validator_testing.h"

using namespace subrosa::detect;

TEST_CASE("African numbers with check digits") {
  require_confirmed("ng_nin", {"12345678902", "55512345672", "01234567895"});
  require_rejected("ng_nin", {"12345678903"});
  require_confirmed("za_id_number", {"7503305044089", "0002294321191", "750330 5044089"});
  require_rejected("za_id_number", {"8001015009086", "9913326789285", "9902294321191"});
  require_confirmed("za_tax_number", {"0001339050"});
  require_rejected("za_tax_number", {"0001339051"});
}

TEST_CASE("African numbers with dates and places") {
  require_neutral("eg_national_id", {"29001011234567", "30502020101234", "28512318801234"});
  require_rejected("eg_national_id", {"29013011234567", "29001016234567"});
  require_neutral("tz_nida", {"19850112-14101-00001-23"});
  require_rejected("tz_nida", {"19851312-14101-00001-23"});
  require_neutral("rw_national_id", {"1 1985 8 0012345 1 23"});
  require_rejected("rw_national_id", {"1 1985 9 0012345 1 23", "1 1785 8 0012345 1 23"});
  require_neutral("mu_national_id", {"P2504894200478"});
  require_rejected("mu_national_id", {"P9904894200478"});
  require_neutral("na_id_number", {"85011212345"});
  require_rejected("na_id_number", {"85131212345"});
}
