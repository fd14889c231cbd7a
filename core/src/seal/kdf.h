// SPDX-License-Identifier: Apache-2.0
// HMAC-SHA256 (RFC 2104), HKDF-SHA256 (RFC 5869) and SHA-256 over pieces, without joining them.
#pragma once

#include <initializer_list>

#include "seal/bytes.h"

namespace subrosa::seal {

using Hash = std::array<uint8_t, 32>;
using Pieces = std::initializer_list<ByteView>;

Hash sha256(ByteView data);
Secret<32> hmac_sha256(ByteView key, Pieces data);
inline Secret<32> hkdf_extract(ByteView salt, Pieces ikm) { return hmac_sha256(salt, ikm); }
/// Fills `out`, at most 255 * 32 bytes (checked), from the pieces of info.
void hkdf_expand(ByteView prk, Pieces info, std::span<uint8_t> out);
template <size_t N>
Secret<N> hkdf_expand(ByteView prk, Pieces info) {
  Secret<N> out;
  hkdf_expand(prk, info, std::span<uint8_t>(out.data(), N));
  return out;
}

}  // namespace subrosa::seal
