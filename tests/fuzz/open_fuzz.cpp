// What opens never crashes, and accepts nothing but what was sealed. The input's first byte says
// how it is used: as a plaintext with a place to damage, an envelope, a session's header or a
// message of a session.
#include <cstdlib>

#include "seal/envelope.h"
#include "seal/session.h"

using namespace subrosa::seal;

namespace {

const SecretKey& key() {
  static const SecretKey value = *make_key(Kem::kX25519, Bytes(32, 1), false);
  return value;
}

const Expectation kChat = {"chat", {}, {}, {}};

void damage(ByteView input) {
  if (input.size() < 4) return;
  const ByteView plaintext = input.subspan(4);
  const Context context = {{"chat"}, "sha256:00", "record", 1, ""};
  Bytes envelope = *seal(context, plaintext, key().public_key, Bytes(64, 2));
  const auto opened = open(envelope, key(), kChat);
  if (!opened || !equal(*opened, plaintext)) std::abort();
  const size_t bit = (input[1] | input[2] << 8 | input[3] << 16) % (envelope.size() * 8);
  envelope[bit / 8] ^= static_cast<uint8_t>(1 << (bit % 8));
  if (open(envelope, key(), kChat)) std::abort();
}

Session& session() {
  static Session value = [] {
    const std::vector<PublicKey> recipients = {key().public_key};
    const Context context = {{"chat"}, "sha256:00", "record", 1, ""};
    return *Session::begin(context, recipients, 1, Bytes(256, 3));
  }();
  return value;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const ByteView input(data, size);
  switch (data[0] % 4) {
    case 0:
      damage(input);
      break;
    case 1:
      if (open(input.subspan(1), key(), kChat)) std::abort();
      (void)inspect(input.subspan(1));
      break;
    case 2:
      if (Session::read(input.subspan(1), key(), kChat)) std::abort();
      break;
    default:
      if (session().open(input.subspan(1))) std::abort();
  }
  return 0;
}
