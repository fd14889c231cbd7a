// SPDX-License-Identifier: Apache-2.0
// Profiles: groups of rules by what the text is.
#pragma once

#include <string_view>

#include "detect/rules.h"

namespace subrosa::detect {

using ProfileTest = bool (*)(const Rule&);

/// `chat` (all but what prose is full of), `logs`, `payments`, `secrets`; null for another name.
ProfileTest find_profile(std::string_view name);

}  // namespace subrosa::detect
