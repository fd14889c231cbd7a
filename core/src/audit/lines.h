// SPDX-License-Identifier: Apache-2.0
// Reads the line-based C2SP formats: each line ends in a newline, numbers and hashes have one
// spelling.
#pragma once

#include <charconv>
#include <optional>
#include <string_view>

#include "subrosa/audit.h"
#include "text/base64.h"

namespace subrosa::audit {

class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {}
  bool done() const { return text_.empty(); }
  /// What has not been read.
  std::string_view rest() const { return text_; }
  /// The next line without its newline; nothing when there is no newline any more.
  std::optional<std::string_view> next() {
    const size_t end = text_.find('\n');
    if (end == text_.npos) return std::nullopt;
    const std::string_view line = text_.substr(0, end);
    text_.remove_prefix(end + 1);
    return line;
  }

 private:
  std::string_view text_;
};

/// ASCII decimal without leading zeros.
inline std::optional<uint64_t> parse_size(std::string_view text) {
  uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || (text.front() == '0' && text.size() > 1))
    return std::nullopt;
  return value;
}

inline std::optional<Hash> parse_hash(std::string_view text) {
  Hash hash;
  Result<std::string> bytes = text::base64_decode(text);
  if (!bytes || bytes->size() != hash.size()) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), hash.begin());
  return hash;
}

inline std::string_view view(const Hash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

inline std::string write_hash(const Hash& hash) { return text::base64(view(hash)); }

}  // namespace subrosa::audit
