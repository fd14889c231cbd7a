// SPDX-License-Identifier: Apache-2.0
// One function a file of validators: its table, listed in tables.inc.
#pragma once

#include "detect/candidate.h"

namespace subrosa::detect {

#define TABLE(name) std::span<const NamedValidator> name();
#include "detect/validators/tables.inc"
#undef TABLE

/// Null when no validator has this name.
const NamedValidator* find_named_validator(std::string_view name);
Validator find_validator(std::string_view name);

}  // namespace subrosa::detect
