#include <catch2/catch.hpp>
#include <string>

#include "detect/validators/registry.h"

using namespace subrosa::detect;

namespace {

Verdict verdict(std::string_view validator, const std::string& text, const std::string& match) {
  const auto start = static_cast<uint32_t>(text.find(match));
  return find_validator(validator)({text, start, start + static_cast<uint32_t>(match.size()), {}});
}

Verdict verdict(std::string_view validator, const std::string& match) {
  return verdict(validator, match, match);
}

}  // namespace

// Tokens are put together here so that no file holds the shape of a live one.
TEST_CASE("a checksum confirms a GitHub token, and a wrong one does not refuse it",
          "[validators]") {
  const std::string body = "ghp_" + std::string("NotALiveTokenOnlyItsShape00000");
  CHECK(verdict("crc_token", body + "47tOjw") == Verdict::kConfirm);
  CHECK(verdict("crc_token", body + "47tOjx") == Verdict::kNeutral);
  CHECK(verdict("crc_token", "ghp_" + std::string(36, 'x')) == Verdict::kReject);
}

TEST_CASE("a JWT has three or five parts", "[validators]") {
  const std::string token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2lnbmF0dXJl";
  CHECK(verdict("jwt", "(" + token + ").", token) == Verdict::kConfirm);
  CHECK(verdict("jwt", token + ".more", token) == Verdict::kReject);
  CHECK(verdict("jwt", "more." + token, token) == Verdict::kReject);
  CHECK(verdict("jwt", "-" + token, token) == Verdict::kReject);
}

TEST_CASE("a private key is its opening line and what follows", "[validators]") {
  const std::string head = "-----BEGIN PRIVATE KEY-----";
  const std::string body(64, 'M');
  CHECK(verdict("pem_private_key", head + "\n" + body, head) == Verdict::kConfirm);
  CHECK(verdict("pem_private_key", head + "\\n" + body, head) == Verdict::kConfirm);
  CHECK(verdict("pem_private_key", head + "\n" + body.substr(1), head) == Verdict::kReject);
  CHECK(verdict("pem_private_key", head + "\n-----END PRIVATE KEY-----\n" + body, head) ==
        Verdict::kReject);
}

TEST_CASE("a random value is a secret only under a name that says so", "[validators]") {
  const std::string value = "Zf3D0LXCM3EIMbgJpUNnkRtOfOueHznB";
  for (const char* name : {"api_token=", "\"user_auth\": \"", "clientSecret => '", "<authToken>"})
    CHECK(verdict("assigned_secret", name + value, value) == Verdict::kConfirm);
  for (const char* name : {"key=", "author=", "token_id=", "public_api_key=", "keyboard=", "="})
    CHECK(verdict("assigned_secret", name + value, value) == Verdict::kReject);
  for (const char* other :
       {"ultraPictureBox1", "abcdefghij1234567", "XXXXXXXXXXXXXXX1", "fourteenwords"})
    CHECK(verdict("assigned_secret", std::string("token=") + other, other) == Verdict::kReject);
}

TEST_CASE("a password is told from a remark on it", "[validators]") {
  const auto said = [](const std::string& rest, const std::string& value) {
    return verdict("password", "password is " + rest, value);
  };
  CHECK(said("hunter2!", "hunter2!") == Verdict::kConfirm);
  CHECK(said("tr&b-adour, ok", "tr&b-adour") == Verdict::kConfirm);
  CHECK(said("sunshine.", "sunshine") == Verdict::kNeutral);
  CHECK(said("sunshine in summer", "sunshine") == Verdict::kReject);
  CHECK(said("incorrect.", "incorrect") == Verdict::kReject);
  CHECK(said("hunter2now", "hunter2") == Verdict::kReject);
  CHECK(said("config.password", "config.password") == Verdict::kReject);
  CHECK(verdict("password", "pass plates", "plates") == Verdict::kReject);
}
