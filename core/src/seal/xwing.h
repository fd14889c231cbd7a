// SPDX-License-Identifier: Apache-2.0
// X-Wing (draft-connolly-cfrg-xwing-kem): X25519 and ML-KEM-768 in one KEM. Its secret key is the
// seed of 32 bytes.
#pragma once

#include "seal/kem.h"

namespace subrosa::seal::xwing {

inline constexpr size_t kPublicSize = 1216;
inline constexpr size_t kCiphertextSize = 1120;
inline constexpr size_t kEntropySize = 64;

Bytes public_key_of(const KemSecret& seed);
/// Errors as in kem.h.
Result<Encapsulation> encapsulate(ByteView public_key, ByteView entropy);
Result<Secret<32>> decapsulate(ByteView ciphertext, const KemSecret& seed);

}  // namespace subrosa::seal::xwing
