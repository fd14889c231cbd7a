// SPDX-License-Identifier: Apache-2.0
// Encrypted values: '[ENTITY=...]', which only the key's holder reads, in the session it was made
// for.
//
// XChaCha20-Poly1305 with the nonce made of the value by a keyed hash (as in SIV modes), so that
// the core needs no entropy here and a value is written the same way each time; equal values show
// as equal.
#pragma once

#include <string>
#include <string_view>

#include "redact/restore.h"
#include "seal/bytes.h"
#include "subrosa/result.h"

namespace subrosa::redact {

constexpr size_t kEncryptKeyBytes = 32;

struct EncryptKey {
  seal::ByteView key;        // kEncryptKeyBytes
  std::string_view session;  // what the values are bound to
};

std::string encrypt(const EncryptKey& key, std::string_view entity, std::string_view value);

/// Puts the values back; what the key does not open is unknown, and stays. Errors: bad_argument for
/// a key of another size, bad_utf8.
Result<Restored> decrypt(std::string_view text, const EncryptKey& key);

}  // namespace subrosa::redact
