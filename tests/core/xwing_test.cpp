#include "seal/xwing.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "seal/hpke.h"
#include "seal/mlkem.h"
#include "vectors.h"

using namespace subrosa::seal;
using nlohmann::json;
using vectors::field;

namespace {

KemSecret secret_of(const Bytes& bytes) {
  KemSecret secret;
  std::copy_n(bytes.begin(), 32, secret.data());
  return secret;
}

bool holds(const Secret<32>& secret, const Bytes& bytes) { return equal(secret, bytes); }

}  // namespace

TEST_CASE("X-Wing: the vectors of the draft", "[seal]") {
  const auto text = vectors::read("xwing/xwing_draft.json");
  if (!text) return;
  uint32_t count = 0;
  for (const json& vector : json::parse(*text)) {
    const KemSecret seed = secret_of(field(vector, "sk"));
    const Bytes public_key = xwing::public_key_of(seed);
    REQUIRE(public_key == field(vector, "pk"));
    const auto sent = xwing::encapsulate(public_key, field(vector, "eseed"));
    REQUIRE(sent);
    REQUIRE(sent->encapsulated == field(vector, "ct"));
    REQUIRE(holds(sent->shared, field(vector, "ss")));
    REQUIRE(holds(*xwing::decapsulate(sent->encapsulated, seed), field(vector, "ss")));
    ++count;
  }
  std::cout << "X-Wing: " << count << " vectors\n";
  REQUIRE(count == 3);
}

TEST_CASE("HPKE with X-Wing: the vectors of the draft", "[seal]") {
  const auto text =
      vectors::read("xwing/hpke_pq_draft_mlkem768_x25519_hkdfsha256_chacha20poly1305.json");
  if (!text) return;
  uint32_t checks = 0;
  for (const json& vector : json::parse(*text)) {
    const KemSecret secret = secret_of(field(vector, "skRm"));
    const Bytes public_key = public_key_of(Kem::kXWing, secret);
    REQUIRE(public_key == field(vector, "pkRm"));
    const Bytes info = field(vector, "info");
    auto sender = sender_setup(Kem::kXWing, public_key, info, {}, field(vector, "ikmE"));
    REQUIRE(sender);
    REQUIRE(sender->encapsulated == field(vector, "enc"));
    auto receiver = receiver_setup(Kem::kXWing, sender->encapsulated, secret, public_key, info, {});
    REQUIRE(receiver);
    for (const json& encryption : vector["encryptions"]) {
      const Bytes aad = field(encryption, "aad");
      REQUIRE(*sender->context.seal(aad, field(encryption, "pt")) == field(encryption, "ct"));
      const auto plaintext = receiver->open(aad, field(encryption, "ct"));
      REQUIRE(plaintext);
      REQUIRE(equal(*plaintext, field(encryption, "pt")));
      checks += 2;
    }
    for (const json& exported : vector["exports"]) {
      const auto value =
          receiver->export_secret(field(exported, "exporter_context"), exported["L"]);
      REQUIRE(equal(*value, field(exported, "exported_value")));
      ++checks;
    }
  }
  std::cout << "HPKE with X-Wing: " << checks << " checks\n";
  REQUIRE(checks == 25);
}

TEST_CASE("ML-KEM: a public key with a coefficient that is not reduced is refused", "[seal]") {
  mlkem::KeyPair pair = mlkem::key_pair(Bytes(mlkem::kSeedSize, 5));
  const Bytes coins(mlkem::kCoinsSize, 6);
  const auto sent = mlkem::encapsulate(pair.public_key, coins);
  REQUIRE(sent);
  REQUIRE(equal(*mlkem::decapsulate(sent->ciphertext, pair.secret_key), sent->shared));
  for (const size_t at : {size_t{0}, size_t{1149}}) {
    Bytes broken = pair.public_key;
    broken[at + 1] = 0xff;
    broken[at + 2] = 0xff;
    REQUIRE_FALSE(mlkem::encapsulate(broken, coins));
  }
  REQUIRE_FALSE(mlkem::encapsulate(ByteView(pair.public_key).first(1183), coins));
}

TEST_CASE("X-Wing: a changed ciphertext gives another secret", "[seal]") {
  const KemSecret seed = secret_of(Bytes(32, 3));
  const auto sent = xwing::encapsulate(xwing::public_key_of(seed), Bytes(64, 4));
  for (size_t i = 0; i < xwing::kCiphertextSize; i += 31) {
    Bytes broken = sent->encapsulated;
    broken[i] ^= 0x80;
    REQUIRE_FALSE(equal(*xwing::decapsulate(broken, seed), sent->shared));
  }
}
