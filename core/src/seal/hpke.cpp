// SPDX-License-Identifier: Apache-2.0
#include "seal/hpke.h"

#include <limits>

#include "seal/kdf.h"

namespace subrosa::seal {
namespace {

constexpr std::string_view kVersion = "HPKE-v1";
constexpr uint8_t kKdfHkdfSha256 = 0x01;
constexpr uint8_t kAeadChaCha20Poly1305 = 0x03;
constexpr uint8_t kModeBase = 0;
constexpr uint8_t kModePsk = 1;

std::array<uint8_t, 10> suite_id_of(Kem kem) {
  const auto id = static_cast<uint16_t>(kem);
  return {'H',
          'P',
          'K',
          'E',
          static_cast<uint8_t>(id >> 8),
          static_cast<uint8_t>(id),
          0,
          kKdfHkdfSha256,
          0,
          kAeadChaCha20Poly1305};
}

/// Both or neither, and a key that can hold the entropy which section 9.5 asks for.
bool is_consistent(Psk psk) {
  return psk.key.empty() ? psk.id.empty() : psk.key.size() >= 32 && !psk.id.empty();
}

}  // namespace

Secret<32> labeled_extract(ByteView suite_id, ByteView salt, std::string_view label, ByteView ikm) {
  return hkdf_extract(salt, {view_of(kVersion), suite_id, view_of(label), ikm});
}

void labeled_expand(ByteView suite_id, ByteView prk, std::string_view label, ByteView info,
                    std::span<uint8_t> out) {
  const std::array<uint8_t, 2> size = {static_cast<uint8_t>(out.size() >> 8),
                                       static_cast<uint8_t>(out.size())};
  hkdf_expand(prk, {size, view_of(kVersion), suite_id, view_of(label), info}, out);
}

void aead_seal(ByteView key, ByteView nonce, ByteView aad, ByteView plaintext, Bytes* out) {
  const size_t start = out->size();
  out->resize_uninitialized(start + plaintext.size() + kTagSize);
  crypto_aead_chacha20poly1305_ietf_encrypt(out->data() + start, nullptr, data_of(plaintext),
                                            plaintext.size(), data_of(aad), aad.size(), nullptr,
                                            nonce.data(), key.data());
}

void aead_seal_in_place(ByteView key, ByteView nonce, ByteView aad, size_t start, Bytes* out) {
  const size_t size = out->size() - start;
  out->resize_uninitialized(out->size() + kTagSize);
  uint8_t* data = out->data() + start;
  crypto_aead_chacha20poly1305_ietf_encrypt(data, nullptr, data, size, data_of(aad), aad.size(),
                                            nullptr, nonce.data(), key.data());
}

bool aead_open_into(ByteView key, ByteView nonce, ByteView aad, ByteView ciphertext, uint8_t* out) {
  return crypto_aead_chacha20poly1305_ietf_decrypt(out, nullptr, nullptr, data_of(ciphertext),
                                                   ciphertext.size(), data_of(aad), aad.size(),
                                                   nonce.data(), key.data()) == 0;
}

Result<SecretBytes> aead_open(ByteView key, ByteView nonce, ByteView aad, ByteView ciphertext) {
  if (ciphertext.size() < kTagSize) return ErrorCode::kNotAuthentic;
  SecretBytes plaintext = secret_room(ciphertext.size() - kTagSize);
  if (!aead_open_into(key, nonce, aad, ciphertext, plaintext.data()))
    return ErrorCode::kNotAuthentic;
  return plaintext;
}

std::array<uint8_t, kNonceSize> nonce_of(ByteView base, uint64_t sequence) {
  std::array<uint8_t, kNonceSize> nonce = {};
  for (size_t i = 0; i < kNonceSize; ++i) {
    const size_t from_end = kNonceSize - 1 - i;
    nonce[i] = base[i] ^ (from_end < 8 ? static_cast<uint8_t>(sequence >> (8 * from_end)) : 0);
  }
  return nonce;
}

HpkeContext::HpkeContext(Kem kem, const Secret<32>& shared, ByteView info, ByteView psk,
                         ByteView psk_id)
    : kem_(kem) {
  const auto suite_id = suite_id_of(kem);
  Bytes schedule = {psk.empty() ? kModeBase : kModePsk};
  schedule.append(labeled_extract(suite_id, {}, "psk_id_hash", psk_id));
  schedule.append(labeled_extract(suite_id, {}, "info_hash", info));
  const Secret<32> secret = labeled_extract(suite_id, shared, "secret", psk);
  labeled_expand(suite_id, secret, "key", schedule, {key_.data(), kKeySize});
  labeled_expand(suite_id, secret, "base_nonce", schedule, {base_nonce_.data(), kNonceSize});
  labeled_expand(suite_id, secret, "exp", schedule, {exporter_secret_.data(), 32});
}

Result<Bytes> HpkeContext::seal(ByteView aad, ByteView plaintext) {
  if (sequence_ == std::numeric_limits<uint64_t>::max()) return ErrorCode::kTooLong;
  Bytes out;
  aead_seal(key_, nonce_of(base_nonce_, sequence_), aad, plaintext, &out);
  ++sequence_;
  return out;
}

Result<SecretBytes> HpkeContext::open(ByteView aad, ByteView ciphertext) {
  if (sequence_ == std::numeric_limits<uint64_t>::max()) return ErrorCode::kNotAuthentic;
  auto plaintext = aead_open(key_, nonce_of(base_nonce_, sequence_), aad, ciphertext);
  if (plaintext) ++sequence_;
  return plaintext;
}

Result<SecretBytes> HpkeContext::export_secret(ByteView exporter_context, size_t size) const {
  if (size > size_t{255} * 32) return ErrorCode::kBadArgument;
  SecretBytes out(size);
  labeled_expand(suite_id_of(kem_), exporter_secret_, "sec", exporter_context, out);
  return out;
}

Result<Sender> sender_setup(Kem kem, ByteView public_key, ByteView info, Psk psk,
                            ByteView entropy) {
  if (!is_consistent(psk)) return ErrorCode::kBadArgument;
  auto encapsulation = encapsulate(kem, public_key, entropy);
  if (!encapsulation) return encapsulation.error();
  return Sender{std::move(encapsulation->encapsulated),
                HpkeContext(kem, encapsulation->shared, info, psk.key, psk.id)};
}

Result<HpkeContext> receiver_setup(Kem kem, ByteView encapsulated, const KemSecret& secret,
                                   ByteView public_key, ByteView info, Psk psk) {
  if (!is_consistent(psk)) return ErrorCode::kBadArgument;
  const auto shared = decapsulate(kem, encapsulated, secret, public_key);
  if (!shared) return shared.error();
  return HpkeContext(kem, *shared, info, psk.key, psk.id);
}

}  // namespace subrosa::seal
