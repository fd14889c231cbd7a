// SPDX-License-Identifier: Apache-2.0
#include "seal/context.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "seal/cbor.h"

namespace subrosa::seal {
namespace {

using nlohmann::json;

constexpr int64_t kVersion = 1;
constexpr size_t kMaxText = 128;
constexpr size_t kMaxPurposes = 32;

bool is_printable(std::string_view text) {
  return text.size() <= kMaxText &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

bool is_name(std::string_view text) { return !text.empty() && is_printable(text); }

bool is_strictly_sorted(const std::vector<std::string>& names) {
  return std::adjacent_find(names.begin(), names.end(),
                            [](const auto& a, const auto& b) { return !(a < b); }) == names.end();
}

bool is_valid(const Context& context) {
  return !context.purposes.empty() && context.purposes.size() <= kMaxPurposes &&
         std::all_of(context.purposes.begin(), context.purposes.end(), is_name) &&
         is_strictly_sorted(context.purposes) && is_name(context.policy_hash) &&
         is_name(context.record_id) && is_printable(context.ruleset_hash);
}

/// Takes members out of a JSON object by name and remembers the first that was wrong.
class Members {
 public:
  explicit Members(std::string_view text) : object_(json::parse(text, nullptr, false)) {
    if (!object_.is_object()) fail("");
  }
  std::optional<std::string> text(const char* name) {
    const json* value = find(name);
    if (!value) return std::nullopt;
    const auto* text = value->get_ptr<const std::string*>();
    if (!text || !is_name(*text)) return fail(name), std::nullopt;
    return *text;
  }
  std::optional<uint32_t> number(const char* name) {
    const json* value = find(name);
    if (!value) return std::nullopt;
    const auto* number = value->get_ptr<const json::number_unsigned_t*>();
    if (!number || *number > std::numeric_limits<uint32_t>::max()) return fail(name), std::nullopt;
    return static_cast<uint32_t>(*number);
  }
  std::vector<std::string> names(const char* name) {
    std::vector<std::string> names;
    const json* value = find(name);
    if (!value || !value->is_array() || value->empty()) fail(name);
    if (error_) return names;
    for (const json& item : *value) {
      const auto* text = item.get_ptr<const std::string*>();
      if (!text || !is_name(*text)) return fail(name), std::vector<std::string>{};
      names.push_back(*text);
    }
    std::sort(names.begin(), names.end());
    return names;
  }
  template <typename T>
  T required(const char* name, std::optional<T> value) {
    if (!value) fail(name);
    return value.value_or(T{});
  }
  void fail(const char* name) {
    if (!error_) error_ = Error{ErrorCode::kBadFormat, 0, std::string("/") + name};
  }
  /// The first failure, or that of a member that nobody asked for.
  const std::optional<Error>& finish() {
    if (!error_ && taken_ != object_.size()) fail("");
    return error_;
  }

 private:
  const json* find(const char* name) {
    if (!object_.is_object()) return nullptr;
    const auto found = object_.find(name);
    if (found == object_.end()) return nullptr;
    ++taken_;
    return &*found;
  }
  json object_;
  size_t taken_ = 0;
  std::optional<Error> error_;
};

}  // namespace

Bytes Context::encode() const {
  cbor::Writer out;
  out.array(6).integer(kVersion).array(purposes.size());
  for (const std::string& purpose : purposes) out.text(purpose);
  out.text(policy_hash).text(record_id).integer(epoch).text(ruleset_hash);
  return out.take();
}

bool Expectation::admits(const Context& context) const {
  return std::binary_search(context.purposes.begin(), context.purposes.end(), purpose) &&
         policy_hash.value_or(context.policy_hash) == context.policy_hash &&
         record_id.value_or(context.record_id) == context.record_id &&
         epoch.value_or(context.epoch) == context.epoch;
}

Result<Context> decode_context(ByteView encoded) {
  cbor::Reader in(encoded);
  Context context;
  in.expect(in.array() == 6);
  in.expect_integer(kVersion);
  const uint64_t count = in.array();
  in.expect(count <= kMaxPurposes);
  for (uint64_t i = 0; in.ok() && i < count; ++i) context.purposes.emplace_back(in.text());
  context.policy_hash = in.text();
  context.record_id = in.text();
  const int64_t epoch = in.integer();
  in.expect(epoch >= 0 && epoch <= std::numeric_limits<uint32_t>::max());
  context.epoch = static_cast<uint32_t>(epoch);
  context.ruleset_hash = in.text();
  if (!in.done() || !is_valid(context)) return ErrorCode::kBadFormat;
  return context;
}

Result<Context> parse_context(std::string_view text) {
  Members members(text);
  Context context;
  context.purposes = members.names("purposes");
  context.policy_hash = members.required("policy_hash", members.text("policy_hash"));
  context.record_id = members.required("record_id", members.text("record_id"));
  context.epoch = members.required("epoch", members.number("epoch"));
  context.ruleset_hash = members.text("ruleset_hash").value_or("");
  if (const auto& error = members.finish()) return *error;
  if (!is_valid(context)) return Error{ErrorCode::kBadFormat, 0, "/purposes"};
  return context;
}

Result<Expectation> parse_expectation(std::string_view text) {
  Members members(text);
  Expectation expectation;
  expectation.purpose = members.required("purpose", members.text("purpose"));
  expectation.policy_hash = members.text("policy_hash");
  expectation.record_id = members.text("record_id");
  expectation.epoch = members.number("epoch");
  if (const auto& error = members.finish()) return *error;
  return expectation;
}

}  // namespace subrosa::seal
