// SPDX-License-Identifier: Apache-2.0
#include "abi.h"

#include <algorithm>
#include <bit>
#include <optional>

#include "audit/lines.h"
#include "json/canonical.h"
#include "subrosa/audit.h"

namespace {

using namespace subrosa;  // the ABI speaks of every subject's types
using audit::Hash;

uint64_t join(uint32_t low, uint32_t high) { return uint64_t{high} << 32 | low; }

std::optional<Hash> read_hash(const uint8_t* data, uint32_t size) {
  Hash hash;
  if (size != hash.size()) return std::nullopt;
  std::copy(data, data + size, hash.begin());
  return hash;
}

std::optional<std::vector<Hash>> read_hashes(const uint8_t* data, uint32_t size) {
  if (size % sizeof(Hash) != 0) return std::nullopt;
  std::vector<Hash> hashes(size / sizeof(Hash));
  for (Hash& hash : hashes) {
    std::copy(data, data + hash.size(), hash.begin());
    data += hash.size();
  }
  return hashes;
}

void put(std::string& out, uint64_t value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}
void put(std::string& out, const Hash& hash) { out += audit::view(hash); }
void put(std::string& out, const std::vector<Hash>& hashes) {
  for (const Hash& hash : hashes) put(out, hash);
}
void put(std::string& out, const audit::Head& head) {
  put(out, head.size);
  put(out, head.root);
  out += head.origin;
}

template <typename... Parts>
uint32_t give_parts(sr_out* out, const Parts&... parts) {
  std::string bytes;
  (put(bytes, parts), ...);
  return abi::give(bytes, out);
}

uint32_t give_text(const Result<std::string>& text, sr_out* out) {
  return text ? abi::give(*text, out) : abi::fail(text.error(), out);
}

uint32_t give_head(const Result<audit::Head>& head, sr_out* out) {
  return head ? give_parts(out, *head) : abi::fail(head.error(), out);
}

uint32_t give_plan(const Result<audit::Plan>& plan, sr_out* out) {
  if (!plan) return abi::fail(plan.error(), out);
  std::string bytes;
  for (const uint64_t position : *plan) put(bytes, position);
  return abi::give(bytes, out);
}

std::optional<audit::Tree> read_tree(const uint8_t* data, uint32_t size) {
  audit::Tree tree;
  if (size < sizeof tree.size) return std::nullopt;
  std::memcpy(&tree.size, data, sizeof tree.size);
  const auto peaks = read_hashes(data + sizeof tree.size, size - sizeof tree.size);
  if (!peaks || peaks->size() != static_cast<size_t>(std::popcount(tree.size))) return std::nullopt;
  tree.peaks = *peaks;
  return tree;
}

uint32_t refuse_unless(bool authentic, sr_out* out) {
  return authentic ? abi::give({}, out) : abi::fail(ErrorCode::kNotAuthentic, out);
}

}  // namespace

extern "C" {

uint32_t sr_canonicalize(const uint8_t* json, uint32_t size, sr_out* out) {
  const Result<Json> value = parse_strict(abi::view(json, size));
  return value ? abi::give(canonical(*value), out) : abi::fail(value.error(), out);
}

uint32_t sr_hash_leaf(const uint8_t* data, uint32_t size, sr_out* out) {
  return give_parts(out, audit::hash_leaf(abi::view(data, size)));
}

uint32_t sr_append_leaves(const uint8_t* tree, uint32_t tree_size, const uint8_t* leaves,
                          uint32_t leaves_size, sr_out* out) {
  std::optional<audit::Tree> state = read_tree(tree, tree_size);
  const auto hashes = read_hashes(leaves, leaves_size);
  if (!state || !hashes) return abi::fail(ErrorCode::kBadFormat, out);
  const std::vector<Hash> nodes = audit::append(*state, *hashes);
  return give_parts(out, state->size, state->peaks, nodes);
}

uint32_t sr_hash_tree(const uint8_t* tree, uint32_t tree_size, sr_out* out) {
  const std::optional<audit::Tree> state = read_tree(tree, tree_size);
  if (!state) return abi::fail(ErrorCode::kBadFormat, out);
  return give_parts(out, audit::root(*state));
}

uint32_t sr_plan_inclusion(uint32_t index_low, uint32_t index_high, uint32_t size_low,
                           uint32_t size_high, sr_out* out) {
  return give_plan(audit::plan_inclusion(join(index_low, index_high), join(size_low, size_high)),
                   out);
}

uint32_t sr_plan_consistency(uint32_t from_low, uint32_t from_high, uint32_t to_low,
                             uint32_t to_high, sr_out* out) {
  return give_plan(audit::plan_consistency(join(from_low, from_high), join(to_low, to_high)), out);
}

uint32_t sr_fold_proof(const uint8_t* plan, uint32_t plan_size, const uint8_t* nodes,
                       uint32_t nodes_size, sr_out* out) {
  const auto hashes = read_hashes(nodes, nodes_size);
  audit::Plan positions(plan_size / sizeof(uint64_t));
  if (!hashes || plan_size != positions.size() * sizeof(uint64_t))
    return abi::fail(ErrorCode::kBadFormat, out);
  if (plan_size > 0) std::memcpy(positions.data(), plan, plan_size);
  const Result<std::vector<Hash>> proof = audit::fold(positions, *hashes);
  return proof ? give_parts(out, *proof) : abi::fail(proof.error(), out);
}

uint32_t sr_verify_inclusion(const uint8_t* leaf, uint32_t leaf_size, uint32_t index_low,
                             uint32_t index_high, uint32_t size_low, uint32_t size_high,
                             const uint8_t* root, uint32_t root_size, const uint8_t* proof,
                             uint32_t proof_size, sr_out* out) {
  const auto leaf_hash = read_hash(leaf, leaf_size);
  const auto root_hash = read_hash(root, root_size);
  const auto hashes = read_hashes(proof, proof_size);
  if (!leaf_hash || !root_hash || !hashes) return abi::fail(ErrorCode::kBadFormat, out);
  return refuse_unless(audit::verify_inclusion(*leaf_hash, join(index_low, index_high),
                                               join(size_low, size_high), *root_hash, *hashes),
                       out);
}

uint32_t sr_verify_consistency(uint32_t from_low, uint32_t from_high, const uint8_t* from_root,
                               uint32_t from_root_size, uint32_t to_low, uint32_t to_high,
                               const uint8_t* to_root, uint32_t to_root_size, const uint8_t* proof,
                               uint32_t proof_size, sr_out* out) {
  const auto from_hash = read_hash(from_root, from_root_size);
  const auto to_hash = read_hash(to_root, to_root_size);
  const auto hashes = read_hashes(proof, proof_size);
  if (!from_hash || !to_hash || !hashes) return abi::fail(ErrorCode::kBadFormat, out);
  return refuse_unless(audit::verify_consistency({"", join(from_low, from_high), *from_hash},
                                                 {"", join(to_low, to_high), *to_hash}, *hashes),
                       out);
}

uint32_t sr_make_note_key(const uint8_t* name, uint32_t name_size, const uint8_t* seed,
                          uint32_t seed_size, sr_out* out) {
  return give_text(audit::note_key(abi::view(name, name_size), abi::view(seed, seed_size)), out);
}

uint32_t sr_sign_note(const uint8_t* text, uint32_t text_size, const uint8_t* name,
                      uint32_t name_size, const uint8_t* seed, uint32_t seed_size, sr_out* out) {
  return give_text(audit::sign_note(abi::view(text, text_size), abi::view(name, name_size),
                                    abi::view(seed, seed_size)),
                   out);
}

uint32_t sr_open_note(const uint8_t* note, uint32_t note_size, const uint8_t* key,
                      uint32_t key_size, sr_out* out) {
  return give_text(audit::open_note(abi::view(note, note_size), abi::view(key, key_size)), out);
}

uint32_t sr_sign_checkpoint(const uint8_t* origin, uint32_t origin_size, uint32_t size_low,
                            uint32_t size_high, const uint8_t* root, uint32_t root_size,
                            const uint8_t* seed, uint32_t seed_size, sr_out* out) {
  const auto hash = read_hash(root, root_size);
  if (!hash) return abi::fail(ErrorCode::kBadFormat, out);
  const audit::Head head{std::string(abi::view(origin, origin_size)), join(size_low, size_high),
                         *hash};
  return give_text(audit::sign_checkpoint(head, abi::view(seed, seed_size)), out);
}

uint32_t sr_open_checkpoint(const uint8_t* note, uint32_t note_size, const uint8_t* key,
                            uint32_t key_size, sr_out* out) {
  return give_head(audit::open_checkpoint(abi::view(note, note_size), abi::view(key, key_size)),
                   out);
}

uint32_t sr_write_inclusion(uint32_t index_low, uint32_t index_high, const uint8_t* proof,
                            uint32_t proof_size, const uint8_t* note, uint32_t note_size,
                            sr_out* out) {
  const auto hashes = read_hashes(proof, proof_size);
  if (!hashes) return abi::fail(ErrorCode::kBadFormat, out);
  return abi::give(
      audit::write_inclusion(join(index_low, index_high), *hashes, abi::view(note, note_size)),
      out);
}

uint32_t sr_open_inclusion(const uint8_t* text, uint32_t text_size, const uint8_t* leaf,
                           uint32_t leaf_size, const uint8_t* key, uint32_t key_size, sr_out* out) {
  const auto hash = read_hash(leaf, leaf_size);
  if (!hash) return abi::fail(ErrorCode::kBadFormat, out);
  const auto inclusion =
      audit::open_inclusion(abi::view(text, text_size), *hash, abi::view(key, key_size));
  if (!inclusion) return abi::fail(inclusion.error(), out);
  return give_parts(out, inclusion->index, inclusion->head);
}

uint32_t sr_write_consistency(uint32_t from_low, uint32_t from_high, const uint8_t* proof,
                              uint32_t proof_size, const uint8_t* note, uint32_t note_size,
                              sr_out* out) {
  const auto hashes = read_hashes(proof, proof_size);
  if (!hashes) return abi::fail(ErrorCode::kBadFormat, out);
  return abi::give(
      audit::write_consistency(join(from_low, from_high), *hashes, abi::view(note, note_size)),
      out);
}

uint32_t sr_open_consistency(const uint8_t* text, uint32_t text_size, const uint8_t* held,
                             uint32_t held_size, const uint8_t* key, uint32_t key_size,
                             sr_out* out) {
  const auto old_head =
      audit::open_checkpoint(abi::view(held, held_size), abi::view(key, key_size));
  if (!old_head) return abi::fail(old_head.error(), out);
  return give_head(
      audit::open_consistency(abi::view(text, text_size), *old_head, abi::view(key, key_size)),
      out);
}

}  // extern "C"
