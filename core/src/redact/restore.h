// SPDX-License-Identifier: Apache-2.0
// Restoring: placeholders back to the values that they stand for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "redact/value.h"
#include "redact/vault.h"
#include "subrosa/result.h"

namespace subrosa::redact {

struct Restored {
  bool is_changed = false;  // else `text` is empty, and the input stands
  std::string text;
  uint32_t count = 0;                // of placeholders that were restored
  std::vector<std::string> unknown;  // those that the vault does not know, as they are written
};

/// Puts the values back. One pass: what a value holds is not looked at again. Errors: bad_utf8.
Result<Restored> restore(std::string_view text, Vault* vault);

/// The same for a reply that comes in pieces. However it is cut, what comes out is that of the
/// whole. Held back is what may yet turn out to be a placeholder: at most kMaxHold bytes of the
/// canonical view (which has no hidden marks).
class RestoreStream {
 public:
  static constexpr uint32_t kMaxHold = 256;

  /// Takes a piece, whole code points; gives what is decided, `text` always set. Errors: bad_utf8,
  /// too_long.
  Result<Restored> push(std::string_view piece, bool is_last, Vault* vault);

 private:
  SecretString buffer_;
  uint32_t from_ = 0;  // what is before it in the buffer went out, and is looked back at
  size_t wait_ = 0;    // nothing is decided before there are so many bytes
};

}  // namespace subrosa::redact
