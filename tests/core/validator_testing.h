// One line a validator: what it must say of each of these matches.
#pragma once

#include <catch2/catch.hpp>
#include <initializer_list>
#include <string>

#include "detect/validators/registry.h"

namespace subrosa::detect {

inline void require_verdict(std::string_view validator, Verdict expected,
                            std::initializer_list<std::string_view> matches) {
  const Validator run = find_validator(validator);
  REQUIRE(run != nullptr);
  for (std::string_view match : matches) {
    INFO(validator << ": " << match);
    REQUIRE(run({match, 0, static_cast<uint32_t>(match.size()), ""}) == expected);
  }
}

inline void require_confirmed(std::string_view validator,
                              std::initializer_list<std::string_view> matches) {
  require_verdict(validator, Verdict::kConfirm, matches);
}

inline void require_neutral(std::string_view validator,
                            std::initializer_list<std::string_view> matches) {
  require_verdict(validator, Verdict::kNeutral, matches);
}

inline void require_rejected(std::string_view validator,
                             std::initializer_list<std::string_view> matches) {
  require_verdict(validator, Verdict::kReject, matches);
}

}  // namespace subrosa::detect
