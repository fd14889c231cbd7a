// SPDX-License-Identifier: Apache-2.0
#include "text/jcs.h"

#include <algorithm>
#include <set>
#include <vector>

namespace subrosa::text {
namespace {

using nlohmann::json;

constexpr int kMaxDepth = 64;
constexpr int64_t kMaxInteger = (int64_t{1} << 53) - 1;

/// A byte's rank when UTF-8 is to sort as UTF-16 does: only there do U+E000 to U+FFFF, whose first
/// byte is EE or EF, come behind the four-byte characters, which are surrogates.
unsigned utf16_rank(char c) {
  const auto byte = static_cast<uint8_t>(c);
  return byte == 0xee || byte == 0xef ? byte + 0x100u : byte;
}

bool utf16_less(const std::string* a, const std::string* b) {
  return std::lexicographical_compare(a->begin(), a->end(), b->begin(), b->end(),
                                      [](char x, char y) { return utf16_rank(x) < utf16_rank(y); });
}

void write_string(const std::string& value, std::string& out) {
  constexpr char kHex[] = "0123456789abcdef";
  constexpr std::string_view kShort = "\bb\tt\nn\ff\rr\"\"\\\\";
  out += '"';
  for (const char c : value) {
    size_t i = 0;
    while (i < kShort.size() && kShort[i] != c) i += 2;
    if (i < kShort.size()) {
      out += {'\\', kShort[i + 1]};
    } else if (static_cast<uint8_t>(c) < 0x20) {
      out += "\\u00";
      out += {kHex[c >> 4], kHex[c & 15]};
    } else {
      out += c;
    }
  }
  out += '"';
}

ErrorCode write(const json& value, int depth, std::string& out);

ErrorCode write_object(const json& object, int depth, std::string& out) {
  std::vector<const std::string*> keys;
  for (const auto& [key, unused] : object.items()) keys.push_back(&key);
  std::sort(keys.begin(), keys.end(), utf16_less);
  out += '{';
  for (const std::string* key : keys) {
    if (key != keys.front()) out += ',';
    write_string(*key, out);
    out += ':';
    const ErrorCode code = write(*object.find(*key), depth, out);
    if (code != ErrorCode::kOk) return code;
  }
  out += '}';
  return ErrorCode::kOk;
}

ErrorCode write_array(const json& array, int depth, std::string& out) {
  out += '[';
  for (size_t i = 0; i < array.size(); ++i) {
    if (i > 0) out += ',';
    const ErrorCode code = write(array[i], depth, out);
    if (code != ErrorCode::kOk) return code;
  }
  out += ']';
  return ErrorCode::kOk;
}

ErrorCode write_integer(const json& value, std::string& out) {
  // A value over 2^63 wraps to a negative one: what is unsigned is compared as such first.
  if (value.is_number_unsigned() && value.get<uint64_t>() > uint64_t{kMaxInteger})
    return ErrorCode::kBadArgument;
  const auto number = value.get<int64_t>();
  if (number < -kMaxInteger) return ErrorCode::kBadArgument;
  out += std::to_string(number);
  return ErrorCode::kOk;
}

ErrorCode write(const json& value, int depth, std::string& out) {
  if (depth == kMaxDepth) return ErrorCode::kBadFormat;
  switch (value.type()) {
    case json::value_t::object:
      return write_object(value, depth + 1, out);
    case json::value_t::array:
      return write_array(value, depth + 1, out);
    case json::value_t::string:
      write_string(*value.get_ptr<const std::string*>(), out);
      return ErrorCode::kOk;
    case json::value_t::boolean:
      out += value.get<bool>() ? "true" : "false";
      return ErrorCode::kOk;
    case json::value_t::null:
      out += "null";
      return ErrorCode::kOk;
    case json::value_t::number_integer:
    case json::value_t::number_unsigned:
      return write_integer(value, out);
    default:
      return ErrorCode::kBadArgument;
  }
}

/// Parses, and refuses a key that occurs twice, which nlohmann/json lets pass.
Result<json> parse_strictly(std::string_view text) {
  std::vector<std::set<std::string>> open;
  bool repeated = false;
  const auto watch = [&](int, json::parse_event_t event, json& parsed) {
    if (event == json::parse_event_t::object_start) open.emplace_back();
    if (event == json::parse_event_t::object_end) open.pop_back();
    if (event == json::parse_event_t::key)
      repeated |= !open.back().insert(*parsed.get_ptr<const std::string*>()).second;
    return true;
  };
  json value = json::parse(text, watch, false);
  if (value.is_discarded() || repeated) return ErrorCode::kBadFormat;
  return value;
}

}  // namespace

Result<std::string> canonical(const json& value) {
  std::string out;
  const ErrorCode code = write(value, 0, out);
  if (code != ErrorCode::kOk) return code;
  return out;
}

Result<std::string> canonicalize(std::string_view text) {
  Result<json> value = parse_strictly(text);
  if (!value) return value.error();
  return canonical(*value);
}

}  // namespace subrosa::text
