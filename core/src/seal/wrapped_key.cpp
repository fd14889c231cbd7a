// SPDX-License-Identifier: Apache-2.0
#include "seal/wrapped_key.h"

#include <algorithm>

#include "seal/cose.h"
#include "seal/hpke.h"

namespace subrosa::seal {
namespace {

constexpr size_t kWrappedSize = kKeySize + kTagSize;

struct Recipient {
  Kem kem = Kem::kX25519;
  ByteView protected_header;
  ByteView kid;
  ByteView encapsulated;
  ByteView wrapped;
};

/// A header taken apart; the views point into it.
struct Parts {
  ByteView protected_header;
  ByteView context;
  ByteView id;
  uint64_t issued_at = 0;
  ByteView commitment;
  ByteView iv;
  ByteView tag;
  ByteView recipients;  // the encoded array
  std::vector<Recipient> list;
};

Secret<32> extract(ByteView id, ByteView content_key) { return hkdf_extract(id, {content_key}); }

Secret<32> commitment_of(const Secret<32>& prk) {
  return hkdf_expand<32>(prk, {view_of("subrosa commit")});
}

Bytes protected_header_of(ByteView context, ByteView id, uint64_t issued_at, ByteView commitment) {
  cbor::Writer out;
  out.map(4);
  out.integer(cose::kAlg).integer(cose::kChaCha20Poly1305);
  out.integer(cose::kCrit).array(2).integer(cose::kContext).integer(cose::kSession);
  out.integer(cose::kContext).bytes(context);
  out.integer(cose::kSession).array(3).bytes(id).integer(static_cast<int64_t>(issued_at));
  out.bytes(commitment);
  return out.take();
}

Bytes recipient_header_of(Kem kem, ByteView kid) {
  cbor::Writer out;
  out.map(2);
  out.integer(cose::kAlg).integer(cose::key_encryption_alg(kem));
  out.integer(cose::kKid).bytes(kid);
  return out.take();
}

/// Recipient_structure of draft-ietf-cose-hpke, which is HPKE's info. Its extra info is the hash of
/// the layer above: consent and policy enter the key schedule here.
Bytes recipient_info(ByteView recipient_header, ByteView protected_header) {
  cbor::Writer out;
  out.array(4).text("HPKE Recipient").integer(cose::kChaCha20Poly1305).bytes(recipient_header);
  out.bytes(sha256(protected_header));
  return out.take();
}

Bytes content_aad(ByteView protected_header, ByteView recipients) {
  return cose::enc_structure("Encrypt", protected_header, sha256(recipients));
}

void read_protected_header(Parts* parts, cbor::Reader* outer) {
  cbor::Reader in(parts->protected_header);
  in.expect(in.map() == 4);
  in.expect_integer(cose::kAlg);
  in.expect_integer(cose::kChaCha20Poly1305);
  in.expect_integer(cose::kCrit);
  in.expect(in.array() == 2);
  in.expect_integer(cose::kContext);
  in.expect_integer(cose::kSession);
  in.expect_integer(cose::kContext);
  parts->context = in.bytes();
  in.expect_integer(cose::kSession);
  in.expect(in.array() == 3);
  parts->id = in.bytes();
  const int64_t issued_at = in.integer();
  parts->commitment = in.bytes();
  in.expect(parts->id.size() == sizeof(SessionId) && issued_at >= 0 &&
            parts->commitment.size() == 32);
  parts->issued_at = static_cast<uint64_t>(issued_at);
  outer->expect(in.done());
}

Recipient read_recipient(cbor::Reader* in) {
  Recipient recipient;
  in->expect(in->array() == 3);
  recipient.protected_header = in->bytes();
  cbor::Reader header(recipient.protected_header);
  header.expect(header.map() == 2);
  header.expect_integer(cose::kAlg);
  recipient.kem = header.integer() == cose::kHpkeXWingKe ? Kem::kXWing : Kem::kX25519;
  header.expect_integer(cose::kKid);
  recipient.kid = header.bytes();
  in->expect(header.done() && recipient.kid.size() == sizeof(Kid) &&
             equal(recipient.protected_header, recipient_header_of(recipient.kem, recipient.kid)));
  in->expect(in->map() == 1);
  in->expect_integer(cose::kEncapsulatedKey);
  recipient.encapsulated = in->bytes();
  recipient.wrapped = in->bytes();
  in->expect(recipient.encapsulated.size() == encapsulation_size(recipient.kem) &&
             recipient.wrapped.size() == kWrappedSize);
  return recipient;
}

Result<Parts> parse(ByteView header) {
  cbor::Reader in(header);
  Parts parts;
  in.expect(in.tag() == cose::kTagEncrypt);
  in.expect(in.array() == 4);
  parts.protected_header = in.bytes();
  read_protected_header(&parts, &in);
  in.expect(in.map() == 1);
  in.expect_integer(cose::kIv);
  parts.iv = in.bytes();
  parts.tag = in.bytes();
  in.expect(parts.iv.size() == kNonceSize && parts.tag.size() == kTagSize);
  const size_t start = in.position();
  const uint64_t count = in.array();
  in.expect(count >= 1 && count <= kMaxRecipients);
  while (in.ok() && parts.list.size() < count) parts.list.push_back(read_recipient(&in));
  if (!in.done()) return Error{ErrorCode::kBadFormat, static_cast<uint32_t>(in.position()), {}};
  parts.recipients = header.subspan(start);
  return parts;
}

/// One recipient's row, appended; bad_argument when its key is none.
Result<bool> write_recipient(const PublicKey& recipient, ByteView protected_header,
                             ByteView content_key, ByteView entropy, cbor::Writer* out) {
  const Bytes header = recipient_header_of(recipient.kem, recipient.kid());
  auto sender = sender_setup(recipient.kem, recipient.bytes,
                             recipient_info(header, protected_header), {}, entropy);
  if (!sender) return sender.error();
  const auto wrapped = sender->context.seal({}, content_key);
  if (!wrapped) return wrapped.error();
  out->array(3).bytes(header);
  out->map(1).integer(cose::kEncapsulatedKey).bytes(sender->encapsulated);
  out->bytes(*wrapped);
  return true;
}

bool has_duplicate(std::span<const PublicKey> recipients) {
  for (size_t i = 0; i < recipients.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (recipients[i].bytes == recipients[j].bytes) return true;
    }
  }
  return false;
}

}  // namespace

size_t wrap_entropy(std::span<const PublicKey> recipients) {
  size_t size = kKeySize + sizeof(SessionId) + kNonceSize;
  for (const PublicKey& recipient : recipients) size += encapsulation_entropy(recipient.kem);
  return size;
}

Result<WrappedKey> wrap_key(const Context& context, std::span<const PublicKey> recipients,
                            uint64_t now, ByteView entropy) {
  if (recipients.empty() || recipients.size() > kMaxRecipients || has_duplicate(recipients) ||
      now >> 63 != 0 || entropy.size() < wrap_entropy(recipients))
    return ErrorCode::kBadArgument;
  Entropy source(entropy);
  const ByteView content_key = source.take(kKeySize);
  const ByteView id = source.take(sizeof(SessionId));
  const ByteView iv = source.take(kNonceSize);
  WrappedKey key;
  key.context = context;
  key.issued_at = now;
  std::copy(id.begin(), id.end(), key.id.begin());
  key.prk = extract(id, content_key);
  const Bytes header = protected_header_of(context.encode(), id, now, commitment_of(key.prk));
  cbor::Writer rows;
  rows.array(recipients.size());
  for (const PublicKey& recipient : recipients) {
    const auto written = write_recipient(recipient, header, content_key,
                                         source.take(encapsulation_entropy(recipient.kem)), &rows);
    if (!written) return written.error();
  }
  Bytes tag;
  aead_seal(content_key, iv, content_aad(header, rows.data()), {}, &tag);
  cbor::Writer out;
  out.tag(cose::kTagEncrypt).array(4).bytes(header);
  out.map(1).integer(cose::kIv).bytes(iv);
  out.bytes(tag).raw(rows.data());
  key.header = out.take();
  key.header_hash = sha256(key.header);
  return key;
}

Result<WrappedKey> unwrap_key(ByteView header, const SecretKey& key,
                              const Expectation& expectation) {
  const auto parts = parse(header);
  if (!parts) return ErrorCode::kNotAuthentic;
  auto context = decode_context(parts->context);
  if (!context || !expectation.admits(*context)) return ErrorCode::kNotAuthentic;
  const Kid kid = key.public_key.kid();
  const auto own =
      std::find_if(parts->list.begin(), parts->list.end(), [&](const Recipient& recipient) {
        return recipient.kem == key.kem && equal(recipient.kid, kid);
      });
  if (own == parts->list.end()) return ErrorCode::kNotAuthentic;
  auto receiver =
      receiver_setup(key.kem, own->encapsulated, key.secret, key.public_key.bytes,
                     recipient_info(own->protected_header, parts->protected_header), {});
  if (!receiver) return receiver.error();
  const auto content_key = receiver->open({}, own->wrapped);
  if (!content_key) return content_key.error();
  WrappedKey out;
  out.prk = extract(parts->id, *content_key);
  if (!equal(commitment_of(out.prk), parts->commitment) ||
      !aead_open(*content_key, parts->iv, content_aad(parts->protected_header, parts->recipients),
                 parts->tag))
    return ErrorCode::kNotAuthentic;
  out.header = Bytes(header);
  out.context = std::move(*context);
  std::copy(parts->id.begin(), parts->id.end(), out.id.begin());
  out.issued_at = parts->issued_at;
  out.header_hash = sha256(header);
  return out;
}

Result<WrappedKeyHeader> inspect_wrapped_key(ByteView header) {
  const auto parts = parse(header);
  if (!parts) return parts.error();
  auto context = decode_context(parts->context);
  if (!context) return context.error();
  WrappedKeyHeader out = {std::move(*context), parts->id, parts->issued_at, {}};
  for (const Recipient& recipient : parts->list) out.kids.push_back(recipient.kid);
  return out;
}

}  // namespace subrosa::seal
