// SPDX-License-Identifier: Apache-2.0
// Keys of recipients as COSE_Key objects (RFC 9052, section 7), in one encoding each: the members
// that RFC 9679 needs for a thumbprint, the secret one last.
#pragma once

#include <vector>

#include "seal/kem.h"

namespace subrosa::seal {

/// The first eight bytes of the SHA-256 thumbprint (RFC 9679).
using Kid = std::array<uint8_t, 8>;

struct PublicKey {
  Kem kem = Kem::kX25519;
  Bytes bytes;

  Bytes encode() const;
  Kid kid() const;
};

/// bad_format for anything but the encoding that encode() makes.
Result<PublicKey> decode_public_key(ByteView cose_key);

/// Several, one after another (a CBOR sequence, RFC 8742); bad_format as above.
Result<std::vector<PublicKey>> decode_public_keys(ByteView cose_keys);

struct SecretKey {
  Kem kem = Kem::kX25519;
  KemSecret secret;
  PublicKey public_key;
  bool is_exportable = false;

  SecretBytes encode() const;
};

/// A key of 32 bytes of entropy; bad_argument for fewer.
Result<SecretKey> make_key(Kem kem, ByteView entropy, bool is_exportable);
/// bad_format also when the public half is not that of the secret one.
Result<SecretKey> decode_secret_key(ByteView cose_key, bool is_exportable);

}  // namespace subrosa::seal
