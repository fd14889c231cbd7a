// Signed notes, checkpoints and proofs from any bytes, and from real ones that were changed:
// nothing crashes, and what opens says what was signed.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "subrosa/audit.h"

using namespace subrosa;
using namespace subrosa::audit;

namespace {

constexpr uint64_t kIndex = 6;
constexpr uint64_t kOlder = 5;
constexpr uint64_t kSize = 11;

void require(bool holds) {
  if (!holds) std::abort();
}

bool same(const Head& a, const Head& b) {
  return a.origin == b.origin && a.size == b.size && a.root == b.root;
}

std::vector<Hash> pick(const Plan& plan, const std::vector<Hash>& nodes) {
  std::vector<Hash> picked;
  for (const uint64_t position : plan) picked.push_back(nodes[position & ~kLast]);
  return picked;
}

/// A log of kSize entries, and what its keeper gives away.
struct Log {
  std::string seed = std::string(32, '\7');
  std::string key = *note_key("example.com/log", seed);
  std::vector<Hash> nodes;
  Head older;
  Head head;
  std::string checkpoint;
  std::string inclusion;
  std::string consistency;

  Log() {
    Tree tree;
    for (uint64_t i = 0; i < kSize; ++i) {
      const std::vector<Hash> added = append(tree, {hash_leaf(std::to_string(i))});
      nodes.insert(nodes.end(), added.begin(), added.end());
      if (tree.size == kOlder) older = {"example.com/log", tree.size, root(tree)};
    }
    head = {"example.com/log", tree.size, root(tree)};
    checkpoint = *sign_checkpoint(head, seed);
    inclusion = write_inclusion(kIndex, proof(*plan_inclusion(kIndex, kSize)), checkpoint);
    consistency = write_consistency(kOlder, proof(*plan_consistency(kOlder, kSize)), checkpoint);
  }

  std::vector<Hash> proof(const Plan& plan) const { return *fold(plan, pick(plan, nodes)); }

  void check(std::string_view text) const {
    if (const Result<Head> opened = open_checkpoint(text, key)) require(same(*opened, head));
    const Result<Inclusion> included = open_inclusion(text, hash_leaf("6"), key);
    if (included) require(included->index == kIndex && same(included->head, head));
    if (const Result<Head> newer = open_consistency(text, older, key)) require(same(*newer, head));
    (void)open_note(text, text);
  }
};

/// The text with bytes changed, taken out and put in: each three bytes say where, how, and with
/// what.
std::string changed(std::string text, std::string_view script) {
  for (size_t i = 0; i + 2 < script.size() && !text.empty(); i += 3) {
    const size_t at = static_cast<uint8_t>(script[i]) * text.size() / 256;
    if (script[i + 1] % 3 == 0) text[at] = script[i + 2];
    if (script[i + 1] % 3 == 1) text.erase(at, 1);
    if (script[i + 1] % 3 == 2) text.insert(at, 1, script[i + 2]);
  }
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const Log log;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  log.check(bytes);
  for (const std::string& real : {log.checkpoint, log.inclusion, log.consistency})
    log.check(changed(real, bytes));
  return 0;
}
