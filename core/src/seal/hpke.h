// SPDX-License-Identifier: Apache-2.0
// HPKE (RFC 9180) in the modes Base and PSK, with HKDF-SHA256 and ChaCha20-Poly1305. The Auth modes
// are left out: the successor of the RFC removes them.
//
//   Result<Sender> sender = sender_setup(Kem::kX25519, recipient, info, {}, entropy);
//   Bytes sealed = sender->context.seal(aad, plaintext);
#pragma once

#include "seal/kem.h"

namespace subrosa::seal {

inline constexpr size_t kKeySize = 32;
inline constexpr size_t kNonceSize = 12;
inline constexpr size_t kTagSize = 16;

/// LabeledExtract and LabeledExpand, section 4.
Secret<32> labeled_extract(ByteView suite_id, ByteView salt, std::string_view label, ByteView ikm);
void labeled_expand(ByteView suite_id, ByteView prk, std::string_view label, ByteView info,
                    std::span<uint8_t> out);

/// ChaCha20-Poly1305 (RFC 8439); appends ciphertext and tag to `out`. Nonces are made by the
/// classes that count them, never by a caller of the library.
void aead_seal(ByteView key, ByteView nonce, ByteView aad, ByteView plaintext, Bytes* out);
/// The same where the plaintext stands at the end of `out`, from `start` on; it is overwritten. The
/// caller has reserved room for the tag, so that no copy of the plaintext is left behind.
void aead_seal_in_place(ByteView key, ByteView nonce, ByteView aad, size_t start, Bytes* out);
/// Opens into `out`, which has room for the ciphertext without its tag; false when it is not
/// authentic.
bool aead_open_into(ByteView key, ByteView nonce, ByteView aad, ByteView ciphertext, uint8_t* out);
Result<SecretBytes> aead_open(ByteView key, ByteView nonce, ByteView aad, ByteView ciphertext);

/// The nonce of message `sequence`: the base, its last eight bytes combined with the number.
std::array<uint8_t, kNonceSize> nonce_of(ByteView base, uint64_t sequence);

/// One direction of an encryption context, section 5.2. The sequence number grows with each seal
/// and each successful open; it is 64 bits, so it does not end in practice, and is checked.
class HpkeContext {
 public:
  HpkeContext(Kem kem, const Secret<32>& shared, ByteView info, ByteView psk, ByteView psk_id);

  Result<Bytes> seal(ByteView aad, ByteView plaintext);
  Result<SecretBytes> open(ByteView aad, ByteView ciphertext);
  /// Section 5.3; at most 255 * 32 bytes, else bad_argument.
  Result<SecretBytes> export_secret(ByteView exporter_context, size_t size) const;

 private:
  Kem kem_;
  Secret<kKeySize> key_;
  Secret<kNonceSize> base_nonce_;
  Secret<32> exporter_secret_;
  uint64_t sequence_ = 0;
};

/// A pre-shared key of 32 bytes or more and its name; both empty for mode Base. One without the
/// other, or a shorter key, is bad_argument.
struct Psk {
  ByteView key;
  ByteView id;
};

struct Sender {
  Bytes encapsulated;
  HpkeContext context;
};

Result<Sender> sender_setup(Kem kem, ByteView public_key, ByteView info, Psk psk, ByteView entropy);
Result<HpkeContext> receiver_setup(Kem kem, ByteView encapsulated, const KemSecret& secret,
                                   ByteView public_key, ByteView info, Psk psk);

}  // namespace subrosa::seal
