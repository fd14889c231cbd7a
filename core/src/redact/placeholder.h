// SPDX-License-Identifier: Apache-2.0
// Placeholders in a text, also as language models and editors mangle them.
//
// A placeholder is '[ENTITY_n]'. Between brackets (square ones, CJK ones, escaped or encoded ones)
// the label may be written in any case, with any separators, or translated. Where a bracket is
// missing it must be the entity's own name joined by underscores; where both are, in upper case
// too.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "redact/labels.h"

namespace subrosa::redact {

/// Pairs of brackets around a placeholder that are looked at.
constexpr uint32_t kMaxPairs = 2;

struct Range {
  uint32_t start, end;
};

struct Token {
  Range range[kMaxPairs + 1];  // bytes of the text: with its own brackets, then with each pair more
  uint32_t pairs;              // how many there are around it
  std::string entity;
  uint32_t number;
};

/// Whether there can be one at all: a cheap look before find_tokens.
bool may_hold_token(std::string_view text);

/// All placeholders of a well-formed UTF-8 text, by start. `own`: labels beyond the built-in ones,
/// may be null.
std::vector<Token> find_tokens(std::string_view text, const Labels* own);

struct TokenScan {
  std::vector<Token> tokens;
  uint32_t decided;  // bytes: no more text can change anything before it
};

/// The same from a place on, in a text that may go on.
TokenScan scan_tokens(std::string_view text, const Labels* own, uint32_t from, bool is_last);

/// How many pairs of brackets stand around text[start, end), of whatever kind, up to kMaxPairs.
uint32_t pairs_around(std::string_view text, Range range);

/// Whether a template may have these around '{entity}_{n}': a pair that is known here, or nothing.
bool is_pair(std::string_view open, std::string_view close);

}  // namespace subrosa::redact
