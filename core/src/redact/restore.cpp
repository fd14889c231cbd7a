// SPDX-License-Identifier: Apache-2.0
#include "redact/restore.h"

#include <algorithm>

#include "text/utf8.h"

namespace subrosa::redact {

Result<Restored> restore(std::string_view text, Vault* vault) {
  if (const size_t bad = text::find_ill_formed(text); bad != std::string_view::npos)
    return Error{ErrorCode::kBadUtf8, static_cast<uint32_t>(bad), {}};
  Restored restored;
  if (!may_hold_token(text)) return restored;
  uint32_t at = 0;
  for (const Token& token : find_tokens(text, vault->own_labels())) {
    const Vault::Entry* entry = vault->find(token.entity, token.number);
    if (!entry) {
      restored.unknown.push_back(token.range[0]);
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
  if (restored.is_changed) restored.text.append(text.substr(at));
  return restored;
}

}  // namespace subrosa::redact
