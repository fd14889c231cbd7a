// SPDX-License-Identifier: Apache-2.0
#include "detect/regex.h"

#include <algorithm>
#include <memory>
#include <string>

#include "text/utf8.h"

namespace subrosa::detect {
namespace {

constexpr uint32_t kMaxCodePoint = 0x10ffff;
constexpr uint32_t kUnbounded = ~0u;
constexpr uint32_t kMaxRepeat = 1000;
constexpr uint32_t kMaxDepth = 64;

/// Sorted, disjoint ranges of code points.
struct CharClass {
  struct Range {
    uint32_t first, last;
  };
  std::vector<Range> ranges;

  void add(uint32_t first, uint32_t last) { ranges.push_back({first, last}); }

  void fold_ascii() {
    const size_t count = ranges.size();
    for (size_t i = 0; i < count; ++i) {
      const auto shifted = [&](uint32_t lo, uint32_t hi, int by) {
        const uint32_t first = std::max(ranges[i].first, lo), last = std::min(ranges[i].last, hi);
        if (first <= last) add(first + by, last + by);
      };
      shifted('a', 'z', -32);
      shifted('A', 'Z', 32);
    }
  }

  void normalise() {
    std::sort(ranges.begin(), ranges.end(), [](Range a, Range b) { return a.first < b.first; });
    std::vector<Range> merged;
    for (const Range& r : ranges) {
      if (!merged.empty() && r.first <= merged.back().last + 1) {
        merged.back().last = std::max(merged.back().last, r.last);
      } else {
        merged.push_back(r);
      }
    }
    ranges = std::move(merged);
  }

  void negate() {
    normalise();
    std::vector<Range> rest;
    uint32_t next = 0;
    for (const Range& r : ranges) {
      if (r.first > next) rest.push_back({next, r.first - 1});
      next = r.last + 1;
    }
    if (next <= kMaxCodePoint) rest.push_back({next, kMaxCodePoint});
    ranges = std::move(rest);
  }
};

struct Node {
  enum Kind : uint8_t { kClass, kConcat, kAlternate, kRepeat } kind;
  CharClass chars;                              // kClass
  std::vector<std::unique_ptr<Node>> children;  // kConcat, kAlternate; kRepeat has one
  uint32_t min = 0, max = 0;                    // kRepeat
};
using NodePtr = std::unique_ptr<Node>;

NodePtr make(Node::Kind kind) {
  auto node = std::make_unique<Node>();
  node->kind = kind;
  return node;
}

// Letters by script blocks, coarser than Unicode's categories: rules use them for names, where that
// is enough.
struct NamedClass {
  std::string_view name;
  std::vector<CharClass::Range> ranges;
};

const std::vector<NamedClass>& named_classes() {
  static const std::vector<NamedClass> classes = {
      {"Han", {{0x3400, 0x4dbf}, {0x4e00, 0x9fff}, {0xf900, 0xfaff}, {0x20000, 0x323af}}},
      {"Hiragana", {{0x3041, 0x309f}}},
      {"Katakana", {{0x30a0, 0x30ff}, {0x31f0, 0x31ff}}},
      {"Hangul", {{0x1100, 0x11ff}, {0x3130, 0x318f}, {0xac00, 0xd7a3}}},
      {"L",
       {{'A', 'Z'},       {'a', 'z'},       {0xaa, 0xaa},      {0xb5, 0xb5},     {0xba, 0xba},
        {0xc0, 0xd6},     {0xd8, 0xf6},     {0xf8, 0x24f},     {0x370, 0x3ff},   {0x400, 0x52f},
        {0x531, 0x587},   {0x5d0, 0x5ea},   {0x620, 0x64a},    {0x671, 0x6d3},   {0x904, 0x939},
        {0xe01, 0xe30},   {0x1100, 0x11ff}, {0x1e00, 0x1fff},  {0x3041, 0x30ff}, {0x3400, 0x4dbf},
        {0x4e00, 0x9fff}, {0xac00, 0xd7a3}, {0x20000, 0x323af}}},
      {"Lu", {{'A', 'Z'}, {0xc0, 0xd6}, {0xd8, 0xde}, {0x386, 0x3ab}, {0x400, 0x42f}}},
      {"Ll", {{'a', 'z'}, {0xdf, 0xf6}, {0xf8, 0xff}, {0x3ac, 0x3ce}, {0x430, 0x45f}}},
  };
  return classes;
}

class Parser {
 public:
  explicit Parser(std::string_view pattern) : pattern_(pattern) {
    if (pattern_.substr(0, 4) == "(?i)") {
      fold_ = true;
      at_ = 4;
    }
  }

  NodePtr parse() {
    NodePtr node = alternation(0);
    if (!failed_ && at_ < pattern_.size()) fail();
    return node;
  }

  bool failed() const { return failed_; }
  uint32_t failed_at() const { return static_cast<uint32_t>(failed_at_); }

 private:
  bool more() const { return !failed_ && at_ < pattern_.size(); }
  bool peek(char c) const { return more() && pattern_[at_] == c; }
  bool take(char c) {
    if (!peek(c)) return false;
    ++at_;
    return true;
  }
  void fail() {
    if (failed_) return;
    failed_ = true;
    failed_at_ = at_;
  }

  NodePtr alternation(uint32_t depth) {
    if (depth > kMaxDepth) fail();
    NodePtr node = make(Node::kAlternate);
    do {
      node->children.push_back(concatenation(depth));
    } while (take('|'));
    return node->children.size() == 1 ? std::move(node->children[0]) : std::move(node);
  }

  NodePtr concatenation(uint32_t depth) {
    NodePtr node = make(Node::kConcat);
    while (more() && !peek('|') && !peek(')')) node->children.push_back(repetition(depth));
    return node;
  }

  NodePtr repetition(uint32_t depth) {
    NodePtr node = atom(depth);
    while (more()) {
      uint32_t min = 0, max = kUnbounded;
      if (take('*')) {
      } else if (take('+')) {
        min = 1;
      } else if (take('?')) {
        max = 1;
      } else if (peek('{')) {
        counts(&min, &max);
      } else {
        break;
      }
      if (peek('?') || peek('+')) fail();  // lazy and possessive forms mean nothing here
      NodePtr repeat = make(Node::kRepeat);
      repeat->min = min;
      repeat->max = max;
      repeat->children.push_back(std::move(node));
      node = std::move(repeat);
    }
    return node;
  }

  uint32_t number() {
    uint32_t value = 0;
    bool any = false;
    while (more() && pattern_[at_] >= '0' && pattern_[at_] <= '9' && value <= kMaxRepeat) {
      value = value * 10 + static_cast<uint32_t>(pattern_[at_++] - '0');
      any = true;
    }
    if (!any || value > kMaxRepeat) fail();
    return value;
  }

  void counts(uint32_t* min, uint32_t* max) {
    take('{');
    *min = number();
    *max = *min;
    if (take(',')) *max = peek('}') ? kUnbounded : number();
    if (!take('}') || *max < *min || *max == 0) fail();
  }

  NodePtr atom(uint32_t depth) {
    if (take('(')) {
      if (take('?') && !take(':')) fail();
      NodePtr node = alternation(depth + 1);
      if (!take(')')) fail();
      return node;
    }
    NodePtr node = make(Node::kClass);
    if (take('[')) {
      bracket(&node->chars);
    } else if (take('.')) {
      node->chars.add('\n', '\n');
      node->chars.negate();
    } else if (peek('\\')) {
      escape(&node->chars);
    } else if (more() &&
               std::string_view("*+?{}^$)]").find(pattern_[at_]) == std::string_view::npos) {
      const uint32_t c = code_point();
      node->chars.add(c, c);
    } else {
      fail();
    }
    if (fold_) node->chars.fold_ascii();
    node->chars.normalise();
    return node;
  }

  uint32_t code_point() {
    if (!more()) {
      fail();
      return 0;
    }
    const text::CodePoint c = text::decode(pattern_, at_);
    if (c.length == 0) fail();
    at_ += std::max(c.length, 1u);
    return c.value;
  }

  void bracket(CharClass* chars) {
    const bool negated = take('^');
    for (bool first = true; first || !peek(']'); first = false) {
      if (!more()) return fail();
      CharClass item;
      if (peek('\\')) {
        escape(&item);
      } else {
        const uint32_t c = code_point();
        item.add(c, c);
      }
      const bool single = item.ranges.size() == 1 && item.ranges[0].first == item.ranges[0].last;
      if (single && peek('-') && at_ + 1 < pattern_.size() && pattern_[at_ + 1] != ']') {
        take('-');
        CharClass end;
        if (peek('\\')) {
          escape(&end);
        } else {
          const uint32_t c = code_point();
          end.add(c, c);
        }
        if (end.ranges.size() != 1 || end.ranges[0].first != end.ranges[0].last ||
            end.ranges[0].first < item.ranges[0].first) {
          return fail();
        }
        item.ranges[0].last = end.ranges[0].first;
      }
      chars->ranges.insert(chars->ranges.end(), item.ranges.begin(), item.ranges.end());
    }
    take(']');
    if (fold_ && negated) chars->fold_ascii();
    if (negated) chars->negate();
  }

  void escape(CharClass* chars) {
    take('\\');
    if (!more()) return fail();
    const char c = pattern_[at_++];
    switch (c) {
      case 'd':
      case 'D':
        chars->add('0', '9');
        break;
      case 'w':
      case 'W':
        chars->add('0', '9');
        chars->add('A', 'Z');
        chars->add('a', 'z');
        chars->add('_', '_');
        break;
      case 's':
      case 'S':
        chars->add('\t', '\r');
        chars->add(' ', ' ');
        break;
      case 'n':
        return chars->add('\n', '\n');
      case 't':
        return chars->add('\t', '\t');
      case 'r':
        return chars->add('\r', '\r');
      case 'x':
        return hexadecimal(chars);
      case 'p':
        return named(chars);
      default: {
        const auto byte = static_cast<uint8_t>(c);
        const bool plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
                           (byte >= 'a' && byte <= 'z');
        if (plain || byte >= 0x80) return fail();
        return chars->add(byte, byte);
      }
    }
    if (c >= 'A' && c <= 'Z') chars->negate();
  }

  void hexadecimal(CharClass* chars) {
    if (!take('{')) return fail();
    uint32_t value = 0;
    uint32_t count = 0;
    for (; more() && !peek('}') && count < 6; ++count) {
      const char c = pattern_[at_++];
      const int digit = c >= '0' && c <= '9'   ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : -1;
      if (digit < 0) return fail();
      value = value * 16 + static_cast<uint32_t>(digit);
    }
    if (count == 0 || !take('}') || value > kMaxCodePoint) return fail();
    chars->add(value, value);
  }

  void named(CharClass* chars) {
    const size_t end = pattern_.find('}', at_);
    if (!take('{') || end == std::string_view::npos) return fail();
    const std::string_view name = pattern_.substr(at_, end - at_);
    for (const NamedClass& entry : named_classes()) {
      if (entry.name != name) continue;
      chars->ranges.insert(chars->ranges.end(), entry.ranges.begin(), entry.ranges.end());
      at_ = end + 1;
      return;
    }
    fail();
  }

  std::string_view pattern_;
  size_t at_ = 0;
  bool fold_ = false;
  bool failed_ = false;
  size_t failed_at_ = 0;
};

const ByteSet& feature_bytes(uint32_t index) {
  static const std::vector<ByteSet> sets = [] {
    std::vector<ByteSet> all(6);
    all[0].set('@');
    all[1].set(':');
    all[2].set('/');
    all[3].set('_');
    for (size_t b = 0x80; b < 0x100; ++b) all[4].set(b);
    for (size_t b = '0'; b <= '9'; ++b) all[5].set(b);
    return all;
  }();
  return sets[index];
}

bool matches_empty(const Node& node) {
  const auto is_empty = [](const NodePtr& child) { return matches_empty(*child); };
  switch (node.kind) {
    case Node::kClass:
      return false;
    case Node::kConcat:
      return std::all_of(node.children.begin(), node.children.end(), is_empty);
    case Node::kAlternate:
      return std::any_of(node.children.begin(), node.children.end(), is_empty);
    case Node::kRepeat:
      return node.min == 0 || is_empty(node.children[0]);
  }
  return true;
}

NodePtr copy_of(const Node& node) {
  NodePtr copy = make(node.kind);
  copy->chars = node.chars;
  copy->min = node.min;
  copy->max = node.max;
  for (const NodePtr& child : node.children) copy->children.push_back(copy_of(*child));
  return copy;
}

/// Builds the head of a pattern: its first few characters, up to where it may vary in length. Where
/// it is cut the head ends, so that it lets through whatever the pattern does.
class Header {
 public:
  NodePtr head(const Node& node) {
    NodePtr out = make(Node::kConcat);
    append(node, out.get());
    return out;
  }

 private:
  static constexpr uint32_t kCharacters = 6;
  static constexpr uint32_t kMaxSpread = 1;  // of a repetition's counts

  void append(const Node& node, Node* out) {
    if (cut_) return;
    switch (node.kind) {
      case Node::kClass:
        out->children.push_back(copy_of(node));
        cut_ = ++taken_ >= kCharacters;
        break;
      case Node::kConcat:
        for (size_t i = 0; i < node.children.size() && !cut_; ++i) {
          if (is_open(*node.children[i])) return append_open(node, i, out);
          append(*node.children[i], out);
        }
        break;
      case Node::kAlternate:
        append_ways(node, out);
        break;
      case Node::kRepeat:
        for (uint32_t i = 0; i < node.min && !cut_; ++i) append(*node.children[0], out);
        if (cut_ || node.max == node.min) return;
        if (node.max - node.min > kMaxSpread) {
          cut_ = true;
          return;
        }
        append_optional(*node.children[0], out);
    }
  }

  static bool is_open(const Node& node) { return node.kind == Node::kRepeat && node.min == 0; }

  /// Something that may come or not: the head ends after one, or goes on without it.
  void append_open(const Node& node, size_t at, Node* out) {
    NodePtr ways = make(Node::kAlternate);
    const uint32_t taken = taken_;
    ways->children.push_back(head(*node.children[at]->children[0]));
    taken_ = taken;
    cut_ = false;
    NodePtr rest = make(Node::kConcat);
    for (size_t i = at + 1; i < node.children.size(); ++i)
      rest->children.push_back(copy_of(*node.children[i]));
    ways->children.push_back(head(*rest));
    out->children.push_back(std::move(ways));
    cut_ = true;
  }

  void append_optional(const Node& child, Node* out) {
    NodePtr ways = make(Node::kAlternate);
    const uint32_t taken = taken_;
    ways->children.push_back(head(child));
    ways->children.push_back(make(Node::kConcat));
    if (!cut_) taken_ = taken;
    out->children.push_back(std::move(ways));
  }

  /// The head can only go on after ways that are all whole.
  void append_ways(const Node& node, Node* out) {
    NodePtr ways = make(Node::kAlternate);
    const uint32_t taken = taken_;
    bool any_cut = false;
    uint32_t most = taken;
    for (const NodePtr& child : node.children) {
      taken_ = taken;
      cut_ = false;
      ways->children.push_back(head(*child));
      any_cut |= cut_;
      most = std::max(most, taken_);
    }
    taken_ = most;
    cut_ = any_cut;
    out->children.push_back(std::move(ways));
  }

  uint32_t taken_ = 0;
  bool cut_ = false;
};

NodePtr head_of(const Node& root) { return Header().head(root); }

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

/// What every match of a node holds: features by set, and how many digits at least.
struct Needs {
  uint32_t features = 0;
  uint32_t digits = 0;
};

Needs needs_of(const Node& node) {
  Needs needs;
  switch (node.kind) {
    case Node::kClass: {
      const auto only = [&](uint32_t lo, uint32_t hi) {
        return !node.chars.ranges.empty() && node.chars.ranges.front().first >= lo &&
               node.chars.ranges.back().last <= hi;
      };
      if (only('@', '@')) needs.features |= kAt;
      if (only(':', ':')) needs.features |= kColon;
      if (only('/', '/')) needs.features |= kSlash;
      if (only('_', '_')) needs.features |= kUnderscore;
      if (only(0x80, kMaxCodePoint)) needs.features |= kHighByte;
      if (only('0', '9')) needs = {needs.features | kDigit, 1};
      break;
    }
    case Node::kConcat:
      for (const NodePtr& child : node.children) {
        const Needs n = needs_of(*child);
        needs = {needs.features | n.features, needs.digits + n.digits};
      }
      break;
    case Node::kAlternate:
      needs = needs_of(*node.children[0]);
      for (const NodePtr& child : node.children) {
        const Needs n = needs_of(*child);
        needs = {needs.features & n.features, std::min(needs.digits, n.digits)};
      }
      break;
    case Node::kRepeat:
      if (node.min > 0) {
        needs = needs_of(*node.children[0]);
        needs.digits *= node.min;
      }
      break;
  }
  return needs;
}

}  // namespace

uint32_t features_of(std::string_view text) {
  static const std::vector<uint8_t> table = [] {
    std::vector<uint8_t> bits(256);
    for (uint32_t f = 0; f < 6; ++f) {
      for (size_t b = 0; b < 256; ++b) bits[b] |= static_cast<uint8_t>(feature_bytes(f)[b] << f);
    }
    return bits;
  }();
  uint32_t features = 0;
  uint32_t digits = 0;
  for (char c : text) {
    const uint32_t bits = table[static_cast<uint8_t>(c)];
    features |= bits;
    digits += (bits >> 5) & 1;
  }
  return features | (digits >= 5 ? kDigits5 : 0) | (digits >= 8 ? kDigits8 : 0);
}

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

uint32_t features_needed(const Node& root) {
  const Needs needs = needs_of(root);
  return needs.features | (needs.digits >= 5 ? kDigits5 : 0) | (needs.digits >= 8 ? kDigits8 : 0);
}

Result<NodePtr> parse(std::string_view pattern) {
  Parser parser(pattern);
  NodePtr root = parser.parse();
  if (parser.failed()) return Error{ErrorCode::kBadFormat, parser.failed_at(), {}};
  if (size_of(*root) > Program::kMaxPerPattern) return ErrorCode::kTooLong;
  return root;
}

Result<Program::Entry> emit(const Node& root, uint32_t id, Direction direction, Program* program) {
  Emitter emitter(program, direction);
  const uint32_t match = emitter.push({Instruction::kMatch, 0, id});
  const uint32_t start = emitter.emit(root, match);
  if (emitter.overflowed()) return ErrorCode::kTooLong;
  return Program::Entry{start, features_needed(root)};
}

}  // namespace

Result<Program::Check> Program::check(std::string_view pattern) {
  const Result<NodePtr> root = parse(pattern);
  if (!root) return root.error();
  return Check{features_needed(**root), size_of(**root), !matches_empty(*head_of(**root))};
}

Result<Program::Entry> Program::add(std::string_view pattern, uint32_t id, Direction direction) {
  const Result<NodePtr> root = parse(pattern);
  if (!root) return root.error();
  return emit(**root, id, direction, this);
}

Result<Program::Entry> Program::add_head(std::string_view pattern, uint32_t id) {
  const Result<NodePtr> root = parse(pattern);
  if (!root) return root.error();
  return emit(*head_of(**root), id, Direction::kForward, this);
}

uint32_t Program::intern(const ByteSet& set) {
  const auto found = std::find(sets_.begin(), sets_.end(), set);
  if (found != sets_.end()) return static_cast<uint32_t>(found - sets_.begin());
  sets_.push_back(set);
  return static_cast<uint32_t>(sets_.size() - 1);
}

}  // namespace subrosa::detect
