// SPDX-License-Identifier: Apache-2.0
// What fills a value: how random it is, which characters it mixes, whether it only stands in for
// something, and the name that it is assigned to.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "detect/validators/digits.h"

namespace subrosa::detect {

bool is_any(std::string_view text, std::span<const std::string_view> words);
bool contains_any(std::string_view text, std::span<const std::string_view> parts);

/// Shannon entropy in bits a byte; 0 for the empty text.
double entropy(std::string_view text);

/// Has a stretch that repeats with a short period: xxxxxxx, 123123123, 1234-1234-1234.
bool is_periodic(std::string_view text);

/// Has a run such as 12345678 or abcdefgh: people type these, generators do not.
bool is_counting(std::string_view text);

/// Most of what lies between separators are words: my-app-token, X25519.secret_length, pictureBox1.
bool is_wordy(std::string_view text);

/// A reference to a secret or a stand-in for one: $PASSWORD, {{ token }}, <secret>, changeme.
bool is_placeholder(std::string_view value);

struct Mix {
  bool digit = false;
  bool upper = false;
  bool lower = false;
  bool other = false;
  bool letter() const { return upper || lower; }
};
Mix mix_of(std::string_view text);

/// The name that the value at `start` is assigned to, as `name: "value` or `name => value`; empty
/// when there is none. It looks back at most 96 bytes.
std::string_view name_before(std::string_view text, size_t start);

/// The words of a name in lower case between spaces, with one at each end: " access token ".
/// snake_case, kebab-case, camelCase and dots part words; digits at a word's end are left out.
std::string words_of(std::string_view name);

}  // namespace subrosa::detect
