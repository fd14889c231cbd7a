#include "validator_testing.h"

using namespace subrosa::detect;

TEST_CASE("Brazilian numbers") {
  require_confirmed("br_cpf", {"390.533.447-05", "52998224725", "111.444.777-35"});
  require_rejected("br_cpf", {"390.533.447-06", "231.002.999-00", "111.111.111-11"});
  require_confirmed("br_cnpj", {"16.727.230/0001-97", "12.ABC.345/01DE-35", "61882613000194"});
  require_rejected("br_cnpj", {"16.727.230/0001-98", "12ABC34501DE99", "00000000000000"});
  require_confirmed("br_pis", {"12056874107"});
  require_rejected("br_pis", {"12056874108", "11111111111"});
  require_confirmed("br_cnh", {"62472927637"});
  require_rejected("br_cnh", {"62472927638"});
  require_confirmed("br_voter", {"102385010671"});
  require_rejected("br_voter", {"102385010672", "102385990671"});
  require_confirmed("br_cns", {"700000000000005"});
  require_rejected("br_cns", {"700000000000006"});
}

TEST_CASE("Argentine, Chilean, Colombian and Peruvian numbers") {
  require_confirmed("ar_cuit", {"20-26756539-3", "20267565393", "20-05536168-2"});
  require_rejected("ar_cuit", {"20-26756539-2", "28-26756539-3"});
  require_confirmed("ar_cbu", {"2850590940090418135201"});
  require_rejected("ar_cbu", {"2850590940090418135202", "2850591940090418135201"});
  require_confirmed("cl_rut", {"76086428-5", "12.531.909-2", "CL 12531909-2"});
  require_rejected("cl_rut", {"76086428-6", "00000000-0"});
  require_confirmed("co_nit", {"213.123.432-1", "2131234321"});
  require_rejected("co_nit", {"213.123.432-2"});
  require_confirmed("pe_ruc", {"20512333797", "20100070970"});
  require_rejected("pe_ruc", {"20512333798", "30512333797"});
}

TEST_CASE("Ecuadorian, Dominican, Uruguayan and Venezuelan numbers") {
  require_confirmed("ec_ci", {"1714307103", "0910005917", "171430710-3"});
  require_rejected("ec_ci", {"1714307104", "8814307107", "1784307108"});
  require_confirmed("ec_ruc", {"1714307103001", "1792060346001", "1768152130001"});
  require_rejected("ec_ruc", {"1792060347001", "1714307103000"});
  require_confirmed("do_cedula", {"001-1391820-5", "00113918205"});
  require_rejected("do_cedula", {"001-1391820-6"});
  require_confirmed("do_rnc", {"1-01-85004-3", "131246796"});
  require_rejected("do_rnc", {"101850044"});
  require_confirmed("uy_ci", {"1.234.567-2", "12345672"});
  require_rejected("uy_ci", {"1.234.567-3"});
  require_confirmed("uy_rut", {"21-100342-001-7", "020334150013"});
  require_rejected("uy_rut", {"211003420018", "991003420017"});
  require_confirmed("ve_rif", {"V-11470283-4", "J-00012926-6"});
  require_rejected("ve_rif", {"V-11470283-5"});
}

TEST_CASE("Central American and Caribbean numbers") {
  require_confirmed("gt_nit", {"576937-K", "7108-0"});
  require_rejected("gt_nit", {"576937-1"});
  require_rejected("gt_cui", {"2345678802501"});
  require_confirmed("py_ruc", {"80028061-0", "80000519-8"});
  require_rejected("py_ruc", {"80028061-1"});
  require_confirmed("sv_dui", {"00016297-5"});
  require_rejected("sv_dui", {"00016297-6", "00000000-0"});
  require_neutral("sv_nit", {"0614-050707-104-8"});
  require_rejected("sv_nit", {"0614-993307-104-8"});
  require_neutral("hn_id", {"0801-1990-12345"});
  require_rejected("hn_id", {"1901-1990-12345", "0801-1790-12345"});
  require_rejected("ni_cedula", {"001-013280-0001A"});
  require_neutral("cu_ni", {"91021027775"});
  require_rejected("cu_ni", {"91023027775"});
}
