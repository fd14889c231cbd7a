// SPDX-License-Identifier: Apache-2.0
// What other subjects' ABI functions share with detection's.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "abi.h"
#include "detect/detector.h"

namespace subrosa::abi {

constexpr size_t kRecordBytes = 20;

/// Findings as records of five u32: rule, start, end (UTF-16 units), score in thousandths, flags.
std::string pack(const std::vector<detect::Finding>& findings, std::string_view text);

}  // namespace subrosa::abi
