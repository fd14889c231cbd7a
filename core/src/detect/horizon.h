// SPDX-License-Identifier: Apache-2.0
// How far findings depend on the text around them: what a stream may let go of, and how much of a
// text an edit can change.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "detect/automaton.h"
#include "detect/context.h"
#include "detect/opaque.h"
#include "detect/rules.h"
#include "text/view.h"

namespace subrosa::detect {

/// The view's offset of a character of the original.
uint32_t offset_in(const text::View& view, uint32_t original);

/// Where the character begins that text[at] is part of.
uint32_t character_at(std::string_view text, uint32_t at);

/// The character of a text that is so many bytes of its view before `at`, which is another's; and
/// behind it. Marks that are not shown, and full-width digits, have fewer there.
uint32_t shown_before(std::string_view text, uint32_t at, uint32_t bytes);
uint32_t shown_behind(std::string_view text, uint32_t at, uint32_t bytes);

/// Whether a character stands between words wherever it is: a space, a comma or the like. Behind it
/// context counts words anew, and it is no part of what redaction puts in a text.
bool parts_words(std::string_view character);

class Horizon {
 public:
  /// Bytes around a finding that its words and its validator may look at.
  static constexpr uint32_t kAround = 256;
  /// The same of the validators that look for the rest of a manifest, or for a command's name.
  static constexpr uint32_t kManifest = 1024;
  /// Words behind a finding that count, at least: three, and the longest context phrase.
  static constexpr uint32_t kWordsAhead = Context::kWordsAfter + 8;
  /// Nothing that begins at a place reaches further from it.
  static constexpr uint32_t kFarthest = 8192;
  /// Bytes at the end of a view that the next character may change.
  static constexpr uint32_t kEdge = 16;

  explicit Horizon(const std::vector<Rule>& rules);
  ~Horizon();

  /// How many bytes at the end of a text, kManifest at most, may have a say in what follows it.
  static uint32_t behind(std::string_view text);
  /// How many bytes before a finding may have a say in it, or in where it begins; and, which may be
  /// more, when it begins behind text[from, to) or in it.
  uint32_t back() const { return back_; }
  uint32_t back(std::string_view text, uint32_t from, uint32_t to) const;

  /// text: a canonical view. What begins before the place that is returned is found, or not,
  /// whatever follows the text. That is the first place from `from` on where something is open, or
  /// kFarthest bytes before the end where `from` is further back than that and nothing is; `to` if
  /// nothing is before it. Not const: states are kept from call to call.
  uint32_t undecided(std::string_view text, uint32_t from, uint32_t to = ~0u);

 private:
  struct Chain;
  /// Further from the end than this, only patterns with longer matches are looked for.
  static constexpr uint32_t kNear = 512;

  static Chain chain_of(const Rule& rule, const Pattern& pattern);
  bool is_far_off(const Chain& chain, uint32_t at) const;
  bool is_unsettled(const Chain& chain, uint32_t begin, uint32_t end) const;
  bool is_open(Chain* chain, size_t part, uint32_t begin, uint32_t at);
  bool begins(uint32_t at) const;
  bool is_open_at(uint32_t at);
  uint32_t open_before(uint32_t at);

  Opaque opaque_;
  std::vector<Chain> chains_, prefixed_;  // those without a prefix, and with one
  std::unique_ptr<Automaton> firsts_;     // of all of them
  Automaton::Start all_ = 0, far_ = 0;    // of chains_, and the long ones of these
  Automaton::Start prefixes_ = 0, behind_prefix_ = 0;
  uint32_t longest_prefix_ = 0;  // bytes
  uint32_t back_ = kAround;
  std::string_view text_;
  uint32_t unsettled_ = 0;  // the first place where a finding's end is open to what follows
  uint64_t walk_ = 0;
  std::vector<Automaton::Accept> accepts_;
};

}  // namespace subrosa::detect
