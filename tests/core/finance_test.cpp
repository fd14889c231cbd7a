#include "validator_testing.h"

using namespace subrosa::detect;

TEST_CASE("card numbers need a scheme's range and Luhn's digit") {
  require_confirmed("credit_card", {"4111 1111 1111 1111", "5555-5555-5555-4444", "378282246310005",
                                    "30569309025904", "6011000990139424", "3530111333300000",
                                    "6200000000000005", "2200000000000004", "2223003122003222"});
  require_neutral("credit_card", {"4222222222222", "6304000000000000"});
  require_rejected("credit_card", {"4111111111111112", "9999999999999995", "41111111111116",
                                   "1234567890123452", "4000000000000000"});
}

TEST_CASE("IBANs need the country's shape and the MOD 97-10 check") {
  require_confirmed("iban", {"DE89 3704 0044 0532 0130 00", "GB29NWBK60161331926819",
                             "MT84MALT011000012345MTLCAST001S", "NO9386011117947",
                             "LC55HEMM000100010012001200023015", "nl91abna0417164300",
                             "GB29-NWBK-6016-1331-9268-19", "DZ580002100001113000000570"});
  require_rejected("iban", {"DE89 3704 0044 0532 0130 01", "DE89 3704 0044 0532 0130 0",
                            "XX89370400440532013000", "AT61190A300234573201"});
}

TEST_CASE("bank codes need a country; words in capitals need a word beside them") {
  require_confirmed("swift_bic", {"DEUTDEFF500", "NEDSZAJJXXX", "BCITITMM300"});
  require_neutral("swift_bic", {"TRAINING", "CHASUSNY"});
  require_rejected("swift_bic", {"DEUTQQFF", "PASSWORD"});
}
