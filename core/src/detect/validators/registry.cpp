// SPDX-License-Identifier: Apache-2.0
#include "detect/validators/registry.h"

namespace subrosa::detect {

const NamedValidator* find_named_validator(std::string_view name) {
#define TABLE(table)                            \
  for (const NamedValidator& entry : table()) { \
    if (entry.name == name) return &entry;      \
  }
#include "detect/validators/tables.inc"
#undef TABLE
  return nullptr;
}

Validator find_validator(std::string_view name) {
  const NamedValidator* found = find_named_validator(name);
  return found ? found->run : nullptr;
}

}  // namespace subrosa::detect
