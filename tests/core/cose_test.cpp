#include "seal/cose.h"

#include <catch2/catch.hpp>
#include <sstream>

#include "seal/hpke.h"
#include "vectors.h"

using namespace subrosa::seal;
using vectors::unhex;

namespace {

// Inputs that the draft's appendix names.
constexpr std::string_view kPlaintext = "hpke test payload";
constexpr const char* kPsk = "0247fd33b913760fa1fa51e1892d9f307fbe65eb171e8132c2af18555a738b82";

struct Inputs {
  KemSecret secret;
  ByteView aad;
  ByteView info;
  ByteView hpke_aad;
};

struct Headers {
  ByteView encapsulated;
  ByteView psk_id;
};

/// The vectors put the kid into either header, and the unprotected one is not always in order.
void read_header(cbor::Reader* in, int64_t alg, Headers* headers) {
  const uint64_t pairs = in->map();
  for (uint64_t i = 0; i < pairs; ++i) {
    switch (in->integer()) {
      case cose::kAlg:
        in->expect_integer(alg);
        break;
      case cose::kEncapsulatedKey:
        headers->encapsulated = in->bytes();
        break;
      case -5:
        headers->psk_id = in->bytes();
        break;
      default:
        in->bytes();
    }
  }
}

Headers read_headers(ByteView protected_header, int64_t alg, cbor::Reader* in) {
  Headers headers;
  cbor::Reader inner(protected_header);
  read_header(&inner, alg, &headers);
  REQUIRE(inner.done());
  read_header(in, alg, &headers);
  return headers;
}

subrosa::Result<SecretBytes> hpke_open(const Inputs& inputs, const Headers& headers, ByteView info,
                                       ByteView aad, ByteView ciphertext) {
  const Bytes psk = headers.psk_id.empty() ? Bytes{} : unhex(kPsk);
  auto receiver =
      receiver_setup(Kem::kX25519, headers.encapsulated, inputs.secret,
                     public_key_of(Kem::kX25519, inputs.secret), info, {psk, headers.psk_id});
  REQUIRE(receiver);
  return receiver->open(aad, ciphertext);
}

void check_encrypt0(const Inputs& inputs, cbor::Reader* in) {
  const ByteView header = in->bytes();
  const Headers headers = read_headers(header, 42, in);
  const auto plaintext =
      hpke_open(inputs, headers, inputs.info, cose::enc_structure("Encrypt0", header, inputs.aad),
                in->bytes());
  REQUIRE(in->done());
  REQUIRE(plaintext);
  REQUIRE(text_of(*plaintext) == kPlaintext);
}

void check_encrypt(const Inputs& inputs, cbor::Reader* in) {
  const ByteView header = in->bytes();
  in->expect(in->map() == 1);
  in->expect_integer(5);
  const ByteView iv = in->bytes();
  const ByteView ciphertext = in->bytes();
  in->expect(in->array() == 1);
  in->expect(in->array() == 3);
  const ByteView recipient_header = in->bytes();
  const Headers headers = read_headers(recipient_header, 50, in);
  const ByteView wrapped = in->bytes();
  REQUIRE(in->done());
  cbor::Writer info;
  info.array(4).text("HPKE Recipient").integer(24).bytes(recipient_header).bytes(inputs.info);
  const auto key = hpke_open(inputs, headers, info.data(), inputs.hpke_aad, wrapped);
  REQUIRE(key);
  const auto plaintext =
      aead_open(*key, iv, cose::enc_structure("Encrypt", header, inputs.aad), ciphertext);
  REQUIRE(plaintext);
  REQUIRE(text_of(*plaintext) == kPlaintext);
}

KemSecret secret_of(const std::string& cose_key_hex) {
  const Bytes bytes = unhex(cose_key_hex);
  KemSecret secret;
  std::copy(bytes.end() - 32, bytes.end(), secret.data());
  return secret;
}

}  // namespace

TEST_CASE("COSE-HPKE: the vectors of the draft for HPKE-4 and HPKE-4-KE", "[seal]") {
  const auto text = vectors::read("cose-hpke/hpke4_testvectors.txt");
  if (!text) return;
  std::istringstream lines(*text);
  std::string line;
  std::string title;
  KemSecret secret;
  uint32_t count = 0;
  while (std::getline(lines, line)) {
    const auto has = [&title](const char* words) { return title.find(words) != std::string::npos; };
    const std::string hex = line.substr(line.rfind(' ') + 1);
    if (line.find("COSE_Key") != std::string::npos) secret = secret_of(hex);
    if (line.rfind("Ciphertext: ", 0) != 0) {
      if (!line.empty()) title = line;
      continue;
    }
    CAPTURE(title);
    const Inputs inputs = {secret, view_of(has("external aad") ? "external-aad" : ""),
                           view_of(has("external info") ? "external-info" : ""),
                           view_of(has("external hpke aad") ? "external-hpke-aad" : "")};
    const Bytes message = unhex(hex);
    cbor::Reader in(message);
    const uint64_t tag = in.tag();
    in.expect(in.array() == (tag == 16 ? 3 : 4));
    tag == 16 ? check_encrypt0(inputs, &in) : check_encrypt(inputs, &in);
    ++count;
  }
  std::cout << "COSE-HPKE: " << count << " messages\n";
  REQUIRE(count == 24);
}
