// SPDX-License-Identifier: Apache-2.0
// Operators: what stands in a value's place.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "detect/rules.h"
#include "seal/bytes.h"
#include "subrosa/result.h"

namespace subrosa::redact {

enum class OperatorKind : uint8_t {
  kReplace,
  kMask,
  kRedact,
  kHash,
  kEncrypt,
  kSurrogate,
  kGeneralize,
  kKeep
};

struct Operator {
  OperatorKind kind = OperatorKind::kReplace;
  std::string before = "[", after = "]";  // kReplace: what stands around '{entity}_{n}'
  bool is_numbered = true;                // kReplace: else `before` is the whole, the same for all
  std::string character = "*";            // kMask: one character
  uint32_t keep_start = 0, keep_end = 0;  // kMask: letters and digits that stay
  uint32_t length = 16;                   // kHash: hexadecimal digits
  seal::SecretBytes key;                  // kHash, kEncrypt
  std::string session;                    // kEncrypt: what the values are bound to

  bool needs_number() const {
    return (kind == OperatorKind::kReplace && is_numbered) || kind == OperatorKind::kSurrogate;
  }
  /// Whether what it puts in a value's place may be a finding by its nature.
  bool may_be_found() const {
    return needs_number() || kind == OperatorKind::kGeneralize || kind == OperatorKind::kKeep;
  }
};

/// From its name, or an object as Operator in js/src/redact.ts has it. `pointer` names its place
/// for errors: unknown_id for the operator's name or an option, bad_argument for an option's value.
Result<Operator> parse_operator(const nlohmann::json& json, const std::string& pointer);

struct Value {
  const detect::Rule* rule;
  std::string_view text;
  std::string_view regions;  // see same_value
};

/// What takes the value's place. number: the value's own in the session, for those operators that
/// need one.
std::string apply(const Operator& op, const Value& value, uint32_t number);

/// The placeholder of a number.
std::string placeholder(const Operator& op, std::string_view entity, uint32_t number);

}  // namespace subrosa::redact
