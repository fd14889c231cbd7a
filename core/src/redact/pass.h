// SPDX-License-Identifier: Apache-2.0
// One text, or one part of a stream, on its way through redaction.
#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "redact/redactor.h"

namespace subrosa::redact {

/// Finds, changes, and scans what came out, until nothing is found in it. Numbers are given out at
/// the end, from left to right, so that a stream gives out the same ones as the whole text would.
class Pass {
 public:
  static constexpr uint32_t kWhole = std::numeric_limits<uint32_t>::max();

  /// Where the part lies in the text: what is before `from` is done, and only looked at; what is
  /// after `limit` is not decided yet, unless that is kWhole.
  struct Part {
    uint32_t from = 0;
    uint32_t limit = kWhole;
  };

  Pass(const Redactor& redactor, detect::Detector* detector, std::string_view text,
       std::string_view call, Vault* vault);

  /// Errors: as Redactor::redact.
  Result<Redacted> run(const std::vector<detect::Finding>& findings,
                       const std::vector<detect::Finding>& beaten, Part part);

  /// After run: where the part ended, at the limit or before it, so that no finding is cut.
  uint32_t cut() const { return cut_; }

 private:
  /// A piece of the text that changes.
  struct Span {
    detect::Finding finding;
    std::string typed = {};  // the entity whose placeholder the user typed here, else empty
    uint32_t typed_number = 0;
    bool is_found_again = false;  // what replaced it is itself a finding: so nothing does
    bool is_built = false;
    std::string replacement = {};  // without its number: that comes at the end
    uint32_t out_start = 0, out_end = 0;
  };

  /// How a placeholder that the user typed will stand: as typed, or under another number where
  /// its own is taken. Which it is turns out at the end.
  enum class Typed : uint8_t { kAsIs, kRenumbered };

  void add_typed();
  bool is_odd(const Span& span) const;
  void build(Typed typed);
  Result<bool> check_as(Typed typed, Part* part);
  Result<bool> check();
  bool cover(const std::vector<detect::Finding>& residue);
  void merge(const detect::Finding& residue, size_t first, size_t last, std::vector<Span>* next);
  uint32_t original(uint32_t at, size_t next) const;
  bool may_stay(const Span& span) const;
  uint32_t decided_in_output(uint32_t from) const;
  void choose_cut(const std::vector<detect::Finding>& beaten, uint32_t limit);
  Result<Redacted> finish(uint32_t from);
  Result<bool> put(const Span& span, Redacted* out);
  Result<std::string> final_text(const Span& span);
  Redacted withhold(uint32_t from) const;

  Value value_of(const Span& span) const;
  std::string_view piece(const Span& span) const {
    return text_.substr(span.finding.start, span.finding.end - span.finding.start);
  }

  const Redactor& redactor_;
  detect::Detector* detector_;
  std::string_view text_, call_;
  Vault* vault_;
  std::string regions_;      // where telephone numbers may go without a code
  std::vector<Span> spans_;  // by start, none overlapping
  std::string out_;
  uint32_t cut_ = 0;
};

}  // namespace subrosa::redact
