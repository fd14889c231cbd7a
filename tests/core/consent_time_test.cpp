#include <catch2/catch.hpp>

#include "consent/time.h"

using namespace subrosa::consent;

namespace {

Seconds at(std::string_view text) {
  Seconds time = 0;
  REQUIRE(parse_time(text, &time));
  return time;
}

std::string later(std::string_view text, std::string_view period) {
  Period parsed;
  REQUIRE(parse_period(period, &parsed));
  return format_time(add(at(text), parsed));
}

}  // namespace

TEST_CASE("time: RFC 3339 both ways", "[consent]") {
  REQUIRE(at("1970-01-01T00:00:00Z") == 0);
  REQUIRE(at("2026-04-02T08:00:09Z") == 1775116809);
  REQUIRE(at("2000-02-29T23:59:59Z") == 951868799);
  REQUIRE(at("2105-12-31T23:59:59Z") == 4291747199);
  for (Seconds day = 0; day < 49673; ++day) {
    const Seconds time = day * 86400 + day % 86400;
    REQUIRE(at(format_time(time)) == time);
  }
}

TEST_CASE("time: anything but UTC in whole seconds is refused", "[consent]") {
  Seconds time = 0;
  for (const char* text :
       {"", "2026-04-02", "2026-04-02T08:00:09+00:00", "2026-04-02T08:00:09.0Z",
        "2026-4-02T08:00:09Z", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-01T24:00:00Z",
        "2026-01-01T00:60:00Z", "2026-01-01T00:00:60Z", "1969-12-31T23:59:59Z",
        "2106-01-01T00:00:00Z", "2026-04-02t08:00:09Z", "2026-04-02T08:00:09z"}) {
    REQUIRE_FALSE(parse_time(text, &time));
  }
}

TEST_CASE("time: periods follow the calendar", "[consent]") {
  REQUIRE(later("2026-04-02T08:00:09Z", "P12M") == "2027-04-02T08:00:09Z");
  REQUIRE(later("2024-02-29T00:00:00Z", "P1Y") == "2025-02-28T00:00:00Z");
  REQUIRE(later("2026-01-31T12:00:00Z", "P1M") == "2026-02-28T12:00:00Z");
  REQUIRE(later("2026-12-31T12:00:00Z", "P2W1D") == "2027-01-15T12:00:00Z");
  REQUIRE(later("2026-03-01T00:00:00Z", "P90D") == "2026-05-30T00:00:00Z");
}

TEST_CASE("time: a period that is malformed, empty or endless is refused", "[consent]") {
  Period period;
  for (const char* text : {"", "P", "P0D", "12M", "P12", "PM", "P1D1M", "P1M1M", "PT1H", "P1.5D",
                           "P-1D", "P1201M", "P99999Y", "P100000D", "P1m"}) {
    REQUIRE_FALSE(parse_period(text, &period));
  }
}
