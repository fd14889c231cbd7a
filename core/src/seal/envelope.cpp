// SPDX-License-Identifier: Apache-2.0
#include "seal/envelope.h"

#include "seal/cose.h"
#include "seal/hpke.h"
#include "seal/padding.h"

namespace subrosa::seal {
namespace {

constexpr std::string_view kEncContext = "Encrypt0";

/// An envelope taken apart; the views point into it.
struct Parts {
  Kem kem = Kem::kX25519;
  ByteView protected_header;
  ByteView context;
  ByteView kid;
  ByteView encapsulated;
  ByteView ciphertext;
};

Bytes protected_header_of(Kem kem, ByteView context) {
  cbor::Writer out;
  out.map(3);
  out.integer(cose::kAlg).integer(cose::integrated_alg(kem));
  out.integer(cose::kCrit).array(1).integer(cose::kContext);
  out.integer(cose::kContext).bytes(context);
  return out.take();
}

void read_protected_header(Parts* parts, cbor::Reader* outer) {
  cbor::Reader in(parts->protected_header);
  in.expect(in.map() == 3);
  in.expect_integer(cose::kAlg);
  parts->kem = in.integer() == cose::kHpkeXWing ? Kem::kXWing : Kem::kX25519;
  in.expect_integer(cose::kCrit);
  in.expect(in.array() == 1);
  in.expect_integer(cose::kContext);
  in.expect_integer(cose::kContext);
  parts->context = in.bytes();
  // With the algorithm in it: any other header than the one that seal() writes is refused.
  outer->expect(in.done() &&
                equal(parts->protected_header, protected_header_of(parts->kem, parts->context)));
}

Result<Parts> parse(ByteView envelope) {
  cbor::Reader in(envelope);
  Parts parts;
  in.expect(in.tag() == cose::kTagEncrypt0);
  in.expect(in.array() == 3);
  parts.protected_header = in.bytes();
  read_protected_header(&parts, &in);
  in.expect(in.map() == 2);
  in.expect_integer(cose::kKid);
  parts.kid = in.bytes();
  in.expect_integer(cose::kEncapsulatedKey);
  parts.encapsulated = in.bytes();
  parts.ciphertext = in.bytes();
  in.expect(parts.kid.size() == sizeof(Kid) &&
            parts.encapsulated.size() == encapsulation_size(parts.kem) &&
            parts.ciphertext.size() >= kTagSize);
  if (!in.done()) return Error{ErrorCode::kBadFormat, static_cast<uint32_t>(in.position()), {}};
  return parts;
}

}  // namespace

Result<Bytes> seal(const Context& context, ByteView plaintext, const PublicKey& recipient,
                   ByteView entropy) {
  if (plaintext.size() > kMaxPlaintext) return ErrorCode::kTooLong;
  const Bytes encoded = context.encode();
  Entropy source(entropy);
  auto sender = sender_setup(recipient.kem, recipient.bytes, encoded, {},
                             source.take(encapsulation_entropy(recipient.kem)));
  if (!sender) return sender.error();
  const Bytes header = protected_header_of(recipient.kem, encoded);
  const auto ciphertext =
      sender->context.seal(cose::enc_structure(kEncContext, header, encoded), pad(plaintext));
  if (!ciphertext) return ciphertext.error();
  cbor::Writer out;
  out.tag(cose::kTagEncrypt0).array(3).bytes(header).map(2);
  out.integer(cose::kKid).bytes(recipient.kid());
  out.integer(cose::kEncapsulatedKey).bytes(sender->encapsulated);
  out.bytes(*ciphertext);
  return out.take();
}

Result<SecretBytes> open(ByteView envelope, const SecretKey& key, const Expectation& expectation) {
  const auto parts = parse(envelope);
  if (!parts || parts->kem != key.kem || !equal(parts->kid, key.public_key.kid()))
    return ErrorCode::kNotAuthentic;
  const auto context = decode_context(parts->context);
  if (!context || !expectation.admits(*context)) return ErrorCode::kNotAuthentic;
  auto receiver = receiver_setup(key.kem, parts->encapsulated, key.secret, key.public_key.bytes,
                                 parts->context, {});
  if (!receiver) return receiver.error();
  auto padded = receiver->open(
      cose::enc_structure(kEncContext, parts->protected_header, parts->context), parts->ciphertext);
  if (!padded) return padded.error();
  return unpad(std::move(*padded));
}

Result<EnvelopeHeader> inspect(ByteView envelope) {
  const auto parts = parse(envelope);
  if (!parts) return parts.error();
  auto context = decode_context(parts->context);
  if (!context) return context.error();
  return EnvelopeHeader{parts->kem, parts->kid, std::move(*context), parts->ciphertext.size()};
}

}  // namespace subrosa::seal
