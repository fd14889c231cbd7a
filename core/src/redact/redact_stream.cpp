// SPDX-License-Identifier: Apache-2.0
#include "redact/redact_stream.h"

#include <algorithm>
#include <optional>

#include "detect/horizon.h"
#include "redact/pass.h"
#include "redact/placeholder.h"
#include "text/utf8.h"
#include "text/view.h"

namespace subrosa::redact {
namespace {

using detect::Horizon;

/// A place before `start`, a character's, after which context counts words anew: behind a space, a
/// comma or the like, if there is one near.
std::optional<uint32_t> count_start(std::string_view text, uint32_t start) {
  const uint32_t least = start > Horizon::kManifest ? start - Horizon::kManifest : 0;
  for (uint32_t at = start; at > least;) {
    const uint32_t before = detect::character_at(text, at - 1);
    if (detect::parts_words(text.substr(before, at - before))) return at;
    at = before;
  }
  return std::nullopt;
}

}  // namespace

/// What lies before it is decided, whatever follows.
uint32_t RedactStream::limit(detect::Detector* detector, const Vault& vault) const {
  const std::string_view text(buffer_);
  const text::View view(text);
  const std::string_view shown = view.text();
  uint32_t at = detector->horizon().undecided(shown, detect::offset_in(view, from_));
  const auto size = static_cast<uint32_t>(shown.size());
  at = std::min(at, size - std::min(size, Horizon::kEdge));
  uint32_t limit = view.original(detect::character_at(shown, at));
  if (may_hold_token(text))
    limit = std::min(limit, scan_tokens(text, vault.own_labels(), from_, false).decided);
  return std::max(limit, from_);
}

Result<RedactStream::Emitted> RedactStream::push(const Redactor& redactor,
                                                 detect::Detector* detector, Vault* vault,
                                                 std::string_view piece, bool is_last) {
  if (const size_t bad = text::find_ill_formed(piece); bad != std::string_view::npos)
    return Error{ErrorCode::kBadUtf8, static_cast<uint32_t>(bad), {}};
  if (piece.size() > detect::Scanner::kMaxText - buffer_.size()) return ErrorCode::kTooLong;
  buffer_.append(piece);
  if (!is_last && buffer_.size() < wait_) return Emitted{};
  if (!vault) vault = &own_;
  redactor.add_labels(vault);
  const uint32_t end = is_last ? Pass::kWhole : limit(detector, *vault);
  Emitted emitted;
  if (end > from_ || is_last) {
    auto passed = pass(redactor, detector, vault, end);
    if (!passed) return passed.error();
    emitted = std::move(*passed);
  }
  // So much more at a time that reading again what is held back costs little.
  const size_t held = buffer_.size() - from_;
  const size_t block = piece.size() < kLargePiece ? kLeastBlock : kLargeBlock;
  wait_ = buffer_.size() + std::max(block, held / 8);
  return emitted;
}

Result<RedactStream::Emitted> RedactStream::pass(const Redactor& redactor,
                                                 detect::Detector* detector, Vault* vault,
                                                 uint32_t limit) {
  const std::string_view text(buffer_);
  std::vector<detect::Finding> beaten;
  auto findings = detector->detect(text, call_, &beaten);
  if (!findings) return findings.error();
  Pass pass(redactor, detector, text, call_, vault);
  auto redacted = pass.run(*findings, beaten, {from_, limit});
  if (!redacted) return redacted.error();

  Emitted out;
  out.text = redacted->is_changed ? std::move(redacted->text)
                                  : std::string(text.substr(from_, pass.cut() - from_));
  out.records = records_of(redacted->changes, text, out.text);
  for (Record& record : out.records) {
    record.start += units_before_;
    record.end += units_before_;
  }
  from_ = pass.cut();
  forget();
  return out;
}

/// Drops what is too far back to matter.
void RedactStream::forget() {
  if (from_ <= Horizon::kAround) return;
  const std::string_view done = std::string_view(buffer_).substr(0, from_);
  const auto at = [&](uint32_t back) { return detect::shown_before(done, from_, back); };
  const uint32_t start =
      count_start(done, at(Horizon::behind(done))).value_or(at(Horizon::kManifest));
  if (start == 0) return;
  if (units_before_ == 0) call_ = detect::without_previous(call_);
  units_before_ += text::utf16_length(done.substr(0, start));
  buffer_.erase(0, start);
  from_ -= start;
}

}  // namespace subrosa::redact
