// SPDX-License-Identifier: Apache-2.0
// Keys from passphrases: Argon2id (RFC 9106) with one lane.
#pragma once

#include "seal/at_rest.h"

namespace subrosa::seal {

inline constexpr size_t kPassphraseSaltSize = 16;
inline constexpr uint32_t kMinKib = 19456;  // OWASP's least, with two passes
inline constexpr uint32_t kMaxKib = 262144;
inline constexpr uint32_t kMaxPasses = 16;

/// bad_argument for an empty passphrase, a salt of another size, fewer than two passes, or figures
/// out of range: a file must not ask for a gigabyte, nor for too little.
Result<DataKey> key_from_passphrase(ByteView passphrase, ByteView salt, uint32_t kib,
                                    uint32_t passes);

}  // namespace subrosa::seal
