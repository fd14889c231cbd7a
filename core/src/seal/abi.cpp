// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "seal/at_rest.h"
#include "seal/envelope.h"
#include "seal/handles.h"
#include "seal/passphrase.h"
#include "seal/wrapped_key.h"

namespace {

using subrosa::ErrorCode;
using namespace subrosa::seal;
using namespace subrosa::seal::abi;

subrosa::Result<DataKey> data_key_of(ByteView bytes, bool is_exportable) {
  DataKey key;
  if (bytes.size() != key.bytes.size()) return ErrorCode::kBadArgument;
  std::copy(bytes.begin(), bytes.end(), key.bytes.data());
  key.is_exportable = is_exportable;
  return key;
}

std::string hex_of(ByteView bytes) {
  std::string hex(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), bytes.data(), bytes.size());
  hex.pop_back();
  return hex;
}

nlohmann::json json_of(const Context& context) {
  return {{"purposes", context.purposes},
          {"policy_hash", context.policy_hash},
          {"record_id", context.record_id},
          {"epoch", context.epoch},
          {"ruleset_hash", context.ruleset_hash}};
}

nlohmann::json json_of(const EnvelopeHeader& header) {
  nlohmann::json json = json_of(header.context);
  json["kind"] = "message";
  json["kem"] = static_cast<uint32_t>(header.kem);
  json["kids"] = {hex_of(header.kid)};
  json["ciphertext_size"] = header.ciphertext_size;
  return json;
}

nlohmann::json json_of(const WrappedKeyHeader& header) {
  nlohmann::json json = json_of(header.context);
  json["kind"] = "session";
  json["id"] = hex_of(header.id);
  json["issued_at"] = header.issued_at;
  json["kids"] = nlohmann::json::array();
  for (const ByteView kid : header.kids) json["kids"].push_back(hex_of(kid));
  return json;
}

}  // namespace

extern "C" {

uint32_t sr_key_new(uint32_t kem, const uint8_t* entropy, uint32_t size, uint32_t exportable,
                    sr_out* out) {
  if (!is_known_kem(kem)) return fail(ErrorCode::kUnsupportedVersion, out);
  return add_handle(make_key(static_cast<Kem>(kem), {entropy, size}, exportable != 0), out);
}

uint32_t sr_key_import(const uint8_t* cose_key, uint32_t size, uint32_t exportable, sr_out* out) {
  return add_handle(decode_secret_key({cose_key, size}, exportable != 0), out);
}

uint32_t sr_key_public(uint32_t key, sr_out* out) {
  const SecretKey* found = handles<SecretKey>().find(key);
  if (!found) return fail(ErrorCode::kBadArgument, out);
  return give_bytes(found->public_key.encode(), out);
}

uint32_t sr_key_export(uint32_t key, sr_out* out) {
  const SecretKey* found = handles<SecretKey>().find(key);
  if (!found) return fail(ErrorCode::kBadArgument, out);
  if (!found->is_exportable) return fail(ErrorCode::kNotPermitted, out);
  return give_bytes(found->encode(), out);
}

void sr_key_free(uint32_t key) { handles<SecretKey>().remove(key); }

uint32_t sr_key_id(const uint8_t* cose_key, uint32_t size, sr_out* out) {
  const auto key = decode_public_key({cose_key, size});
  if (!key) return fail(key.error(), out);
  return give(hex_of(key->kid()), out);
}

uint32_t sr_seal(const uint8_t* context, uint32_t context_size, const uint8_t* plaintext,
                 uint32_t plaintext_size, const uint8_t* recipient, uint32_t recipient_size,
                 const uint8_t* entropy, uint32_t entropy_size, sr_out* out) {
  const auto parsed = parse_context(view(context, context_size));
  if (!parsed) return fail(parsed.error(), out);
  const auto key = decode_public_key({recipient, recipient_size});
  if (!key) return fail(key.error(), out);
  return give_result(seal(*parsed, {plaintext, plaintext_size}, *key, {entropy, entropy_size}),
                     out);
}

uint32_t sr_open(const uint8_t* envelope, uint32_t size, uint32_t key, const uint8_t* expectation,
                 uint32_t expectation_size, sr_out* out) {
  const SecretKey* found = handles<SecretKey>().find(key);
  if (!found) return fail(ErrorCode::kBadArgument, out);
  const auto expected = parse_expectation(view(expectation, expectation_size));
  if (!expected) return fail(expected.error(), out);
  return give_result(open({envelope, size}, *found, *expected), out);
}

uint32_t sr_inspect(const uint8_t* envelope, uint32_t size, sr_out* out) {
  const auto message = inspect({envelope, size});
  if (message) return give(json_of(*message).dump(), out);
  const auto header = inspect_wrapped_key({envelope, size});
  if (header) return give(json_of(*header).dump(), out);
  return fail(header.error().at > message.error().at ? header.error() : message.error(), out);
}

uint32_t sr_data_key_new(const uint8_t* bytes, uint32_t size, uint32_t exportable, sr_out* out) {
  return add_handle(data_key_of({bytes, size}, exportable != 0), out);
}

uint32_t sr_data_key_export(uint32_t key, sr_out* out) {
  const DataKey* found = handles<DataKey>().find(key);
  if (!found) return fail(ErrorCode::kBadArgument, out);
  if (!found->is_exportable) return fail(ErrorCode::kNotPermitted, out);
  return give_bytes(found->bytes, out);
}

void sr_data_key_free(uint32_t key) { handles<DataKey>().remove(key); }

uint32_t sr_data_key_from_passphrase(const uint8_t* passphrase, uint32_t passphrase_size,
                                     const uint8_t* salt, uint32_t salt_size, uint32_t kib,
                                     uint32_t passes, sr_out* out) {
  return add_handle(
      key_from_passphrase({passphrase, passphrase_size}, {salt, salt_size}, kib, passes), out);
}

uint32_t sr_key_wrap(uint32_t wrapping, uint32_t key, const uint8_t* label, uint32_t label_size,
                     const uint8_t* entropy, uint32_t entropy_size, sr_out* out) {
  const DataKey* wrapping_key = handles<DataKey>().find(wrapping);
  const SecretKey* found = handles<SecretKey>().find(key);
  if (!wrapping_key || !found) return fail(ErrorCode::kBadArgument, out);
  return give_result(seal_at_rest(*wrapping_key, AtRest::kSecretKey, view(label, label_size),
                                  found->encode(), {entropy, entropy_size}),
                     out);
}

uint32_t sr_key_unwrap(uint32_t wrapping, const uint8_t* wrapped, uint32_t size,
                       const uint8_t* label, uint32_t label_size, uint32_t exportable,
                       sr_out* out) {
  const DataKey* wrapping_key = handles<DataKey>().find(wrapping);
  if (!wrapping_key) return fail(ErrorCode::kBadArgument, out);
  const auto key =
      open_at_rest(*wrapping_key, AtRest::kSecretKey, view(label, label_size), {wrapped, size});
  if (!key) return fail(key.error(), out);
  return add_handle(decode_secret_key(*key, exportable != 0), out);
}

uint32_t sr_data_key_wrap(uint32_t wrapping, uint32_t key, const uint8_t* label,
                          uint32_t label_size, const uint8_t* entropy, uint32_t entropy_size,
                          sr_out* out) {
  const DataKey* wrapping_key = handles<DataKey>().find(wrapping);
  const DataKey* found = handles<DataKey>().find(key);
  if (!wrapping_key || !found) return fail(ErrorCode::kBadArgument, out);
  return give_result(seal_at_rest(*wrapping_key, AtRest::kDataKey, view(label, label_size),
                                  found->bytes, {entropy, entropy_size}),
                     out);
}

uint32_t sr_data_key_unwrap(uint32_t wrapping, const uint8_t* wrapped, uint32_t size,
                            const uint8_t* label, uint32_t label_size, uint32_t exportable,
                            sr_out* out) {
  const DataKey* wrapping_key = handles<DataKey>().find(wrapping);
  if (!wrapping_key) return fail(ErrorCode::kBadArgument, out);
  const auto bytes =
      open_at_rest(*wrapping_key, AtRest::kDataKey, view(label, label_size), {wrapped, size});
  if (!bytes) return fail(bytes.error(), out);
  return add_handle(data_key_of(*bytes, exportable != 0), out);
}

uint32_t sr_seal_at_rest(uint32_t key, const uint8_t* label, uint32_t label_size,
                         const uint8_t* plaintext, uint32_t size, const uint8_t* entropy,
                         uint32_t entropy_size, sr_out* out) {
  const DataKey* found = handles<DataKey>().find(key);
  if (!found) return fail(ErrorCode::kBadArgument, out);
  return give_result(seal_at_rest(*found, AtRest::kData, view(label, label_size), {plaintext, size},
                                  {entropy, entropy_size}),
                     out);
}

uint32_t sr_open_at_rest(uint32_t key, const uint8_t* label, uint32_t label_size,
                         const uint8_t* sealed, uint32_t size, sr_out* out) {
  const DataKey* found = handles<DataKey>().find(key);
  if (!found) return fail(ErrorCode::kBadArgument, out);
  return give_result(open_at_rest(*found, AtRest::kData, view(label, label_size), {sealed, size}),
                     out);
}

}  // extern "C"
