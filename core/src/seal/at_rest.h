// SPDX-License-Identifier: Apache-2.0
// Encryption at rest under symmetric keys, and keys wrapped by keys: destroying the one wrapped
// copy of a data key makes everything under it noise. Both are COSE_Encrypt0 with
// XChaCha20-Poly1305, whose nonce is long enough to be drawn at random; the label is the external
// AAD.
#pragma once

#include <string_view>

#include "seal/key.h"

namespace subrosa::seal {

/// A symmetric key for data or for other keys.
struct DataKey {
  Secret<32> bytes;
  bool is_exportable = false;
};

inline constexpr size_t kAtRestEntropy = 24;

/// What is under a key. Data opens only as data, and a key of one kind only as that.
enum class AtRest : uint8_t { kData = 1, kDataKey = 2, kSecretKey = 3 };

/// Needs kAtRestEntropy bytes of entropy, else bad_argument; too_long above kMaxPlaintext.
Result<Bytes> seal_at_rest(const DataKey& key, AtRest kind, std::string_view label,
                           ByteView plaintext, ByteView entropy);
/// not_authentic for everything that is wrong.
Result<SecretBytes> open_at_rest(const DataKey& key, AtRest kind, std::string_view label,
                                 ByteView sealed);

}  // namespace subrosa::seal
