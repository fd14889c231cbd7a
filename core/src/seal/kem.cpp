// SPDX-License-Identifier: Apache-2.0
#include "seal/kem.h"

#include <algorithm>

#include "seal/hpke.h"
#include "seal/xwing.h"

namespace subrosa::seal {
namespace {

constexpr std::array<uint8_t, 5> kX25519SuiteId = {'K', 'E', 'M', 0x00, 0x20};

/// ExtractAndExpand of section 4.1.
Secret<32> extract_and_expand(const Secret<32>& dh, ByteView encapsulated, ByteView public_key) {
  const Secret<32> prk = labeled_extract(kX25519SuiteId, {}, "eae_prk", dh);
  Bytes kem_context(encapsulated);
  kem_context.append(public_key);
  Secret<32> shared;
  labeled_expand(kX25519SuiteId, prk, "shared_secret", kem_context, {shared.data(), 32});
  return shared;
}

Bytes x25519_public_of(const KemSecret& secret) {
  Bytes key(crypto_scalarmult_BYTES);
  crypto_scalarmult_base(key.data(), secret.data());
  return key;
}

KemSecret x25519_derive(ByteView entropy) {
  const Secret<32> prk = labeled_extract(kX25519SuiteId, {}, "dkp_prk", entropy);
  KemSecret secret;
  labeled_expand(kX25519SuiteId, prk, "sk", {}, {secret.data(), 32});
  return secret;
}

Result<Encapsulation> x25519_encapsulate(ByteView public_key, ByteView entropy) {
  const KemSecret ephemeral = x25519_derive(entropy);
  Bytes encapsulated = x25519_public_of(ephemeral);
  Secret<32> dh;
  // Fails on a result of zero, as section 7.1.4 demands.
  if (crypto_scalarmult(dh.data(), ephemeral.data(), public_key.data()) != 0)
    return ErrorCode::kBadArgument;
  const Secret<32> shared = extract_and_expand(dh, encapsulated, public_key);
  return Encapsulation{std::move(encapsulated), shared};
}

Result<Secret<32>> x25519_decapsulate(ByteView encapsulated, const KemSecret& secret,
                                      ByteView public_key) {
  Secret<32> dh;
  if (crypto_scalarmult(dh.data(), secret.data(), encapsulated.data()) != 0)
    return ErrorCode::kNotAuthentic;
  return extract_and_expand(dh, encapsulated, public_key);
}

}  // namespace

size_t public_key_size(Kem kem) { return kem == Kem::kXWing ? xwing::kPublicSize : 32; }

size_t encapsulation_size(Kem kem) { return kem == Kem::kXWing ? xwing::kCiphertextSize : 32; }

size_t encapsulation_entropy(Kem kem) { return kem == Kem::kXWing ? xwing::kEntropySize : 32; }

KemSecret derive_secret(Kem kem, ByteView entropy) {
  if (kem == Kem::kX25519) return x25519_derive(entropy);
  KemSecret seed;
  std::copy_n(entropy.begin(), seed.size(), seed.data());
  return seed;
}

Bytes public_key_of(Kem kem, const KemSecret& secret) {
  return kem == Kem::kXWing ? xwing::public_key_of(secret) : x25519_public_of(secret);
}

Result<Encapsulation> encapsulate(Kem kem, ByteView public_key, ByteView entropy) {
  if (public_key.size() != public_key_size(kem) || entropy.size() != encapsulation_entropy(kem))
    return ErrorCode::kBadArgument;
  return kem == Kem::kXWing ? xwing::encapsulate(public_key, entropy)
                            : x25519_encapsulate(public_key, entropy);
}

Result<Secret<32>> decapsulate(Kem kem, ByteView encapsulated, const KemSecret& secret,
                               ByteView public_key) {
  if (encapsulated.size() != encapsulation_size(kem)) return ErrorCode::kNotAuthentic;
  return kem == Kem::kXWing ? xwing::decapsulate(encapsulated, secret)
                            : x25519_decapsulate(encapsulated, secret, public_key);
}

}  // namespace subrosa::seal
