#include <catch2/catch.hpp>

#include "redact/redactor.h"
#include "redact/restore.h"

using namespace subrosa;
using namespace subrosa::redact;

namespace {

detect::Detector& detector() {
  static const auto all = detect::Detector::create("");
  REQUIRE(all);
  return **all;
}

std::string redacted(std::string_view text, std::string_view options, Vault* vault = nullptr) {
  const auto redactor = Redactor::create(detector().rules(), options);
  REQUIRE(redactor);
  const auto out = redactor->redact(&detector(), text, {}, vault);
  REQUIRE(out);
  return out->is_changed ? out->text : std::string(text);
}

std::string restored(std::string_view text, Vault* vault) {
  const auto out = restore(text, vault);
  REQUIRE(out);
  return out->is_changed ? out->text : std::string(text);
}

std::string error_of(std::string_view options) {
  const auto redactor = Redactor::create(detector().rules(), options);
  REQUIRE_FALSE(redactor);
  return redactor.error().where;
}

}  // namespace

TEST_CASE("values become numbered placeholders, the same value the same one", "[redact]") {
  Vault vault;
  CHECK(redacted("ann@example.org, bob@example.org, Ann@Example.ORG", "", &vault) ==
        "[EMAIL_ADDRESS_1], [EMAIL_ADDRESS_2], [EMAIL_ADDRESS_1]");
  CHECK(redacted("bob@example.org again", "", &vault) == "[EMAIL_ADDRESS_2] again");
  CHECK(redacted("bob@example.org alone", "") == "[EMAIL_ADDRESS_1] alone");
  CHECK(redacted("nothing here", "", &vault) == "nothing here");
}

TEST_CASE("operators do what they say", "[redact]") {
  const std::string text = "to ann@example.org!";
  CHECK(redacted(text, R"({"operator":"redact"})") == "to !");
  CHECK(redacted(text, R"({"operator":"keep"})") == text);
  CHECK(redacted(text, R"({"operator":"mask"})") == "to ***@*******.***!");
  CHECK(redacted(text, R"({"operator":{"operator":"mask","character":"x"}})") == "to !");
  CHECK(redacted(text, R"({"operator":{"operator":"replace","template":"<{entity}_{n}>"}})") ==
        "to <EMAIL_ADDRESS_1>!");
  CHECK(redacted(text, R"({"operator":{"operator":"replace","template":"GONE"}})") == "to GONE!");
  const std::string key(64, '7'), other(64, '8');
  const auto hash = [&](const std::string& k, const std::string& what) {
    return redacted(what, R"({"operator":{"operator":"hash","key":")" + k + "\"}}");
  };
  const std::string hashed = hash(key, text);
  CHECK(hashed.size() == std::string("to [EMAIL_ADDRESS:0123456789abcdef]!").size());
  CHECK(hash(key, "to ANN@example.org!") == hashed);
  CHECK(hash(other, text) != hashed);
  CHECK(redacted(text, R"({"operator":"keep","operators":{"contact":"redact"}})") == "to !");
  CHECK(redacted(text, R"({"operators":{"contact":"redact","EMAIL_ADDRESS":"keep"}})") == text);
}

TEST_CASE("what is wrong with operators is said before any text is touched", "[redact]") {
  CHECK(error_of("[]") == "/");
  CHECK(error_of(R"({"operater":"mask"})") == "/operater");
  CHECK(error_of(R"({"operator":"shred"})") == "/operator");
  CHECK(error_of(R"({"operator":7})") == "/operator");
  CHECK(error_of(R"({"operators":{"EMAIL":"mask"}})") == "/operators/EMAIL");
  CHECK(error_of(R"({"operator":{"operator":"mask","keep":1}})") == "/operator/keep");
  CHECK(error_of(R"({"operator":{"operator":"mask","keepEnd":-1}})") == "/operator/keepEnd");
  CHECK(error_of(R"({"operator":{"operator":"mask","character":"ab"}})") == "/operator/character");
  CHECK(error_of(R"({"operator":"hash"})") == "/operator/key");
  CHECK(error_of(R"({"operator":{"operator":"hash","key":"00"}})") == "/operator/key");
  CHECK(error_of(R"({"operator":{"operator":"replace","template":"{n}"}})") ==
        "/operator/template");
  CHECK(error_of(R"({"operator":{"operator":"replace","template":"id {entity}_{n}"}})") ==
        "/operator/template");
}

TEST_CASE("a placeholder that the user typed comes back as typed", "[redact]") {
  Vault vault;
  const std::string before = "[EMAIL_ADDRESS_1] is not ann@example.org";
  CHECK(redacted(before, "", &vault) == "[EMAIL_ADDRESS_1] is not [EMAIL_ADDRESS_2]");
  CHECK(restored("[EMAIL_ADDRESS_1] is not [EMAIL_ADDRESS_2]", &vault) == before);

  const std::string after = "what is [EMAIL_ADDRESS_2] or email_address_2]?";
  const std::string escaped = redacted(after, "", &vault);
  CHECK(escaped == "what is [EMAIL_ADDRESS_3] or email_address_2]?");
  CHECK(restored(escaped, &vault) == after);
  CHECK(redacted("[EMAIL_ADDRESS_9]", "", &vault) == "[EMAIL_ADDRESS_9]");
  CHECK(restored("[EMAIL_ADDRESS_9]", &vault) == "[EMAIL_ADDRESS_9]");
}

TEST_CASE("brackets around a value stay, brackets that a model adds go", "[redact]") {
  Vault vault;
  const std::string text = "[ann@example.org] and bob@example.org";
  const std::string out = redacted(text, "", &vault);
  CHECK(out == "[[EMAIL_ADDRESS_1]] and [EMAIL_ADDRESS_2]");
  CHECK(restored(out, &vault) == text);
  CHECK(restored("[[EMAIL_ADDRESS_2]]", &vault) == "bob@example.org");
}

TEST_CASE("a vault that is full refuses, and gives out distinct numbers until then", "[redact]") {
  Vault vault;
  for (uint32_t i = 1; i <= Vault::kMaxEntries; ++i) {
    const auto number = vault.number_of("PERSON", "person", std::to_string(i));
    if (!number || *number != i) FAIL("number " << i);
  }
  const auto refused = vault.number_of("PERSON", "person", "one more");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kTooLong);
  CHECK(*vault.number_of("PERSON", "person", "7") == 7);
}
