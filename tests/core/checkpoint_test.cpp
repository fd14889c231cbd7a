#include <catch2/catch.hpp>

#include "subrosa/audit.h"

using namespace subrosa;
using namespace subrosa::audit;

namespace {

const std::string kSeed(32, '\x07');
constexpr char kOrigin[] = "example.com/log";

struct Fixture {
  Tree tree;
  std::vector<Hash> nodes;
  std::string key = *note_key(kOrigin, kSeed);

  explicit Fixture(int size) { grow(size); }
  void grow(int size) {
    while (tree.size < static_cast<uint64_t>(size))
      for (const Hash& node : append(tree, {hash_leaf(std::to_string(tree.size))}))
        nodes.push_back(node);
  }
  Head head() const { return {kOrigin, tree.size, root(tree)}; }
  std::string note() const { return *sign_checkpoint(head(), kSeed); }
  std::vector<Hash> prove(const Plan& plan) const {
    std::vector<Hash> taken;
    for (const uint64_t position : plan) taken.push_back(nodes.at(position & ~kLast));
    return *fold(plan, taken);
  }
  std::string inclusion(uint64_t index) const {
    return write_inclusion(index, prove(*plan_inclusion(index, tree.size)), note());
  }
};

}  // namespace

TEST_CASE("a checkpoint is three lines and a signature", "[audit]") {
  const Fixture log(5);
  const std::string note = log.note();
  CHECK(note.starts_with("example.com/log\n5\n"));
  const auto head = open_checkpoint(note, log.key);
  REQUIRE(head);
  CHECK(head->origin == kOrigin);
  CHECK(head->size == 5);
  CHECK(head->root == root(log.tree));
}

TEST_CASE("checkpoints with a size, a hash or lines of another form are refused", "[audit]") {
  const std::string key = *note_key("o", kSeed);
  const std::string hash = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
  const auto opens = [&](const std::string& text) {
    return static_cast<bool>(open_checkpoint(*sign_note(text, "o", kSeed), key));
  };
  CHECK(opens("o\n0\n" + hash));
  CHECK(opens("o\n18446744073709551615\n" + hash));
  CHECK(opens("o\n1\n" + hash + "extension\n"));
  for (const char* size :
       {"", "00", "01", "-1", "+1", " 1", "1 ", "0xabcdef", "1.0", "a", "18446744073709551616"})
    CHECK_FALSE(opens(std::string("o\n") + size + '\n' + hash));
  CHECK_FALSE(opens("o\n1\n"));
  CHECK_FALSE(opens("o\n1\nAAAA\n"));
  CHECK_FALSE(opens("o\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n"));
  CHECK_FALSE(opens("o\n1\n" + hash + "\nx\n"));
  CHECK_FALSE(opens("other\n1\n" + hash));
}

TEST_CASE("an inclusion proof as text holds for its leaf alone", "[audit]") {
  const Fixture log(11);
  const std::string text = log.inclusion(6);
  CHECK(text.starts_with("c2sp.org/tlog-proof@v1\nindex 6\n"));
  const auto found = open_inclusion(text, hash_leaf("6"), log.key);
  REQUIRE(found);
  CHECK(found->index == 6);
  CHECK(found->head.size == 11);
  CHECK_FALSE(open_inclusion(text, hash_leaf("7"), log.key));
  std::string extra = text;
  extra.insert(extra.find("index"), "extra AAAA\n");
  CHECK(open_inclusion(extra, hash_leaf("6"), log.key));
}

TEST_CASE("a flipped bit anywhere in a proof's text is refused", "[audit]") {
  const Fixture log(11);
  const std::string text = log.inclusion(6);
  for (size_t i = 0; i < text.size(); ++i)
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = text;
      changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
      if (open_inclusion(changed, hash_leaf("6"), log.key))
        FAIL("byte " << i << ", bit " << bit << " was not looked at");
    }
  for (size_t i = 0; i < text.size(); ++i)
    if (open_inclusion(text.substr(0, i), hash_leaf("6"), log.key)) FAIL("cut at " << i);
}

TEST_CASE("a consistency text leads from the held checkpoint to a newer one", "[audit]") {
  Fixture log(5);
  const Head held = log.head();
  log.grow(13);
  const std::string text = write_consistency(5, log.prove(*plan_consistency(5, 13)), log.note());
  CHECK(open_consistency(text, held, log.key)->size == 13);
  for (size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    if (open_consistency(changed, held, log.key)) FAIL("byte " << i << " was not looked at");
  }
  Head fork = held;
  fork.root = hash_leaf("fork");
  CHECK(open_consistency(text, fork, log.key).error().code == ErrorCode::kNotAuthentic);
  Head other = held;
  other.origin = "example.com/other";
  CHECK_FALSE(open_consistency(text, other, log.key));
  // A rolled-back log cannot lead on from what was seen.
  Fixture back(4);
  CHECK_FALSE(open_consistency(write_consistency(5, {}, back.note()), held, back.key));
}
