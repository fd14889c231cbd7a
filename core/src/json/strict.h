// SPDX-License-Identifier: Apache-2.0
// JSON read strictly: what two readers might understand differently is refused.
//
//   Result<Json> document = parse_strict(bytes);
//   Error error;
//   Fields fields(*document, "", &error);
//   std::string id = fields.text("policy_id");
//   fields.finish();  // a key that nobody asked for is an error
//   if (error.code != ErrorCode::kOk) return error;
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "subrosa/result.h"

namespace subrosa {

using Json = nlohmann::json;

/// Parses one JSON value (RFC 8259). Refused besides syntax errors: a key that comes twice, a
/// fraction or exponent, an integer beyond 2^53 - 1, nesting deeper than 16, more than 1 MiB.
/// The error's `where` is a JSON pointer (RFC 6901), its `at` a byte offset for syntax errors.
Result<Json> parse_strict(std::string_view text);

/// A JSON pointer with one more step.
std::string pointer_to(std::string_view parent, std::string_view key);
std::string pointer_to(std::string_view parent, size_t index);

/// Reads the members of an object. The first problem goes to `*error` and stays there; reads after
/// it give empty values. The object and the error must outlive the reader.
class Fields {
 public:
  Fields(const Json& value, std::string pointer, Error* error);

  /// Text of 1 to `limit` bytes.
  std::string text(const char* key, size_t limit = 256);
  /// The same, or "" where the key is absent.
  std::string optional_text(const char* key, size_t limit = 256);
  /// One of `names`, as its index.
  uint32_t choice(const char* key, std::span<const std::string_view> names);
  /// An integer from 0 to `limit`.
  uint64_t number(const char* key, uint64_t limit);
  bool flag(const char* key);
  /// The same, or false where the key is absent.
  bool optional_flag(const char* key);
  /// An array of at most `limit` members; null where it is absent or wrong. `least` 0 makes it
  /// optional.
  const Json* list(const char* key, size_t limit, size_t least);
  /// An array of different texts.
  std::vector<std::string> texts(const char* key, size_t limit, size_t least);
  /// A member of any type, or null.
  const Json* member(const char* key, bool required);

  bool has(const char* key) const;
  /// Where a member is.
  std::string at(const char* key) const { return pointer_to(pointer_, key); }
  const std::string& pointer() const { return pointer_; }
  Error* error() const { return error_; }
  bool failed() const { return error_->code != ErrorCode::kOk; }
  /// Notes a problem with a member.
  void refuse(const char* key, ErrorCode code = ErrorCode::kBadFormat);
  /// Refuses the keys that were never asked for.
  void finish();

 private:
  const Json* object_ = nullptr;
  std::string pointer_;
  Error* error_;
  std::vector<std::string_view> known_;
};

/// Notes the first problem.
void refuse(Error* error, std::string where, ErrorCode code = ErrorCode::kBadFormat);

}  // namespace subrosa
