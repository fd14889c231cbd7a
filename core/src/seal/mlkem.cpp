// SPDX-License-Identifier: Apache-2.0
#include "seal/mlkem.h"

extern "C" {
#include <kem.h>
}

namespace subrosa::seal::mlkem {
namespace {

constexpr size_t kSecretSize = PQCLEAN_MLKEM768_CLEAN_CRYPTO_SECRETKEYBYTES;
constexpr size_t kVectorSize = kPublicSize - 32;
constexpr uint32_t kModulus = 3329;
constexpr size_t kStackUse = 32768;  // more than any of PQClean's functions leaves behind

static_assert(kPublicSize == PQCLEAN_MLKEM768_CLEAN_CRYPTO_PUBLICKEYBYTES);
static_assert(kCiphertextSize == PQCLEAN_MLKEM768_CLEAN_CRYPTO_CIPHERTEXTBYTES);

/// The modulus check of section 7.2: two coefficients in three bytes.
bool is_reduced(ByteView public_key) {
  for (size_t i = 0; i < kVectorSize; i += 3) {
    const uint32_t both =
        public_key[i] | public_key[i + 1] << 8 | static_cast<uint32_t>(public_key[i + 2]) << 16;
    if ((both & 0xfff) >= kModulus || both >> 12 >= kModulus) return false;
  }
  return true;
}

}  // namespace

KeyPair key_pair(ByteView seed) {
  KeyPair pair = {Bytes(kPublicSize), SecretBytes(kSecretSize)};
  PQCLEAN_MLKEM768_CLEAN_crypto_kem_keypair_derand(pair.public_key.data(), pair.secret_key.data(),
                                                   seed.data());
  sodium_stackzero(kStackUse);
  return pair;
}

std::optional<Encapsulation> encapsulate(ByteView public_key, ByteView coins) {
  if (public_key.size() != kPublicSize || !is_reduced(public_key)) return std::nullopt;
  Encapsulation out = {Bytes(kCiphertextSize), {}};
  PQCLEAN_MLKEM768_CLEAN_crypto_kem_enc_derand(out.ciphertext.data(), out.shared.data(),
                                               public_key.data(), coins.data());
  sodium_stackzero(kStackUse);
  return out;
}

std::optional<Secret<32>> decapsulate(ByteView ciphertext, const SecretBytes& secret_key) {
  if (ciphertext.size() != kCiphertextSize) return std::nullopt;
  Secret<32> shared;
  PQCLEAN_MLKEM768_CLEAN_crypto_kem_dec(shared.data(), ciphertext.data(), secret_key.data());
  sodium_stackzero(kStackUse);
  return shared;
}

}  // namespace subrosa::seal::mlkem

// What PQClean is built to call (cmake/mlkem.cmake).
extern "C" {

/// For functions of PQClean that are not called: there is no entropy in the core.
int PQCLEAN_randombytes(uint8_t*, size_t) { std::abort(); }

/// Its hash states hold secrets, and it frees them as they are: here they are wiped. A block starts
/// with its size.
void* subrosa_mlkem_malloc(size_t size) {
  auto* block = static_cast<size_t*>(std::malloc(size + 16));
  if (!block) std::abort();
  *block = size + 16;
  return reinterpret_cast<uint8_t*>(block) + 16;
}

void subrosa_mlkem_free(void* data) {
  if (!data) return;
  uint8_t* block = static_cast<uint8_t*>(data) - 16;
  sodium_memzero(block, *reinterpret_cast<size_t*>(block));
  std::free(block);
}

}  // extern "C"
