// SPDX-License-Identifier: Apache-2.0
#include "detect/regex.h"

#include <algorithm>
#include <string>

#include "detect/pattern.h"
#include "text/utf8.h"

namespace subrosa::detect {
namespace {

/// How many instructions a node compiles to, near enough; it saturates.
uint64_t size_of(const Node& node) {
  constexpr uint64_t kMany = uint64_t{1} << 24;
  uint64_t size = 0;
  if (node.kind == Node::kClass) {
    for (const CharClass::Range& range : node.chars.ranges) size += range.last < 0x80 ? 0 : 6;
    return size + 1;
  }
  for (const NodePtr& child : node.children) size += size_of(*child) + 1;
  if (node.kind == Node::kRepeat) size *= node.max == kUnbounded ? node.min + 1 : node.max;
  return std::min(size, kMany);
}

constexpr uint32_t kHeadCharacters = 8;

/// The fewest characters that a node matches, counted as far as a head goes.
uint32_t least_of(const Node& node) {
  if (node.kind == Node::kClass) return 1;
  uint32_t least = 0;
  if (node.kind == Node::kAlternate) {
    least = kHeadCharacters;
    for (const NodePtr& child : node.children) least = std::min(least, least_of(*child));
  } else {
    for (const NodePtr& child : node.children) least += least_of(*child);
    if (node.kind == Node::kRepeat) least *= std::min(node.min, kHeadCharacters);
  }
  return std::min(least, kHeadCharacters);
}

/// A pattern without what no head reaches.
NodePtr clipped(const Node& node) {
  NodePtr copy = make(node.kind);
  copy->chars = node.chars;
  copy->min = std::min(node.min, kHeadCharacters);
  copy->max = node.max == kUnbounded ? kUnbounded : std::min(node.max, kHeadCharacters);
  uint32_t least = 0;
  for (const NodePtr& child : node.children) {
    copy->children.push_back(clipped(*child));
    if (node.kind == Node::kConcat && (least += least_of(*child)) >= kHeadCharacters) break;
  }
  return copy;
}

/// Copies a program's instructions as far as a number of characters leads: there everything
/// matches.
class HeadCopier {
 public:
  HeadCopier(const Program& from, uint32_t id, std::vector<Instruction>* out)
      : from_(from),
        known_(from.instructions().size() * kHeadCharacters, kUnknown),
        match_(static_cast<uint32_t>(out->size())),
        out_(*out) {
    out_.push_back({Instruction::kMatch, 0, id});
  }

  /// From `start` on. A set's number stays that of the other program. A list of what is left stands
  /// in for calls of itself, which a user's pattern could nest as deep as it is long.
  uint32_t copy(uint32_t start) {
    const uint32_t first = place_of(start, 0);
    while (!left_.empty()) {
      const auto [at, taken, place] = left_.back();
      left_.pop_back();
      const Instruction& instruction = from_.instructions()[at];
      const bool is_split = instruction.op == Instruction::kSplit;
      const bool begins = !is_split && begins_character(from_.sets()[instruction.value]);
      const uint32_t out = place_of(instruction.out, taken + begins);
      const uint32_t value = is_split ? place_of(instruction.value, taken) : instruction.value;
      out_[place] = {instruction.op, out, value};
    }
    return first;
  }

 private:
  static constexpr uint32_t kUnknown = ~0u;
  struct Left {
    uint32_t at, taken, place;
  };

  /// Where the copy is of what is at `at` after `taken` characters.
  uint32_t place_of(uint32_t at, uint32_t taken) {
    if (from_.instructions()[at].op == Instruction::kMatch || taken == kHeadCharacters)
      return match_;
    uint32_t& known = known_[at * kHeadCharacters + taken];
    if (known == kUnknown) {
      known = static_cast<uint32_t>(out_.size());
      out_.push_back({});
      left_.push_back({at, taken, known});
    }
    return known;
  }

  static bool begins_character(const ByteSet& set) {
    for (size_t byte = 0x80; byte < 0xc0; ++byte) {
      if (set[byte]) return false;
    }
    return true;
  }

  const Program& from_;
  std::vector<uint32_t> known_;  // by instruction and characters taken
  std::vector<Left> left_;
  uint32_t match_;
  std::vector<Instruction>& out_;
};

}  // namespace

/// Writes a pattern's instructions back to front: each piece is given where it leads.
class Emitter {
 public:
  Emitter(Program* program, Direction direction)
      : program_(*program),
        first_(program->instructions_.size()),
        backward_(direction == Direction::kBackward) {}

  bool overflowed() const {
    return program_.instructions_.size() - first_ > Program::kMaxPerPattern ||
           program_.instructions_.size() > Program::kMaxInstructions;
  }

  uint32_t push(Instruction instruction) {
    if (!overflowed()) program_.instructions_.push_back(instruction);
    return static_cast<uint32_t>(program_.instructions_.size() - 1);
  }

  uint32_t emit(const Node& node, uint32_t next) {
    if (overflowed()) return next;
    switch (node.kind) {
      case Node::kClass:
        return emit_class(node.chars, next);
      case Node::kConcat:
        for (size_t i = node.children.size(); i-- > 0;) {
          next = emit(*node.children[backward_ ? node.children.size() - 1 - i : i], next);
        }
        return next;
      case Node::kAlternate: {
        uint32_t start = emit(*node.children.back(), next);
        for (size_t i = node.children.size() - 1; i-- > 0;)
          start = split(emit(*node.children[i], next), start);
        return start;
      }
      case Node::kRepeat:
        return emit_repeat(node, next);
    }
    return next;
  }

 private:
  uint32_t split(uint32_t a, uint32_t b) { return push({Instruction::kSplit, a, b}); }

  uint32_t bytes(const ByteSet& set, uint32_t next) {
    return push({Instruction::kBytes, next, program_.intern(set)});
  }

  uint32_t emit_repeat(const Node& node, uint32_t next) {
    const Node& child = *node.children[0];
    uint32_t start = next;
    if (node.max == kUnbounded) {
      const uint32_t loop = push({Instruction::kSplit, 0, next});
      const uint32_t body = emit(child, loop);
      if (!overflowed()) program_.instructions_[loop].out = body;
      start = node.min > 0 ? body : loop;
      for (uint32_t i = 1; i < node.min && !overflowed(); ++i) start = emit(child, start);
      return start;
    }
    for (uint32_t i = node.min; i < node.max && !overflowed(); ++i)
      start = split(emit(child, start), next);
    for (uint32_t i = 0; i < node.min && !overflowed(); ++i) start = emit(child, start);
    return start;
  }

  /// A class as sequences of byte ranges: its ASCII part is one set, the rest splits where UTF-8's
  /// lengths do.
  uint32_t emit_class(const CharClass& chars, uint32_t next) {
    ByteSet ascii;
    std::vector<uint32_t> ways;
    for (const CharClass::Range& range : chars.ranges) {
      for (uint32_t c = range.first; c <= std::min(range.last, 0x7fu); ++c) ascii.set(c);
      if (range.last >= 0x80) emit_range(std::max(range.first, 0x80u), range.last, next, &ways);
    }
    if (ascii.any() || ways.empty()) ways.push_back(bytes(ascii, next));
    uint32_t start = ways[0];
    for (size_t i = 1; i < ways.size(); ++i) start = split(ways[i], start);
    return start;
  }

  void emit_range(uint32_t first, uint32_t last, uint32_t next, std::vector<uint32_t>* ways) {
    for (const uint32_t limit : {0x7ffu, 0xffffu}) {
      if (first <= limit && last > limit) {
        emit_range(first, limit, next, ways);
        emit_range(limit + 1, last, next, ways);
        return;
      }
    }
    // Within one length, split until all bytes but a prefix run over their full range.
    for (int shift = 6; shift <= 18; shift += 6) {
      const uint32_t mask = (1u << shift) - 1;
      if ((first & ~mask) == (last & ~mask)) break;
      if ((first & mask) != 0) {
        emit_range(first, first | mask, next, ways);
        emit_range((first | mask) + 1, last, next, ways);
        return;
      }
      if ((last & mask) != mask) {
        emit_range(first, (last & ~mask) - 1, next, ways);
        emit_range(last & ~mask, last, next, ways);
        return;
      }
    }
    std::string lo, hi;
    text::append(first, &lo);
    text::append(last, &hi);
    uint32_t start = next;
    for (size_t i = lo.size(); i-- > 0;) {
      const size_t at = backward_ ? lo.size() - 1 - i : i;
      ByteSet set;
      for (size_t b = static_cast<uint8_t>(lo[at]); b <= static_cast<uint8_t>(hi[at]); ++b)
        set.set(b);
      start = bytes(set, start);
    }
    ways->push_back(start);
  }

  Program& program_;
  size_t first_;
  bool backward_;
};

namespace {

/// Parsed, and not too large to compile.
Result<NodePtr> bounded(std::string_view pattern) {
  Result<NodePtr> root = parse(pattern);
  if (root && size_of(**root) > Program::kMaxPerPattern) return ErrorCode::kTooLong;
  return root;
}

Result<Program::Entry> emit(const Node& root, uint32_t id, Direction direction, Program* program) {
  Emitter emitter(program, direction);
  const uint32_t match = emitter.push({Instruction::kMatch, 0, id});
  const uint32_t start = emitter.emit(root, match);
  if (emitter.overflowed()) return ErrorCode::kTooLong;
  return Program::Entry{start};
}

}  // namespace

Result<Program::Check> Program::check(std::string_view pattern) {
  Result<NodePtr> root = bounded(pattern);
  if (!root) return root.error();
  const Node& node = **root;
  return Check{std::move(*root), needs_of(node), size_of(node), !matches_empty(node)};
}

Result<Program::Entry> Program::add(std::string_view pattern, uint32_t id, Direction direction) {
  const Result<NodePtr> root = bounded(pattern);
  if (!root) return root.error();
  return emit(**root, id, direction, this);
}

Result<Program::Entry> Program::add(const Check& checked, uint32_t id) {
  return emit(*checked.root, id, Direction::kForward, this);
}

Result<Program::Entry> Program::add_head(const Check& checked, uint32_t id) {
  Program whole;
  const auto entry = emit(*clipped(*checked.root), id, Direction::kForward, &whole);
  if (!entry) return entry.error();
  const size_t first = instructions_.size();
  const uint32_t start = HeadCopier(whole, id, &instructions_).copy(entry->start);
  if (instructions_.size() > kMaxInstructions) return ErrorCode::kTooLong;
  for (size_t i = first; i < instructions_.size(); ++i) {
    Instruction& copied = instructions_[i];
    if (copied.op == Instruction::kBytes) copied.value = intern(whole.sets()[copied.value]);
  }
  return Entry{start};
}

Program::Entry Program::add_words(const std::vector<Word>& words) { return {emit_words(words, 0)}; }

/// The words share their first `depth` bytes; they are sorted.
uint32_t Program::emit_words(std::span<const Word> words, size_t depth) {
  uint32_t start = ~0u;
  const auto join = [&](Instruction instruction) {
    instructions_.push_back(instruction);
    const auto at = static_cast<uint32_t>(instructions_.size() - 1);
    if (start != ~0u) instructions_.push_back({Instruction::kSplit, at, start});
    start = static_cast<uint32_t>(instructions_.size() - 1);
  };
  while (!words.empty()) {
    const auto& [text, id] = words.front();
    if (text.size() == depth) {
      join({Instruction::kMatch, 0, id});
      words = words.subspan(1);
      continue;
    }
    const char next = text[depth];
    size_t count = 1;
    while (count < words.size() && words[count].first[depth] == next) ++count;
    ByteSet bytes;
    bytes.set(static_cast<uint8_t>(next));
    if (next >= 'a' && next <= 'z') bytes.set(static_cast<uint8_t>(next - 32));
    const uint32_t rest = emit_words(words.first(count), depth + 1);
    join({Instruction::kBytes, rest, intern(bytes)});
    words = words.subspan(count);
  }
  return start;
}

uint32_t Program::intern(const ByteSet& set) {
  const auto [known, is_new] = by_set_.try_emplace(set, static_cast<uint32_t>(sets_.size()));
  if (is_new) sets_.push_back(set);
  return known->second;
}

}  // namespace subrosa::detect
