// SPDX-License-Identifier: Apache-2.0
// Surrogates: plausible values of the same shape that belong to nobody.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "detect/rules.h"

namespace subrosa::redact {

/// Made of the value's number in the session and its shape, never of its characters. From a range
/// that is reserved for examples (RFC 2606, RFC 5737, RFC 3849, RFC 7042, 555-01xx telephone
/// numbers), or with a check digit that is wrong.
std::string surrogate(const detect::Rule& rule, std::string_view value, uint32_t number);

}  // namespace subrosa::redact
