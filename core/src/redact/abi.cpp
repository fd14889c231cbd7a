// SPDX-License-Identifier: Apache-2.0
#include "abi.h"

#include "detect/handles.h"
#include "redact/redactor.h"
#include "redact/restore.h"
#include "text/utf8.h"

namespace {

using namespace subrosa;
using namespace subrosa::abi;
using redact::Vault;

/// A redactor belongs to a scanner: its operators are by that one's rules.
struct Bound {
  uint32_t scanner;
  redact::Redactor redactor;
};

Handles<Bound>& redactors() {
  static Handles<Bound> handles;
  return handles;
}

Handles<Vault>& vaults() {
  static Handles<Vault> handles;
  return handles;
}

void put_u32(uint32_t value, std::string* out) {
  out->append(reinterpret_cast<const char*>(&value), sizeof value);
}

std::string pack_redacted(const redact::Redacted& redacted, std::string_view text) {
  std::string out;
  put_u32(static_cast<uint32_t>(redacted.changes.size()), &out);
  text::Utf16Cursor before(text), after(redacted.text);
  for (const redact::Change& change : redacted.changes) {
    const detect::Finding& f = change.finding;
    put_u32(f.rule, &out);
    put_u32(before.at(f.start), &out);
    put_u32(before.at(f.end), &out);
    put_u32(f.score, &out);
    put_u32(f.flags, &out);
    put_u32(after.at(change.out_start), &out);
    put_u32(after.at(change.out_end), &out);
  }
  return out.append(redacted.text);
}

std::string pack_restored(const redact::Restored& restored, std::string_view text) {
  std::string out;
  put_u32(restored.is_changed, &out);
  put_u32(restored.count, &out);
  put_u32(static_cast<uint32_t>(restored.unknown.size()), &out);
  text::Utf16Cursor cursor(text);
  for (const redact::Range& range : restored.unknown) {
    put_u32(cursor.at(range.start), &out);
    put_u32(cursor.at(range.end), &out);
  }
  return out.append(restored.text);
}

}  // namespace

extern "C" {

uint32_t sr_redactor_new(uint32_t scanner, const uint8_t* options, uint32_t options_size,
                         sr_out* out) {
  const detect::Detector* detector = detectors().find(scanner);
  if (!detector) return fail(ErrorCode::kBadArgument, out);
  auto redactor = redact::Redactor::create(detector->rules(), view(options, options_size));
  if (!redactor) return fail(redactor.error(), out);
  return give_u32(redactors().add(std::make_unique<Bound>(Bound{scanner, std::move(*redactor)})),
                  out);
}

void sr_redactor_free(uint32_t redactor) { redactors().remove(redactor); }

uint32_t sr_vault_new(sr_out* out) {
  return give_u32(vaults().add(std::make_unique<Vault>()), out);
}

void sr_vault_free(uint32_t vault) { vaults().remove(vault); }

uint32_t sr_redact(uint32_t redactor, uint32_t vault, const uint8_t* text, uint32_t size,
                   const uint8_t* call, uint32_t call_size, sr_out* out) {
  const Bound* bound = redactors().find(redactor);
  detect::Detector* detector = bound ? detectors().find(bound->scanner) : nullptr;
  Vault* session = vault ? vaults().find(vault) : nullptr;
  if (!detector || (vault && !session)) return fail(ErrorCode::kBadArgument, out);
  const auto redacted =
      bound->redactor.redact(detector, view(text, size), view(call, call_size), session);
  if (!redacted) return fail(redacted.error(), out);
  if (!redacted->is_changed) return give({}, out);
  return give(pack_redacted(*redacted, view(text, size)), out);
}

uint32_t sr_restore(uint32_t vault, const uint8_t* text, uint32_t size, sr_out* out) {
  Vault* session = vaults().find(vault);
  if (!session) return fail(ErrorCode::kBadArgument, out);
  const auto restored = redact::restore(view(text, size), session);
  if (!restored) return fail(restored.error(), out);
  if (!restored->is_changed && restored->unknown.empty()) return give({}, out);
  return give(pack_restored(*restored, view(text, size)), out);
}

}  // extern "C"
