// SPDX-License-Identifier: Apache-2.0
// The primitives under sealing, so that published vectors can be run on the very binary that ships.
// Nothing here seals: no call of the library takes a nonce to encrypt with.
#include "seal/handles.h"
#include "seal/hpke.h"
#include "seal/kdf.h"
#include "seal/mlkem.h"

namespace {

using subrosa::ErrorCode;
using subrosa::Result;
using namespace subrosa::seal;
using namespace subrosa::seal::abi;

using Inputs = std::array<ByteView, 4>;

SecretBytes copy_of(ByteView bytes) { return SecretBytes(bytes); }

Result<SecretBytes> x25519(const Inputs& in) {
  Secret<32> shared;
  if (in[0].size() != 32 || in[1].size() != 32 ||
      crypto_scalarmult(shared.data(), in[0].data(), in[1].data()) != 0)
    return ErrorCode::kNotAuthentic;
  return copy_of(shared);
}

Result<SecretBytes> chacha20_poly1305_open(const Inputs& in) {
  if (in[0].size() != kKeySize || in[1].size() != kNonceSize) return ErrorCode::kBadArgument;
  return aead_open(in[0], in[1], in[2], in[3]);
}

Result<SecretBytes> xchacha20_poly1305_open(const Inputs& in) {
  if (in[0].size() != kKeySize || in[1].size() != 24) return ErrorCode::kBadArgument;
  if (in[3].size() < kTagSize) return ErrorCode::kNotAuthentic;
  SecretBytes plaintext = secret_room(in[3].size() - kTagSize);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(plaintext.data(), nullptr, nullptr, in[3].data(),
                                                 in[3].size(), data_of(in[2]), in[2].size(),
                                                 in[1].data(), in[0].data()) != 0)
    return ErrorCode::kNotAuthentic;
  return plaintext;
}

Result<SecretBytes> ed25519_verify(const Inputs& in) {
  if (in[0].size() != 32 || in[1].size() != 64 ||
      crypto_sign_verify_detached(in[1].data(), data_of(in[2]), in[2].size(), in[0].data()) != 0)
    return ErrorCode::kNotAuthentic;
  return SecretBytes();
}

Result<SecretBytes> hmac(const Inputs& in) { return copy_of(hmac_sha256(in[0], {in[1]})); }

/// The fourth input has as many bytes as are wanted.
Result<SecretBytes> hkdf(const Inputs& in) {
  if (in[3].size() > size_t{255} * 32) return ErrorCode::kTooLong;
  SecretBytes out(in[3].size());
  hkdf_expand(hkdf_extract(in[1], {in[0]}), {in[2]}, out);
  return out;
}

Result<SecretBytes> mlkem_public(const Inputs& in) {
  if (in[0].size() != mlkem::kSeedSize) return ErrorCode::kBadArgument;
  return copy_of(mlkem::key_pair(in[0]).public_key);
}

Result<SecretBytes> mlkem_decapsulate(const Inputs& in) {
  if (in[0].size() != mlkem::kSeedSize) return ErrorCode::kBadArgument;
  const auto shared = mlkem::decapsulate(in[1], mlkem::key_pair(in[0]).secret_key);
  if (!shared) return ErrorCode::kNotAuthentic;
  return copy_of(*shared);
}

/// The encapsulated key, then the secret.
Result<SecretBytes> xwing_encapsulate(const Inputs& in) {
  const auto sent = encapsulate(Kem::kXWing, in[0], in[1]);
  if (!sent) return sent.error();
  SecretBytes out = copy_of(sent->encapsulated);
  out.append(sent->shared);
  return out;
}

struct Primitive {
  std::string_view name;
  Result<SecretBytes> (*run)(const Inputs&);
};

constexpr Primitive kPrimitives[] = {
    {"x25519", x25519},
    {"chacha20_poly1305_open", chacha20_poly1305_open},
    {"xchacha20_poly1305_open", xchacha20_poly1305_open},
    {"ed25519_verify", ed25519_verify},
    {"hmac_sha256", hmac},
    {"hkdf_sha256", hkdf},
    {"mlkem768_public", mlkem_public},
    {"mlkem768_decapsulate", mlkem_decapsulate},
    {"xwing_encapsulate", xwing_encapsulate},
};

}  // namespace

extern "C" uint32_t sr_primitive(const uint8_t* name, uint32_t name_size, const uint8_t* a,
                                 uint32_t a_size, const uint8_t* b, uint32_t b_size,
                                 const uint8_t* c, uint32_t c_size, const uint8_t* d,
                                 uint32_t d_size, sr_out* out) {
  const Inputs inputs = {ByteView(a, a_size), {b, b_size}, {c, c_size}, {d, d_size}};
  for (const Primitive& primitive : kPrimitives) {
    if (primitive.name == view(name, name_size)) return give_result(primitive.run(inputs), out);
  }
  return fail(ErrorCode::kUnknownId, out);
}
