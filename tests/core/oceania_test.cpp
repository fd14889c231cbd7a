#include "validator_testing.h"

using namespace subrosa::detect;

TEST_CASE("Australian numbers") {
  require_confirmed("au_tfn", {"876543210", "123 456 782"});
  require_rejected("au_tfn", {"876543211", "824 753 557"});
  require_confirmed("au_abn", {"51 824 753 556", "14 007 145 637", "211 082 588 59"});
  require_rejected("au_abn", {"52 824 753 556", "51823753556"});
  require_confirmed("au_acn", {"000 000 019", "004 085 616", "050 539 350"});
  require_rejected("au_acn", {"824 753 557"});
  require_confirmed("au_medicare", {"2123 45670 1", "2123456701"});
  require_rejected("au_medicare", {"2123 25870 1", "2123456700"});
  require_confirmed("au_ihi", {"8003608166690503"});
  require_rejected("au_ihi", {"8003608166690504"});
}

TEST_CASE("New Zealand numbers") {
  require_confirmed("nz_ird", {"49-098-576", "49091850", "136-410-132"});
  require_rejected("nz_ird", {"49-098-577", "9125568", "150000001"});
  require_confirmed("nz_nhi", {"ZZZ0016"});
  require_neutral("nz_nhi", {"ZBN77VL"});
  require_rejected("nz_nhi", {"ZZZ0017", "ZIO0016"});
  require_confirmed("nz_nzbn", {"9429000000000"});
  require_rejected("nz_nzbn", {"9429000000001"});
}
