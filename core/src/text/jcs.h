// SPDX-License-Identifier: Apache-2.0
// Canonical JSON (RFC 8785, JCS) for what is hashed and signed. Of numbers only the integers that
// JavaScript holds exactly are allowed, so that no two implementations can disagree about one.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "subrosa/result.h"

namespace subrosa::text {

/// The canonical form of a JSON text. kBadFormat: not JSON, a key that occurs twice, more than 64
/// levels. kBadArgument: a fraction, an exponent, or an integer beyond 2^53 - 1.
Result<std::string> canonicalize(std::string_view json);

/// The canonical form of a value in memory; the same limits, and strings must be UTF-8.
Result<std::string> canonical(const nlohmann::json& value);

}  // namespace subrosa::text
