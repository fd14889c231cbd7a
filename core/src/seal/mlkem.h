// SPDX-License-Identifier: Apache-2.0
// ML-KEM-768 (FIPS 203) over PQClean, without its random number generator: every coin is an
// argument.
#pragma once

#include <optional>

#include "seal/bytes.h"

namespace subrosa::seal::mlkem {

inline constexpr size_t kSeedSize = 64;  // d, then z
inline constexpr size_t kCoinsSize = 32;
inline constexpr size_t kPublicSize = 1184;
inline constexpr size_t kCiphertextSize = 1088;

struct KeyPair {
  Bytes public_key;
  SecretBytes secret_key;
};

/// ML-KEM.KeyGen_internal. `seed` has kSeedSize bytes.
KeyPair key_pair(ByteView seed);

struct Encapsulation {
  Bytes ciphertext;
  Secret<32> shared;
};

/// ML-KEM.Encaps_internal with the checks of section 7.2: none for a public key of another size or
/// with a coefficient that is not reduced.
std::optional<Encapsulation> encapsulate(ByteView public_key, ByteView coins);
/// None for a ciphertext of another size; any other gives a secret, as section 7.3 says.
std::optional<Secret<32>> decapsulate(ByteView ciphertext, const SecretBytes& secret_key);

}  // namespace subrosa::seal::mlkem
