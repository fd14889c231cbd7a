#include <catch2/catch.hpp>

#include "redact/encrypt.h"
#include "redact/generalize.h"
#include "redact/redactor.h"
#include "redact/restore.h"
#include "redact/vault_file.h"
#include "redact_fixture.h"

using namespace subrosa;
using namespace subrosa::redact;

namespace {

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

TEST_CASE("a telephone number is the same with its country's code and as at home", "[redact]") {
  const auto redactor = Redactor::create(detector().rules(), "");
  REQUIRE(redactor);
  const auto numbers_in = [&](const std::string& region, const std::string& text) {
    Vault vault;
    const std::string call = R"({"entities":["PHONE_NUMBER"],"region":")" + region + "\"}";
    const auto out = redactor->redact(&detector(), text, call, &vault);
    REQUIRE(out);
    return out->text;
  };
  const std::string one = "[PHONE_NUMBER_1]";
  CHECK(numbers_in("US", "+1 415 555 2671, (415) 555-2671, 1-415-555-2671, +1 415 555 2672") ==
        one + ", " + one + ", " + one + ", [PHONE_NUMBER_2]");
  CHECK(numbers_in("DE", "0171 1234567, +49 171 1234567, 0049 171 1234567, +49 171 1234568") ==
        one + ", " + one + ", " + one + ", [PHONE_NUMBER_2]");
  CHECK(numbers_in("FR,DE", "0171 1234567, +49 171 1234567") == one + ", " + one);
  CHECK(numbers_in("GB", "+44 (0)20 7946 0958, +44 20 7946 0958, 020 7946 0958") ==
        one + ", " + one + ", " + one);
}

TEST_CASE("a telephone number is as at home in the scanner's regions, where one alone knows it",
          "[redact]") {
  const auto redacted_in = [](const std::string& regions, const std::string& text) {
    const auto own =
        detect::Detector::create(R"({"entities":["PHONE_NUMBER"],"regions":[)" + regions + "]}");
    REQUIRE(own);
    const auto redactor = Redactor::create((*own)->rules(), "");
    Vault vault;
    const auto out = redactor->redact(own->get(), text, {}, &vault);
    REQUIRE(out);
    return out->text;
  };
  const std::string one = "[PHONE_NUMBER_1]", two = "[PHONE_NUMBER_2]", three = "[PHONE_NUMBER_3]";
  CHECK(redacted_in(R"("DE")", "0171 1234567, +49 171 1234567") == one + ", " + one);
  CHECK(redacted_in(R"("US","DE")", "0171 1234567, +49 171 1234567") == one + ", " + one);
  // It may be either: three numbers, then.
  CHECK(redacted_in(R"("CH","FR")", "044 668 18 00, +41 44 668 18 00, +33 4 46 68 18 00") ==
        one + ", " + two + ", " + three);
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

TEST_CASE("a placeholder typed by halves uncovers nothing where its number is taken", "[redact]") {
  Vault vault;
  REQUIRE(redacted("ann@example.org", "", &vault) == "[EMAIL_ADDRESS_1]");
  // Behind the 1 stands no mention; behind the bracket that the new number brings stands one.
  const std::string text = "so [email_address_1@bob_miller said";
  const std::string out = redacted(text, "", &vault);
  INFO(out);
  const auto left = detector().detect(out, {});
  REQUIRE(left);
  CHECK(left->empty());
  CHECK(restored(out, &vault) == text);
}

TEST_CASE("brackets around a value stay, brackets that a model adds go", "[redact]") {
  Vault vault;
  const std::string text = "[ann@example.org] and bob@example.org";
  const std::string out = redacted(text, "", &vault);
  CHECK(out == "[[EMAIL_ADDRESS_1]] and [EMAIL_ADDRESS_2]");
  CHECK(restored(out, &vault) == text);
  CHECK(restored("[[EMAIL_ADDRESS_2]]", &vault) == "bob@example.org");
}

TEST_CASE("what is found anew each time that it is removed is withheld in the end", "[redact]") {
  const auto nested = detect::Detector::create(
      R"({"entities":["NEST"],"rules":[{"id":"NEST","patterns":[{"regex":"<>","score":1,"bounds":"none"}]}]})");
  REQUIRE(nested);
  const auto redactor = Redactor::create((*nested)->rules(), R"({"operator":"redact"})");
  REQUIRE(redactor);
  const auto out = [&](size_t depth) {
    const std::string text = "so " + std::string(depth, '<') + std::string(depth, '>') + " it";
    const auto redacted = redactor->redact(nested->get(), text, {}, nullptr);
    REQUIRE(redacted);
    REQUIRE(redacted->is_changed);
    return redacted->text;
  };
  CHECK(out(1) == "so  it");
  CHECK(out(5) == "so  it");
  CHECK(out(50) == "[REDACTED]");
}

TEST_CASE("no text is too slow to be redacted", "[redact]") {
  for (const std::string piece : {"1.", "a.a.a.", "a-", "a@", "1 ", "eyJ", "(", "John "}) {
    std::string text;
    while (text.size() < 20000) text += piece;
    const std::string out = redacted(text + " ann.miller@example.org", "");
    CHECK(out.find("example.org") == std::string::npos);
  }
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

TEST_CASE("a vault that restores nothing forgets when it is full, and never gives a number twice",
          "[redact]") {
  Vault vault(Vault::Kind::kOneWay);
  REQUIRE(*vault.reserve("PERSON", Vault::kMaxEntries + 2));
  for (uint32_t i = 1; i < Vault::kMaxEntries; ++i) {
    const auto number = vault.number_of("PERSON", "person", std::to_string(i));
    if (!number || *number != i) FAIL("number " << i);
  }
  CHECK(*vault.number_of("PERSON", "person", "7") == 7);
  CHECK(*vault.number_of("PERSON", "person", "one more") == Vault::kMaxEntries);
  CHECK(*vault.number_of("PERSON", "person", "7") == Vault::kMaxEntries + 1);
  CHECK(*vault.number_of("PERSON", "person", "and one more") == Vault::kMaxEntries + 3);
  CHECK(vault.size() == 4);
}

TEST_CASE("encrypted values open with their key, in their session only", "[redact]") {
  const std::string key(64, '5');
  const std::string options =
      R"({"operator":{"operator":"encrypt","key":")" + key + R"(","session":"s1"}})";
  const std::string text = "to ann@example.org, bob@example.org, ann@example.org";
  const std::string sealed = redacted(text, options);
  CHECK(sealed.find("example") == std::string::npos);
  CHECK(sealed == redacted(text, options));
  const std::vector<uint8_t> bytes(32, 0x55), other(32, 0x56);
  const auto opened = decrypt(sealed, {bytes, "s1"});
  REQUIRE(opened);
  CHECK(opened->text == text);
  CHECK(opened->count == 3);
  for (const auto& [k, session] : {std::pair{bytes, "s2"}, std::pair{other, "s1"}}) {
    const auto refused = decrypt(sealed, {k, session});
    REQUIRE(refused);
    CHECK_FALSE(refused->is_changed);
    CHECK(refused->unknown.size() == 3);
  }
  std::string swapped = sealed;
  swapped.replace(swapped.find("EMAIL_ADDRESS"), 13, "PHONE_NUMBER_");
  CHECK(decrypt(swapped, {bytes, "s1"})->count == 2);
}

TEST_CASE("surrogates have the shape, and belong to nobody", "[redact]") {
  const std::string s = R"({"operator":"surrogate"})";
  CHECK(redacted("to ann@example.org!", s) == "to user1@example.com!");
  CHECK(redacted("card 4111 1111 1111 1111", s) == "card 4000 0000 0000 0011");
  CHECK(redacted("at 93.184.216.34 now", s) == "at 192.0.2.2 now");
  CHECK(redacted("IBAN DE89 3704 0044 0532 0130 00", s) == "IBAN DE00 0000 0000 0000 0000 01");
  Vault vault;
  const std::string out = redacted("+1 212 555 2368", s, &vault);
  CHECK(out == "+1 200 555 0101");
  CHECK(redacted("(+1) 212-555-2368 or +1 212 555 2368", s, &vault).find(out) != std::string::npos);
}

TEST_CASE("generalised values say no more than they should", "[redact]") {
  CHECK(generalize("DATE_OF_BIRTH", "12/03/1990") == "1990");
  CHECK(generalize("DATE_OF_BIRTH", "12/03/90") == "[DATE_OF_BIRTH]");
  CHECK(generalize("DATE_TIME", "20240131") == "2024");
  CHECK(generalize("CN_BIRTH_CERTIFICATE", "R19990001") == "[CN_BIRTH_CERTIFICATE]");
  CHECK(generalize("AGE", "37 years") == "30-39");
  CHECK(generalize("AGE", "97") == "90+");
  CHECK(generalize("BR_CEP", "01310-100") == "0131*-***");
  CHECK(generalize("IN_PIN_CODE", "560001") == "560***");
  CHECK(generalize("GEO_COORDINATES", "40\u00b026'46.5\"N 79\u00b058'56.5\"W") ==
        "[GEO_COORDINATES]");
  CHECK(generalize("IP_ADDRESS", "93.184.216.34") == "93.184.216.0/24");
  CHECK(generalize("IP_ADDRESS", "2001:db8:1:2::3") == "2001:db8:1::/48");
  CHECK(generalize("IP_ADDRESS", "2001:db8::3") == "2001:db8::/48");
  CHECK(generalize("IP_ADDRESS", "::1") == "::/48");
  CHECK(generalize("GEO_COORDINATES", "48.85837, -2.29448") == "48.8, -2.2");
  CHECK(generalize("US_ZIP_CODE", "90210") == "902**");
  CHECK(generalize("UK_POSTCODE", "SW1A 1AA") == "SW1A ***");
  CHECK(generalize("AMOUNT", "12,345.67 EUR") == "10,000 EUR");
  CHECK(generalize("EMAIL_ADDRESS", "ann@example.org") == "[EMAIL_ADDRESS]");
}

TEST_CASE("operators for one recipient", "[redact]") {
  const std::string recipients =
      R"("operator":"mask","recipients":{"llm":{"operators":{"EMAIL_ADDRESS":"replace"}},"log":{"operator":"redact"}})";
  const std::string text = "to ann@example.org!";
  CHECK(redacted(text, "{" + recipients + "}") == "to ***@*******.***!");
  CHECK(redacted(text, "{" + recipients + R"(,"recipient":"llm"})") == "to [EMAIL_ADDRESS_1]!");
  CHECK(redacted(text, "{" + recipients + R"(,"recipient":"log"})") == "to !");
  CHECK(error_of("{" + recipients + R"(,"recipient":"nobody"})") == "/recipient");
  CHECK(error_of(R"({"recipients":{"llm":{"operator":"shred"}}})") == "/recipients/llm/operator");
}

TEST_CASE("what redaction wrote is not found again", "[redact]") {
  for (const char* text : {"password: [EMAIL_ADDRESS_1]", "my password is [PASSWORD_12]",
                           "SSN [US_SSN:0123456789abcdef]", "[PHONE_NUMBER_1] or 123456"}) {
    CHECK(redacted(text, "") == text);
  }
}

TEST_CASE("a vault comes back from its sealed form, and only under its key", "[redact]") {
  Vault vault;
  const std::string text = "[EMAIL_ADDRESS_1]: ann@example.org and [bob@example.org]";
  const std::string out = redacted(text, "", &vault);
  seal::DataKey key;
  key.bytes.data()[0] = 1;
  const std::vector<uint8_t> entropy(seal::kAtRestEntropy, 9);
  const auto sealed = export_vault(vault, key, entropy);
  REQUIRE(sealed);
  const auto back = import_vault(*sealed, key);
  REQUIRE(back);
  CHECK((*back)->size() == vault.size());
  CHECK(restored(out, back->get()) == text);
  CHECK(redacted("Bob@example.org", "", back->get()) == redacted("bob@example.org", "", &vault));
  CHECK(redacted("eve@example.org", "", back->get()) == "[EMAIL_ADDRESS_4]");
  key.bytes.data()[0] = 2;
  CHECK(import_vault(*sealed, key).error().code == ErrorCode::kNotAuthentic);
}
