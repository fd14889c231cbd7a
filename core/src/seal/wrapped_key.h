// SPDX-License-Identifier: Apache-2.0
// A fresh content key, wrapped for several recipients: COSE_Encrypt (RFC 9052, section 5.1) with
// HPKE Key Encryption (draft-ietf-cose-hpke). It opens a session or a file. The consent context
// enters each wrap's key schedule, a commitment fixes the one key that the header can stand for,
// and the list of recipients is authenticated too, so none can be added or taken away.
#pragma once

#include <span>

#include "seal/context.h"
#include "seal/kdf.h"
#include "seal/key.h"

namespace subrosa::seal {

using SessionId = std::array<uint8_t, 16>;

inline constexpr size_t kMaxRecipients = 16;

struct WrappedKey {
  Bytes header;
  Context context;
  SessionId id = {};
  uint64_t issued_at = 0;  // seconds since 1970
  Hash header_hash = {};
  Secret<32> prk;  // HKDF's, from which everything under the header derives

  Secret<32> derive(std::string_view label) const {
    return hkdf_expand<32>(prk, {view_of(label), header_hash});
  }
};

/// How much entropy wrap_key() takes.
size_t wrap_entropy(std::span<const PublicKey> recipients);

/// bad_argument for no recipient, too many, the same one twice, a public key that is none, or too
/// little entropy.
Result<WrappedKey> wrap_key(const Context& context, std::span<const PublicKey> recipients,
                            uint64_t now, ByteView entropy);

/// not_authentic for everything that is wrong with the header, the key or the expectation.
Result<WrappedKey> unwrap_key(ByteView header, const SecretKey& key,
                              const Expectation& expectation);

/// What a header says of itself to everyone.
struct WrappedKeyHeader {
  Context context;
  ByteView id;
  uint64_t issued_at = 0;
  std::vector<ByteView> kids;
};

/// bad_format for anything but a well-formed header.
Result<WrappedKeyHeader> inspect_wrapped_key(ByteView header);

}  // namespace subrosa::seal
