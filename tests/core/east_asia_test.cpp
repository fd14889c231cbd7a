#include "validator_testing.h"

using namespace subrosa::detect;

TEST_CASE("Japanese numbers") {
  require_confirmed("jp_my_number", {"6214 9832 0257", "621498320257"});
  require_rejected("jp_my_number", {"621498320258", "6124 9832 0257", "000000000000"});
  require_confirmed("jp_corporate_number", {"7000012050002", "T7000012050002"});
  require_rejected("jp_corporate_number", {"8000012050002"});
  require_neutral("jp_driver_license", {"301234567890"});
  require_rejected("jp_driver_license", {"091234567890"});
  require_confirmed("jp_insurer", {"06130017"});
  require_rejected("jp_insurer", {"06130018"});
}

TEST_CASE("Korean numbers") {
  require_confirmed("kr_rrn", {"971013-9019902", "9710131019901"});
  require_neutral("kr_rrn", {"201005-3123456", "211231-4123456"});
  require_rejected("kr_rrn",
                   {"971013-9019903", "971313-1019901", "971013-9999904", "991231-4019906"});
  require_confirmed("kr_frn", {"911124-5678906"});
  require_neutral("kr_frn", {"911124-5678901"});
  require_rejected("kr_frn", {"001332-5234567"});
  require_confirmed("kr_brn", {"211-86-08983", "104-86-56659", "317 - 81 - 11175"});
  require_neutral("kr_brn", {"104-86-56658"});
  require_rejected("kr_brn", {"100-86-08983", "211-00-08983"});
  require_confirmed("kr_corporate_number", {"110111-0062432"});
  require_rejected("kr_corporate_number", {"110111-0062433"});
  require_neutral("kr_driver_license", {"11-22-123456-12"});
  require_rejected("kr_driver_license", {"99-22-123456-12"});
}
