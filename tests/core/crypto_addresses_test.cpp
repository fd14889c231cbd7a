#include "validator_testing.h"

using namespace subrosa::detect;

TEST_CASE("base58check addresses need their version and the doubled hash") {
  require_confirmed("crypto_address",
                    {"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
                     "mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn", "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8",
                     "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh"});
  require_rejected("crypto_address",
                   {"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLz",
                    "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTi"});
}

TEST_CASE("segregated witness addresses: bech32 for version 0, bech32m from version 1") {
  // BIP 173 and BIP 350, test vectors.
  require_confirmed(
      "crypto_address",
      {"bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
       "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7",
       "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"});
  require_rejected("crypto_address",
                   {"bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
                    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
                    "tb1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq24jc47"});
}

TEST_CASE("a Solana key has its length alone") {
  require_neutral("crypto_address", {"4Nd1mBQtrMJVYVfKf2PJy9NZUZdTAsp7D4xWLs4gDB4T"});
  require_rejected("crypto_address", {"zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"});
}
