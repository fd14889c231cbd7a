// SPDX-License-Identifier: Apache-2.0
// Restoring: placeholders back to the values that they stand for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "redact/placeholder.h"
#include "redact/vault.h"
#include "subrosa/result.h"

namespace subrosa::redact {

struct Restored {
  bool is_changed = false;  // else `text` is empty, and the input stands
  std::string text;
  uint32_t count = 0;          // of placeholders that were restored
  std::vector<Range> unknown;  // those that the vault does not know, bytes of the input
};

/// Puts the values back. One pass: what a value holds is not looked at again. Errors: bad_utf8.
Result<Restored> restore(std::string_view text, Vault* vault);

}  // namespace subrosa::redact
