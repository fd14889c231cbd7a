// SPDX-License-Identifier: Apache-2.0
// Moments as whole seconds since 1970-01-01T00:00:00Z, and calendar periods. The core has no clock:
// the present is always an argument.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace subrosa::consent {

using Seconds = int64_t;

/// Reads "2026-04-02T08:00:00Z" (RFC 3339, UTC, whole seconds, years 1970 to 2105, which a u32 of
/// seconds holds). False for anything else.
bool parse_time(std::string_view text, Seconds* time);
std::string format_time(Seconds time);

/// An ISO 8601 duration of whole years, months, weeks, days, up to 100 years.
struct Period {
  uint32_t months = 0;
  uint32_t days = 0;
};

/// Reads "P12M", "P1Y6M", "P90D", "P2W". False for anything else, and for nothing at all ("P0D").
bool parse_period(std::string_view text, Period* period);

std::string format_period(const Period& period);

/// The moment a period later. 31 January and a month is the last day of February.
Seconds add(Seconds time, const Period& period);

}  // namespace subrosa::consent
