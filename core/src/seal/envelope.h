// SPDX-License-Identifier: Apache-2.0
// One sealed message: COSE_Encrypt0 (RFC 9052, section 5.2) with HPKE Integrated Encryption
// (draft-ietf-cose-hpke). docs/format.md has every byte of one.
//
//   Result<Bytes> envelope = seal(context, plaintext, recipient, entropy);
//   Result<SecretBytes> plaintext = open(*envelope, key, {.purpose = "chat"});
#pragma once

#include "seal/context.h"
#include "seal/key.h"

namespace subrosa::seal {

inline constexpr size_t kMaxPlaintext = size_t{64} << 20;

/// Needs encapsulation_entropy() bytes of entropy, never used before. bad_argument for fewer or for
/// a public key that is none; too_long above kMaxPlaintext.
Result<Bytes> seal(const Context& context, ByteView plaintext, const PublicKey& recipient,
                   ByteView entropy);

/// not_authentic for everything that is wrong with the envelope, the key or the expectation.
Result<SecretBytes> open(ByteView envelope, const SecretKey& key, const Expectation& expectation);

/// What an envelope says of itself to everyone, not yet checked by any key.
struct EnvelopeHeader {
  Kem kem = Kem::kX25519;
  ByteView kid;
  Context context;
  size_t ciphertext_size = 0;
};

/// bad_format for anything but a well-formed envelope.
Result<EnvelopeHeader> inspect(ByteView envelope);

}  // namespace subrosa::seal
