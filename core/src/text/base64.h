// SPDX-License-Identifier: Apache-2.0
// Base64 of RFC 4648 section 4, padded, one spelling for each input.
#pragma once

#include <string>
#include <string_view>

#include "subrosa/result.h"

namespace subrosa::text {

std::string base64(std::string_view bytes);

/// Fails with kBadFormat on anything that base64() would not have written: white space, missing
/// padding, bits set behind the last byte.
Result<std::string> base64_decode(std::string_view text);

}  // namespace subrosa::text
