#include "detect/validators/shape.h"

#include <catch2/catch.hpp>

using namespace subrosa::detect;

TEST_CASE("entropy is counted in bits a byte", "[validators]") {
  CHECK(entropy("") == 0);
  CHECK(entropy("aaaa") == 0);
  CHECK(entropy("abab") == Approx(1));
  CHECK(entropy("0123456789abcdef") == Approx(4));
}

TEST_CASE("what people type for a secret is told from what a generator makes", "[validators]") {
  CHECK(is_periodic("token-xxxxxxx"));
  CHECK(is_periodic("123123123"));
  CHECK(is_periodic("1234-1234-1234"));
  CHECK_FALSE(is_periodic("5ca1ab1e0ddba11c0ffee5eed1e5"));
  CHECK(is_counting("a12345678b"));
  CHECK(is_counting("abcdefgh"));
  CHECK_FALSE(is_counting("1234567"));
  CHECK(is_wordy("my-app-token-1"));
  CHECK(is_wordy("X25519.secret_length"));
  CHECK(is_wordy("pictureBox1"));
  CHECK_FALSE(is_wordy("dafa7817-e246-48f3-91a7-e87653d587b8"));
  for (const char* text : {"$TOKEN", "{{ token }}", "<secret>", "changeme", "your_key", "Password",
                           "****", "x-xx", "my-example-key"})
    CHECK(is_placeholder(text));
  CHECK_FALSE(is_placeholder("hunter2"));
}

TEST_CASE("the name that a value is assigned to", "[validators]") {
  const auto name = [](std::string_view text) { return name_before(text, text.size()); };
  CHECK(name("\"api_token\": \"") == "api_token");
  CHECK(name("export GITHUB_KEY=") == "GITHUB_KEY");
  CHECK(name("\xe5\xaf\x86\xe7\xa0\x81: ") == "\xe5\xaf\x86\xe7\xa0\x81");
  CHECK(name("= ").empty());
  CHECK(words_of("GITHUB_API_KEY2") == " github api key ");
  CHECK(words_of("myAPIKey") == " my api key ");
  CHECK(words_of("client-secret.id") == " client secret id ");
  CHECK(words_of("") == " ");
}
