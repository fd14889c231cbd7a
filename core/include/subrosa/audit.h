// SPDX-License-Identifier: Apache-2.0
// A log that anyone can check: the Merkle tree of RFC 6962 (hashing as in RFC 9162), checkpoints
// and proofs in the C2SP text forms, signed with Ed25519.
//
//   Tree tree;                                     // the whole state: one hash for each bit of
//   size std::vector<Hash> nodes = append(tree, {hash_leaf("entry")});  // store these, in this
//   order std::string note = *sign_checkpoint({"example.com/log", tree.size, root(tree)}, seed);
//
// Nodes are kept by the caller as one list that only grows: each leaf, followed by the inner nodes
// that it completes. A proof is planned as positions in that list, and folded from what lies there.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "subrosa/result.h"

namespace subrosa::audit {

using Hash = std::array<uint8_t, 32>;

/// SHA-256(00 || data), RFC 9162 section 2.1.1.
Hash hash_leaf(std::string_view data);
/// SHA-256(01 || left || right), the same section.
Hash hash_node(const Hash& left, const Hash& right);

struct Tree {
  uint64_t size = 0;
  std::vector<Hash> peaks;  // roots of the perfect subtrees, from the largest
};

/// Appends leaf hashes. Returns the nodes that are new, in the order of the list.
std::vector<Hash> append(Tree& tree, const std::vector<Hash>& leaves);
/// The hash of the whole tree; SHA-256 of nothing when it is empty.
Hash root(const Tree& tree);

/// Where the hashes of a proof come from. Each position is an index in the list of nodes; one that
/// has kLast set ends a hash of the proof, which is folded from the positions since the one before.
using Plan = std::vector<uint64_t>;
inline constexpr uint64_t kLast = uint64_t{1} << 63;

/// The inclusion of leaf `index` in a tree of `size` (RFC 9162 section 2.1.3.1). kBadArgument
/// unless index < size.
Result<Plan> plan_inclusion(uint64_t index, uint64_t size);
/// That a tree of size `from` is a prefix of one of size `to` (section 2.1.4.1). kBadArgument
/// unless 0 < from <= to.
Result<Plan> plan_consistency(uint64_t from, uint64_t to);
/// The proof, from the nodes at the plan's positions. kBadArgument when there are fewer or more.
Result<std::vector<Hash>> fold(const Plan& plan, const std::vector<Hash>& nodes);

/// What a checkpoint says.
struct Head {
  std::string origin;
  uint64_t size = 0;
  Hash root{};
};

/// Section 2.1.3.2: whether `leaf` is at `index` of the tree with this size and root.
bool verify_inclusion(const Hash& leaf, uint64_t index, uint64_t size, const Hash& root,
                      const std::vector<Hash>& proof);
/// Section 2.1.4.2: whether the tree of the second head extends that of the first. A size of 0 is
/// refused, since nothing can be proved of it. Origins are not compared.
bool verify_consistency(const Head& from, const Head& to, const std::vector<Hash>& proof);

/// The verifier key of a signer: name+id+key (C2SP signed-note). The seed has 32 bytes.
/// kBadArgument: another length, or a name with a space or a plus sign.
Result<std::string> note_key(std::string_view name, std::string_view seed);
/// The text, which ends in a newline, with one Ed25519 signature line below.
Result<std::string> sign_note(std::string_view text, std::string_view name, std::string_view seed);
/// The text of a note that the key has signed; signatures of other keys are passed over.
/// kBadFormat, kUnsupportedVersion (a key of another algorithm) or kNotAuthentic.
Result<std::string> open_note(std::string_view note, std::string_view key);

/// A signed checkpoint (C2SP tlog-checkpoint); the signer's name is the origin.
Result<std::string> sign_checkpoint(const Head& head, std::string_view seed);
/// Opens a checkpoint. Its origin must be the key's name; lines of extensions are passed over.
Result<Head> open_checkpoint(std::string_view note, std::string_view key);

/// An inclusion proof as text (C2SP tlog-proof).
std::string write_inclusion(uint64_t index, const std::vector<Hash>& proof, std::string_view note);

struct Inclusion {
  uint64_t index = 0;
  Head head;
};
/// Checks such a text for a leaf: signature, then proof. kBadFormat or kNotAuthentic.
Result<Inclusion> open_inclusion(std::string_view text, const Hash& leaf, std::string_view key);

/// A consistency proof as text, the request of C2SP tlog-witness: "old" and a size, the hashes, an
/// empty line, the newer checkpoint.
std::string write_consistency(uint64_t from, const std::vector<Hash>& proof, std::string_view note);
/// Checks such a text against the checkpoint that the caller holds. Returns the newer head.
Result<Head> open_consistency(std::string_view text, const Head& held, std::string_view key);

}  // namespace subrosa::audit
