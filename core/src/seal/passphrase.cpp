// SPDX-License-Identifier: Apache-2.0
#include "seal/passphrase.h"

namespace subrosa::seal {

Result<DataKey> key_from_passphrase(ByteView passphrase, ByteView salt, uint32_t kib,
                                    uint32_t passes) {
  if (passphrase.empty() || salt.size() != kPassphraseSaltSize || kib < kMinKib || kib > kMaxKib ||
      passes < 2 || passes > kMaxPasses)
    return ErrorCode::kBadArgument;
  DataKey key;
  if (crypto_pwhash_argon2id(key.bytes.data(), key.bytes.size(),
                             reinterpret_cast<const char*>(passphrase.data()), passphrase.size(),
                             salt.data(), passes, size_t{kib} * 1024,
                             crypto_pwhash_argon2id_ALG_ARGON2ID13) != 0)
    return ErrorCode::kOutOfMemory;
  return key;
}

}  // namespace subrosa::seal
