// SPDX-License-Identifier: Apache-2.0
// The numbers of COSE (RFC 9052, RFC 9053) and of draft-ietf-cose-hpke, which may still move, in
// one table; those below -65536 are for private use.
#pragma once

#include "seal/cbor.h"
#include "seal/kem.h"

namespace subrosa::seal::cose {

// Tags.
inline constexpr uint64_t kTagEncrypt0 = 16;
inline constexpr uint64_t kTagEncrypt = 96;

// Header labels.
inline constexpr int64_t kAlg = 1;
inline constexpr int64_t kCrit = 2;
inline constexpr int64_t kKid = 4;
inline constexpr int64_t kIv = 5;
inline constexpr int64_t kPartialIv = 6;
inline constexpr int64_t kEncapsulatedKey = -4;
inline constexpr int64_t kContext = -65537;  // the consent context, see context.h
inline constexpr int64_t kSession = -65538;  // identity, time and commitment, see wrapped_key.cpp

// Algorithms.
inline constexpr int64_t kChaCha20Poly1305 = 24;
inline constexpr int64_t kHpke4 = 42;
inline constexpr int64_t kHpke4Ke = 50;
inline constexpr int64_t kXChaCha20Poly1305 = -65538;  // none is registered
inline constexpr int64_t kHpkeXWing = -65539;          // nor for HPKE with KEM 0x647a
inline constexpr int64_t kHpkeXWingKe = -65540;        // nor for its Key Encryption

// COSE_Key.
inline constexpr int64_t kKeyType = 1;
inline constexpr int64_t kKeyTypeOkp = 1;
inline constexpr int64_t kKeyTypeAkp = 7;
inline constexpr int64_t kOkpCurve = -1;
inline constexpr int64_t kOkpCurveX25519 = 4;
inline constexpr int64_t kOkpPublic = -2;
inline constexpr int64_t kOkpSecret = -4;
inline constexpr int64_t kKeyAlg = 3;
inline constexpr int64_t kAkpPublic = -1;
inline constexpr int64_t kAkpSecret = -2;

/// The algorithm of HPKE Integrated Encryption with a KEM.
inline int64_t integrated_alg(Kem kem) { return kem == Kem::kXWing ? kHpkeXWing : kHpke4; }
/// The algorithm of HPKE Key Encryption with a KEM.
inline int64_t key_encryption_alg(Kem kem) { return kem == Kem::kXWing ? kHpkeXWingKe : kHpke4Ke; }

/// Enc_structure, RFC 9052 section 5.3: the AAD of an encryption.
inline Bytes enc_structure(std::string_view context, ByteView protected_header,
                           ByteView external_aad) {
  cbor::Writer out;
  out.array(3).text(context).bytes(protected_header).bytes(external_aad);
  return out.take();
}

}  // namespace subrosa::seal::cose
