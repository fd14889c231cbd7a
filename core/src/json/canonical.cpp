// SPDX-License-Identifier: Apache-2.0
#include "json/canonical.h"

#include <algorithm>

namespace subrosa {
namespace {

/// Makes the bytes of UTF-8 compare as its UTF-16 would: a surrogate (D800..DFFF) comes before
/// U+E000..U+FFFF, so the lead bytes of four-byte sequences go before EE and EF.
unsigned rank(char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0xF0) return byte - 2u;      // EE..F2
  return byte >= 0xEE ? byte + 5u : byte;  // F3, F4
}

bool before(const std::string* a, const std::string* b) {
  return std::lexicographical_compare(a->begin(), a->end(), b->begin(), b->end(),
                                      [](char x, char y) { return rank(x) < rank(y); });
}

void write_string(const std::string& text, std::string& out) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += "\\u00";
          out += kHex[c >> 4];
          out += kHex[c & 15];
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

void write(const Json& value, std::string& out);

void write_object(const Json& value, std::string& out) {
  std::vector<const std::string*> keys;
  for (auto it = value.begin(); it != value.end(); ++it) keys.push_back(&it.key());
  std::sort(keys.begin(), keys.end(), before);
  out += '{';
  for (const std::string* key : keys) {
    if (key != keys.front()) out += ',';
    write_string(*key, out);
    out += ':';
    write(*value.find(*key), out);
  }
  out += '}';
}

/// Null, true, false and integers: each has one form.
void write_plain(const Json& value, std::string& out) {
  if (value.is_number_integer()) {
    out += std::to_string(value.get<int64_t>());
  } else if (value.is_boolean()) {
    out += value.get<bool>() ? "true" : "false";
  } else {
    out += "null";
  }
}

void write(const Json& value, std::string& out) {
  if (const auto* text = value.get_ptr<const std::string*>()) {
    write_string(*text, out);
  } else if (value.is_object()) {
    write_object(value, out);
  } else if (value.is_array()) {
    out += '[';
    for (size_t i = 0; i < value.size(); ++i) {
      if (i > 0) out += ',';
      write(value[i], out);
    }
    out += ']';
  } else {
    write_plain(value, out);
  }
}

}  // namespace

std::string canonical(const Json& value) {
  std::string out;
  write(value, out);
  return out;
}

}  // namespace subrosa
