// SPDX-License-Identifier: Apache-2.0
#include "detect/needs.h"

#include <algorithm>
#include <optional>
#include <span>

#include "text/utf8.h"

namespace subrosa::detect {
namespace {

constexpr size_t kMaxWords = 300;       // in a list that is multiplied out
constexpr size_t kMaxUnited = 400;      // in a list of alternatives' lists
constexpr uint32_t kMaxCharacters = 4;  // of a class that is written out
constexpr size_t kMaxWordBytes = 32;

bool is_within(const CharClass& chars, uint32_t first, uint32_t last) {
  return !chars.ranges.empty() && chars.ranges.front().first >= first &&
         chars.ranges.back().last <= last;
}

Needs of_class(const CharClass& chars) {
  Needs needs;
  if (is_within(chars, '@', '@')) needs.features |= kAt;
  if (is_within(chars, ':', ':')) needs.features |= kColon;
  if (is_within(chars, 0x80, kMaxCodePoint)) needs.features |= kHighByte;
  if (is_within(chars, '0', '9')) {
    needs.features |= kDigit;
    needs.digits = 1;
    needs.first_digit = 0;
  }
  needs.length = 1;
  needs.reach = 1;
  for (const CharClass::Range& range : chars.ranges) {
    for (uint32_t c = range.first; c <= std::min(range.last, 0x7fu); ++c) needs.alphabet.set(c);
    if (range.last < 0x80) continue;
    for (size_t byte = 0x80; byte < 0x100; ++byte) needs.alphabet.set(byte);
    needs.reach = 4;
  }
  return needs;
}

void follow(Needs* needs, const Needs& next) {
  if (needs->first_digit == Needs::kFar)
    needs->first_digit = std::min(needs->reach + next.first_digit, Needs::kFar);
  needs->features |= next.features;
  needs->digits += next.digits;
  needs->length += next.length;
  needs->reach = std::min(needs->reach + next.reach, Needs::kFar);
  needs->alphabet |= next.alphabet;
}

void alternate(Needs* needs, const Needs& other) {
  needs->features &= other.features;
  needs->digits = std::min(needs->digits, other.digits);
  needs->first_digit = std::max(needs->first_digit, other.first_digit);
  needs->length = std::min(needs->length, other.length);
  needs->reach = std::max(needs->reach, other.reach);
  needs->alphabet |= other.alphabet;
}

Needs repeated(Needs needs, uint32_t min, uint32_t max) {
  if (min == 0) {
    needs.features = 0;
    needs.first_digit = Needs::kFar;
  }
  const auto times = [](uint32_t a, uint32_t b) {
    return static_cast<uint32_t>(std::min<uint64_t>(uint64_t{a} * b, Needs::kFar));
  };
  needs.digits = times(needs.digits, min);
  needs.length = times(needs.length, min);
  needs.reach = times(needs.reach, max);
  return needs;
}

/// All but the words.
Needs measure(const Node& node) {
  if (node.kind == Node::kClass) return of_class(node.chars);
  if (node.kind == Node::kRepeat) return repeated(measure(*node.children[0]), node.min, node.max);
  Needs needs;
  for (const auto& child : node.children) {
    const Needs next = measure(*child);
    if (node.kind == Node::kConcat) {
      follow(&needs, next);
    } else if (&child == &node.children.front()) {
      needs = next;
    } else {
      alternate(&needs, next);
    }
  }
  return needs;
}

/// Letters and digits of ASCII in a row, at least: at the begin of every match, anywhere in it and
/// at its end.
struct Row {
  uint32_t first = 0, longest = 0, last = 0;
  bool is_whole = true;  // there is nothing else
};

bool is_alnum_only(const CharClass& chars) {
  return std::all_of(chars.ranges.begin(), chars.ranges.end(), [](const CharClass::Range& range) {
    return (range.first >= '0' && range.last <= '9') || (range.first >= 'A' && range.last <= 'Z') ||
           (range.first >= 'a' && range.last <= 'z');
  });
}

Row joined(const Row& a, const Row& b) {
  const auto sum = [](uint32_t x, uint32_t y) { return std::min(x + y, Needs::kFar); };
  return {a.is_whole ? sum(a.first, b.first) : a.first,
          std::max({a.longest, b.longest, sum(a.last, b.first)}),
          b.is_whole ? sum(a.last, b.last) : b.last, a.is_whole && b.is_whole};
}

Row row_of(const Node& node) {
  if (node.kind == Node::kClass) {
    return is_alnum_only(node.chars) ? Row{1, 1, 1, true} : Row{0, 0, 0, false};
  }
  Row row;
  if (node.kind == Node::kRepeat) {
    const Row piece = row_of(*node.children[0]);
    if (node.min == 0) return {0, 0, 0, piece.is_whole};
    // Two of a piece already have all that a longer row could lie across.
    for (uint32_t i = 0; i < std::min(node.min, piece.is_whole ? kLongWordBytes : 2); ++i)
      row = joined(row, piece);
    return row;
  }
  for (const auto& child : node.children) {
    const Row next = row_of(*child);
    if (node.kind == Node::kConcat || &child == &node.children.front()) {
      row = joined(row, next);
    } else {
      row = {std::min(row.first, next.first), std::min(row.longest, next.longest),
             std::min(row.last, next.last), row.is_whole && next.is_whole};
    }
  }
  return row;
}

/// The characters that every match begins with and of which there are few, and whether it has no
/// others.
struct Lead {
  uint32_t characters = 0;
  bool is_whole = true;
};

Lead lead_of(const Node& node) {
  if (node.kind == Node::kClass) {
    uint32_t count = 0;
    for (const CharClass::Range& range : node.chars.ranges) {
      if (range.first <= '9' && range.last >= '0') return {0, false};
      count += range.last - range.first + 1;
    }
    return count > kMaxCharacters ? Lead{0, false} : Lead{1, true};
  }
  Lead lead;
  if (node.kind == Node::kAlternate) {
    lead.characters = Needs::kFar;
    for (const auto& child : node.children) {
      const Lead next = lead_of(*child);
      lead = {std::min(lead.characters, next.characters), lead.is_whole && next.is_whole};
    }
    return lead;
  }
  for (const auto& child : node.children) {
    const Lead next = lead_of(*child);
    lead = {lead.characters + next.characters, next.is_whole};
    if (!lead.is_whole) break;
  }
  if (node.kind == Node::kRepeat) {
    lead.characters *= lead.is_whole ? node.min : std::min(node.min, 1u);
    lead.is_whole &= node.max == std::max(node.min, 1u);
  }
  return lead;
}

std::optional<AnyOf> multiplied(const AnyOf& heads, const AnyOf& tails) {
  if (heads.size() * tails.size() > kMaxWords) return std::nullopt;
  AnyOf out;
  for (const std::string& head : heads) {
    for (const std::string& tail : tails) out.push_back(head + tail);
  }
  return out;
}

std::optional<AnyOf> characters(const CharClass& chars) {
  AnyOf out;
  uint32_t count = 0;
  for (const CharClass::Range& range : chars.ranges) {
    count += range.last - range.first + 1;
    if (count > kMaxCharacters) return std::nullopt;
    for (uint32_t c = range.first; c <= range.last; ++c) {
      std::string character;
      text::append(c >= 'A' && c <= 'Z' ? c + 32 : c, &character);
      if (std::find(out.begin(), out.end(), character) == out.end())
        out.push_back(std::move(character));
    }
  }
  return out;
}

/// Everything that a node matches, where that is little.
std::optional<AnyOf> written_out(const Node& node) {
  if (node.kind == Node::kClass) return characters(node.chars);
  AnyOf out;
  if (node.kind == Node::kAlternate) {
    for (const auto& child : node.children) {
      const auto words = written_out(*child);
      if (!words || out.size() + words->size() > kMaxWords) return std::nullopt;
      out.insert(out.end(), words->begin(), words->end());
    }
    return out;
  }
  if (node.kind == Node::kRepeat) {
    if (node.max != 1) return std::nullopt;
    auto words = written_out(*node.children[0]);
    if (words && node.min == 0) words->emplace_back();
    return words;
  }
  out.emplace_back();
  for (const auto& child : node.children) {
    const auto words = written_out(*child);
    auto longer = words ? multiplied(out, *words) : std::nullopt;
    if (!longer) return std::nullopt;
    out = std::move(*longer);
  }
  return out;
}

/// A word tells something if it has a letter and is not that letter alone.
bool is_telling(const std::string& word) {
  if (word.size() < 2) return false;
  return std::any_of(word.begin(), word.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || static_cast<uint8_t>(c) >= 0x80;
  });
}

/// Where a word holds another of its list, the other is enough.
AnyOf shortest(AnyOf words) {
  std::sort(words.begin(), words.end(), [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  });
  AnyOf out;
  for (const std::string& word : words) {
    const bool is_held = std::any_of(out.begin(), out.end(), [&](const std::string& shorter) {
      return word.find(shorter) != std::string::npos;
    });
    if (!is_held) out.push_back(word);
  }
  return out;
}

void add(AnyOf words, std::vector<AnyOf>* lists) {
  if (words.empty() || !std::all_of(words.begin(), words.end(), is_telling)) return;
  for (std::string& word : words) word.resize(std::min(word.size(), kMaxWordBytes));
  lists->push_back(shortest(std::move(words)));
}

bool is_better(const AnyOf& a, const AnyOf& b) {
  if (a.front().size() != b.front().size()) return a.front().size() > b.front().size();
  return a.size() < b.size();
}

bool has_word_character(const CharClass& chars) {
  constexpr CharClass::Range kWord[] = {
      {'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}, {0xc0, 0x52f}};
  for (const CharClass::Range& range : chars.ranges) {
    for (const CharClass::Range& word : kWord) {
      if (range.first <= word.last && range.last >= word.first) return true;
    }
  }
  return false;
}

/// Whether what follows a match of these nodes begins a word, if it may begin one; `outside`: the
/// nodes do.
bool ends_outside_word(std::span<const NodePtr> sequence, bool outside);

bool ends_outside_word(const Node& node) {
  if (node.kind == Node::kClass) return !has_word_character(node.chars);
  if (node.kind != Node::kAlternate) return ends_outside_word(node.children, true);
  return std::all_of(node.children.begin(), node.children.end(),
                     [](const NodePtr& child) { return ends_outside_word(*child); });
}

bool ends_outside_word(std::span<const NodePtr> sequence, bool outside) {
  for (size_t i = sequence.size(); i-- > 0;) {
    if (!ends_outside_word(*sequence[i])) return false;
    if (!matches_empty(*sequence[i])) return true;
  }
  return outside;
}

std::vector<AnyOf> words_of_sequence(const Node& node, bool outside) {
  std::vector<AnyOf> lists;
  AnyOf run = {""};
  for (size_t i = 0; i < node.children.size(); ++i) {
    const Node& child = *node.children[i];
    const auto words = written_out(child);
    auto longer = words ? multiplied(run, *words) : std::nullopt;
    if (longer) {
      run = std::move(*longer);
      continue;
    }
    add(run, &lists);
    if (words) {
      run = *words;
      continue;
    }
    for (AnyOf& list : words_of(child, outside && i == 0)) lists.push_back(std::move(list));
    run = {ends_outside_word(std::span(node.children).first(i + 1), outside) ? " " : ""};
  }
  add(run, &lists);
  return lists;
}

/// A match holds one of the alternatives, so one of their lists' words.
std::vector<AnyOf> united(const Node& node, bool outside) {
  AnyOf words;
  for (const auto& child : node.children) {
    const std::vector<AnyOf> lists = words_of(*child, outside);
    if (lists.empty()) return {};
    const AnyOf& best = *std::min_element(lists.begin(), lists.end(), is_better);
    words.insert(words.end(), best.begin(), best.end());
    if (words.size() > kMaxUnited) return {};
  }
  return {shortest(std::move(words))};
}

}  // namespace

Needs needs_of(const Node& pattern) {
  Needs needs = measure(pattern);
  needs.features |= features_of_digits(needs.digits);
  if (row_of(pattern).longest >= kLongWordBytes) needs.features |= kLongWord;
  needs.lead = lead_of(pattern).characters;
  return needs;
}

std::vector<AnyOf> words_of(const Node& node, bool outside) {
  std::vector<AnyOf> lists;
  if (const auto words = written_out(node)) {
    add(*words, &lists);
    return lists;
  }
  if (node.kind == Node::kConcat) return words_of_sequence(node, outside);
  if (node.kind == Node::kAlternate) return united(node, outside);
  if (node.kind == Node::kRepeat && node.min > 0) return words_of(*node.children[0], false);
  return lists;
}

}  // namespace subrosa::detect
