#include "validator_testing.h"

using namespace subrosa::detect;

TEST_CASE("British numbers") {
  require_confirmed("uk_nhs", {"943 476 5870", "4010232137"});
  require_rejected("uk_nhs", {"943 476 5871", "0000000000"});
  require_confirmed("uk_nino", {"AB123456C"});
  require_rejected("uk_nino", {"DQ123456A", "TN123456C"});
  require_confirmed("uk_utr", {"1955839661"});
  require_rejected("uk_utr", {"2955839661"});
  require_confirmed("uk_driving_licence", {"MORGA657054SM9IJ", "FO999601305A99AB"});
  require_rejected("uk_driving_licence", {"MORGA663054SM9IJ", "F9O99601305A99AB"});
  require_confirmed("uk_vehicle_registration", {"BD62XYZ"});
  require_neutral("uk_vehicle_registration", {"K1 ABC"});
  require_rejected("uk_vehicle_registration", {"IB51 ABC", "AB35ABC"});
  require_confirmed("uk_postcode", {"SW1A 1AA", "GIR 0AA"});
  require_rejected("uk_postcode", {"M1 1CK", "XA1 1AA", "QA1 1AA"});
  require_confirmed("uk_vat", {"GB 980 7806 84"});
  require_rejected("uk_vat", {"GB 980 7806 85"});
  require_confirmed("uk_company_number", {"SC123456"});
  require_neutral("uk_company_number", {"01234567"});
  require_rejected("uk_company_number", {"XX123456"});
}

TEST_CASE("Irish numbers") {
  require_confirmed("ie_pps", {"1234567FA", "6433435F"});
  require_rejected("ie_pps", {"1234567GA", "6433435E"});
  require_confirmed("ie_vat", {"IE6433435F", "IE8D79739I"});
  require_rejected("ie_vat", {"IE6433435E", "IE8D79739J"});
  require_confirmed("ie_vehicle_registration", {"191-D-12345", "05-KY-1"});
  require_rejected("ie_vehicle_registration", {"193-D-12345", "05-ZZ-1"});
}

TEST_CASE("French numbers") {
  require_confirmed("fr_nir", {"2 95 10 99 126 111 93", "253072A07300443"});
  require_rejected("fr_nir", {"2 95 17 99 126 111 93", "253072B07300443"});
  require_confirmed("fr_nif", {"30 23 217 600 053"});
  require_rejected("fr_nif", {"30 23 217 600 054"});
  require_confirmed("fr_siren", {"732 829 320"});
  require_rejected("fr_siren", {"732 829 321"});
  require_confirmed("fr_siret", {"732 829 320 00074", "356 000 000 09075"});
  require_rejected("fr_siret", {"732 829 320 00075", "356 000 000 09073"});
  require_confirmed("fr_vat", {"FR83404833048"});
  require_neutral("fr_vat", {"FRK7399859412"});
  require_rejected("fr_vat", {"FR84404833048"});
  require_confirmed("fr_rpps", {"10000000017"});
  require_rejected("fr_rpps", {"10000000018"});
  require_confirmed("fr_license_plate", {"AB-123-CD"});
  require_rejected("fr_license_plate", {"SS-123-CD"});
  require_neutral("fr_cni", {"X4RTBPFW4"});
  require_rejected("fr_cni", {"CARTEBLEU", "881392310285"});
}

TEST_CASE("Belgian and Dutch numbers") {
  require_confirmed("be_nn", {"85.07.30-033 28", "17.07.30-033.84"});
  require_neutral("be_nn", {"00.00.01-001.95"});
  require_rejected("be_nn", {"85.07.30-033 29", "17.27.30-033.84"});
  require_confirmed("be_enterprise", {"0428.759.497"});
  require_rejected("be_enterprise", {"0428.759.498"});
  require_confirmed("nl_bsn", {"1112.22.333"});
  require_rejected("nl_bsn", {"1112.22.334"});
  require_confirmed("nl_vat", {"NL004495445B01", "NL000099998B57"});
  require_rejected("nl_vat", {"NL004495446B01", "NL000099998B58"});
  require_neutral("nl_postcode", {"1017 CT"});
  require_rejected("nl_postcode", {"1017 SS"});
  require_neutral("nl_document", {"XR1001R58"});
  require_rejected("nl_document", {"XRO001R58", "123456789"});
}

TEST_CASE("Luxembourg numbers") {
  require_confirmed("lu_matricule", {"1893120105732"});
  require_rejected("lu_matricule", {"1893120105733"});
  require_confirmed("lu_vat", {"LU 15027442"});
  require_rejected("lu_vat", {"LU 15027443"});
}
