// SPDX-License-Identifier: Apache-2.0
// Original values: strings that are wiped when they are freed, and when two of them are the same.
#pragma once

#include <string>
#include <string_view>

#include "seal/bytes.h"

namespace subrosa::redact {

using SecretString = std::basic_string<char, std::char_traits<char>, seal::WipingAllocator<char>>;

/// What two ways to write the same value have in common: the case of an e-mail address, the
/// separators of a number, full-width digits; of a telephone number, whether it is written with its
/// country's code or as at home in one of `regions` ("US,CA", may be empty) and not, as another
/// number, in another one. Where case or separators tell values apart (a password, an IP address, a
/// date) only the canonical view is taken.
SecretString same_value(std::string_view entity, std::string_view category, std::string_view value,
                        std::string_view regions = {});

}  // namespace subrosa::redact
