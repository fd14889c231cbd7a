// SPDX-License-Identifier: Apache-2.0
#include "detect/validators/registry.h"

namespace subrosa::detect {

Validator find_validator(std::string_view name) {
#define TABLE(table)                            \
  for (const NamedValidator& entry : table()) { \
    if (entry.name == name) return entry.run;   \
  }
#include "detect/validators/tables.inc"
#undef TABLE
  return nullptr;
}

}  // namespace subrosa::detect
