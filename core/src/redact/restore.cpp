// SPDX-License-Identifier: Apache-2.0
#include "redact/restore.h"

#include <algorithm>

#include "detect/scanner.h"
#include "redact/placeholder.h"
#include "text/utf8.h"

namespace subrosa::redact {
namespace {

constexpr uint32_t kLookBack = 160;  // bytes

/// Puts the values of these placeholders into text[from, to).
Restored restore_tokens(std::string_view text, const std::vector<Token>& tokens, uint32_t from,
                        uint32_t to, Vault* vault) {
  Restored restored;
  uint32_t at = from;
  for (const Token& token : tokens) {
    const Vault::Entry* entry = vault->find(token.entity, token.number);
    if (!entry) {
      const Range range = token.range[0];
      restored.unknown.emplace_back(text.substr(range.start, range.end - range.start));
      continue;
    }
    if (entry->is_typed) continue;
    const Range range = token.range[token.pairs - std::min(token.pairs, entry->pairs)];
    if (range.start < at) continue;  // brackets that two placeholders share
    restored.text.append(text.substr(at, range.start - at)).append(entry->value);
    at = range.end;
    ++restored.count;
  }
  restored.is_changed = restored.count > 0;
  if (restored.is_changed) restored.text.append(text.substr(at, std::max(at, to) - at));
  return restored;
}

}  // namespace

Result<Restored> restore(std::string_view text, Vault* vault) {
  if (const size_t bad = text::find_ill_formed(text); bad != std::string_view::npos)
    return Error{ErrorCode::kBadUtf8, static_cast<uint32_t>(bad), {}};
  if (!may_hold_token(text)) return Restored{};
  return restore_tokens(text, find_tokens(text, vault->own_labels()), 0,
                        static_cast<uint32_t>(text.size()), vault);
}

Result<Restored> RestoreStream::push(std::string_view piece, bool is_last, Vault* vault) {
  if (const size_t bad = text::find_ill_formed(piece); bad != std::string_view::npos)
    return Error{ErrorCode::kBadUtf8, static_cast<uint32_t>(bad), {}};
  if (piece.size() > detect::Scanner::kMaxText - buffer_.size()) return ErrorCode::kTooLong;
  buffer_.append(piece);
  if (!is_last && buffer_.size() < wait_) return Restored{};
  const std::string_view text(buffer_);
  const TokenScan scan = scan_tokens(text, vault->own_labels(), from_, is_last);
  Restored restored = restore_tokens(text, scan.tokens, from_, scan.decided, vault);
  if (!restored.is_changed) restored.text = text.substr(from_, scan.decided - from_);
  from_ = scan.decided;
  if (from_ > kLookBack) {
    size_t forgotten = from_ - kLookBack;
    while (text::is_continuation(buffer_[forgotten])) --forgotten;
    buffer_.erase(0, forgotten);
    from_ -= static_cast<uint32_t>(forgotten);
  }
  // A flood of hidden marks is read twice, not once for every piece.
  const size_t held = buffer_.size() - from_;
  wait_ = held > kMaxHold ? from_ + 2 * held : 0;
  return restored;
}

}  // namespace subrosa::redact
