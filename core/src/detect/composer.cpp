// SPDX-License-Identifier: Apache-2.0
#include "detect/composer.h"

#include <algorithm>

#include "text/utf8.h"
#include "text/view.h"

namespace subrosa::detect {
namespace {

constexpr uint32_t kStep = 256;  // bytes between seams

/// The last place up to `at` behind a character that parts words.
uint32_t parted_before(std::string_view text, uint32_t at) {
  while (at > 0) {
    const uint32_t before = character_at(text, at - 1);
    if (parts_words(text.substr(before, at - before))) return at;
    at = before;
  }
  return 0;
}

/// The first character from `at` on that parts words.
uint32_t parted_from(std::string_view text, uint32_t at) {
  while (at < text.size()) {
    const uint32_t length = text::decode(text, at).length;
    if (parts_words(text.substr(at, length))) return at;
    at += length;
  }
  return at;
}

/// Where the first of what begins in text[from, to) may be changed by what follows text[0, end);
/// `to` if nothing may.
uint32_t undecided(Horizon* horizon, std::string_view text, uint32_t from, uint32_t to,
                   uint32_t end) {
  const uint32_t start = shown_before(text, from, horizon->back());
  const text::View view(text.substr(start, end - start));
  const std::string_view shown = view.text();
  const auto size = static_cast<uint32_t>(shown.size());
  const uint32_t at =
      horizon->undecided(shown, offset_in(view, from - start), offset_in(view, to - start));
  const uint32_t sure = std::min(at, size - std::min(size, Horizon::kEdge));
  return std::max(from, start + view.original(character_at(shown, sure)));
}

/// The first place from `at` on that none of the findings lies across; or the last one up to it.
uint32_t gap_at(const std::vector<Finding>& findings, uint32_t at, bool is_behind) {
  for (bool is_gap = false; !is_gap;) {
    is_gap = true;
    for (const Finding& f : findings) {
      if (f.start >= at || f.end <= at) continue;
      at = is_behind ? f.end : f.start;
      is_gap = false;
    }
  }
  return at;
}

}  // namespace

/// In whole characters.
Composer::Edit Composer::compare(std::string_view text) const {
  const std::string_view old = text_;
  const size_t most = std::min(text.size(), old.size());
  size_t start = 0, tail = 0;
  while (start < most && text[start] == old[start]) ++start;
  while (start > 0 && start < text.size() && text::is_continuation(text[start])) --start;
  while (tail < most - start && text[text.size() - 1 - tail] == old[old.size() - 1 - tail]) ++tail;
  while (tail > 0 && text::is_continuation(text[text.size() - tail])) --tail;
  return {static_cast<uint32_t>(start), static_cast<uint32_t>(text.size() - tail),
          static_cast<uint32_t>(old.size() - tail)};
}

/// Notes what is decided at `at`, which is behind all seams.
void Composer::add_seam(Horizon* horizon, std::string_view text, uint32_t at) {
  const uint32_t from = seams_.empty() ? 0 : seams_.back().decided;
  // A long word may be what redaction puts in a text.
  const uint32_t word = parted_before(text, at);
  uint32_t decided = undecided(horizon, text, from, at, at);
  if (at - word > Horizon::kFarthest) decided = std::min(decided, word);
  const bool is_near = seams_.size() > 1 && at - seams_[seams_.size() - 2].at < kStep;
  if (is_near) seams_.pop_back();
  seams_.push_back({at, decided});
}

/// Adds what is found in text[start, end).
Result<bool> Composer::read(Detector* detector, std::string_view text, uint32_t start,
                            uint32_t end) {
  std::vector<Finding> beaten;
  auto kept = detector->detect(text.substr(start, end - start),
                               start == 0 ? call_ : without_previous(call_), &beaten);
  if (!kept) return kept.error();
  for (const auto* list : {&*kept, &beaten}) {
    for (Finding f : *list) {
      f.start += start;
      f.end += start;
      if (list == &beaten) f.flags |= kBeaten;
      found_.push_back(f);
    }
  }
  return true;
}

/// Keeps those of the first `old` findings that begin before `from` or behind `to`, and those of
/// the others that begin between. Nothing begins at `size`.
void Composer::join(size_t old, uint32_t from, uint32_t to, uint32_t size) {
  std::vector<Finding> all;
  const auto take = [&](size_t i, size_t last, uint32_t first, uint32_t end) {
    for (; i < last; ++i) {
      if (found_[i].start >= first && found_[i].start < end) all.push_back(found_[i]);
    }
  };
  take(0, old, 0, from);
  take(old, found_.size(), from, to);
  take(0, old, to, size);
  found_ = std::move(all);
}

/// Finds anew what an edit can have changed.
Result<bool> Composer::renew(Detector* detector, std::string_view text, const Edit& edit) {
  Horizon& horizon = detector->horizon();
  const auto size = static_cast<uint32_t>(text.size());
  const std::vector<Seam> seams = std::move(seams_);
  size_t next = 0;
  seams_.clear();
  while (next < seams.size() && seams[next].at <= edit.start) seams_.push_back(seams[next++]);
  add_seam(&horizon, text, edit.start);
  const uint32_t decided = seams_.back().decided;
  const uint32_t from = gap_at(found_, decided, false);
  // Behind it words are counted anew; `back` further on nothing depends on the edit.
  const uint32_t parted = parted_from(text, edit.end);
  const uint32_t back =
      std::max(horizon.back(text, from, parted), horizon.back(text_, from, edit.old_end));
  const uint32_t start = parted_before(text, shown_before(text, from, back));
  for (Finding& f : found_) {
    f.start = edit.moved(f.start);
    f.end = edit.moved(f.end);
  }

  const auto moved = [&](const Seam& seam) {
    return Seam{edit.moved(seam.at), std::max(edit.moved(seam.decided), parted)};
  };
  const size_t old = found_.size();
  uint32_t to = gap_at(found_, shown_behind(text, parted, back), true);
  const auto is_met = [&](const Seam& seam) {
    return seam.at >= edit.old_end && moved(seam).at >= parted + Horizon::kEdge &&
           undecided(&horizon, text, decided, parted, moved(seam).at) >= parted;
  };
  while (next < seams.size() && !is_met(seams[next])) ++next;
  for (size_t i = next;; ++i) {
    const Seam seam = i < seams.size() ? moved(seams[i]) : Seam{size, size};
    if (seam.decided < to) continue;
    if (const auto ok = read(detector, text, start, seam.at); !ok) return ok.error();
    to = gap_at(found_, to, true);
    if (to <= seam.decided) break;
    found_.erase(found_.begin() + static_cast<ptrdiff_t>(old), found_.end());
  }
  join(old, from, to, size);
  const uint32_t met = next < seams.size() ? moved(seams[next]).at : size;
  for (uint32_t at = edit.start + kStep; at + kStep <= met; at += kStep)
    add_seam(&horizon, text, character_at(text, at));
  while (next < seams.size()) seams_.push_back(moved(seams[next++]));
  return true;
}

Result<std::vector<Finding>> Composer::update(Detector* detector, std::string_view text) {
  if (text.size() > Scanner::kMaxText) return ErrorCode::kTooLong;
  if (const size_t bad = text::find_ill_formed(text); bad != std::string_view::npos)
    return Error{ErrorCode::kBadUtf8, static_cast<uint32_t>(bad), {}};
  const Edit edit = compare(text);
  if (edit.start < std::max(edit.end, edit.old_end)) {
    if (const auto renewed = renew(detector, text, edit); !renewed) return renewed.error();
    text_ = text;
  }
  std::vector<Finding> out;
  for (const Finding& f : found_) {
    if (!(f.flags & kBeaten)) out.push_back(f);
  }
  return out;
}

}  // namespace subrosa::detect
