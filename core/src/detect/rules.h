// SPDX-License-Identifier: Apache-2.0
// Rules as data: the built-in ones and a user's own are the same JSON, read by the same code.
#pragma once

#include <algorithm>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "detect/candidate.h"
#include "subrosa/result.h"

namespace subrosa::detect {

enum class Bounds : uint8_t {
  kWord,    // no letter, digit or underscore is glued to an end that is one
  kNumber,  // and no further digits through one of - . , : /
  kNone,
};

struct Pattern {
  std::string name;
  std::string regex;
  std::string
      prefix;  // comes before the regex and belongs to the finding; matched backwards from it
  std::string after;        // must match right before the finding; empty for none
  std::string before;       // must match right after it; empty for none
  uint16_t score = 0;       // thousandths, of the bare pattern
  uint16_t checked = 1000;  // thousandths, once the validator confirms
  Bounds bounds = Bounds::kWord;
};

struct Rule {
  std::string entity;
  std::string kind;  // of a SECRET: which; else empty
  std::string category;
  std::vector<std::string> regions;  // ISO 3166-1 alpha-2, or "*"
  std::vector<Pattern> patterns;
  Validator validator = nullptr;
  uint32_t least_digits = 0;              // that the validator asks for
  std::vector<std::string> context;       // words that lift the score
  std::vector<std::string> deny_context;  // words that refuse it
  int priority = 0;                       // the more specific of two equals wins

  /// What a match of this pattern scores at most without context.
  uint16_t best_score(size_t pattern) const {
    const Pattern& p = patterns[pattern];
    return validator ? std::max(p.score, p.checked) : p.score;
  }
};

/// Parses an array of a user's rules. Errors: bad_format and unknown_id; bad_argument for a
/// validator, since each trusts what its own rule's patterns let through; too_long beyond the
/// limits below. `where` names the rule and the field.
Result<std::vector<Rule>> parse_rules(const nlohmann::json& list);

/// What keeps the time and memory of a user's rules within bounds.
inline constexpr size_t kMaxExpression = 2048;          // bytes of a regex, prefix, after, before
inline constexpr size_t kMaxPatterns = 1024;            // of all the rules together
inline constexpr uint64_t kMaxInstructions = 1u << 20;  // of all the patterns together

/// The rules that come with the core.
const std::vector<Rule>& built_in_rules();

}  // namespace subrosa::detect
