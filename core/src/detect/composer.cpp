// SPDX-License-Identifier: Apache-2.0
#include "detect/composer.h"

#include <algorithm>

#include "detect/boundary.h"
#include "text/utf8.h"
#include "text/view.h"

namespace subrosa::detect {
namespace {

constexpr uint32_t kEdge = 16;  // bytes before an edit that it may change in the canonical view

/// Where what an edit does to the counting of words ends: behind the next space, comma or the like.
uint32_t counting_again(std::string_view view, uint32_t at) {
  while (at < view.size() && (static_cast<uint8_t>(view[at]) >= 0x80 || word_at(view, at))) ++at;
  return at;
}

}  // namespace

/// What is not the same at both ends, in whole characters.
Composer::Edit Composer::compare(std::string_view text) const {
  const std::string_view old = text_;
  const size_t most = std::min(text.size(), old.size());
  size_t start = static_cast<size_t>(
      std::mismatch(text.begin(), text.begin() + static_cast<ptrdiff_t>(most), old.begin()).first -
      text.begin());
  while (start > 0 && start < text.size() && text::is_continuation(text[start])) --start;
  size_t tail = static_cast<size_t>(
      std::mismatch(text.rbegin(), text.rbegin() + static_cast<ptrdiff_t>(most - start),
                    old.rbegin())
          .first -
      text.rbegin());
  while (tail > 0 && text::is_continuation(text[text.size() - tail])) --tail;
  return {static_cast<uint32_t>(start), static_cast<uint32_t>(text.size() - tail),
          static_cast<uint32_t>(old.size() - tail)};
}

/// From the last seam before an edit to the first behind it that both texts have.
Composer::Piece Composer::affected(std::string_view text, const Edit& edit) {
  const text::View view(text);
  const std::string_view shown = view.text();
  const uint32_t sure = edit.start - std::min(edit.start, kEdge);
  const auto before = std::upper_bound(seams_.begin(), seams_.end(), sure);
  Piece piece{before == seams_.begin() ? 0 : *(before - 1), static_cast<uint32_t>(text.size()), {}};
  const uint32_t settled =
      view.original(counting_again(shown, offset_in(view, edit.end))) + Horizon::kBehind;
  uint32_t at = offset_in(view, piece.start);
  uint32_t open = at;
  for (; at < shown.size(); ++at) {
    if (text::is_continuation(shown[at])) continue;
    const uint32_t place = view.original(at);
    if (at >= open && place > piece.start) {
      if (place >= settled &&
          std::binary_search(seams_.begin(), seams_.end(), place - edit.end + edit.old_end)) {
        piece.end = place;
        break;
      }
      piece.seams.push_back(place);
    }
    open = std::max(open, horizon_.reach(shown, at));
  }
  return piece;
}

Result<std::vector<Finding>> Composer::update(Detector* detector, std::string_view text) {
  if (text.size() > Scanner::kMaxText) return ErrorCode::kTooLong;
  if (const size_t bad = text::find_ill_formed(text); bad != std::string_view::npos)
    return Error{ErrorCode::kBadUtf8, static_cast<uint32_t>(bad), {}};
  const Edit edit = compare(text);
  Piece piece = affected(text, edit);
  const uint32_t from = words_start(text, piece.start);
  auto found = detector->detect(text.substr(from, piece.end - from),
                                from == 0 ? call_ : without_previous(call_));
  if (!found) return found.error();

  const auto moved = [&edit](uint32_t at) { return at - edit.old_end + edit.end; };
  std::vector<Finding> findings;
  for (const Finding& f : findings_) {
    if (f.end <= piece.start) findings.push_back(f);
  }
  for (Finding& f : *found) {
    f.start += from;
    f.end += from;
    if (f.start >= piece.start) findings.push_back(std::move(f));
  }
  const bool meets = piece.end < text.size();
  for (Finding& f : findings_) {
    if (!meets || f.start < edit.old_end || moved(f.start) < piece.end) continue;
    f.start = moved(f.start);
    f.end = moved(f.end);
    findings.push_back(std::move(f));
  }
  auto seams = std::vector<uint32_t>(seams_.begin(),
                                     std::upper_bound(seams_.begin(), seams_.end(), piece.start));
  seams.insert(seams.end(), piece.seams.begin(), piece.seams.end());
  for (const uint32_t seam : seams_) {
    if (meets && seam >= edit.old_end && moved(seam) >= piece.end) seams.push_back(moved(seam));
  }
  seams_ = std::move(seams);
  text_ = text;
  findings_ = std::move(findings);
  return findings_;
}

}  // namespace subrosa::detect
