// SPDX-License-Identifier: Apache-2.0
#include "detect/validators/registry.h"

namespace subrosa::detect {

Validator find_validator(std::string_view name) {
  for (const auto table : {global_validators(), north_america_validators()}) {
    for (const NamedValidator& entry : table) {
      if (entry.name == name) return entry.run;
    }
  }
  return nullptr;
}

}  // namespace subrosa::detect
