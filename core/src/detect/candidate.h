// SPDX-License-Identifier: Apache-2.0
// What a validator is asked, and what it may answer.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace subrosa::detect {

enum class Verdict : uint8_t {
  kReject,   // not one: a check digit is wrong, or the issuer never gave it out
  kNeutral,  // could be one: the pattern's own score stands
  kConfirm,  // a check that chance rarely passes: the pattern's `checked` score stands
};

/// What a check digit says: right or wrong.
constexpr Verdict confirm_if(bool holds) { return holds ? Verdict::kConfirm : Verdict::kReject; }

/// What a range says: without a check digit it can only rule out.
constexpr Verdict reject_unless(bool holds) { return holds ? Verdict::kNeutral : Verdict::kReject; }

/// A place where a rule's pattern matched, in the canonical view: digits, dashes, spaces and
/// full-width forms are ASCII here, whatever the input had.
struct Candidate {
  std::string_view text;    // the whole text
  uint32_t start;           // bytes in it, half-open
  mutable uint32_t end;     // a validator may move it outwards, past what a pattern can reach
  std::string_view region;  // the caller's regions as "US,CA", or empty
  bool weak_counts =
      true;  // whether kNeutral would be reported: if not, it may be answered kReject

  std::string_view match() const { return text.substr(start, end - start); }
  /// The byte before and after, 0 at the text's ends.
  char before() const { return start > 0 ? text[start - 1] : '\0'; }
  char after() const { return end < text.size() ? text[end] : '\0'; }
};

/// How far from its start a validator may move a finding's end, in bytes: a private key of 8,192
/// bits has 6.5 KB.
inline constexpr uint32_t kMaxReach = 7168;

/// Pure, and linear in the match (it may look at a bounded piece of text around it).
using Validator = Verdict (*)(const Candidate&);

/// Of a validator that never answers kConfirm: then a pattern of few points is nothing without
/// context, and is not looked for elsewhere.
inline constexpr bool kOnlyRefuses = false;

struct NamedValidator {
  std::string_view name;  // as the rules' "validator" has it
  Validator run;
  bool confirms = true;
  uint32_t least_digits = 0;  // a match with fewer is refused
};

}  // namespace subrosa::detect
