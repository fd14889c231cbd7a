#include "seal/hpke.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "vectors.h"

using namespace subrosa::seal;
using nlohmann::json;
using vectors::field;

namespace {

Bytes plain(const SecretBytes& bytes) { return Bytes(bytes); }

/// Every encryption and export of one vector, from both ends.
uint32_t check_vector(const json& vector, HpkeContext sender, HpkeContext receiver) {
  uint32_t checks = 0;
  uint64_t sequence = 0;
  for (const json& encryption : vector["encryptions"]) {
    const Bytes aad = field(encryption, "aad");
    const Bytes plaintext = field(encryption, "pt");
    const Bytes ciphertext = field(encryption, "ct");
    // The vectors leave numbers out; the contexts here count by themselves, so the gap is filled.
    const Bytes nonce = field(encryption, "nonce");
    const Bytes base = field(vector, "base_nonce");
    uint64_t wanted = 0;
    for (size_t i = 4; i < 12; ++i) wanted = wanted << 8 | (nonce[i] ^ base[i]);
    for (; sequence < wanted; ++sequence) {
      const auto filler = sender.seal({}, {});
      REQUIRE(receiver.open({}, *filler));
    }
    REQUIRE(*sender.seal(aad, plaintext) == ciphertext);
    Bytes broken = ciphertext;
    broken[sequence % broken.size()] ^= 1;
    REQUIRE_FALSE(receiver.open(aad, broken));
    REQUIRE(plain(*receiver.open(aad, ciphertext)) == plaintext);
    ++sequence;
    checks += 3;
  }
  for (const json& exported : vector["exports"]) {
    const auto value = receiver.export_secret(field(exported, "exporter_context"), exported["L"]);
    REQUIRE(plain(*value) == field(exported, "exported_value"));
    ++checks;
  }
  REQUIRE(checks > 0);
  return checks;
}

}  // namespace

TEST_CASE("HPKE: the vectors of RFC 9180, modes Base and PSK", "[seal]") {
  const auto text = vectors::read("hpke/rfc9180_x25519_hkdfsha256_chacha20poly1305.json");
  if (!text) return;
  uint32_t checks = 0;
  for (const json& vector : json::parse(*text)) {
    if (vector["mode"] > 1 || vector["aead_id"] != 3) continue;
    const Bytes psk = field(vector, "psk");
    const Bytes psk_id = field(vector, "psk_id");
    const Bytes info = field(vector, "info");
    const KemSecret secret = derive_secret(Kem::kX25519, field(vector, "ikmR"));
    const Bytes public_key = public_key_of(Kem::kX25519, secret);
    REQUIRE(Bytes(secret) == field(vector, "skRm"));
    REQUIRE(public_key == field(vector, "pkRm"));
    const auto sender =
        sender_setup(Kem::kX25519, public_key, info, {psk, psk_id}, field(vector, "ikmE"));
    REQUIRE(sender);
    REQUIRE(sender->encapsulated == field(vector, "enc"));
    const auto receiver =
        receiver_setup(Kem::kX25519, sender->encapsulated, secret, public_key, info, {psk, psk_id});
    REQUIRE(receiver);
    checks += 3 + check_vector(vector, sender->context, *receiver);
  }
  std::cout << "RFC 9180: " << checks << " checks\n";
  REQUIRE(checks > 800);
}

TEST_CASE("HPKE: a public key of low order is refused on both sides", "[seal]") {
  const KemSecret secret = derive_secret(Kem::kX25519, Bytes(32, 7));
  Bytes low_order(32, 0);
  for (uint8_t first : {0, 1}) {
    low_order[0] = first;
    REQUIRE(sender_setup(Kem::kX25519, low_order, {}, {}, Bytes(32, 1)).error().code ==
            subrosa::ErrorCode::kBadArgument);
    REQUIRE(
        receiver_setup(Kem::kX25519, low_order, secret, public_key_of(Kem::kX25519, secret), {}, {})
            .error()
            .code == subrosa::ErrorCode::kNotAuthentic);
  }
}

TEST_CASE("HPKE: a pre-shared key needs a name and 32 bytes", "[seal]") {
  const Bytes public_key = public_key_of(Kem::kX25519, derive_secret(Kem::kX25519, Bytes(32, 7)));
  const Bytes entropy(32, 1);
  const Bytes key(32, 2);
  const Bytes name = {'n'};
  REQUIRE(sender_setup(Kem::kX25519, public_key, {}, {key, name}, entropy));
  REQUIRE_FALSE(sender_setup(Kem::kX25519, public_key, {}, {key, {}}, entropy));
  REQUIRE_FALSE(sender_setup(Kem::kX25519, public_key, {}, {{}, name}, entropy));
  REQUIRE_FALSE(
      sender_setup(Kem::kX25519, public_key, {}, {ByteView(key).first(31), name}, entropy));
}
