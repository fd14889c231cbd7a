// SPDX-License-Identifier: Apache-2.0
// Generalised values: what stays useful when the value must go.
#pragma once

#include <string>
#include <string_view>

namespace subrosa::redact {

/// A date becomes its year, an age a band of ten years, an IP address its network (/24, /48), a
/// coordinate one decimal, a postcode its first half, an amount its magnitude; anything else its
/// entity's name.
std::string generalize(std::string_view entity, std::string_view value);

}  // namespace subrosa::redact
