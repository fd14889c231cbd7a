#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "audit/lines.h"
#include "subrosa/audit.h"

using namespace subrosa;
using namespace subrosa::audit;
using nlohmann::json;

namespace {

/// A file of the shared vectors; null, and said so, where they are not beside the checkout.
json vectors(const std::string& name) {
  const std::string file = std::string(SUBROSA_ROOT) + "/../shared/vectors/rfc6962/" + name;
  std::ifstream stream(file);
  if (!stream) {
    std::printf("not run: %s\n", file.c_str());
    REQUIRE(std::getenv("CI") == nullptr);
    return nullptr;
  }
  return json::parse(stream);
}

std::string unhex(const std::string& hex) {
  std::string bytes;
  for (size_t i = 0; i < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return bytes;
}

std::string bytes_of(const Hash& hash) { return {hash.begin(), hash.end()}; }

/// A proof as the vectors have it; false where a hash is not 32 bytes long, which is a refusal.
bool read_proof(const json& value, std::vector<Hash>& proof) {
  if (value.is_null()) return true;
  for (const json& item : value) {
    const auto hash = parse_hash(item.get<std::string>());
    if (!hash) return false;
    proof.push_back(*hash);
  }
  return true;
}

/// RFC 9162 section 2.1.1 as it is written, to compare with.
Hash reference_root(const std::vector<Hash>& leaves, size_t begin, size_t end) {
  if (end - begin == 1) return leaves[begin];
  size_t k = 1;
  while (k * 2 < end - begin) k *= 2;
  return hash_node(reference_root(leaves, begin, begin + k),
                   reference_root(leaves, begin + k, end));
}

/// A log as a caller keeps it.
struct Log {
  Tree tree;
  std::vector<Hash> leaves;
  std::vector<Hash> nodes;
  std::vector<Hash> roots{root(tree)};

  explicit Log(size_t size) {
    for (size_t i = 0; i < size; ++i) {
      leaves.push_back(hash_leaf(std::to_string(i)));
      for (const Hash& node : append(tree, {leaves.back()})) nodes.push_back(node);
      roots.push_back(root(tree));
    }
  }
  std::vector<Hash> prove(const Plan& plan) const {
    std::vector<Hash> taken;
    for (const uint64_t position : plan) taken.push_back(nodes.at(position & ~kLast));
    return *fold(plan, taken);
  }
  Head head(uint64_t size) const { return {"", size, roots[size]}; }
};

}  // namespace

TEST_CASE("roots of the RFC 6962 example leaves", "[audit]") {
  const json file = vectors("roots.json");
  if (file.is_null()) return;
  Tree tree;
  const json& roots = file["root_hex_by_tree_size_0_to_8"];
  REQUIRE(bytes_of(root(tree)) == unhex(roots[0]));
  for (size_t i = 0; i < file["leaf_inputs_hex"].size(); ++i) {
    append(tree, {hash_leaf(unhex(file["leaf_inputs_hex"][i]))});
    REQUIRE(bytes_of(root(tree)) == unhex(roots[i + 1]));
  }
}

TEST_CASE("leaf and node hashes have their own prefixes", "[audit]") {
  Hash left = hash_leaf("L123456");
  CHECK(left[0] == 0x39);
  CHECK(left[31] == 0x56);
  left = hash_leaf("");
  CHECK(left[0] == 0x6e);
  CHECK(hash_node(left, left) != hash_leaf(bytes_of(left) + bytes_of(left)));
}

TEST_CASE("inclusion vectors", "[audit]") {
  const json file = vectors("inclusion.json");
  if (file.is_null()) return;
  size_t right = 0;
  for (const auto& [name, item] : file.items()) {
    INFO(name);
    std::vector<Hash> proof;
    const auto root = parse_hash(item["root"].get<std::string>());
    const auto leaf = parse_hash(item["leafHash"].get<std::string>());
    const bool valid = read_proof(item["proof"], proof) && root && leaf &&
                       verify_inclusion(*leaf, item["leafIdx"].get<uint64_t>(),
                                        item["treeSize"].get<uint64_t>(), *root, proof);
    CHECK(valid == !item["wantErr"].get<bool>());
    right += valid;
  }
  CHECK(file.size() == 98);
  CHECK(right > 0);
}

TEST_CASE("consistency vectors", "[audit]") {
  const json file = vectors("consistency.json");
  if (file.is_null()) return;
  size_t right = 0;
  for (const auto& [name, item] : file.items()) {
    INFO(name);
    std::vector<Hash> proof;
    const auto from = parse_hash(item["root1"].get<std::string>());
    const auto to = parse_hash(item["root2"].get<std::string>());
    const bool valid = read_proof(item["proof"], proof) && from && to &&
                       verify_consistency({"", item["size1"].get<uint64_t>(), *from},
                                          {"", item["size2"].get<uint64_t>(), *to}, proof);
    // One vector compares two equal roots of 12 bytes and expects success; no SHA-256 root has 12.
    CHECK(valid == (!item["wantErr"].get<bool>() && from && to));
    right += valid;
  }
  CHECK(file.size() == 98);
  CHECK(right > 0);
}

TEST_CASE("every inclusion proof of trees up to 64 leaves holds, and no changed one", "[audit]") {
  const Log log(64);
  for (uint64_t size = 1; size <= 64; ++size) {
    REQUIRE(log.roots[size] == reference_root(log.leaves, 0, size));
    for (uint64_t index = 0; index < size; ++index) {
      std::vector<Hash> proof = log.prove(*plan_inclusion(index, size));
      REQUIRE(verify_inclusion(log.leaves[index], index, size, log.roots[size], proof));
      REQUIRE_FALSE(verify_inclusion(log.leaves[index], index + 1, size, log.roots[size], proof));
      REQUIRE_FALSE(verify_inclusion(log.leaves[index], index, size, log.roots[size - 1], proof));
      for (Hash& hash : proof)
        for (uint8_t& byte : hash) {
          byte ^= 1 << (index % 8);
          if (verify_inclusion(log.leaves[index], index, size, log.roots[size], proof))
            FAIL("a changed proof of " << index << " in " << size << " was taken");
          byte ^= 1 << (index % 8);
        }
      proof.push_back(log.leaves[0]);
      REQUIRE_FALSE(verify_inclusion(log.leaves[index], index, size, log.roots[size], proof));
    }
  }
}

TEST_CASE("every consistency proof of trees up to 64 leaves holds, and no changed one", "[audit]") {
  const Log log(64);
  for (uint64_t to = 1; to <= 64; ++to) {
    for (uint64_t from = 1; from <= to; ++from) {
      std::vector<Hash> proof = log.prove(*plan_consistency(from, to));
      REQUIRE(verify_consistency(log.head(from), log.head(to), proof));
      Head other = log.head(from);
      other.root = log.leaves[0];
      if (from > 1) REQUIRE_FALSE(verify_consistency(other, log.head(to), proof));
      for (Hash& hash : proof)
        for (uint8_t& byte : hash) {
          byte ^= 1 << (from % 8);
          if (verify_consistency(log.head(from), log.head(to), proof))
            FAIL("a changed proof from " << from << " to " << to << " was taken");
          byte ^= 1 << (from % 8);
        }
      proof.push_back(log.leaves[0]);
      REQUIRE_FALSE(verify_consistency(log.head(from), log.head(to), proof));
    }
  }
}

TEST_CASE("leaves appended together give the same tree and nodes", "[audit]") {
  const Log log(37);
  Tree tree;
  std::vector<Hash> nodes;
  for (size_t begin = 0, step = 1; begin < 37; begin += step++) {
    const std::vector<Hash> some(log.leaves.begin() + begin,
                                 log.leaves.begin() + std::min<size_t>(37, begin + step));
    for (const Hash& node : append(tree, some)) nodes.push_back(node);
  }
  CHECK(tree.size == 37);
  CHECK(nodes == log.nodes);
  CHECK(root(tree) == log.roots[37]);
}

TEST_CASE("plans that cannot be are refused", "[audit]") {
  CHECK_FALSE(plan_inclusion(0, 0));
  CHECK_FALSE(plan_inclusion(5, 5));
  CHECK_FALSE(plan_inclusion(0, ~uint64_t{0}));
  CHECK_FALSE(plan_consistency(0, 5));
  CHECK_FALSE(plan_consistency(6, 5));
  CHECK_FALSE(fold({0, 1 | kLast}, {hash_leaf("")}));
  CHECK_FALSE(fold({0}, {hash_leaf("")}));
  CHECK(plan_consistency(5, 5)->empty());
  CHECK(plan_inclusion(uint64_t{1} << 40, (uint64_t{1} << 41) + 1)->size() == 42);
}
