// SPDX-License-Identifier: Apache-2.0
#include "seal/kdf.h"

#include <algorithm>

namespace subrosa::seal {
namespace {

/// HMAC of several pieces; its state, which holds the key, is wiped.
class Hmac {
 public:
  explicit Hmac(ByteView key) { crypto_auth_hmacsha256_init(&state_, data_of(key), key.size()); }
  Hmac(const Hmac&) = delete;
  Hmac& operator=(const Hmac&) = delete;
  ~Hmac() { sodium_memzero(&state_, sizeof state_); }
  void add(ByteView piece) { crypto_auth_hmacsha256_update(&state_, data_of(piece), piece.size()); }
  void finish(uint8_t* out) { crypto_auth_hmacsha256_final(&state_, out); }

 private:
  crypto_auth_hmacsha256_state state_;
};

}  // namespace

Hash sha256(ByteView data) {
  Hash hash;
  crypto_hash_sha256(hash.data(), data_of(data), data.size());
  return hash;
}

Secret<32> hmac_sha256(ByteView key, Pieces data) {
  Hmac hmac(key);
  for (ByteView piece : data) hmac.add(piece);
  Secret<32> out;
  hmac.finish(out.data());
  return out;
}

void hkdf_expand(ByteView prk, Pieces info, std::span<uint8_t> out) {
  if (out.size() > size_t{255} * 32) std::abort();
  Secret<32> block;
  for (uint8_t counter = 1; !out.empty(); ++counter) {
    Hmac hmac(prk);
    if (counter > 1) hmac.add(block);
    for (ByteView piece : info) hmac.add(piece);
    hmac.add({&counter, 1});
    hmac.finish(block.data());
    const size_t size = std::min<size_t>(out.size(), block.size());
    std::copy_n(block.data(), size, out.data());
    out = out.subspan(size);
  }
}

}  // namespace subrosa::seal
