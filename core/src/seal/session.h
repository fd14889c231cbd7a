// SPDX-License-Identifier: Apache-2.0
// A conversation: its key is wrapped once for each recipient (wrapped_key.h), then every message is
// a COSE_Encrypt0 that costs one AEAD call. Sessions live in memory alone; a page that is loaded
// again begins another one.
//
//   Result<Session> page = Session::begin(context, recipients, now, entropy);
//   Result<Session> server = Session::accept(page->header(), key, {.purpose = "chat"}, now, salt);
//   Result<Bytes> message = page->seal(view_of("hello"), {consent, "text", "ctl"}, now);
//   Result<SecretBytes> text = server->open(*message);
#pragma once

#include <optional>

#include "consent/consent.h"
#include "seal/ratchet.h"
#include "seal/wrapped_key.h"

namespace subrosa::seal {

inline constexpr size_t kReplySaltSize = 16;

/// What a message goes under: the consent as it stands, and what the message is in its terms.
struct Grounds {
  const consent::Consent& consent;
  std::string_view pii_type;
  std::string_view recipient;
};

class Session {
 public:
  /// The one who begins. Errors as of wrap_key().
  static Result<Session> begin(const Context& context, std::span<const PublicKey> recipients,
                               uint64_t now, ByteView entropy);
  /// The one who answers. The salt, kReplySaltSize bytes of entropy, makes the keys of its replies
  /// new each time, also where a header is replayed. not_authentic also for a header that is older
  /// than an hour or from more than five minutes ahead.
  static Result<Session> accept(ByteView header, const SecretKey& key,
                                const Expectation& expectation, uint64_t now, ByteView salt);
  /// One who only reads, at any time: an auditor, an archive.
  static Result<Session> read(ByteView header, const SecretKey& key,
                              const Expectation& expectation);

  const Bytes& header() const { return header_; }
  const Context& context() const { return context_; }
  const SessionId& id() const { return id_; }

  /// not_permitted, with the reason as its place, unless the grounds permit such a message for
  /// every purpose of the header, under the record, epoch and policy that the header names: where
  /// one of them has changed, "superseded", and a new session must say so. not_permitted for a
  /// reader too; too_long above kMaxPlaintext.
  Result<Bytes> seal(ByteView plaintext, const Grounds& grounds, uint64_t now);
  /// not_authentic for everything that is wrong: another session or direction, a message that was
  /// opened before, or one from an epoch that is gone.
  Result<SecretBytes> open(ByteView message);

 private:
  explicit Session(const WrappedKey& key);
  consent::Reason judge(const Grounds& grounds, uint64_t now) const;

  Bytes header_;
  Context context_;
  consent::Hash policy_hash_;  // of the context
  SessionId id_;
  Hash header_hash_;
  Bytes own_kid_;
  std::optional<SendRatchet> send_;
  std::optional<ReceiveRatchet> forward_;  // what the one who began sends
  std::optional<Secret<32>> reply_root_;   // until the first reply says with which salt
  Bytes reply_salt_;
  std::optional<ReceiveRatchet> reply_;
};

}  // namespace subrosa::seal
