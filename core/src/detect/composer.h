// SPDX-License-Identifier: Apache-2.0
// Detection in a text that is being typed: an edit is scanned with what it can change, and the
// findings elsewhere stay.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "detect/detector.h"
#include "seal/bytes.h"
#include "subrosa/result.h"

namespace subrosa::detect {

/// It keeps seams: places in the text, each with what is decided there whatever follows. What an
/// edit can change begins behind what is decided where the edit begins, and ends before a seam at
/// which all that begins in what was edited is decided again.
class Composer {
 public:
  /// call: as in Detector::detect, for every update.
  explicit Composer(std::string_view call) : call_(call) {}

  /// The findings of the text as it is now: those that Detector::detect gives, but that kNormalised
  /// is about the text around them. The detector is always the same one. Errors: as there.
  Result<std::vector<Finding>> update(Detector* detector, std::string_view text);

 private:
  /// What is not the same at both ends: bytes of the new text, and where the end was in the old.
  struct Edit {
    uint32_t start, end, old_end;
    uint32_t moved(uint32_t at) const {
      return at < old_end ? std::min(at, start) : at - old_end + end;
    }
  };
  /// What begins before `decided` is found, or not, whatever follows the text up to `at`.
  struct Seam {
    uint32_t at, decided;
  };
  /// Of a finding that lost an overlap: the text is not parted inside it.
  static constexpr uint16_t kBeaten = 1 << 15;

  Edit compare(std::string_view text) const;
  void add_seam(Horizon* horizon, std::string_view text, uint32_t at);
  Result<bool> renew(Detector* detector, std::string_view text, const Edit& edit);
  Result<bool> read(Detector* detector, std::string_view text, uint32_t start, uint32_t end);
  void join(size_t old, uint32_t from, uint32_t to, uint32_t size);

  std::string call_;
  std::basic_string<char, std::char_traits<char>, seal::WipingAllocator<char>> text_;
  std::vector<Finding> found_;  // those that stand are by start
  std::vector<Seam> seams_;     // by place
};

}  // namespace subrosa::detect
