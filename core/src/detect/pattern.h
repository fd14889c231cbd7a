// SPDX-License-Identifier: Apache-2.0
// A pattern's parse tree. The dialect is described in regex.h.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "subrosa/result.h"

namespace subrosa::detect {

constexpr uint32_t kMaxCodePoint = 0x10ffff;
constexpr uint32_t kUnbounded = ~0u;

/// Sorted, disjoint ranges of code points.
struct CharClass {
  struct Range {
    uint32_t first, last;
  };
  std::vector<Range> ranges;

  void add(uint32_t first, uint32_t last) { ranges.push_back({first, last}); }
  void fold_ascii();
  void normalise();
  void negate();
};

struct Node {
  enum Kind : uint8_t { kClass, kConcat, kAlternate, kRepeat } kind;
  CharClass chars;                              // kClass
  std::vector<std::unique_ptr<Node>> children;  // kConcat, kAlternate; kRepeat has one
  uint32_t min = 0, max = 0;                    // kRepeat
};
using NodePtr = std::unique_ptr<Node>;

NodePtr make(Node::Kind kind);

/// Errors: bad_format with the byte offset in the pattern.
Result<NodePtr> parse(std::string_view pattern);

bool matches_empty(const Node& node);

}  // namespace subrosa::detect
