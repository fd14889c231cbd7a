// After a session's end nothing of its secrets is left in the process: heap, stack and globals.
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "consent_fixture.h"
#include "redact/vault.h"
#include "seal/at_rest.h"
#include "seal/envelope.h"
#include "seal/session.h"

using namespace subrosa::seal;

namespace {

constexpr uint8_t kMask = 0x5a;
constexpr size_t kWindow = 16;

uint8_t secret_byte(uint32_t seed, size_t i) {
  return static_cast<uint8_t>(seed * 97 + i * 151 + ((i * i) >> 3));
}

SecretBytes secret_bytes(uint32_t seed, size_t size) {
  SecretBytes bytes(size);
  for (size_t i = 0; i < size; ++i) bytes[i] = secret_byte(seed, i);
  return bytes;
}

/// What is looked for, masked, so that the look does not find itself.
Bytes masked(uint32_t seed, size_t size) {
  Bytes bytes(size);
  for (size_t i = 0; i < size; ++i) bytes[i] = secret_byte(seed, i) ^ kMask;
  return bytes;
}

bool is_at(const volatile uint8_t* place, const uint8_t* masked_window) {
  for (size_t i = 0; i < kWindow; ++i) {
    if ((place[i] ^ kMask) != masked_window[i]) return false;
  }
  return true;
}

size_t count_in(const volatile uint8_t* begin, size_t size, const Bytes& needle) {
  size_t count = 0;
  for (size_t at = 0; at + kWindow <= size; ++at) {
    for (size_t i = 0; i + kWindow <= needle.size(); ++i) {
      if ((begin[at] ^ kMask) == needle[i] && is_at(begin + at, needle.data() + i)) ++count;
    }
  }
  return count;
}

/// Windows of the secret in all memory of this process that can be written.
__attribute__((no_sanitize("address"))) size_t traces(const Bytes& needle) {
  std::ifstream maps("/proc/self/maps");
  std::string line;
  size_t count = 0;
  while (std::getline(maps, line)) {
    uintptr_t begin = 0;
    uintptr_t end = 0;
    char dash = 0;
    std::string flags;
    std::istringstream fields(line);
    fields >> std::hex >> begin >> dash >> end >> flags;
    const bool is_data = line.find("[heap]") != std::string::npos ||
                         line.find("[stack]") != std::string::npos ||
                         line.find("core_tests") != std::string::npos;
    if (is_data && flags.rfind("rw", 0) == 0)
      count += count_in(reinterpret_cast<const volatile uint8_t*>(begin), end - begin, needle);
  }
  return count;
}

__attribute__((noinline)) void use_everything(Kem kem) {
  const SecretBytes plaintext = secret_bytes(1, 200);
  const SecretBytes entropy = secret_bytes(3, 192);
  const auto policy = consent_fixture::policy();
  auto state = consent_fixture::state_json();
  state["records"].push_back(consent_fixture::given_record(*policy, "chat"));
  const auto consent = consent_fixture::consent_of(policy, state);
  constexpr uint64_t now = 1'800'000'000;
  const Context context = {{"chat"}, to_text(policy->hash), "record-chat", 0, ""};
  const Expectation expectation = {"chat", {}, {}, {}};
  const SecretKey key = *make_key(kem, secret_bytes(4, 32), false);
  const Bytes envelope = *seal(context, plaintext, key.public_key, entropy);
  REQUIRE(equal(*open(envelope, key, expectation), plaintext));
  const std::vector<PublicKey> recipients = {key.public_key};
  Session page = *Session::begin(context, recipients, now, entropy);
  Session server = *Session::accept(page.header(), key, expectation, now, Bytes(16, 5));
  REQUIRE(equal(*server.open(*page.seal(plaintext, {consent, "text", "ctl"}, now)), plaintext));
  DataKey data_key;
  const SecretBytes data_key_bytes = secret_bytes(2, 32);
  std::copy(data_key_bytes.begin(), data_key_bytes.end(), data_key.bytes.data());
  const Bytes sealed = *seal_at_rest(data_key, AtRest::kData, "label", plaintext, Bytes(24, 6));
  REQUIRE(equal(*open_at_rest(data_key, AtRest::kData, "label", sealed), plaintext));
  REQUIRE(traces(masked(2, 32)) > 0);  // the look finds what is there
}

/// The same as letters.
subrosa::redact::SecretString secret_word(uint32_t seed, size_t size) {
  subrosa::redact::SecretString word(size, ' ');
  for (size_t i = 0; i < size; ++i) word[i] = static_cast<char>('a' + (secret_byte(seed, i) >> 4));
  return word;
}

Bytes masked_word(uint32_t seed, size_t size) {
  Bytes bytes;
  for (const char c : secret_word(seed, size)) bytes.push_back(static_cast<uint8_t>(c) ^ kMask);
  return bytes;
}

__attribute__((noinline)) void use_vault() {
  subrosa::redact::Vault vault;
  REQUIRE(*vault.number_of("PERSON", "person", secret_word(5, 40)) == 1);
  REQUIRE(*vault.number_of("EMAIL_ADDRESS", "contact", secret_word(6, 40)) == 1);
  REQUIRE(traces(masked_word(5, 40)) > 0);  // the look finds what is there
}

}  // namespace

TEST_CASE("a vault leaves nothing of its values in memory", "[redact][hygiene]") {
  use_vault();
  REQUIRE(traces(masked_word(5, 40)) == 0);
  REQUIRE(traces(masked_word(6, 40)) == 0);
}

TEST_CASE("no secret is left in memory after use", "[seal][hygiene]") {
  for (const Kem kem : {Kem::kX25519, Kem::kXWing}) {
    use_everything(kem);
    REQUIRE(traces(masked(1, 200)) == 0);  // the plaintext
    REQUIRE(traces(masked(2, 32)) == 0);   // a data key
    REQUIRE(traces(masked(3, 32)) == 0);   // a session's content key
    REQUIRE(traces(masked(4, 32)) == 0);   // what a secret key was made of
  }
}
