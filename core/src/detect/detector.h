// SPDX-License-Identifier: Apache-2.0
// A scanner with its owner's choices: which entities and regions, thresholds, own rules, allow and
// deny lists.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "detect/scanner.h"
#include "subrosa/result.h"

namespace subrosa::detect {

class Detector {
 public:
  /// options: JSON as ScannerOptions in js/src/detect.ts has it; empty for all rules and the
  /// default threshold. Errors: bad_format and unknown_id with the JSON pointer, or the rule's id
  /// and field.
  static Result<std::unique_ptr<Detector>> create(std::string_view options);

  /// Findings by start. call: JSON as DetectOptions has it, or empty. beaten: see ScanOptions.
  Result<std::vector<Finding>> detect(std::string_view text, std::string_view call,
                                      std::vector<Finding>* beaten = nullptr);

  const std::vector<Rule>& rules() const { return scanner_->rules(); }
  const Scanner& scanner() const { return *scanner_; }

 private:
  struct Call;
  Result<Call> parse_call(std::string_view json) const;
  bool stands(const Finding& finding, std::string_view text) const;

  std::unique_ptr<Scanner> scanner_;
  RuleSet enabled_;
  std::vector<uint16_t> thresholds_;  // by rule, thousandths; 0 for the common one
  bool has_thresholds_ = false;
  uint16_t min_score_ = 400;
  bool named_ = false;                     // whether enabled_ is what the caller named
  std::string regions_;                    // "US,CA"
  std::unordered_set<std::string> allow_;  // exact values that are never reported
};

}  // namespace subrosa::detect
