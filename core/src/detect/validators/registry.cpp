// SPDX-License-Identifier: Apache-2.0
#include "detect/validators/registry.h"

namespace subrosa::detect {

Validator find_validator(std::string_view name) {
  for (const auto table : {
           africa_validators(),         china_validators(),           crypto_address_validators(),
           date_validators(),           device_validators(),          east_asia_validators(),
           europe_central_validators(), europe_west_validators(),     finance_validators(),
           latin_america_validators(),  middle_east_validators(),     network_validators(),
           north_america_validators(),  oceania_validators(),         passwords_validators(),
           person_validators(),         phone_validators(),           secrets_validators(),
           south_asia_validators(),     south_east_asia_validators(),
       }) {
    for (const NamedValidator& entry : table) {
      if (entry.name == name) return entry.run;
    }
  }
  return nullptr;
}

}  // namespace subrosa::detect
