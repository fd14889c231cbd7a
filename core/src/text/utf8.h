// SPDX-License-Identifier: Apache-2.0
// UTF-8 (RFC 3629): validation, decoding, and the one conversion from bytes to UTF-16 code units.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace subrosa::text {

struct CodePoint {
  uint32_t value;
  uint32_t length;  // bytes, 0 when ill-formed
};

/// The code point that begins at text[at]; at < text.size().
CodePoint decode(std::string_view text, size_t at);

/// The first byte that is not part of well-formed UTF-8, or npos.
size_t find_ill_formed(std::string_view text);

/// Where the first byte beyond ASCII is, or up to seven bytes before it; from `at` on, by eights.
size_t skip_ascii(std::string_view text, size_t at);

bool is_ascii(std::string_view text);

void append(uint32_t code_point, std::string* out);

inline bool is_continuation(char c) { return (static_cast<uint8_t>(c) & 0xc0) == 0x80; }

/// UTF-16 code units of a well-formed text.
uint32_t utf16_length(std::string_view text);

/// Byte offsets to UTF-16 offsets. Offsets must not decrease from call to call, so that a list
/// costs one pass.
class Utf16Cursor {
 public:
  explicit Utf16Cursor(std::string_view text) : text_(text), ascii_(is_ascii(text)) {}
  uint32_t at(uint32_t byte);

 private:
  std::string_view text_;
  bool ascii_;
  uint32_t byte_ = 0;
  uint32_t unit_ = 0;
};

}  // namespace subrosa::text
