// SPDX-License-Identifier: Apache-2.0
// A scanner with its owner's choices: which entities and regions, thresholds, own rules, allow and
// deny lists.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "detect/horizon.h"
#include "detect/scanner.h"
#include "subrosa/result.h"

namespace subrosa::detect {

/// Options of a call for a text that does not begin here: the turn before is not right before it.
std::string without_previous(const std::string& call);

class Detector {
 public:
  /// options: JSON as ScannerOptions in js/src/detect.ts has it; empty for all rules and the
  /// default threshold. Errors: bad_format and unknown_id with the JSON pointer, or the rule's id
  /// and field.
  static Result<std::unique_ptr<Detector>> create(std::string_view options);

  /// Findings by start. call: JSON as DetectOptions has it, or empty. beaten: gets what lost an
  /// overlap or is on the list of what is allowed.
  Result<std::vector<Finding>> detect(std::string_view text, std::string_view call,
                                      std::vector<Finding>* beaten = nullptr);

  const std::vector<Rule>& rules() const { return scanner_->rules(); }
  const Scanner& scanner() const { return *scanner_; }
  /// Whose telephone numbers may go without a code, where a call does not say it: "US,CA".
  const std::string& regions() const { return regions_; }
  /// For texts that go on, or are edited. Made when first needed.
  Horizon& horizon();

 private:
  struct Call;
  Result<Call> parse_call(std::string_view json) const;
  bool stands(const Finding& finding, std::string_view text) const;

  std::unique_ptr<Scanner> scanner_;
  std::unique_ptr<Horizon> horizon_;
  RuleSet enabled_;
  std::vector<uint16_t> thresholds_;  // by rule, thousandths; 0 for the common one
  bool has_thresholds_ = false;
  uint16_t min_score_ = 400;
  bool named_ = false;                     // whether enabled_ is what the caller named
  std::string regions_;                    // "US,CA"
  std::unordered_set<std::string> allow_;  // exact values that are never reported
};

}  // namespace subrosa::detect
