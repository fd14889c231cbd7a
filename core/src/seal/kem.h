// SPDX-License-Identifier: Apache-2.0
// Key encapsulation for HPKE (RFC 9180, section 4): DHKEM(X25519, HKDF-SHA256), and X-Wing.
#pragma once

#include "seal/bytes.h"
#include "subrosa/result.h"

namespace subrosa::seal {

/// Numbers of IANA's HPKE KEM registry.
enum class Kem : uint16_t { kX25519 = 0x0020, kXWing = 0x647a };

constexpr bool is_known_kem(uint32_t number) {
  return number == static_cast<uint32_t>(Kem::kX25519) ||
         number == static_cast<uint32_t>(Kem::kXWing);
}

/// A secret key is 32 bytes in every KEM here.
using KemSecret = Secret<32>;

size_t public_key_size(Kem kem);
size_t encapsulation_size(Kem kem);
/// How much entropy encapsulate() takes.
size_t encapsulation_entropy(Kem kem);

/// The secret key of 32 bytes of entropy: DeriveKeyPair of section 7.1.3, or for X-Wing the bytes
/// themselves.
KemSecret derive_secret(Kem kem, ByteView entropy);
Bytes public_key_of(Kem kem, const KemSecret& secret);

struct Encapsulation {
  Bytes encapsulated;
  Secret<32> shared;
};

/// bad_argument for a public key that is not one: of another size, or a point of low order.
Result<Encapsulation> encapsulate(Kem kem, ByteView public_key, ByteView entropy);
/// not_authentic for a value that no sender makes.
Result<Secret<32>> decapsulate(Kem kem, ByteView encapsulated, const KemSecret& secret,
                               ByteView public_key);

}  // namespace subrosa::seal
