#include <catch2/catch.hpp>

#include "subrosa/audit.h"

using namespace subrosa;
using namespace subrosa::audit;

namespace {

// The example of golang.org/x/mod/sumdb/note (its public test key and the note that it signs).
constexpr char kKey[] = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr char kText[] =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n";
constexpr char kSignature[] =
    "\xe2\x80\x94 PeterNeumann "
    "x08go/"
    "ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

std::string signed_text() { return std::string(kText) + '\n' + kSignature; }

ErrorCode error_of(const Result<std::string>& result) {
  return result ? ErrorCode::kOk : result.error().code;
}

const std::string kSeed(32, '\x07');

}  // namespace

TEST_CASE("a note that another implementation signed is opened", "[audit]") {
  CHECK(*open_note(signed_text(), kKey) == kText);
}

TEST_CASE("a note that was changed in any byte is refused", "[audit]") {
  const std::string note = signed_text();
  for (size_t i = 0; i < note.size(); ++i) {
    std::string changed = note;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    INFO(i);
    CHECK_FALSE(open_note(changed, kKey));
  }
}

TEST_CASE("what is signed opens under its key and under no other", "[audit]") {
  const std::string key = *note_key("example.com/log", kSeed);
  const std::string other = *note_key("example.com/log", std::string(32, '\x08'));
  const std::string note = *sign_note("text\n\nmore\n", "example.com/log", kSeed);
  CHECK(*open_note(note, key) == "text\n\nmore\n");
  CHECK(error_of(open_note(note, other)) == ErrorCode::kNotAuthentic);
  // Signatures of others are passed over, before ours and behind it.
  CHECK(*open_note(signed_text() + note.substr(note.rfind("\n\n") + 2), kKey) == kText);
}

TEST_CASE("a wrong signature by a known key is refused beside a right one", "[audit]") {
  const std::string key = *note_key("n", kSeed);
  std::string note = *sign_note("a\n", "n", kSeed);
  const std::string wrong = *sign_note("b\n", "n", kSeed);
  note += wrong.substr(wrong.rfind("\n\n") + 2);
  CHECK(error_of(open_note(note, key)) == ErrorCode::kNotAuthentic);
}

TEST_CASE("malformed notes and keys are refused", "[audit]") {
  const std::string note = signed_text();
  for (const std::string& bad :
       {std::string(), std::string(kText), note.substr(0, note.size() - 1), note + "x",
        std::string(kText) + "\n", std::string(kText) + "\n- PeterNeumann x08go/ZJ\n",
        std::string("a\x01") + note, "a\xff" + note, note + "\xe2\x80\x94 x AAAA\n",
        note + "\xe2\x80\x94 x\n"})
    CHECK_FALSE(open_note(bad, kKey));
  CHECK(error_of(open_note(std::string((1 << 20) + 1, '\n'), kKey)) == ErrorCode::kTooLong);
  const std::string key = kKey;
  for (const std::string& bad :
       {std::string(), key.substr(0, 20), key.substr(0, key.size() - 4), "x" + key,
        key.substr(0, 13) + "C74F20A3" + key.substr(21), std::string("a b+00000000+AQ==")})
    CHECK(error_of(open_note(note, bad)) == ErrorCode::kBadFormat);
  CHECK(error_of(open_note(note, "x+00000000+AAAA")) == ErrorCode::kUnsupportedVersion);
}

TEST_CASE("names and seeds that cannot sign are refused", "[audit]") {
  CHECK_FALSE(note_key("", kSeed));
  CHECK_FALSE(note_key("a b", kSeed));
  CHECK_FALSE(note_key("a+b", kSeed));
  CHECK_FALSE(note_key("a", "short"));
  CHECK_FALSE(sign_note("no newline", "a", kSeed));
  CHECK_FALSE(sign_note("tab\t\n", "a", kSeed));
}
