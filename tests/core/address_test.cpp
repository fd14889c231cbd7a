#include "validator_testing.h"

using namespace subrosa::detect;

TEST_CASE("addresses end where the sentence or the next line goes on") {
  require_confirmed(
      "address", {"742 Evergreen Terrace, Springfield, IL 62704", "12 Rowan Close, Leeds LS6 2AB"});
  require_neutral("address", {"742 Evergreen Terrace", "Hauptstra\u00dfe 12"});
  require_rejected("address", {"5 miles down the road", "3 The Long Way", "12 Rowan Close."});
}

TEST_CASE("places are no days, and a Chinese place does not begin with the sentence") {
  require_confirmed("place", {"Springfield, Ohio", "Lagos"});
  require_rejected("place", {"Friday", "The Past"});
  require_confirmed("address", {"\u5317\u4eac\u5e02\u671d\u9633\u533a"});
  require_rejected("address", {"\u5728\u5317\u4eac\u5e02\u671d\u9633\u533a"});
  require_rejected("organization",
                   {"\u6211\u5728\u4e0a\u6d77\u793a\u4f8b\u6709\u9650\u516c\u53f8"});
}
