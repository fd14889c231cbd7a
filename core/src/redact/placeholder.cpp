// SPDX-License-Identifier: Apache-2.0
#include "redact/placeholder.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "detect/boundary.h"
#include "detect/horizon.h"
#include "detect/validators/digits.h"
#include "text/utf8.h"
#include "text/view.h"

namespace subrosa::redact {
namespace {

using detect::is_alnum;
using detect::is_digit;
using detect::is_lower;
using detect::is_upper;

struct Bracket {
  std::string_view open, close;
};

// What a placeholder's own brackets may have become. Full-width ones are '[' in the canonical view.
constexpr Bracket kOwn[] = {
    {"[", "]"},           {"\\[", "\\]"},       {"\u3010", "\u3011"},     {"\u3014", "\u3015"},
    {"\u300c", "\u300d"}, {"\u300e", "\u300f"}, {"\u27e6", "\u27e7"},     {"%5B", "%5D"},
    {"%5b", "%5d"},       {"&#91;", "&#93;"},   {"&lbrack;", "&rbrack;"}, {"&lsqb;", "&rsqb;"},
};
// What may come around them. Round ones are not here: people put things in parentheses.
constexpr Bracket kAround[] = {
    {"[", "]"}, {"\\[", "\\]"},       {"\u3010", "\u3011"}, {"{", "}"},
    {"<", ">"}, {"\u300a", "\u300b"}, {"\u00ab", "\u00bb"}, {"&lt;", "&gt;"},
};

constexpr size_t kMaxLabel = 64;  // bytes
constexpr size_t kMaxFiller = 4;  // white space and emphasis inside the brackets
constexpr size_t kMaxDigits = 9;
constexpr size_t kMaxList = 64;  // bytes in which a list's other bracket is looked for

bool is_at(std::string_view text, size_t at, std::string_view what) {
  return text.substr(at, what.size()) == what;
}

size_t open_length(std::string_view text, size_t at) {
  for (const Bracket& b : kOwn) {
    if (is_at(text, at, b.open)) return b.open.size();
  }
  return 0;
}

size_t close_length(std::string_view text, size_t at) {
  for (const Bracket& b : kOwn) {
    if (is_at(text, at, b.close)) return b.close.size();
  }
  return 0;
}

bool is_filler(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '*' || c == '`' || c == '_';
}

size_t skip_filler(std::string_view text, size_t at) {
  const size_t last = std::min(text.size(), at + kMaxFiller);
  while (at < last && is_filler(text[at])) ++at;
  return at;
}

/// The plural or genitive that a reply may put behind a name: its length, 0 for none.
size_t inflection(std::string_view text, size_t at) {
  for (const std::string_view ending : {"'s", "\u2019s", "s"}) {
    if (is_at(text, at, ending) && !detect::word_at(text, at + ending.size())) return ending.size();
  }
  return 0;
}

/// Reads one body, 'ENTITY_n', between brackets or bare.
class Body {
 public:
  Body(std::string_view text, size_t at, const Labels* own) : text_(text), at_(at), own_(own) {}

  /// Up to and with the closing bracket.
  bool read_bracketed() {
    at_ = skip_filler(text_, at_);
    const size_t last = std::min(text_.size(), at_ + kMaxLabel);
    while (at_ < last) {
      if (is_digit(text_[at_])) {
        if (read_number() && close_bracket() && find()) return true;
        continue;
      }
      const text::CodePoint c = text::decode(text_, at_);
      if (!is_label_part(c.value)) return false;
      label_.append(text_.substr(at_, c.length));
      at_ += c.length;
    }
    return false;
  }

  /// Up to the number's end; the name must stand there in full, joined by underscores.
  bool read_bare(bool any_case) {
    const size_t last = std::min(text_.size(), at_ + kMaxLabel);
    bool joined = false;
    while (at_ < last) {
      const char c = text_[at_];
      if (is_digit(c) && joined) {
        if (read_number() && ends_bare() && find() && entry_->is_name) return true;
        joined = false;
        continue;
      }
      if (c == '\\' && is_at(text_, at_ + 1, "_")) {
        ++at_;
        continue;
      }
      if (c != '_' && !is_alnum(c)) return false;
      if (!any_case && is_lower(c)) return false;
      joined = c == '_';
      label_ += c;
      ++at_;
    }
    return false;
  }

  /// The end of what was read; where it was none, how far it was looked at.
  size_t end() const { return at_; }
  const std::string& entity() const { return entry_->entity; }
  uint32_t number() const { return number_; }

 private:
  static bool is_label_part(uint32_t c) {
    if (c >= 0x80) return c < 0x2000 || (c >= 0x3040 && c < 0xfe00);
    const char a = static_cast<char>(c);
    return is_alnum(a) || a == '_' || a == '-' || a == '\\' || a == ' ' || a == '\n' || a == '\r' ||
           a == '\t' || a == '\'' || a == '#';
  }

  /// A number as it is issued: no leading zeros. What is no number is part of the label.
  bool read_number() {
    const size_t start = at_;
    number_ = 0;
    while (at_ < text_.size() && is_digit(text_[at_])) {
      if (at_ - start < kMaxDigits)
        number_ = number_ * 10 + static_cast<uint32_t>(text_[at_] - '0');
      ++at_;
    }
    label_end_ = label_.size();
    label_.append(text_.substr(start, at_ - start));
    return at_ - start <= kMaxDigits && text_[start] != '0';
  }

  bool close_bracket() {
    const size_t after = at_ + inflection(text_, at_);
    const size_t close = skip_filler(text_, after);
    const size_t length = close_length(text_, close);
    if (length == 0) return false;
    at_ = close + length;
    return true;
  }

  bool ends_bare() const {
    size_t after = at_;
    while (after < text_.size() && text_[after] == '_' && after < at_ + kMaxFiller) ++after;
    return !detect::word_at(text_, after) || inflection(text_, after) > 0;
  }

  bool find() {
    const std::string folded = fold_label(std::string_view(label_).substr(0, label_end_));
    entry_ = Labels::built_in().find(folded);
    if (!entry_ && own_) entry_ = own_->find(folded);
    return entry_ != nullptr;
  }

  std::string_view text_;
  size_t at_;
  const Labels* own_;
  std::string label_;
  size_t label_end_ = 0;
  const Labels::Entry* entry_ = nullptr;
  uint32_t number_ = 0;
};

/// Whether a bare name may begin here; the underscores before it may be emphasis.
bool begins_bare(std::string_view text, size_t at) {
  if (!is_lower(text[at]) && !is_upper(text[at])) return false;
  while (at > 0 && text[at - 1] == '_') --at;
  return !detect::word_before(text, at);
}

/// Whether a character may begin a bracket of its own: looked at before the brackets are, since
/// nearly none does.
bool could_open(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) -> uint8_t {
    return at + i < text.size() ? static_cast<uint8_t>(text[at + i]) : 0;
  };
  switch (byte(0)) {
    case '[':
    case '\\':
    case '%':
    case '&':
      return true;
    case 0xe2:  // U+27C0 to U+27FF
      return byte(1) == 0x9f;
    case 0xe3:  // U+3008 to U+303F
      return byte(1) == 0x80 && byte(2) >= 0x88;
    default:
      return false;
  }
}

/// Whether text[at] may begin a bracket or is an underscore, before the canonical view: there a
/// full-width form is the ASCII one, which its third byte is 0x60 above.
bool is_sign(std::string_view text, size_t at) {
  std::string_view character = text.substr(at);
  char narrow = 0;
  if (character.starts_with("\xef\xbc") && character.size() > 2) {
    narrow = static_cast<char>(static_cast<uint8_t>(character[2]) - 0x60);
    character = {&narrow, 1};
  }
  return character[0] == '_' || could_open(character, 0);
}

/// The bytes that the brackets around begin with.
constexpr std::array<bool, 256> around_begins() {
  std::array<bool, 256> begins{};
  for (const Bracket& b : kAround) begins[static_cast<uint8_t>(b.open[0])] = true;
  return begins;
}

constexpr std::array<bool, 256> kAroundBegins = around_begins();

/// Takes in the brackets that stand around a range, if there are any.
bool widen(std::string_view text, Range* range) {
  const auto around = std::find_if(std::begin(kAround), std::end(kAround), [&](const Bracket& b) {
    return range->start >= b.open.size() && is_at(text, range->start - b.open.size(), b.open) &&
           is_at(text, range->end, b.close);
  });
  if (around == std::end(kAround)) return false;
  const size_t after = range->end + around->close.size();
  if (around->open == "[" && is_at(text, after, "(")) return false;  // the text of a Markdown link
  *range = {static_cast<uint32_t>(range->start - around->open.size()),
            static_cast<uint32_t>(after)};
  return true;
}

/// Whether the bracket that opened before text[at] is closed further on: then it holds a list.
bool is_closed_later(std::string_view text, size_t at) {
  const size_t last = std::min(text.size(), at + kMaxList);
  for (; at < last; ++at) {
    if (close_length(text, at) > 0) return true;
    if (open_length(text, at) > 0) return false;
  }
  return false;
}

/// Whether the bracket that closes at text[at] was opened before, around more than one name.
bool was_opened_before(std::string_view text, size_t at) {
  const size_t first = at > kMaxList ? at - kMaxList : 0;
  while (at > first) {
    --at;
    if (open_length(text, at) > 0) return true;
    if (close_length(text, at) > 0) return false;
  }
  return false;
}

}  // namespace

bool may_hold_token(std::string_view text) {
  bool sign = false, digit = false;
  for (size_t at = 0; at < text.size(); ++at) {
    sign |= is_sign(text, at);
    digit |= is_digit(text[at]) || static_cast<uint8_t>(text[at]) >= 0x80;
    if (sign && digit) return true;
  }
  return false;
}

uint32_t pairs_around(std::string_view text, Range range) {
  uint32_t pairs = 0;
  while (pairs < kMaxPairs && widen(text, &range)) ++pairs;
  return pairs;
}

bool is_pair(std::string_view open, std::string_view close) {
  if (open.empty() && close.empty()) return true;
  const auto same = [&](const Bracket& b) { return b.open == open && b.close == close; };
  return std::any_of(std::begin(kOwn), std::end(kOwn), same) ||
         std::any_of(std::begin(kAround), std::end(kAround), same);
}

namespace {

/// The placeholders of a text's canonical view, from left to right.
class TokenReader {
 public:
  TokenReader(std::string_view original, const Labels* own, bool is_last)
      : original_(original), view_(original), text_(view_.text()), own_(own), is_last_(is_last) {}

  TokenScan read(uint32_t from) {
    size_t at = detect::offset_in(view_, from);
    while (at < text_.size() && step(&at)) {
    }
    size_t decided = at;
    if (!is_last_) {
      while (const size_t open = open_before(decided)) decided -= open;
    }
    return {std::move(tokens_), std::max(from, view_.original(static_cast<uint32_t>(decided)))};
  }

 private:
  // Longer than any bracket or inflection, so that one that is cut is not taken for none.
  static constexpr size_t kAhead = 10;

  /// Whether the text may go on and change what was read up to here.
  bool is_open(size_t at, size_t ahead) const { return !is_last_ && at + ahead > text_.size(); }

  /// Reads what begins here and moves on; false where that is not decided yet.
  bool step(size_t* at) {
    const size_t start = *at;
    const bool could = could_open(text_, start);
    const size_t open = could ? open_length(text_, start) : 0;
    if (could && is_open(start, kAhead)) return false;
    if (open > 0) {
      Body body(text_, start + open, own_);
      if (body.read_bracketed()) return take(start, body.end(), 0, body, at);
      if (is_open(body.end(), kAhead)) return false;
    }
    const size_t inside = start + open;
    if (inside < text_.size() && begins_bare(text_, inside)) {
      Body body(text_, inside, own_);
      const bool is_token = body.read_bare(open > 0);
      if (is_open(body.end(), kAhead)) return false;
      if (is_token) return take_bare(start, inside, body, at);
    }
    *at = std::max(inside, start + std::max<size_t>(1, around_length(start)));
    return true;
  }

  /// The length of a bracket around placeholders that opens here, 0 for none. It is stepped over as
  /// a whole, so that it is not cut.
  size_t around_length(size_t at) const {
    if (!kAroundBegins[static_cast<uint8_t>(text_[at])]) return 0;
    for (const Bracket& b : kAround) {
      if (is_at(text_, at, b.open)) return b.open.size();
    }
    return 0;
  }

  /// Takes a placeholder that lacks a bracket, or both.
  bool take_bare(size_t start, size_t inside, const Body& body, size_t* at) {
    size_t end = body.end();
    if (inside > start) {
      if (is_open(end, kMaxList + kAhead)) return false;
      return take(is_closed_later(text_, end) ? inside : start, end, kAhead, body, at);
    }
    const size_t close = close_length(text_, end);
    if (close > 0 && !was_opened_before(text_, inside)) end += close;
    return take(start, end, kAhead, body, at);
  }

  bool take(size_t start, size_t end, size_t ahead, const Body& body, size_t* at) {
    if (open_before(start) > 0) ahead = kAhead * (kMaxPairs + 1);
    if (ahead > 0 && is_open(end, ahead)) return false;
    Token token{{}, 0, body.entity(), body.number()};
    Range range = {static_cast<uint32_t>(start), static_cast<uint32_t>(end)};
    token.range[0] = range;
    while (token.pairs < kMaxPairs && widen(text_, &range)) token.range[++token.pairs] = range;
    for (uint32_t i = 0; i <= token.pairs; ++i) token.range[i] = original(token.range[i]);
    tokens_.push_back(std::move(token));
    *at = end;
    return true;
  }

  /// The length of a bracket around placeholders that opens right before, 0 for none.
  size_t open_before(size_t at) const {
    for (const Bracket& b : kAround) {
      if (at >= b.open.size() && is_at(text_, at - b.open.size(), b.open)) return b.open.size();
    }
    return 0;
  }

  /// Hidden marks behind the last character are not part of it.
  Range original(Range range) const {
    size_t last = range.end - 1;
    while (text::is_continuation(text_[last])) --last;
    const uint32_t at = view_.original(static_cast<uint32_t>(last));
    return {view_.original(range.start), at + text::decode(original_, at).length};
  }

  std::string_view original_;
  text::View view_;
  std::string_view text_;
  const Labels* own_;
  bool is_last_;
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> find_tokens(std::string_view text, const Labels* own) {
  return scan_tokens(text, own, 0, true).tokens;
}

TokenScan scan_tokens(std::string_view text, const Labels* own, uint32_t from, bool is_last) {
  return TokenReader(text, own, is_last).read(from);
}

}  // namespace subrosa::redact
