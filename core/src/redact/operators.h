// SPDX-License-Identifier: Apache-2.0
// Operators: what stands in a value's place.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "redact/vault.h"
#include "seal/bytes.h"
#include "subrosa/result.h"

namespace subrosa::redact {

enum class OperatorKind : uint8_t { kReplace, kMask, kRedact, kHash, kKeep };

struct Operator {
  OperatorKind kind = OperatorKind::kReplace;
  std::string before = "[", after = "]";  // kReplace: what stands around '{entity}_{n}'
  bool is_numbered = true;                // kReplace: else `before` is the whole, the same for all
  std::string character = "*";            // kMask: one character
  uint32_t keep_start = 0, keep_end = 0;  // kMask: letters and digits that stay
  uint32_t length = 16;                   // kHash: hexadecimal digits
  seal::SecretBytes key;                  // kHash
};

/// From its name, or an object as Operator in js/src/redact.ts has it. `pointer` names its place
/// for errors: unknown_id for the operator's name or an option, bad_argument for an option's value.
Result<Operator> parse_operator(const nlohmann::json& json, const std::string& pointer);

struct Value {
  std::string_view entity, category, text;
};

struct Replacement {
  std::string text;
  uint32_t number = 0;  // of its placeholder; 0 for other operators
};

/// What takes the value's place. Errors: too_long when the vault is full.
Result<Replacement> apply(const Operator& op, const Value& value, Vault* vault);

/// The placeholder of a number.
std::string placeholder(const Operator& op, std::string_view entity, uint32_t number);

}  // namespace subrosa::redact
