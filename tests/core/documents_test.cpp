#include "validator_testing.h"

using namespace subrosa::detect;

TEST_CASE("machine-readable zones: the specimens of ICAO 9303 and one digit off") {
  require_confirmed("mrz", {"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
                            "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
                            "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
                            "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\n"
                            "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
                            "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\n"
                            "D231458907UTO7408122F1204159<<<<<<<6"});
  require_rejected("mrz", {"L898902C46UTO7408122F1204159ZE184226B<<<<<10",
                           "L898902C36UTO7408123F1204159ZE184226B<<<<<10"});
}

TEST_CASE("what a label names must hold digits and be no year") {
  require_confirmed("identifier", {"POL123456", "2023-CV-04567", "448812"});
  require_neutral("identifier", {"2023"});
  require_rejected("identifier", {"pending", "one1"});
}
