#include "validator_testing.h"

using namespace subrosa::detect;

TEST_CASE("Numbers of the Gulf states") {
  require_confirmed("ae_emirates_id", {"784-1980-1234567-8", "784198012345678"});
  require_rejected("ae_emirates_id", {"784-1980-1234567-9", "784-1780-1234567-1"});
  require_confirmed("sa_national_id", {"1000000008", "2000000006"});
  require_rejected("sa_national_id", {"1000000009"});
  require_confirmed("kw_civil_id", {"273032401507"});
  require_rejected("kw_civil_id", {"273032401508", "273132401507"});
  require_neutral("qa_qid", {"28435612345"});
  require_rejected("qa_qid", {"28400012345"});
  require_neutral("bh_cpr", {"850112345"});
  require_rejected("bh_cpr", {"851312345"});
}

TEST_CASE("Iranian, Central Asian and Mongolian numbers") {
  require_confirmed("ir_national_id", {"0499370899", "0790419904", "0084575948"});
  require_rejected("ir_national_id", {"0499370898", "1111111111"});
  require_rejected("kz_iin", {"851301300123"});
  require_rejected("uz_pinfl", {"33113850010010"});
  require_neutral("kg_pin", {"20101198500123"});
  require_rejected("kg_pin", {"29901198500123", "20101178500123"});
  require_neutral("mn_register", {"\xD0\xA3\xD0\x91"
                                  "85010112",
                                  "\xD0\xA7\xD0\x90"
                                  "05310213"});
  require_rejected("mn_register", {"\xD0\xA3\xD0\x91"
                                   "85130112"});
}
