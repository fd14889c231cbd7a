#include "seal/session.h"

#include <array>
#include <catch2/catch.hpp>
#include <random>
#include <set>

#include "consent_fixture.h"
#include "seal/stream.h"

using namespace subrosa::seal;
using subrosa::ErrorCode;

namespace {

constexpr uint64_t kNow = 1'800'000'000;
const Expectation kForChat = {"chat", {}, {}, {}};

const SecretKey& server_key() {
  static const SecretKey key = *make_key(Kem::kXWing, Bytes(32, 1), false);
  return key;
}

const SecretKey& auditor_key() {
  static const SecretKey key = *make_key(Kem::kX25519, Bytes(32, 2), false);
  return key;
}

/// A person who has agreed to the chat.
const subrosa::consent::Consent& agreed() {
  static const auto policy = consent_fixture::policy();
  static const auto consent = [] {
    auto state = consent_fixture::state_json();
    state["records"].push_back(consent_fixture::given_record(*policy, "chat"));
    return consent_fixture::consent_of(policy, state);
  }();
  return consent;
}

Grounds grounds() { return {agreed(), "text", "ctl"}; }

const Context& chat() {
  static const Context context = {
      {"chat"}, to_text(agreed().policy().hash), "record-chat", 0, "sha256:11"};
  return context;
}

Session begin(uint8_t fill = 7) {
  const std::vector<PublicKey> recipients = {server_key().public_key, auditor_key().public_key};
  return *Session::begin(chat(), recipients, kNow, Bytes(256, fill));
}

Session accept(const Session& page, uint8_t salt = 8) {
  return *Session::accept(page.header(), server_key(), kForChat, kNow, Bytes(16, salt));
}

Bytes seal(Session* session, std::string_view text, uint64_t now = kNow) {
  return *session->seal(view_of(text), grounds(), now);
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
  REQUIRE(auditor.seal({}, grounds(), kNow).error().code == ErrorCode::kNotPermitted);
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
  auto consent = agreed();
  Session page = begin();
  const auto refusal = [&](std::string_view type = "text", uint64_t now = kNow) {
    const auto sealed = page.seal({}, {consent, type, "ctl"}, now);
    if (sealed) return std::string("sealed");
    REQUIRE(sealed.error().code == ErrorCode::kNotPermitted);
    return sealed.error().where;
  };
  REQUIRE(refusal() == "sealed");
  REQUIRE(refusal("voice") == "unknown_pii_type");
  REQUIRE(refusal("text", kNow + 31'536'000) == "expired");
  REQUIRE(consent.apply(R"({"type": "withdraw", "purpose": "chat", "record_id": "record-chat"})",
                        kNow));
  REQUIRE(refusal() == "withdrawn");
}

TEST_CASE("a session is sealed under the record, epoch and policy that its header names",
          "[seal]") {
  const std::vector<PublicKey> recipients = {auditor_key().public_key};
  const auto refusal = [&](const Context& context) {
    Session page = *Session::begin(context, recipients, kNow, Bytes(256, 7));
    const auto sealed = page.seal({}, grounds(), kNow);
    return sealed ? std::string("sealed") : sealed.error().where;
  };
  const auto& [purposes, policy, record, epoch, ruleset] = chat();
  REQUIRE(refusal(chat()) == "sealed");
  REQUIRE(refusal({purposes, policy, record, epoch + 1, ruleset}) == "superseded");
  REQUIRE(refusal({purposes, policy, "record-2", epoch, ruleset}) == "superseded");
  REQUIRE(refusal({purposes, "sha256:00", record, epoch, ruleset}) == "superseded");
  REQUIRE(refusal({{"chat", "improve"}, policy, record, epoch, ruleset}) == "not_asked");
  REQUIRE(refusal({{"train"}, policy, record, epoch, ruleset}) == "unknown_purpose");
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
  REQUIRE_FALSE(Session::begin(chat(), none, kNow, Bytes(256, 1)));
  REQUIRE_FALSE(Session::begin(chat(), twice, kNow, Bytes(256, 1)));
  const std::vector<PublicKey> one = {server_key().public_key};
  REQUIRE(Session::begin(chat(), one, kNow, Bytes(124, 1)));
  REQUIRE_FALSE(Session::begin(chat(), one, kNow, Bytes(123, 1)));
}

namespace {

/// What a receiver takes: a message opens once, if it is of the receiver's epoch, a later one, or
/// the one before, which is gone after 64 messages of the new one.
class ReceiverModel {
 public:
  bool takes(uint64_t number) {
    const bool is_known = number / 256 >= epoch_ || (number / 256 + 1 == epoch_ && has_previous_);
    if (!is_known || !seen_.insert(number).second) return false;
    if (number / 256 > epoch_) {
      epoch_ = number / 256;
      opened_in_epoch_ = 0;
      has_previous_ = true;
    }
    if (number / 256 == epoch_ && ++opened_in_epoch_ >= 64) has_previous_ = false;
    return true;
  }

 private:
  uint64_t epoch_ = 0;
  uint32_t opened_in_epoch_ = 0;
  bool has_previous_ = false;
  std::set<uint64_t> seen_;
};

/// The numbers that a sender gives: a new epoch after 256 messages or ten minutes.
class SenderModel {
 public:
  uint64_t next(uint64_t now) {
    if (next_ % 256 != 0 && now - began_ >= 600) next_ = (next_ / 256 + 1) * 256;
    if (next_ % 256 == 0) began_ = now;
    return next_++;
  }

 private:
  uint64_t next_ = 0;
  uint64_t began_ = 0;
};

/// One direction of one session, with what is on its way.
struct Direction {
  Session* from;
  Session* to;
  SenderModel sender = {};
  ReceiverModel receiver = {};
  std::vector<std::pair<uint64_t, Bytes>> sent = {};
  uint32_t opened = 0;

  void send(uint64_t now) {
    const uint64_t number = sender.next(now);
    sent.emplace_back(number, seal(from, std::to_string(number), now));
  }
  /// Delivers any of the last messages, old or new.
  void deliver(uint32_t random) {
    const size_t latest = std::min<size_t>(sent.size(), 90);
    const auto& [number, message] = sent[sent.size() - 1 - random % latest];
    const bool is_taken = receiver.takes(number);
    REQUIRE(opened_text(message) == (is_taken ? std::to_string(number) : "refused"));
    if (is_taken) ++opened;
  }
  std::string opened_text(const Bytes& message) const { return ::opened(to, message); }
};

}  // namespace

TEST_CASE("dropped, reordered and repeated messages behave as the model says", "[seal]") {
  std::mt19937 random(1);
  for (int round = 0; round < 20; ++round) {
    Session page = begin(static_cast<uint8_t>(round));
    Session server = accept(page);
    Direction forward = {&page, &server};
    uint64_t now = kNow;
    for (int i = 0; i < 900; ++i) {
      now += random() % 4 == 0 ? random() % 60 : 0;
      forward.send(now);
      if (random() % 4 != 0) forward.deliver(random());
    }
    REQUIRE(forward.opened > 300);
  }
}

TEST_CASE("two sessions that interleave, both ways, do not touch each other", "[seal]") {
  std::mt19937 random(2);
  for (int round = 0; round < 10; ++round) {
    std::array<Session, 2> pages = {begin(static_cast<uint8_t>(round)),
                                    begin(static_cast<uint8_t>(100 + round))};
    std::array<Session, 2> servers = {accept(pages[0], 1), accept(pages[1], 2)};
    std::array<Direction, 4> directions = {Direction{&pages[0], &servers[0]},
                                           {&servers[0], &pages[0]},
                                           {&pages[1], &servers[1]},
                                           {&servers[1], &pages[1]}};
    uint64_t now = kNow;
    for (int i = 0; i < 3000; ++i) {
      now += random() % 4 == 0 ? random() % 30 : 0;
      const size_t which = random() % 4;
      Direction& direction = directions[which];
      if (direction.sent.empty() || random() % 2 == 0) {
        direction.send(now);
      } else {
        direction.deliver(random());
      }
      const Direction& other = directions[(which + 1 + random() % 3) % 4];
      if (!other.sent.empty())
        REQUIRE(direction.opened_text(other.sent.back().second) == "refused");
    }
    for (const Direction& direction : directions) REQUIRE(direction.opened > 100);
  }
}

TEST_CASE("a stream opens in any order, and only whole", "[seal]") {
  const std::vector<PublicKey> recipients = {server_key().public_key};
  const WrappedKey key = *wrap_key(chat(), recipients, kNow, Bytes(256, 3));
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
