#include "seal/session.h"

#include <catch2/catch.hpp>
#include <random>
#include <set>

#include "seal/stream.h"

using namespace subrosa::seal;
using subrosa::ErrorCode;

namespace {

constexpr uint64_t kNow = 1'800'000'000;
const Context kChat = {{"chat"}, "sha256:00", "record-1", 3, "sha256:11"};
const Expectation kForChat = {"chat", {}, {}, {}};

const SecretKey& server_key() {
  static const SecretKey key = *make_key(Kem::kXWing, Bytes(32, 1), false);
  return key;
}

const SecretKey& auditor_key() {
  static const SecretKey key = *make_key(Kem::kX25519, Bytes(32, 2), false);
  return key;
}

Session begin(uint8_t fill = 7) {
  const std::vector<PublicKey> recipients = {server_key().public_key, auditor_key().public_key};
  return *Session::begin(kChat, recipients, kNow, Bytes(256, fill));
}

Session accept(const Session& page, uint8_t salt = 8) {
  return *Session::accept(page.header(), server_key(), kForChat, kNow, Bytes(16, salt));
}

Bytes seal(Session* session, std::string_view text, uint64_t now = kNow) {
  return *session->seal(view_of(text), 3, now);
}

std::string opened(Session* session, const Bytes& message) {
  const auto plaintext = session->open(message);
  return plaintext ? std::string(text_of(*plaintext)) : "refused";
}

}  // namespace

TEST_CASE("a session carries messages both ways, and an auditor reads them", "[seal]") {
  Session page = begin();
  Session server = accept(page);
  Session auditor = *Session::read(page.header(), auditor_key(), kForChat);
  const Bytes question = seal(&page, "question");
  const Bytes answer = seal(&server, "answer");
  REQUIRE(opened(&server, question) == "question");
  REQUIRE(opened(&page, answer) == "answer");
  REQUIRE(opened(&auditor, question) == "question");
  REQUIRE(opened(&auditor, answer) == "answer");
  REQUIRE(auditor.seal({}, 3, kNow).error().code == ErrorCode::kNotPermitted);
}

TEST_CASE("replayed, returned and foreign messages are refused", "[seal]") {
  Session page = begin();
  Session server = accept(page);
  Session other = begin(9);
  const Bytes message = seal(&page, "once");
  REQUIRE(opened(&server, message) == "once");
  REQUIRE(opened(&server, message) == "refused");
  REQUIRE(opened(&page, message) == "refused");
  REQUIRE(opened(&server, seal(&other, "x")) == "refused");
  REQUIRE(opened(&server, seal(&server, "x")) == "refused");
}

TEST_CASE("only the first one who answers is heard", "[seal]") {
  Session page = begin();
  Session server = accept(page, 8);
  Session replayed = accept(page, 9);
  const Bytes first = seal(&server, "same text");
  const Bytes second = seal(&replayed, "same text");
  REQUIRE(ByteView(first).last(80).front() != ByteView(second).last(80).front());
  REQUIRE(opened(&page, first) == "same text");
  REQUIRE(opened(&page, second) == "refused");
}

TEST_CASE("a session ends with the consent that it began under", "[seal]") {
  Session page = begin();
  REQUIRE(page.seal({}, 4, kNow).error().code == ErrorCode::kNotPermitted);
  REQUIRE(page.seal({}, 3, kNow));
}

TEST_CASE("a header is accepted for its purpose, in its time, by its recipients", "[seal]") {
  const Session page = begin();
  const auto code = [&](const SecretKey& key, const Expectation& expected, uint64_t now) {
    const auto session = Session::accept(page.header(), key, expected, now, Bytes(16, 1));
    return session ? ErrorCode::kOk : session.error().code;
  };
  REQUIRE(code(server_key(), kForChat, kNow + 3600) == ErrorCode::kOk);
  REQUIRE(code(server_key(), kForChat, kNow + 3601) == ErrorCode::kNotAuthentic);
  REQUIRE(code(server_key(), kForChat, kNow - 301) == ErrorCode::kNotAuthentic);
  REQUIRE(code(server_key(), {"train", {}, {}, {}}, kNow) == ErrorCode::kNotAuthentic);
  REQUIRE(code(*make_key(Kem::kXWing, Bytes(32, 5), false), kForChat, kNow) ==
          ErrorCode::kNotAuthentic);
  REQUIRE(Session::accept(page.header(), server_key(), kForChat, kNow, Bytes(15, 1)).error().code ==
          ErrorCode::kBadArgument);
}

TEST_CASE("no single changed byte of a session's header is accepted", "[seal]") {
  const Session page = begin();
  const Bytes& header = page.header();
  for (size_t i = 0; i < header.size(); ++i) {
    Bytes broken = header;
    broken[i] ^= static_cast<uint8_t>(1U << (i % 8));
    REQUIRE_FALSE(Session::read(broken, auditor_key(), kForChat));
    REQUIRE_FALSE(Session::read(ByteView(header).first(i), auditor_key(), kForChat));
  }
}

TEST_CASE("no single changed byte of a message is accepted", "[seal]") {
  Session page = begin();
  Session server = accept(page);
  const Bytes message = seal(&page, "hello");
  for (size_t i = 0; i < message.size(); ++i) {
    for (uint32_t change = 1; change < 256; ++change) {
      Bytes broken = message;
      broken[i] ^= static_cast<uint8_t>(change);
      REQUIRE(opened(&server, broken) == "refused");
    }
  }
  REQUIRE(opened(&server, message) == "hello");
}

TEST_CASE("recipients: at least one, each once, with enough entropy", "[seal]") {
  const std::vector<PublicKey> none;
  const std::vector<PublicKey> twice = {server_key().public_key, server_key().public_key};
  REQUIRE_FALSE(Session::begin(kChat, none, kNow, Bytes(256, 1)));
  REQUIRE_FALSE(Session::begin(kChat, twice, kNow, Bytes(256, 1)));
  const std::vector<PublicKey> one = {server_key().public_key};
  REQUIRE(Session::begin(kChat, one, kNow, Bytes(124, 1)));
  REQUIRE_FALSE(Session::begin(kChat, one, kNow, Bytes(123, 1)));
}

// The model: a message opens once, if it is of the receiver's epoch or the one before, where the
// one before is gone after 64 messages of the new one.
TEST_CASE("dropped, reordered and repeated messages behave as the model says", "[seal]") {
  std::mt19937 random(1);
  for (int round = 0; round < 20; ++round) {
    Session page = begin(static_cast<uint8_t>(round));
    Session server = accept(page);
    std::vector<std::pair<uint64_t, Bytes>> sent;
    uint64_t now = kNow;
    uint64_t next = 0;
    uint64_t began = now;
    for (int i = 0; i < 900; ++i) {
      now += random() % 4 == 0 ? random() % 60 : 0;
      if (next % 256 != 0 && now - began >= 600) next = (next / 256 + 1) * 256;
      if (next % 256 == 0) began = now;
      sent.emplace_back(next++, seal(&page, std::to_string(i), now));
    }
    for (size_t i = 0; i + 1 < sent.size(); ++i) {
      if (random() % 3 == 0)
        std::swap(sent[i], sent[i + random() % std::min<size_t>(90, sent.size() - i)]);
    }
    uint64_t epoch = 0;
    uint32_t opened_in_epoch = 0;
    bool has_previous = false;
    std::set<uint64_t> seen;
    uint32_t accepted = 0;
    for (const auto& [number, message] : sent) {
      if (random() % 10 == 0) continue;
      const bool is_current = number / 256 >= epoch;
      const bool is_open =
          (is_current || (number / 256 + 1 == epoch && has_previous)) && seen.count(number) == 0;
      REQUIRE((opened(&server, message) != "refused") == is_open);
      if (is_open) {
        ++accepted;
        seen.insert(number);
        if (number / 256 > epoch) {
          epoch = number / 256;
          opened_in_epoch = 0;
          has_previous = true;
        }
        if (number / 256 == epoch && ++opened_in_epoch >= 64) has_previous = false;
      }
      if (random() % 8 == 0) REQUIRE(opened(&server, message) == "refused");
    }
    REQUIRE(accepted > 100);
  }
}

TEST_CASE("a stream opens in any order, and only whole", "[seal]") {
  const std::vector<PublicKey> recipients = {server_key().public_key};
  const WrappedKey key = *wrap_key(kChat, recipients, kNow, Bytes(256, 3));
  for (const size_t size : {size_t{0}, size_t{1}, kChunkSize - 1, kChunkSize, 3 * kChunkSize + 5}) {
    StreamSealer sealer(key);
    Bytes plaintext(size);
    for (size_t i = 0; i < size; ++i) plaintext[i] = static_cast<uint8_t>(i * 7 + i / 251);
    const size_t whole = size / kChunkSize * kChunkSize;
    Bytes sealed = *sealer.seal(ByteView(plaintext).first(whole), false);
    sealed.append(*sealer.seal(ByteView(plaintext).subspan(whole), true));
    REQUIRE_FALSE(sealer.seal({}, true));
    const StreamOpener opener(*unwrap_key(sealer.header(), server_key(), kForChat));
    REQUIRE(equal(*opener.open(0, sealed, true), plaintext));
    for (size_t cut = 0; cut < sealed.size(); cut += cut % kSealedChunkSize < 40 ? 1 : 977)
      REQUIRE_FALSE(opener.open(0, ByteView(sealed).first(cut), true));
    if (size > kChunkSize) {
      const ByteView second = ByteView(sealed).subspan(kSealedChunkSize, kSealedChunkSize);
      REQUIRE(equal(*opener.open(1, second, false),
                    ByteView(plaintext).subspan(kChunkSize, kChunkSize)));
      REQUIRE_FALSE(opener.open(0, second, false));
      REQUIRE_FALSE(opener.open(1, second, true));
    }
  }
  StreamSealer sealer(key);
  REQUIRE_FALSE(sealer.seal(Bytes(5), false));
}
