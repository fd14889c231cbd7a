// SPDX-License-Identifier: Apache-2.0
#include "abi.h"

#include "detect/detector.h"
#include "redact/encrypt.h"
#include "redact/redact_stream.h"
#include "redact/redactor.h"
#include "redact/restore.h"
#include "redact/vault_file.h"
#include "seal/handles.h"

namespace {

using namespace subrosa;
using namespace subrosa::abi;
using redact::Vault;

/// A redactor belongs to a scanner: its operators are by that one's rules.
struct Bound {
  uint32_t scanner;
  redact::Redactor redactor;
};

/// What a redactor's call needs; the detector is null when a handle is not valid.
struct Session {
  const redact::Redactor* redactor = nullptr;
  detect::Detector* detector = nullptr;
  Vault* vault = nullptr;
};

Session find_session(uint32_t redactor, uint32_t vault) {
  const Bound* bound = handles<Bound>().find(redactor);
  if (!bound) return {};
  Vault* session = vault ? handles<Vault>().find(vault) : nullptr;
  if (vault && !session) return {};
  return {&bound->redactor, handles<detect::Detector>().find(bound->scanner), session};
}

void put_u32(uint32_t value, std::string* out) {
  out->append(reinterpret_cast<const char*>(&value), sizeof value);
}

std::string pack(const std::vector<redact::Record>& records, std::string_view text) {
  std::string out;
  out.reserve(sizeof(uint32_t) + records.size() * sizeof(redact::Record) + text.size());
  put_u32(static_cast<uint32_t>(records.size()), &out);
  out.append(reinterpret_cast<const char*>(records.data()),
             records.size() * sizeof(redact::Record));
  return out.append(text);
}

std::string pack(const redact::Restored& restored) {
  std::string out;
  put_u32(restored.is_changed, &out);
  put_u32(restored.count, &out);
  put_u32(static_cast<uint32_t>(restored.unknown.size()), &out);
  for (const std::string& unknown : restored.unknown) {
    put_u32(static_cast<uint32_t>(unknown.size()), &out);
    out.append(unknown);
  }
  return out.append(restored.text);
}

uint32_t give_restored(const Result<redact::Restored>& restored, sr_out* out) {
  if (!restored) return fail(restored.error(), out);
  const bool is_nothing = restored->text.empty() && !restored->is_changed;
  if (is_nothing && restored->unknown.empty()) return give({}, out);
  return give(pack(*restored), out);
}

}  // namespace

extern "C" {

uint32_t sr_redactor_new(uint32_t scanner, const uint8_t* options, uint32_t options_size,
                         sr_out* out) {
  const detect::Detector* detector = handles<detect::Detector>().find(scanner);
  if (!detector) return fail(ErrorCode::kBadArgument, out);
  auto redactor = redact::Redactor::create(detector->rules(), view(options, options_size));
  if (!redactor) return fail(redactor.error(), out);
  return give_u32(
      handles<Bound>().add(std::make_unique<Bound>(Bound{scanner, std::move(*redactor)})), out);
}

void sr_redactor_free(uint32_t redactor) { handles<Bound>().remove(redactor); }

uint32_t sr_vault_new(uint32_t is_one_way, sr_out* out) {
  const auto kind = is_one_way ? Vault::Kind::kOneWay : Vault::Kind::kRestoring;
  return give_u32(handles<Vault>().add(std::make_unique<Vault>(kind)), out);
}

void sr_vault_free(uint32_t vault) { handles<Vault>().remove(vault); }

uint32_t sr_vault_export(uint32_t vault, uint32_t key, const uint8_t* entropy, uint32_t size,
                         sr_out* out) {
  const Vault* found = handles<Vault>().find(vault);
  const seal::DataKey* data_key = seal::abi::handles<seal::DataKey>().find(key);
  if (!found || !data_key) return fail(ErrorCode::kBadArgument, out);
  const auto sealed = redact::export_vault(*found, *data_key, {entropy, size});
  if (!sealed) return fail(sealed.error(), out);
  return give({reinterpret_cast<const char*>(sealed->data()), sealed->size()}, out);
}

uint32_t sr_vault_import(uint32_t key, const uint8_t* sealed, uint32_t size, sr_out* out) {
  const seal::DataKey* data_key = seal::abi::handles<seal::DataKey>().find(key);
  if (!data_key) return fail(ErrorCode::kBadArgument, out);
  auto vault = redact::import_vault({sealed, size}, *data_key);
  if (!vault) return fail(vault.error(), out);
  return give_u32(handles<Vault>().add(std::move(*vault)), out);
}

uint32_t sr_redact(uint32_t redactor, uint32_t vault, const uint8_t* text, uint32_t size,
                   const uint8_t* call, uint32_t call_size, sr_out* out) {
  const Session session = find_session(redactor, vault);
  if (!session.detector) return fail(ErrorCode::kBadArgument, out);
  const auto redacted = session.redactor->redact(session.detector, view(text, size),
                                                 view(call, call_size), session.vault);
  if (!redacted) return fail(redacted.error(), out);
  if (!redacted->is_changed) return give({}, out);
  const auto records = records_of(redacted->changes, view(text, size), redacted->text);
  return give(pack(records, redacted->text), out);
}

uint32_t sr_restore(uint32_t vault, const uint8_t* text, uint32_t size, sr_out* out) {
  Vault* session = handles<Vault>().find(vault);
  if (!session) return fail(ErrorCode::kBadArgument, out);
  return give_restored(redact::restore(view(text, size), session), out);
}

uint32_t sr_decrypt(const uint8_t* text, uint32_t size, const uint8_t* key, uint32_t key_size,
                    const uint8_t* session, uint32_t session_size, sr_out* out) {
  return give_restored(
      redact::decrypt(view(text, size), {{key, key_size}, view(session, session_size)}), out);
}

uint32_t sr_redact_stream_new(const uint8_t* call, uint32_t call_size, sr_out* out) {
  auto stream = std::make_unique<redact::RedactStream>(view(call, call_size));
  return give_u32(handles<redact::RedactStream>().add(std::move(stream)), out);
}

void sr_redact_stream_free(uint32_t stream) { handles<redact::RedactStream>().remove(stream); }

uint32_t sr_redact_stream_push(uint32_t stream, uint32_t redactor, uint32_t vault,
                               const uint8_t* piece, uint32_t size, uint32_t is_last, sr_out* out) {
  redact::RedactStream* found = handles<redact::RedactStream>().find(stream);
  const Session session = find_session(redactor, vault);
  if (!found || !session.detector) return fail(ErrorCode::kBadArgument, out);
  const auto emitted = found->push(*session.redactor, session.detector, session.vault,
                                   view(piece, size), is_last != 0);
  if (!emitted) return fail(emitted.error(), out);
  if (emitted->text.empty() && emitted->records.empty()) return give({}, out);
  return give(pack(emitted->records, emitted->text), out);
}

uint32_t sr_restore_stream_new(sr_out* out) {
  return give_u32(handles<redact::RestoreStream>().add(std::make_unique<redact::RestoreStream>()),
                  out);
}

void sr_restore_stream_free(uint32_t stream) { handles<redact::RestoreStream>().remove(stream); }

uint32_t sr_restore_stream_push(uint32_t stream, uint32_t vault, const uint8_t* piece,
                                uint32_t size, uint32_t is_last, sr_out* out) {
  redact::RestoreStream* found = handles<redact::RestoreStream>().find(stream);
  Vault* session = handles<Vault>().find(vault);
  if (!found || !session) return fail(ErrorCode::kBadArgument, out);
  return give_restored(found->push(view(piece, size), is_last != 0, session), out);
}

}  // extern "C"
