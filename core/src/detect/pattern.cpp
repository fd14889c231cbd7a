// SPDX-License-Identifier: Apache-2.0
#include "detect/pattern.h"

#include <algorithm>

#include "text/utf8.h"

namespace subrosa::detect {
namespace {

constexpr uint32_t kMaxRepeat = 1000;
constexpr uint32_t kMaxDepth = 64;

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
    uint32_t min = 0, max = kUnbounded;
    if (take('*')) {
    } else if (take('+')) {
      min = 1;
    } else if (take('?')) {
      max = 1;
    } else if (peek('{')) {
      counts(&min, &max);
    } else {
      return node;
    }
    // Lazy and possessive forms mean nothing here, and who stacks one on another meant something
    // else.
    if (peek('*') || peek('+') || peek('?') || peek('{')) fail();
    NodePtr repeat = make(Node::kRepeat);
    repeat->min = min;
    repeat->max = max;
    repeat->children.push_back(std::move(node));
    return repeat;
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

  /// A character of a bracket, or what an escape stands for.
  CharClass bracket_item() {
    CharClass item;
    if (peek('\\')) {
      escape(&item);
    } else {
      const uint32_t c = code_point();
      item.add(c, c);
    }
    return item;
  }

  static bool is_single(const CharClass& item) {
    return item.ranges.size() == 1 && item.ranges[0].first == item.ranges[0].last;
  }

  void bracket(CharClass* chars) {
    const bool negated = take('^');
    for (bool first = true; first || !peek(']'); first = false) {
      if (!more()) return fail();
      CharClass item = bracket_item();
      if (is_single(item) && peek('-') && at_ + 1 < pattern_.size() && pattern_[at_ + 1] != ']') {
        take('-');
        const CharClass end = bracket_item();
        if (!is_single(end) || end.ranges[0].first < item.ranges[0].first) return fail();
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
}  // namespace

void CharClass::fold_ascii() {
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

void CharClass::normalise() {
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

void CharClass::negate() {
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

NodePtr make(Node::Kind kind) {
  auto node = std::make_unique<Node>();
  node->kind = kind;
  return node;
}

Result<NodePtr> parse(std::string_view pattern) {
  Parser parser(pattern);
  NodePtr root = parser.parse();
  if (parser.failed()) return Error{ErrorCode::kBadFormat, parser.failed_at(), {}};
  return root;
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
}  // namespace subrosa::detect
