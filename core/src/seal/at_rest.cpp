// SPDX-License-Identifier: Apache-2.0
#include "seal/at_rest.h"

#include "seal/cose.h"
#include "seal/envelope.h"
#include "seal/hpke.h"

namespace subrosa::seal {
namespace {

Bytes protected_header() {
  cbor::Writer out;
  out.map(1).integer(cose::kAlg).integer(cose::kXChaCha20Poly1305);
  return out.take();
}

Bytes aad_of(ByteView header, AtRest kind, std::string_view label) {
  cbor::Writer external;
  external.array(2).integer(static_cast<int64_t>(kind)).text(label);
  return cose::enc_structure("Encrypt0", header, external.data());
}

}  // namespace

Result<Bytes> seal_at_rest(const DataKey& key, AtRest kind, std::string_view label,
                           ByteView plaintext, ByteView entropy) {
  if (entropy.size() != kAtRestEntropy) return ErrorCode::kBadArgument;
  if (plaintext.size() > kMaxPlaintext) return ErrorCode::kTooLong;
  const Bytes header = protected_header();
  const Bytes aad = aad_of(header, kind, label);
  cbor::Writer head;
  head.tag(cose::kTagEncrypt0).array(3).bytes(header);
  head.map(1).integer(cose::kIv).bytes(entropy);
  head.bytes_head(plaintext.size() + kTagSize);
  Bytes out = head.take();
  const size_t start = out.size();
  out.resize_uninitialized(start + plaintext.size() + kTagSize);
  crypto_aead_xchacha20poly1305_ietf_encrypt(out.data() + start, nullptr, data_of(plaintext),
                                             plaintext.size(), data_of(aad), aad.size(), nullptr,
                                             entropy.data(), key.bytes.data());
  return out;
}

Result<SecretBytes> open_at_rest(const DataKey& key, AtRest kind, std::string_view label,
                                 ByteView sealed) {
  const Bytes header = protected_header();
  cbor::Reader in(sealed);
  in.expect(in.tag() == cose::kTagEncrypt0);
  in.expect(in.array() == 3);
  in.expect(equal(in.bytes(), header));
  in.expect(in.map() == 1);
  in.expect_integer(cose::kIv);
  const ByteView nonce = in.bytes();
  const ByteView ciphertext = in.bytes();
  if (!in.done() || nonce.size() != kAtRestEntropy || ciphertext.size() < kTagSize)
    return ErrorCode::kNotAuthentic;
  const Bytes aad = aad_of(header, kind, label);
  SecretBytes plaintext = secret_room(ciphertext.size() - kTagSize);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(plaintext.data(), nullptr, nullptr,
                                                 ciphertext.data(), ciphertext.size(), data_of(aad),
                                                 aad.size(), nonce.data(), key.bytes.data()) != 0)
    return ErrorCode::kNotAuthentic;
  return plaintext;
}

}  // namespace subrosa::seal
