// SPDX-License-Identifier: Apache-2.0
#include "validator_testing.h"

using namespace subrosa::detect;

TEST_CASE("telephone numbers in words", "[validators]") {
  require_neutral("spelled_phone",
                  {"four one five five five five two six seven one",
                   "Four One Five, five five five, two six seven one",
                   "null eins sieben eins zwei drei vier f\u00fcnf sechs sieben acht",
                   "\u4e00\u4e09\u516b\u96f6\u96f6\u4e00\u4e09\u516b\u96f6\u96f6\u96f6"});
  require_rejected(
      "spelled_phone",
      {"one two three four five six seven", "nine eight seven six five four three",
       "one one one one one one one one", "\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b"});
}

TEST_CASE("card numbers in words", "[validators]") {
  const std::string card = "four one one one one one one one one one one one one one one ";
  require_confirmed("spelled_card", {card + "one"});
  require_rejected("spelled_card", {card + "two"});
}
