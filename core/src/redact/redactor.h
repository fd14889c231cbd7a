// SPDX-License-Identifier: Apache-2.0
// Redaction: the findings of a text, each changed by its operator.
//
//   auto redactor = Redactor::create(detector->rules(), "");
//   Vault vault;
//   auto redacted = redactor->redact(detector, "write to ann@example.org", {}, &vault);
//   redacted->text == "write to [EMAIL_ADDRESS_1]"
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "detect/detector.h"
#include "redact/operators.h"
#include "redact/vault.h"
#include "subrosa/result.h"

namespace subrosa::redact {

/// A piece of the text and what it became.
struct Change {
  detect::Finding finding;      // bytes of the text
  uint32_t out_start, out_end;  // bytes of the redacted text
};

struct Redacted {
  bool is_changed = false;  // else `text` is empty, and the input stands
  std::string text;
  std::vector<Change> changes;  // by start
};

/// A change as callers see it: offsets in UTF-16 units, of the text and of the redacted text.
struct Record {
  uint32_t rule, start, end, score, flags, out_start, out_end;
};

/// Changes of `text`, which became `out`.
std::vector<Record> records_of(const std::vector<Change>& changes, std::string_view text,
                               std::string_view out);

class Redactor {
 public:
  /// options: JSON as RedactorOptions in js/src/redact.ts has it, or empty: replace everywhere.
  /// Errors: bad_format, bad_argument and unknown_id with the JSON pointer.
  static Result<Redactor> create(const std::vector<detect::Rule>& rules, std::string_view options);

  /// Redacts with the detector whose rules were given. What comes out holds no finding of what was
  /// asked for, but where an operator keeps a value or its shape. vault: the session's, or null.
  /// Errors: those of Detector::detect, too_long when the vault is full.
  Result<Redacted> redact(detect::Detector* detector, std::string_view text, std::string_view call,
                          Vault* vault) const;

  /// What a rule's findings become.
  const Operator& of(uint32_t rule) const { return operators_[by_rule_[rule]]; }

  /// Tells a vault the entities that are not built in.
  void add_labels(Vault* vault) const;

 private:
  explicit Redactor(const std::vector<detect::Rule>& rules)
      : operators_(1), by_rule_(rules.size()) {}

  using Rules = std::vector<detect::Rule>;
  Result<bool> set(const Rules& rules, const nlohmann::json& object, const std::string& pointer);
  Result<bool> set_recipient(const Rules& rules, const nlohmann::json& options,
                             const nlohmann::json* recipient);
  Result<bool> assign(const Rules& rules, const nlohmann::json& named, const std::string& pointer);

  std::vector<Operator> operators_;  // the first is the default
  std::vector<uint32_t> by_rule_;    // index in operators_
  std::vector<std::string> own_entities_;
};

}  // namespace subrosa::redact
