// SPDX-License-Identifier: Apache-2.0
#include "seal/session.h"

#include "seal/cose.h"
#include "seal/envelope.h"
#include "seal/hpke.h"
#include "seal/padding.h"

namespace subrosa::seal {
namespace {

constexpr size_t kForwardKidSize = 8;  // of the session's id; a reply has its salt there
constexpr uint64_t kMaxAge = 3600;
constexpr uint64_t kMaxAhead = 300;

ByteView forward_kid(const SessionId& id) { return ByteView(id).first(kForwardKidSize); }

Secret<32> reply_chain(const Secret<32>& root, ByteView salt) {
  return hkdf_expand<32>(root, {view_of("subrosa reply"), salt});
}

/// {1: ChaCha20-Poly1305, 4: kid, 6: Partial IV}, the number in as few bytes as it needs.
Bytes protected_header_of(ByteView kid, uint64_t number) {
  size_t size = 1;
  while (size < 8 && number >> (8 * size)) ++size;
  std::array<uint8_t, 8> big_endian;
  for (size_t i = 0; i < 8; ++i) big_endian[i] = static_cast<uint8_t>(number >> (8 * (7 - i)));
  cbor::Writer out;
  out.map(3);
  out.integer(cose::kAlg).integer(cose::kChaCha20Poly1305);
  out.integer(cose::kKid).bytes(kid);
  out.integer(cose::kPartialIv).bytes(ByteView(big_endian).last(size));
  return out.take();
}

struct Message {
  ByteView protected_header;
  ByteView kid;
  uint64_t number = 0;
  ByteView ciphertext;
};

Result<Message> parse(ByteView bytes) {
  cbor::Reader in(bytes);
  Message message;
  in.expect(in.tag() == cose::kTagEncrypt0);
  in.expect(in.array() == 3);
  message.protected_header = in.bytes();
  in.expect(in.map() == 0);
  message.ciphertext = in.bytes();
  cbor::Reader header(message.protected_header);
  header.expect(header.map() == 3);
  header.expect_integer(cose::kAlg);
  header.expect_integer(cose::kChaCha20Poly1305);
  header.expect_integer(cose::kKid);
  message.kid = header.bytes();
  header.expect_integer(cose::kPartialIv);
  const ByteView partial_iv = header.bytes();
  header.expect(partial_iv.size() >= 1 && partial_iv.size() <= 8 &&
                (partial_iv.size() == 1 || partial_iv[0] != 0));
  if (!in.done() || !header.done()) return ErrorCode::kNotAuthentic;
  for (const uint8_t byte : partial_iv) message.number = message.number << 8 | byte;
  return message;
}

}  // namespace

Session::Session(const WrappedKey& key)
    : header_(key.header), context_(key.context), id_(key.id), header_hash_(key.header_hash) {
  // What is no hash stays zero, which that of no policy is.
  consent::parse_hash(context_.policy_hash, &policy_hash_);
}

Result<Session> Session::begin(const Context& context, std::span<const PublicKey> recipients,
                               uint64_t now, ByteView entropy) {
  const auto key = wrap_key(context, recipients, now, entropy);
  if (!key) return key.error();
  Session session(*key);
  const ByteView kid = forward_kid(session.id_);
  session.own_kid_ = Bytes(kid);
  session.send_.emplace(key->derive("subrosa forward"));
  session.reply_root_ = key->derive("subrosa replies");
  return session;
}

Result<Session> Session::accept(ByteView header, const SecretKey& key,
                                const Expectation& expectation, uint64_t now, ByteView salt) {
  if (salt.size() != kReplySaltSize) return ErrorCode::kBadArgument;
  const auto unwrapped = unwrap_key(header, key, expectation);
  if (!unwrapped) return unwrapped.error();
  if (now > unwrapped->issued_at + kMaxAge || unwrapped->issued_at > now + kMaxAhead)
    return ErrorCode::kNotAuthentic;
  Session session(*unwrapped);
  session.own_kid_ = Bytes(salt);
  session.send_.emplace(reply_chain(unwrapped->derive("subrosa replies"), salt));
  session.forward_.emplace(unwrapped->derive("subrosa forward"));
  return session;
}

Result<Session> Session::read(ByteView header, const SecretKey& key,
                              const Expectation& expectation) {
  const auto unwrapped = unwrap_key(header, key, expectation);
  if (!unwrapped) return unwrapped.error();
  Session session(*unwrapped);
  session.forward_.emplace(unwrapped->derive("subrosa forward"));
  session.reply_root_ = unwrapped->derive("subrosa replies");
  return session;
}

/// A header names one record, so of several purposes that of one must be the record that stands.
consent::Reason Session::judge(const Grounds& grounds, uint64_t now) const {
  bool is_bound = false;
  for (const std::string& purpose : context_.purposes) {
    const auto decision = grounds.consent.decide(purpose, grounds.pii_type, grounds.recipient,
                                                 static_cast<consent::Seconds>(now));
    if (decision.verdict != consent::Verdict::kPermit) return decision.reason;
    is_bound |= decision.record_id == context_.record_id && decision.epoch == context_.epoch &&
                decision.notice_hash == policy_hash_;
  }
  return is_bound ? consent::Reason::kGiven : consent::Reason::kSuperseded;
}

Result<Bytes> Session::seal(ByteView plaintext, const Grounds& grounds, uint64_t now) {
  if (!send_) return ErrorCode::kNotPermitted;
  const auto reason = judge(grounds, now);
  if (reason != consent::Reason::kGiven)
    return Error{ErrorCode::kNotPermitted, 0, consent::kReasonNames[static_cast<uint32_t>(reason)]};
  if (plaintext.size() > kMaxPlaintext) return ErrorCode::kTooLong;
  const uint64_t number = send_->next(now);
  const Bytes header = protected_header_of(own_kid_, number);
  const size_t sealed_size = padded_size(plaintext.size()) + kTagSize;
  cbor::Writer head;
  head.tag(cose::kTagEncrypt0).array(3).bytes(header).map(0).bytes_head(sealed_size);
  Bytes out = head.take();
  const size_t start = out.size();
  out.reserve(start + sealed_size);
  append_padded(plaintext, &out);
  aead_seal_in_place(send_->key().key, nonce_of(send_->key().base_nonce, number),
                     cose::enc_structure("Encrypt0", header, header_hash_), start, &out);
  return out;
}

Result<SecretBytes> Session::open(ByteView bytes) {
  const auto message = parse(bytes);
  if (!message) return message.error();
  const Bytes aad = cose::enc_structure("Encrypt0", message->protected_header, header_hash_);
  const auto open_with = [&](const EpochKey& key) -> Result<SecretBytes> {
    auto padded =
        aead_open(key.key, nonce_of(key.base_nonce, message->number), aad, message->ciphertext);
    return padded ? unpad(std::move(*padded)) : padded;
  };
  if (forward_ && equal(message->kid, forward_kid(id_)))
    return forward_->receive(message->number, open_with);
  if (reply_ && equal(message->kid, reply_salt_))
    return reply_->receive(message->number, open_with);
  if (!reply_root_ || message->kid.size() != kReplySaltSize) return ErrorCode::kNotAuthentic;
  // The first reply: its salt becomes the only one, and the root, which could derive the chain from
  // its beginning, is wiped.
  ReceiveRatchet ratchet(reply_chain(*reply_root_, message->kid));
  auto plaintext = ratchet.receive(message->number, open_with);
  if (plaintext) {
    reply_.emplace(ratchet);
    reply_salt_ = Bytes(message->kid);
    reply_root_.reset();
  }
  return plaintext;
}

}  // namespace subrosa::seal
