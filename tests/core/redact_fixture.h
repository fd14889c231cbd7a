// What the tests of redaction share.
#pragma once

#include <catch2/catch.hpp>

#include "detect/detector.h"

/// All rules, compiled once.
inline subrosa::detect::Detector& detector() {
  static const auto all = subrosa::detect::Detector::create("");
  REQUIRE(all);
  return **all;
}
