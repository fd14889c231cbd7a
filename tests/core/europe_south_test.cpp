#include "validator_testing.h"

using namespace subrosa::detect;

TEST_CASE("Spanish numbers") {
  require_confirmed("es_nif", {"12345678Z", "55555555-K", "1111111-G", "X-2482300W", "Z8078221M",
                               "M2812345C", "A58818501", "Q2826000H"});
  require_rejected("es_nif", {"12345678A", "X-2482300X", "A58818502", "Q28260008", "M2812345D"});
  require_confirmed("es_vat", {"ESB64717838", "ES54362315K"});
  require_rejected("es_vat", {"ESB64717839"});
  require_confirmed("es_nss", {"28/12345678/40", "01/00123456/51"});
  require_rejected("es_nss", {"28/12345678/41", "99/12345678/40"});
  require_confirmed("es_ccc", {"2077-0024-00-3102575766", "1234 1234 16 1234567890"});
  require_rejected("es_ccc", {"2077-0024-00-3102575767", "1234-1234-61-1234567890"});
}

TEST_CASE("Portuguese numbers") {
  require_confirmed("pt_nif", {"501 964 843", "PT501964843", "299999998"});
  require_rejected("pt_nif", {"501964842", "010000008", "411111111"});
  require_confirmed("pt_cc", {"00000000 0 ZZ4"});
  require_rejected("pt_cc", {"00000000 0 ZZ3"});
  require_confirmed("pt_niss", {"11000000007"});
  require_rejected("pt_niss", {"11000000008"});
}

TEST_CASE("Italian numbers") {
  require_confirmed("it_fiscal_code",
                    {"RCCMNL83S18D969H", "DMLPRY77D15H501F", "FOXDRA26C24H872Y", "00743110157"});
  require_rejected("it_fiscal_code", {"RCCMNL83S18D969G", "RCCMNL83S32D969H", "AAPPRY77D15H501F",
                                      "DMLAXA77D15H501F", "00743110158"});
  require_confirmed("it_fiscal_code", {"RCDLSN84S16D96VO"});  // the last digit as a letter
  require_confirmed("it_vat_code", {"IT 00743110157", "01333550323"});
  require_rejected("it_vat_code", {"IT 00743110158", "00000000000", "00743112005"});
}

TEST_CASE("Greek, Cypriot, Maltese and Albanian numbers") {
  require_confirmed("gr_afm", {"094259216", "EL 023456780"});
  require_rejected("gr_afm", {"094259217", "000000000"});
  require_confirmed("gr_amka", {"01013099997", "29020012349"});
  require_rejected("gr_amka", {"01013099999", "31023099990"});
  require_confirmed("cy_tic", {"CY-10259033P", "10259033P"});
  require_rejected("cy_tic", {"10259033Z", "12000139V"});
  require_confirmed("mt_vat", {"MT 1167-9112"});
  require_rejected("mt_vat", {"MT 1167-9113"});
  require_neutral("al_nid", {"I05101999I", "J95512005H"});
  require_rejected("al_nid", {"J91331098K", "J97512005H"});
}

TEST_CASE("Turkish and Israeli numbers") {
  require_confirmed("tr_national_id", {"10000000146", "17291716060"});
  require_rejected("tr_national_id", {"10000000145", "17291716050"});
  require_confirmed("tr_tax_id", {"4540536920"});
  require_rejected("tr_tax_id", {"4540536921"});
  require_neutral("tr_license_plate", {"01 A 12", "81 ABC 123"});
  require_rejected("tr_license_plate", {"00 A 12", "82 ABC 123"});
  require_confirmed("il_id", {"3933742-3", "039337423"});
  require_rejected("il_id", {"3933742-2", "000000000"});
}
