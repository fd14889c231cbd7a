#include "text/base64.h"

#include <catch2/catch.hpp>

using subrosa::text::base64;
using subrosa::text::base64_decode;

TEST_CASE("base64 of RFC 4648, section 10", "[text]") {
  const char* cases[][2] = {{"", ""},
                            {"f", "Zg=="},
                            {"fo", "Zm8="},
                            {"foo", "Zm9v"},
                            {"foob", "Zm9vYg=="},
                            {"fooba", "Zm9vYmE="},
                            {"foobar", "Zm9vYmFy"},
                            {"\xff\xfe\xfb", "//77"}};
  for (const auto& [bytes, text] : cases) {
    CHECK(base64(bytes) == text);
    CHECK(*base64_decode(text) == bytes);
  }
}

TEST_CASE("base64 with another spelling is refused", "[text]") {
  for (const char* text : {"Zg", "Zg=", "Zh==", "Zm9=", "Zm9v\n", " Zm9v", "Zm9-", "Zg===", "=",
                           "Zm9vYg==Zg==", "\xdam9v",
                           "Z\xed"
                           "9v"})
    CHECK_FALSE(base64_decode(text));
  for (int byte = 0x80; byte < 0x100; ++byte)
    CHECK_FALSE(base64_decode(std::string("Zm9") + static_cast<char>(byte)));
}
