// SPDX-License-Identifier: Apache-2.0
// The canonical form of a JSON value, RFC 8785 (JCS), for values without fractions.
#pragma once

#include <string>

#include "json/strict.h"

namespace subrosa {

/// The canonical bytes of a value that parse_strict() accepts: keys by their UTF-16 code units
/// (section 3.2.3), no white space, the shortest escapes (section 3.2.2.2).
std::string canonical(const Json& value);

}  // namespace subrosa
