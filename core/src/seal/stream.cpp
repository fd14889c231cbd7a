// SPDX-License-Identifier: Apache-2.0
#include "seal/stream.h"

#include "seal/hpke.h"

namespace subrosa::seal {

StreamKey::StreamKey(const WrappedKey& key)
    : key_(key.derive("subrosa stream key")), base_nonce_(key.derive("subrosa stream nonce")) {}

std::array<uint8_t, 12> StreamKey::nonce(uint64_t chunk) const {
  return nonce_of(ByteView(base_nonce_).first(kNonceSize), chunk);
}

Result<Bytes> StreamSealer::seal(ByteView plaintext, bool is_last) {
  if (is_finished_ || (!is_last && plaintext.size() % kChunkSize != 0))
    return ErrorCode::kBadArgument;
  const size_t chunks = plaintext.size() / kChunkSize + (is_last ? 1 : 0);
  Bytes out;
  out.reserve(plaintext.size() + chunks * kTagSize);
  for (size_t i = 0; i < chunks; ++i) {
    const ByteView rest = plaintext.subspan(i * kChunkSize);
    aead_seal(key_, nonce(next_++), {}, rest.first(std::min(rest.size(), kChunkSize)), &out);
  }
  is_finished_ = is_last;
  return out;
}

Result<SecretBytes> StreamOpener::open(uint64_t first, ByteView sealed, bool is_last) const {
  const size_t whole = sealed.size() / kSealedChunkSize;
  const size_t rest = sealed.size() % kSealedChunkSize;
  if (is_last ? rest < kTagSize : rest != 0) return ErrorCode::kNotAuthentic;
  const size_t chunks = whole + (is_last ? 1 : 0);
  SecretBytes out = secret_room(sealed.size() - chunks * kTagSize);
  for (size_t i = 0; i < chunks; ++i) {
    const ByteView chunk =
        sealed.subspan(i * kSealedChunkSize, i < whole ? kSealedChunkSize : rest);
    if (!aead_open_into(key_, nonce(first + i), {}, chunk, out.data() + i * kChunkSize))
      return ErrorCode::kNotAuthentic;
  }
  return out;
}

}  // namespace subrosa::seal
