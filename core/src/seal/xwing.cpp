// SPDX-License-Identifier: Apache-2.0
#include "seal/xwing.h"

#include <algorithm>

#include "seal/mlkem.h"

extern "C" {
#include <fips202.h>
}

namespace subrosa::seal::xwing {
namespace {

constexpr std::string_view kLabel = "\\.//^\\";

static_assert(kPublicSize == mlkem::kPublicSize + crypto_scalarmult_BYTES);
static_assert(kCiphertextSize == mlkem::kCiphertextSize + crypto_scalarmult_BYTES);

/// The two key pairs that a seed stands for.
struct Expanded {
  mlkem::KeyPair mlkem;
  Secret<32> x25519_secret;
  std::array<uint8_t, 32> x25519_public;
};

Expanded expand(const KemSecret& seed) {
  Secret<96> bytes;
  shake256(bytes.data(), bytes.size(), seed.data(), seed.size());
  const ByteView view = bytes;
  Expanded expanded = {mlkem::key_pair(view.first(mlkem::kSeedSize)), {}, {}};
  std::copy_n(view.data() + mlkem::kSeedSize, 32, expanded.x25519_secret.data());
  crypto_scalarmult_base(expanded.x25519_public.data(), expanded.x25519_secret.data());
  return expanded;
}

/// The combiner: SHA3-256 over both secrets and the X25519 part of the transcript.
Secret<32> combine(ByteView mlkem_shared, ByteView x25519_shared, ByteView x25519_ciphertext,
                   ByteView x25519_public) {
  SecretBytes input;
  input.reserve(size_t{4} * 32 + kLabel.size());
  for (const ByteView part : {mlkem_shared, x25519_shared, x25519_ciphertext, x25519_public})
    input.append(part);
  input.append(view_of(kLabel));
  Secret<32> shared;
  sha3_256(shared.data(), input.data(), input.size());
  return shared;
}

}  // namespace

Bytes public_key_of(const KemSecret& seed) {
  Expanded expanded = expand(seed);
  expanded.mlkem.public_key.append(expanded.x25519_public);
  return std::move(expanded.mlkem.public_key);
}

Result<Encapsulation> encapsulate(ByteView public_key, ByteView entropy) {
  if (public_key.size() != kPublicSize || entropy.size() != kEntropySize)
    return ErrorCode::kBadArgument;
  const ByteView x25519_public = public_key.subspan(mlkem::kPublicSize);
  auto mlkem_part =
      mlkem::encapsulate(public_key.first(mlkem::kPublicSize), entropy.first(mlkem::kCoinsSize));
  const ByteView ephemeral = entropy.subspan(mlkem::kCoinsSize);
  std::array<uint8_t, 32> x25519_ciphertext;
  crypto_scalarmult_base(x25519_ciphertext.data(), ephemeral.data());
  Secret<32> x25519_shared;
  if (!mlkem_part ||
      crypto_scalarmult(x25519_shared.data(), ephemeral.data(), x25519_public.data()) != 0)
    return ErrorCode::kBadArgument;
  const Secret<32> shared =
      combine(mlkem_part->shared, x25519_shared, x25519_ciphertext, x25519_public);
  mlkem_part->ciphertext.append(x25519_ciphertext);
  return Encapsulation{std::move(mlkem_part->ciphertext), shared};
}

Result<Secret<32>> decapsulate(ByteView ciphertext, const KemSecret& seed) {
  if (ciphertext.size() != kCiphertextSize) return ErrorCode::kNotAuthentic;
  const Expanded expanded = expand(seed);
  const auto mlkem_shared =
      mlkem::decapsulate(ciphertext.first(mlkem::kCiphertextSize), expanded.mlkem.secret_key);
  const ByteView x25519_ciphertext = ciphertext.subspan(mlkem::kCiphertextSize);
  Secret<32> x25519_shared;
  if (!mlkem_shared || crypto_scalarmult(x25519_shared.data(), expanded.x25519_secret.data(),
                                         x25519_ciphertext.data()) != 0)
    return ErrorCode::kNotAuthentic;
  return combine(*mlkem_shared, x25519_shared, x25519_ciphertext, expanded.x25519_public);
}

}  // namespace subrosa::seal::xwing
