// SPDX-License-Identifier: Apache-2.0
#include "detect/overlap.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace subrosa::detect {
namespace {

/// A word beside it says what a number is; without one, a good shape is only a guess.
int strength(const Finding& finding) {
  return finding.score + (finding.flags & Finding::kContext ? 150 : 0);
}

/// A finding inside a longer one of its own rule is a piece of it: the longer stays, with the
/// better score.
void absorb_pieces(std::vector<Finding>* findings) {
  std::sort(findings->begin(), findings->end(), [](const Finding& a, const Finding& b) {
    return std::make_tuple(a.rule, a.start, b.end, a.pattern) <
           std::make_tuple(b.rule, b.start, a.end, b.pattern);
  });
  size_t kept = 0;
  for (size_t i = 1; i < findings->size(); ++i) {
    Finding& whole = (*findings)[kept];
    Finding& piece = (*findings)[i];
    if (piece.rule == whole.rule && piece.end <= whole.end) {
      if (strength(piece) > strength(whole)) {
        piece.start = whole.start;
        piece.end = whole.end;
        whole = piece;
      }
    } else if (++kept != i) {
      (*findings)[kept] = piece;
    }
  }
  findings->resize(kept + 1);
}

}  // namespace

std::vector<Finding> resolve_overlaps(std::vector<Finding> findings, const std::vector<Rule>& rules,
                                      std::vector<Finding>* beaten) {
  if (findings.size() < 2) return findings;
  absorb_pieces(&findings);
  const auto is_before = [](const Finding& a, const Finding& b) { return a.start < b.start; };
  std::sort(findings.begin(), findings.end(), is_before);
  const auto meets = [](const Finding& a, const Finding& b) { return b.start < a.end; };
  if (std::adjacent_find(findings.begin(), findings.end(), meets) == findings.end())
    return findings;

  const auto rank = [&](const Finding& f) {
    return std::make_tuple(-strength(f), -static_cast<int64_t>(f.end - f.start),
                           -rules[f.rule].priority, f.start, f.rule);
  };
  std::sort(findings.begin(), findings.end(),
            [&](const Finding& a, const Finding& b) { return rank(a) < rank(b); });
  std::map<uint32_t, size_t> by_start;  // of those kept
  for (size_t i = 0; i < findings.size(); ++i) {
    const auto next = by_start.lower_bound(findings[i].start);
    const bool hits_next = next != by_start.end() && findings[next->second].start < findings[i].end;
    const bool hits_previous =
        next != by_start.begin() && findings[std::prev(next)->second].end > findings[i].start;
    if (!hits_next && !hits_previous) {
      by_start.emplace(findings[i].start, i);
    } else if (beaten) {
      beaten->push_back(findings[i]);
    }
  }
  std::vector<Finding> kept;
  kept.reserve(by_start.size());
  for (const auto& [start, index] : by_start) kept.push_back(findings[index]);
  return kept;
}

}  // namespace subrosa::detect
