// SPDX-License-Identifier: Apache-2.0
#include "seal/key.h"

#include <algorithm>

#include "seal/cose.h"
#include "seal/kdf.h"

namespace subrosa::seal {
namespace {

void write_public_members(const PublicKey& key, cbor::Writer* out) {
  if (key.kem == Kem::kXWing) {
    out->integer(cose::kKeyType).integer(cose::kKeyTypeAkp);
    out->integer(cose::kKeyAlg).integer(cose::kHpkeXWing);
    out->integer(cose::kAkpPublic).bytes(key.bytes);
  } else {
    out->integer(cose::kKeyType).integer(cose::kKeyTypeOkp);
    out->integer(cose::kOkpCurve).integer(cose::kOkpCurveX25519);
    out->integer(cose::kOkpPublic).bytes(key.bytes);
  }
}

int64_t secret_label(Kem kem) { return kem == Kem::kXWing ? cose::kAkpSecret : cose::kOkpSecret; }

PublicKey read_public_members(cbor::Reader* in) {
  PublicKey key;
  in->expect_integer(cose::kKeyType);
  if (in->integer() == cose::kKeyTypeAkp) {
    key.kem = Kem::kXWing;
    in->expect_integer(cose::kKeyAlg);
    in->expect_integer(cose::kHpkeXWing);
    in->expect_integer(cose::kAkpPublic);
  } else {
    in->expect_integer(cose::kOkpCurve);
    in->expect_integer(cose::kOkpCurveX25519);
    in->expect_integer(cose::kOkpPublic);
  }
  const ByteView bytes = in->bytes();
  in->expect(bytes.size() == public_key_size(key.kem));
  key.bytes = Bytes(bytes);
  return key;
}

Error malformed(const cbor::Reader& in) {
  return {ErrorCode::kBadFormat, static_cast<uint32_t>(in.position()), {}};
}

}  // namespace

Bytes PublicKey::encode() const {
  cbor::Writer out;
  out.map(3);
  write_public_members(*this, &out);
  return out.take();
}

Kid PublicKey::kid() const {
  const Hash thumbprint = sha256(encode());
  Kid kid;
  std::copy_n(thumbprint.begin(), kid.size(), kid.begin());
  return kid;
}

Result<std::vector<PublicKey>> decode_public_keys(ByteView cose_keys) {
  cbor::Reader in(cose_keys);
  std::vector<PublicKey> keys;
  while (in.ok() && !in.done()) {
    in.expect(in.map() == 3);
    keys.push_back(read_public_members(&in));
  }
  if (!in.ok()) return malformed(in);
  return keys;
}

Result<PublicKey> decode_public_key(ByteView cose_key) {
  auto keys = decode_public_keys(cose_key);
  if (!keys) return keys.error();
  if (keys->size() != 1) return ErrorCode::kBadFormat;
  return std::move(keys->front());
}

SecretBytes SecretKey::encode() const {
  cbor::Writer head;
  head.map(4);
  write_public_members(public_key, &head);
  head.integer(secret_label(kem)).bytes_head(secret.size());
  SecretBytes out(head.data());
  out.append(secret);
  return out;
}

Result<SecretKey> make_key(Kem kem, ByteView entropy, bool is_exportable) {
  if (entropy.size() < 32) return ErrorCode::kBadArgument;
  SecretKey key;
  key.kem = kem;
  key.secret = derive_secret(kem, entropy);
  key.public_key = {kem, public_key_of(kem, key.secret)};
  key.is_exportable = is_exportable;
  return key;
}

Result<SecretKey> decode_secret_key(ByteView cose_key, bool is_exportable) {
  cbor::Reader in(cose_key);
  in.expect(in.map() == 4);
  SecretKey key;
  key.public_key = read_public_members(&in);
  in.expect_integer(secret_label(key.public_key.kem));
  const ByteView secret = in.bytes();
  in.expect(secret.size() == key.secret.size());
  if (!in.done()) return malformed(in);
  key.kem = key.public_key.kem;
  std::copy(secret.begin(), secret.end(), key.secret.data());
  key.is_exportable = is_exportable;
  if (public_key_of(key.kem, key.secret) != key.public_key.bytes) return ErrorCode::kBadFormat;
  return key;
}

}  // namespace subrosa::seal
