#include "validator_testing.h"

using namespace subrosa::detect;

TEST_CASE("Danish numbers: the century by the seventh digit, MOD 11 where it holds") {
  require_confirmed("dk_cpr", {"211062-5629", "010111-1113"});
  require_neutral("dk_cpr", {"2110620629", "211062-5692"});
  require_rejected("dk_cpr", {"511062-5629", "211362-5629", "290203-4000"});
  require_confirmed("dk_cvr", {"DK 13585628"});
  require_rejected("dk_cvr", {"DK 13585627"});
}

TEST_CASE("Norwegian numbers") {
  require_confirmed("no_fodselsnummer",
                    {"151086 95088", "11111598403", "10 04 87 44 732", "26028338723"});
  require_rejected("no_fodselsnummer", {"15108695077", "70341666064", "92031470790"});
  require_confirmed("no_orgnr", {"988 077 917", "NO 995 525 828 MVA"});
  require_rejected("no_orgnr", {"988 077 918"});
  require_confirmed("no_bank_account", {"8601 11 17947"});
  require_rejected("no_bank_account", {"8601 11 17949"});
}

TEST_CASE("Swedish numbers") {
  require_confirmed("se_personnummer",
                    {"880320-0016", "121212-1212", "189004119807", "640883-3231", "200228+5266"});
  require_rejected("se_personnummer",
                   {"880320-0017", "881320-0018", "19001309-2393", "880320-0001"});
  require_neutral("se_personnummer", {"200309251049"});  // 10:49 of a day
  require_confirmed("se_organisationsnummer", {"556703-7485", "212000-0142"});
  require_rejected("se_organisationsnummer", {"556703-7486", "551203-7480"});
  require_confirmed("se_vat", {"SE556703748501"});
  require_rejected("se_vat", {"SE556703748601", "SE556703748500"});
  require_confirmed("se_bankgiro", {"5805-6201", "991-2346"});
  require_rejected("se_bankgiro", {"5805-6202"});
}

TEST_CASE("Finnish and Icelandic numbers") {
  require_confirmed("fi_personal_identity_code",
                    {"131052-308T", "131052a308t", "131052+308T", "030594W903B", "010516B902W"});
  require_rejected("fi_personal_identity_code", {"131052-308U", "310252-308Y", "131052-000V"});
  require_confirmed("fi_business_id", {"2077474-0", "FI01120389"});
  require_rejected("fi_business_id", {"2077474-1"});
  require_confirmed("is_kennitala", {"120174-3399", "450401-3150"});
  require_rejected("is_kennitala", {"320174-3399", "120174-3389", "1201743392"});
}

TEST_CASE("Baltic numbers") {
  require_confirmed("baltic_personal_code", {"36805280109", "38703181745", "33309240064"});
  require_rejected("baltic_personal_code", {"36805280108", "36813280109"});
  require_confirmed("baltic_company_code", {"12345678"});
  require_rejected("baltic_company_code", {"12345679"});
  require_confirmed("ee_vat", {"EE 100 931 558"});
  require_rejected("ee_vat", {"EE 100 594 103"});
  require_confirmed("lv_pk", {"161175-19997", "328673-00679"});
  require_rejected("lv_pk", {"161175-19996", "164175-19997", "328673-00677"});
  require_confirmed("lv_vat", {"LV 4000 3521 600", "LV16117519997"});
  require_rejected("lv_vat", {"LV 4000 3521 601"});
  require_confirmed("lt_vat", {"LT 119511515", "LT 100001919017"});
  require_rejected("lt_vat", {"LT 100001919018", "LT 119511525"});
}
