// SPDX-License-Identifier: Apache-2.0
// Detection for a text that is being typed: an edit is scanned with what it can change, and the
// findings elsewhere are kept.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "detect/detector.h"
#include "detect/horizon.h"
#include "subrosa/result.h"

namespace subrosa::detect {

class Composer {
 public:
  /// call: as in Detector::detect, for every update.
  Composer(const Detector& detector, std::string_view call)
      : horizon_(detector.rules()), call_(call) {}

  /// The findings of the text as it is now: those that Detector::detect would give, but that the
  /// flag kNormalised is about their neighbourhood alone. The detector is always the same. Errors:
  /// as there; the text before stands then.
  Result<std::vector<Finding>> update(Detector* detector, std::string_view text);

 private:
  struct Edit {
    uint32_t start, end;  // bytes of the new text
    uint32_t old_end;     // where its end is in the old one
  };

  struct Piece {
    uint32_t start, end;  // seams of the new text
    std::vector<uint32_t> seams;
  };

  Edit compare(std::string_view text) const;
  Piece affected(std::string_view text, const Edit& edit);

  Horizon horizon_;
  std::string call_;
  std::string text_;
  std::vector<Finding> findings_;
  std::vector<uint32_t> seams_;  // nothing that begins before one reaches past it
};

}  // namespace subrosa::detect
