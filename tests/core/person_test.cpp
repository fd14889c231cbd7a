#include "validator_testing.h"

using namespace subrosa::detect;

TEST_CASE("words that stand where a name could") {
  require_confirmed("person", {"Ann Lee", "sarah", "Jean-Luc Picard"});
  require_rejected("person", {"Sir", "on", "Not Sure", "Customer"});
}

TEST_CASE("Chinese names begin with a surname and end before the sentence goes on") {
  require_confirmed("person", {"\u5f20\u4f1f", "\u738b\u5c0f\u660e", "\u6b27\u9633\u5a1c\u5a1c"});
  require_rejected(
      "person", {"\u5f20\u4f1f\u8bf7", "\u4e86\u5916\u5356", "\u738b", "\u738b\u5c0f\u660e\u60f3"});
}
