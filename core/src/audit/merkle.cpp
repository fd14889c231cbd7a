// SPDX-License-Identifier: Apache-2.0
#include <sodium.h>

#include <algorithm>
#include <bit>

#include "subrosa/audit.h"

namespace subrosa::audit {
namespace {

/// Leaves [begin, end).
struct Range {
  uint64_t begin;
  uint64_t end;
  uint64_t size() const { return end - begin; }
};

/// The largest power of two below n, where RFC 9162 splits a tree of n leaves; n > 1.
uint64_t split(uint64_t n) { return std::bit_floor(n - 1); }

/// Where in the list the root of the perfect tree over `leaves` lies: behind its last leaf and the
/// smaller trees that the leaf completes. Before that leaf, m leaves gave 2m - popcount(m) nodes.
uint64_t position(Range leaves) {
  const uint64_t last = leaves.end - 1;
  return 2 * last - std::popcount(last) + std::countr_zero(leaves.size());
}

/// The perfect trees that make up a range, from the largest: those are what the list holds.
void plan_hash(Range range, Plan& plan) {
  while (range.size() > 0) {
    const uint64_t part = std::bit_floor(range.size());
    plan.push_back(position({range.begin, range.begin + part}));
    range.begin += part;
  }
  plan.back() |= kLast;
}

/// Planned from the root down, while a proof reads from the leaf up.
Plan plan_upward(const std::vector<Range>& ranges) {
  Plan plan;
  for (auto range = ranges.rbegin(); range != ranges.rend(); ++range) plan_hash(*range, plan);
  return plan;
}

Hash fold_peaks(const Hash* peaks, size_t count) {
  Hash hash = peaks[count - 1];
  for (size_t i = count - 1; i > 0; --i) hash = hash_node(peaks[i - 1], hash);
  return hash;
}

/// A walk from a leaf to the root: the index of the node at this level, and that of the last one.
struct Path {
  uint64_t node;
  uint64_t last;
  bool is_right() const { return node & 1 || node == last; }
  void climb(int levels) {
    node >>= levels;
    last >>= levels;
  }
  /// The last node of a level that has no sibling there stands for itself one level up.
  void skip_right_edge() { climb(std::countr_zero(node)); }
};

}  // namespace

Hash hash_leaf(std::string_view data) {
  Hash hash;
  crypto_hash_sha256_state state;
  constexpr uint8_t kPrefix = 0;
  crypto_hash_sha256_init(&state);
  crypto_hash_sha256_update(&state, &kPrefix, 1);
  crypto_hash_sha256_update(&state, reinterpret_cast<const uint8_t*>(data.data()), data.size());
  crypto_hash_sha256_final(&state, hash.data());
  return hash;
}

Hash hash_node(const Hash& left, const Hash& right) {
  std::array<uint8_t, 65> input{1};
  std::copy(left.begin(), left.end(), input.begin() + 1);
  std::copy(right.begin(), right.end(), input.begin() + 33);
  Hash hash;
  crypto_hash_sha256(hash.data(), input.data(), input.size());
  return hash;
}

std::vector<Hash> append(Tree& tree, const std::vector<Hash>& leaves) {
  std::vector<Hash> nodes;
  nodes.reserve(leaves.size() * 2);
  for (Hash hash : leaves) {
    nodes.push_back(hash);
    for (uint64_t rest = tree.size; rest & 1; rest >>= 1) {
      hash = hash_node(tree.peaks.back(), hash);
      tree.peaks.pop_back();
      nodes.push_back(hash);
    }
    tree.peaks.push_back(hash);
    ++tree.size;
  }
  return nodes;
}

Hash root(const Tree& tree) {
  if (!tree.peaks.empty()) return fold_peaks(tree.peaks.data(), tree.peaks.size());
  Hash hash;
  crypto_hash_sha256(hash.data(), nullptr, 0);
  return hash;
}

Result<Plan> plan_inclusion(uint64_t index, uint64_t size) {
  if (index >= size || size >= kLast / 2) return ErrorCode::kBadArgument;
  std::vector<Range> siblings;
  for (Range tree{0, size}; tree.size() > 1;) {
    const uint64_t middle = tree.begin + split(tree.size());
    const bool left = index < middle;
    siblings.push_back(left ? Range{middle, tree.end} : Range{tree.begin, middle});
    tree = left ? Range{tree.begin, middle} : Range{middle, tree.end};
  }
  return plan_upward(siblings);
}

Result<Plan> plan_consistency(uint64_t from, uint64_t to) {
  if (from == 0 || from > to || to >= kLast / 2) return ErrorCode::kBadArgument;
  std::vector<Range> siblings;
  Range tree{0, to};
  while (from != tree.end) {
    const uint64_t middle = tree.begin + split(tree.size());
    const bool left = from <= middle;
    siblings.push_back(left ? Range{middle, tree.end} : Range{tree.begin, middle});
    tree = left ? Range{tree.begin, middle} : Range{middle, tree.end};
  }
  // Where the walk ends at the old tree itself, its root is known to who checks.
  if (tree.begin != 0) siblings.push_back(tree);
  return plan_upward(siblings);
}

Result<std::vector<Hash>> fold(const Plan& plan, const std::vector<Hash>& nodes) {
  if (plan.size() != nodes.size()) return ErrorCode::kBadArgument;
  if (!plan.empty() && !(plan.back() & kLast)) return ErrorCode::kBadArgument;
  std::vector<Hash> proof;
  size_t begin = 0;
  for (size_t i = 0; i < plan.size(); ++i) {
    if (!(plan[i] & kLast)) continue;
    proof.push_back(fold_peaks(&nodes[begin], i + 1 - begin));
    begin = i + 1;
  }
  return proof;
}

bool verify_inclusion(const Hash& leaf, uint64_t index, uint64_t size, const Hash& root,
                      const std::vector<Hash>& proof) {
  if (index >= size) return false;
  Path path{index, size - 1};
  Hash hash = leaf;
  for (const Hash& sibling : proof) {
    if (path.last == 0) return false;
    if (path.is_right()) {
      hash = hash_node(sibling, hash);
      path.skip_right_edge();
    } else {
      hash = hash_node(hash, sibling);
    }
    path.climb(1);
  }
  return path.last == 0 && hash == root;
}

bool verify_consistency(const Head& from, const Head& to, const std::vector<Hash>& proof) {
  if (from.size == 0 || from.size > to.size) return false;
  if (from.size == to.size) return proof.empty() && from.root == to.root;
  if (proof.empty()) return false;
  const int whole = std::countr_zero(from.size);  // levels at which the old tree is complete
  Path path{(from.size - 1) >> whole, (to.size - 1) >> whole};
  // A perfect old tree is itself the node to start from, and the proof leaves it out.
  const bool perfect = std::has_single_bit(from.size);
  Hash old_hash = perfect ? from.root : proof.front();
  Hash new_hash = old_hash;
  for (size_t i = perfect ? 0 : 1; i < proof.size(); ++i) {
    if (path.last == 0) return false;
    if (path.is_right()) {
      old_hash = hash_node(proof[i], old_hash);
      new_hash = hash_node(proof[i], new_hash);
      path.skip_right_edge();
    } else {
      new_hash = hash_node(new_hash, proof[i]);
    }
    path.climb(1);
  }
  return path.last == 0 && old_hash == from.root && new_hash == to.root;
}

}  // namespace subrosa::audit
