// SPDX-License-Identifier: Apache-2.0
#include "seal/handles.h"
#include "seal/session.h"
#include "seal/stream.h"

namespace {

using subrosa::ErrorCode;
using subrosa::Result;
using namespace subrosa::seal;
using namespace subrosa::seal::abi;

/// The arguments of whoever begins: a context in JSON and public keys one after another.
struct Beginning {
  Context context;
  std::vector<PublicKey> recipients;
};

Result<Beginning> parse_beginning(std::string_view context, ByteView recipients) {
  auto parsed = parse_context(context);
  if (!parsed) return parsed.error();
  auto keys = decode_public_keys(recipients);
  if (!keys) return keys.error();
  return Beginning{std::move(*parsed), std::move(*keys)};
}

template <typename Stream>
Result<Stream> stream_of(const Result<WrappedKey>& key) {
  if (!key) return key.error();
  return Stream(*key);
}

}  // namespace

extern "C" {

uint32_t sr_session_begin(const uint8_t* context, uint32_t context_size, const uint8_t* recipients,
                          uint32_t recipients_size, uint32_t now, const uint8_t* entropy,
                          uint32_t entropy_size, sr_out* out) {
  const auto beginning =
      parse_beginning(view(context, context_size), {recipients, recipients_size});
  if (!beginning) return fail(beginning.error(), out);
  return add_handle(
      Session::begin(beginning->context, beginning->recipients, now, {entropy, entropy_size}), out);
}

uint32_t sr_session_accept(const uint8_t* header, uint32_t size, uint32_t key,
                           const uint8_t* expectation, uint32_t expectation_size, uint32_t now,
                           const uint8_t* salt, uint32_t salt_size, sr_out* out) {
  const SecretKey* found = handles<SecretKey>().find(key);
  if (!found) return fail(ErrorCode::kBadArgument, out);
  const auto expected = parse_expectation(view(expectation, expectation_size));
  if (!expected) return fail(expected.error(), out);
  return add_handle(Session::accept({header, size}, *found, *expected, now, {salt, salt_size}),
                    out);
}

uint32_t sr_session_read(const uint8_t* header, uint32_t size, uint32_t key,
                         const uint8_t* expectation, uint32_t expectation_size, sr_out* out) {
  const SecretKey* found = handles<SecretKey>().find(key);
  if (!found) return fail(ErrorCode::kBadArgument, out);
  const auto expected = parse_expectation(view(expectation, expectation_size));
  if (!expected) return fail(expected.error(), out);
  return add_handle(Session::read({header, size}, *found, *expected), out);
}

uint32_t sr_session_header(uint32_t session, sr_out* out) {
  const Session* found = handles<Session>().find(session);
  if (!found) return fail(ErrorCode::kBadArgument, out);
  return give_bytes(found->header(), out);
}

uint32_t sr_session_seal(uint32_t session, const uint8_t* plaintext, uint32_t size,
                         uint32_t consent, const uint8_t* pii_type, uint32_t pii_type_size,
                         const uint8_t* recipient, uint32_t recipient_size, uint32_t now,
                         sr_out* out) {
  Session* found = handles<Session>().find(session);
  subrosa::consent::Consent* standing = handles<subrosa::consent::Consent>().find(consent);
  if (!found || !standing) return fail(ErrorCode::kBadArgument, out);
  standing->see(now);
  const Grounds grounds = {*standing, view(pii_type, pii_type_size),
                           view(recipient, recipient_size)};
  return give_result(found->seal({plaintext, size}, grounds, now), out);
}

uint32_t sr_session_open(uint32_t session, const uint8_t* message, uint32_t size, sr_out* out) {
  Session* found = handles<Session>().find(session);
  if (!found) return fail(ErrorCode::kBadArgument, out);
  return give_result(found->open({message, size}), out);
}

void sr_session_free(uint32_t session) { handles<Session>().remove(session); }

uint32_t sr_sealer_new(const uint8_t* context, uint32_t context_size, const uint8_t* recipients,
                       uint32_t recipients_size, uint32_t now, const uint8_t* entropy,
                       uint32_t entropy_size, sr_out* out) {
  const auto beginning =
      parse_beginning(view(context, context_size), {recipients, recipients_size});
  if (!beginning) return fail(beginning.error(), out);
  return add_handle(stream_of<StreamSealer>(wrap_key(beginning->context, beginning->recipients, now,
                                                     {entropy, entropy_size})),
                    out);
}

uint32_t sr_sealer_header(uint32_t sealer, sr_out* out) {
  const StreamSealer* found = handles<StreamSealer>().find(sealer);
  if (!found) return fail(ErrorCode::kBadArgument, out);
  return give_bytes(found->header(), out);
}

uint32_t sr_sealer_seal(uint32_t sealer, const uint8_t* plaintext, uint32_t size, uint32_t is_last,
                        sr_out* out) {
  StreamSealer* found = handles<StreamSealer>().find(sealer);
  if (!found) return fail(ErrorCode::kBadArgument, out);
  return give_result(found->seal({plaintext, size}, is_last != 0), out);
}

void sr_sealer_free(uint32_t sealer) { handles<StreamSealer>().remove(sealer); }

uint32_t sr_opener_new(const uint8_t* header, uint32_t size, uint32_t key,
                       const uint8_t* expectation, uint32_t expectation_size, sr_out* out) {
  const SecretKey* found = handles<SecretKey>().find(key);
  if (!found) return fail(ErrorCode::kBadArgument, out);
  const auto expected = parse_expectation(view(expectation, expectation_size));
  if (!expected) return fail(expected.error(), out);
  return add_handle(stream_of<StreamOpener>(unwrap_key({header, size}, *found, *expected)), out);
}

uint32_t sr_opener_open(uint32_t opener, uint32_t first, const uint8_t* sealed, uint32_t size,
                        uint32_t is_last, sr_out* out) {
  const StreamOpener* found = handles<StreamOpener>().find(opener);
  if (!found) return fail(ErrorCode::kBadArgument, out);
  return give_result(found->open(first, {sealed, size}, is_last != 0), out);
}

void sr_opener_free(uint32_t opener) { handles<StreamOpener>().remove(opener); }

}  // extern "C"
