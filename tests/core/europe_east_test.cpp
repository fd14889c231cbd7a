#include "validator_testing.h"

using namespace subrosa::detect;

TEST_CASE("Polish numbers") {
  require_confirmed("pl_pesel", {"44051401359", "02070803628", "02870803622"});
  require_rejected("pl_pesel", {"44051401358", "44131401350"});
  require_confirmed("pl_nip", {"8567346215", "123-456-32-18"});
  require_rejected("pl_nip", {"8567346216", "0000000000"});
  require_confirmed("pl_regon", {"192598184", "12345678512347"});
  require_rejected("pl_regon", {"192598183", "12345678512348"});
  require_confirmed("pl_id_card", {"ABA300000", "ABS 123456"});
  require_rejected("pl_id_card", {"ABA400000"});
  require_confirmed("pl_nrb", {"61 1090 1014 0000 0712 1981 2874"});
  require_rejected("pl_nrb", {"61 1090 1014 0000 0712 1981 2875"});
  require_confirmed("pl_land_register", {"WA4M/00012345/2"});
  require_rejected("pl_land_register", {"WA4M/00012345/3"});
}

TEST_CASE("Czech and Slovak numbers: nine digits until 1953, ten that 11 divides since") {
  require_confirmed("birth_number", {"710319/2745", "7103192745", "0424175466", "5451219994"});
  require_neutral("birth_number", {"991231123", "530121999"});
  require_rejected("birth_number", {"710319/2746", "590312/123", "0124175466", "7113192745"});
  require_confirmed("cz_ico", {"25123891"});
  require_rejected("cz_ico", {"25123890", "00000000"});
  require_confirmed("cz_vat", {"CZ25123891", "CZ7103192745"});
  require_rejected("cz_vat", {"CZ25123890", "CZ7103192746"});
  require_confirmed("sk_vat", {"SK2022749619"});
  require_rejected("sk_vat", {"SK2022749618"});
}

TEST_CASE("Hungarian numbers") {
  require_confirmed("hu_taj", {"123 456 788"});
  require_rejected("hu_taj", {"123 456 789", "000 000 000"});
  require_confirmed("hu_tax_id", {"8071592153"});
  require_rejected("hu_tax_id", {"8071592154"});
  require_confirmed("hu_tax_number", {"12892312-2-41", "HU 12892312"});
  require_rejected("hu_tax_number", {"HU 12892313"});
  require_confirmed("hu_personal_id", {"2-720216-1673"});
  require_rejected("hu_personal_id", {"2-720216-1674", "2-721316-1673"});
}

TEST_CASE("Romanian and Moldovan numbers") {
  require_confirmed("ro_cnp", {"1630615123457", "8001011234563"});
  require_rejected("ro_cnp", {"0800101221142", "1630615993454", "1630615123458"});
  require_confirmed("ro_cui", {"18547290", "RO18547290"});
  require_rejected("ro_cui", {"18547291"});
  require_confirmed("md_idnp", {"1008600038413"});
  require_rejected("md_idnp", {"1008600038412"});
}

TEST_CASE("Bulgarian numbers") {
  require_confirmed("bg_egn", {"752316 926 3", "8032056031"});
  require_rejected("bg_egn", {"752316 926 4", "8019010008"});
  require_confirmed("bg_lnch", {"7111042925"});
  require_rejected("bg_lnch", {"7111042922"});
  require_confirmed("bg_bulstat", {"175074752"});
  require_rejected("bg_bulstat", {"175074751", "000000000"});
  require_confirmed("bg_vat", {"BG 175 074 752", "BG7523169263"});
  require_rejected("bg_vat", {"BG 175 074 751"});
}

TEST_CASE("Numbers of the former Yugoslavia: another republic's region leaves a doubt") {
  require_confirmed("mod11_10_number", {"33392005961", "101134702"});
  require_rejected("mod11_10_number", {"33392005962", "101134703"});
  require_confirmed("si_emso", {"0101006500006"});
  require_neutral("rs_jmbg", {"0101006500006"});
  require_confirmed("rs_jmbg", {"0101980710018"});
  require_confirmed("hr_jmbg", {"0101980330002"});
  require_confirmed("ba_jmbg", {"0101980170005"});
  require_confirmed("mk_embg", {"0101980450008"});
  require_confirmed("me_jmbg", {"0101980210007"});
  require_rejected("si_emso", {"0101006500007", "0113006500006"});
  require_confirmed("si_tax_number", {"SI 50223054"});
  require_rejected("si_tax_number", {"50223055", "09999990"});
  require_confirmed("mk_edb", {"4030000375897"});
  require_rejected("mk_edb", {"4030000375890"});
}

TEST_CASE("Ukrainian, Russian and Belarusian numbers") {
  require_confirmed("ua_rntrc", {"1759013776", "25 30 41 40 71"});
  require_rejected("ua_rntrc", {"1759013770"});
  require_confirmed("ua_edrpou", {"32855961"});
  require_rejected("ua_edrpou", {"32855968"});
  require_confirmed("ua_unzr", {"19920523-01577"});
  require_rejected("ua_unzr", {"19921323-01577"});
  require_confirmed("ru_inn", {"7827004526", "123456789047"});
  require_rejected("ru_inn", {"7827004527", "123456789037", "0027004526"});
  require_confirmed("ru_snils", {"112-233-445 95"});
  require_rejected("ru_snils", {"112-233-445 96", "001-001-998 00"});
  require_confirmed("ru_ogrn", {"1027700132195", "304500116000157"});
  require_rejected("ru_ogrn", {"1027700132194", "304500116000158"});
  require_confirmed("ru_oms", {"1234567890123452"});
  require_rejected("ru_oms", {"1234567890123453"});
  require_neutral("ru_passport", {"4510 123456"});
  require_rejected("ru_passport", {"0010 123456", "4567 123456"});
  require_confirmed("by_personal_number", {"3010190A001PB5"});
  require_rejected("by_personal_number", {"3011390A001PB5"});
  require_confirmed("by_unp", {"200988541"});
  require_rejected("by_unp", {"200988542"});
}
