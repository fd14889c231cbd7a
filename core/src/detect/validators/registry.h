// SPDX-License-Identifier: Apache-2.0
// One function a file of validators: its table, listed in tables.inc.
#pragma once

#include "detect/candidate.h"

namespace subrosa::detect {

#define TABLE(name) std::span<const NamedValidator> africa_validators();
std::span<const NamedValidator> china_validators();
std::span<const NamedValidator> crypto_address_validators();
std::span<const NamedValidator> date_validators();
std::span<const NamedValidator> device_validators();
std::span<const NamedValidator> east_asia_validators();
std::span<const NamedValidator> europe_central_validators();
std::span<const NamedValidator> europe_west_validators();
std::span<const NamedValidator> finance_validators();
std::span<const NamedValidator> latin_america_validators();
std::span<const NamedValidator> middle_east_validators();
std::span<const NamedValidator> network_validators();
std::span<const NamedValidator> north_america_validators();
std::span<const NamedValidator> oceania_validators();
std::span<const NamedValidator> passwords_validators();
std::span<const NamedValidator> person_validators();
std::span<const NamedValidator> phone_validators();
std::span<const NamedValidator> secrets_validators();
std::span<const NamedValidator> south_asia_validators();
std::span<const NamedValidator> south_east_asia_validators();
#include "detect/validators/tables.inc"
#undef TABLE
std::span<const NamedValidator> africa_validators();
std::span<const NamedValidator> china_validators();
std::span<const NamedValidator> crypto_address_validators();
std::span<const NamedValidator> date_validators();
std::span<const NamedValidator> device_validators();
std::span<const NamedValidator> east_asia_validators();
std::span<const NamedValidator> europe_central_validators();
std::span<const NamedValidator> europe_west_validators();
std::span<const NamedValidator> finance_validators();
std::span<const NamedValidator> latin_america_validators();
std::span<const NamedValidator> middle_east_validators();
std::span<const NamedValidator> network_validators();
std::span<const NamedValidator> north_america_validators();
std::span<const NamedValidator> oceania_validators();
std::span<const NamedValidator> person_validators();
std::span<const NamedValidator> south_asia_validators();
std::span<const NamedValidator> south_east_asia_validators();

/// Null when no validator has this name.
Validator find_validator(std::string_view name);

}  // namespace subrosa::detect
