// SPDX-License-Identifier: Apache-2.0
#include "detect/opaque.h"

#include <algorithm>

#include "detect/validators/digits.h"

namespace subrosa::detect {
namespace {

constexpr size_t kMaxName = 64;
constexpr uint32_t kMaxAround = 1024;

bool is_name(char c) { return is_upper(c) || is_digit(c) || c == '_'; }

bool is_body(char c) { return is_alnum(c) || c == '-' || c == '_'; }

}  // namespace

Opaque::Opaque(const std::vector<Rule>& rules) {
  for (const Rule& rule : rules) entities_.insert(rule.entity);
}

/// At a '['.
uint32_t Opaque::length_of(std::string_view text, size_t at) const {
  const size_t name = at + 1;
  size_t end = name;
  while (end < text.size() && end - name <= kMaxName && is_name(text[end])) ++end;
  size_t name_end = end;
  if (end < text.size() && (text[end] == ':' || text[end] == '=')) {
    ++end;
    while (end < text.size() && is_body(text[end])) ++end;
  } else {
    size_t digits = end;
    while (digits > name && is_digit(text[digits - 1])) --digits;
    if (digits < end && digits > name && text[digits - 1] == '_') name_end = digits - 1;
  }
  if (end == name || end >= text.size() || text[end] != ']') return 0;
  if (entities_.count(std::string(text.substr(name, name_end - name))) == 0) return 0;
  return static_cast<uint32_t>(end + 1 - at);
}

uint32_t Opaque::end_around(std::string_view text, uint32_t at) const {
  for (uint32_t begin = at; begin > 0 && at - begin < kMaxAround; --begin) {
    const char c = text[begin - 1];
    if (c == '[') return std::max(at, begin - 1 + length_at(text, begin - 1));
    if (!is_body(c) && c != ':' && c != '=') break;
  }
  return at;
}

}  // namespace subrosa::detect
