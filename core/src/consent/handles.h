// SPDX-License-Identifier: Apache-2.0
// What other subjects' ABI functions share with consent's.
#pragma once

#include "abi.h"
#include "consent/consent.h"

namespace subrosa::abi {

/// The consents that are open.
Handles<consent::Consent>& consents();

}  // namespace subrosa::abi
