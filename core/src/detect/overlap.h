// SPDX-License-Identifier: Apache-2.0
// Which of several findings of one place stands.
#pragma once

#include <vector>

#include "detect/scanner.h"

namespace subrosa::detect {

/// A finding within a longer one of the same rule goes into it. Of the others it keeps the best of
/// those that overlap: the higher score (with a bonus for context), then the longer, then the
/// higher priority of its rule, then the earlier, then the earlier rule: a total order. Returns
/// them by start; what lost goes to `beaten`, if given.
std::vector<Finding> resolve_overlaps(std::vector<Finding> findings, const std::vector<Rule>& rules,
                                      std::vector<Finding>* beaten);

}  // namespace subrosa::detect
