// SPDX-License-Identifier: Apache-2.0
// One function a file of validators: its table. registry.cpp joins them.
#pragma once

#include "detect/candidate.h"

namespace subrosa::detect {

std::span<const NamedValidator> global_validators();
std::span<const NamedValidator> north_america_validators();

/// Null when no validator has this name.
Validator find_validator(std::string_view name);

}  // namespace subrosa::detect
