#include "validator_testing.h"

using namespace subrosa::detect;

TEST_CASE("dates need a calendar that has them, in some order") {
  require_confirmed("date", {"2021-05-21", "21.5.2021", "05/21/21", "21/05/21", "19870412",
                             "1990\u5e745\u67083\u65e5"});
  require_neutral("date", {"5 May 2021", "May 1st", "1985", "05/21", "5/2021"});
  require_rejected("date", {"45/45/1987", "2021-02-30", "31.4.2020", "1990-13-01", "19871332",
                            "13/2021", "0 May 2021"});
}
