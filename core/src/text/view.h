// SPDX-License-Identifier: Apache-2.0
// The canonical view: what a person reads, not what the bytes are. Digits of all scripts,
// full-width and mathematical letters become ASCII, all dashes '-', all spaces ' '; marks that show
// nothing are dropped.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace subrosa::text {

class View {
 public:
  /// Of a well-formed UTF-8 text, which must outlive the view: it is not copied where nothing
  /// changes.
  explicit View(std::string_view original);
  View(const View&) = delete;
  View& operator=(const View&) = delete;

  std::string_view text() const { return text_; }
  bool changed() const { return !origin_.empty(); }
  bool is_ascii() const { return is_ascii_; }

  /// The offset in the original of an offset of the view. An end takes in the hidden marks that
  /// follow the last character shown, so that redaction leaves nothing of a value behind.
  uint32_t original(uint32_t at) const { return changed() ? origin_[at] : at; }

 private:
  void build(std::string_view original, size_t from);

  std::string_view text_;
  bool is_ascii_ = true;
  std::string buffer_;
  std::vector<uint32_t>
      origin_;  // of each byte of the view, and of its end; empty when nothing changed
};

}  // namespace subrosa::text
