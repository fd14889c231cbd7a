#include "validator_testing.h"

using namespace subrosa::detect;

TEST_CASE("coordinates stay on the earth") {
  require_confirmed("coordinates", {"52.5200, 13.4050", "40\u00b026'46\"N 79\u00b058'56\"W",
                                    "40\u00b026'N 79\u00b058'W"});
  require_neutral("coordinates", {"52.520, 13.405"});
  require_rejected("coordinates",
                   {"95.1234, 20.5678", "52.5200, 181.4050", "40\u00b076'46\"N 79\u00b058'56\"W"});
}
