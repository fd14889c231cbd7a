// SPDX-License-Identifier: Apache-2.0
// Result<T>: a value, or a code and a place. Never a message made of input: it might be the secret.
//
//   Result<Policy> policy = parse_policy(bytes);
//   if (!policy) return policy.error();
//   use(*policy);
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>

#include "error_codes.inc"

namespace subrosa {

struct Error {
  ErrorCode code = ErrorCode::kOk;
  uint32_t at = 0;    // byte offset in the input, 0 where there is none
  std::string where;  // JSON pointer into the input, or a rule's id and field; may be empty
};

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}
  Result(ErrorCode code) : state_(std::in_place_index<1>, Error{code, 0, {}}) {}

  explicit operator bool() const { return state_.index() == 0; }
  T& operator*() { return *std::get_if<0>(&state_); }
  const T& operator*() const { return *std::get_if<0>(&state_); }
  T* operator->() { return std::get_if<0>(&state_); }
  const T* operator->() const { return std::get_if<0>(&state_); }
  const Error& error() const { return *std::get_if<1>(&state_); }

 private:
  std::variant<T, Error> state_;
};

}  // namespace subrosa
