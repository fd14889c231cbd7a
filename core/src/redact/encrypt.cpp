// SPDX-License-Identifier: Apache-2.0
#include "redact/encrypt.h"

#include <algorithm>
#include <optional>

#include "detect/validators/digits.h"
#include "redact/value.h"
#include "text/utf8.h"

namespace subrosa::redact {
namespace {

using seal::Bytes;
using seal::ByteView;
using seal::Secret;

constexpr size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr size_t kTag = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
constexpr size_t kMaxName = 64;

const uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

/// A keyed hash over parts that cannot run into each other.
template <size_t N>
void keyed_hash(ByteView key, std::initializer_list<std::string_view> parts, uint8_t (&out)[N]) {
  crypto_generichash_state state;
  crypto_generichash_init(&state, key.data(), key.size(), N);
  for (const std::string_view part : parts) {
    const uint64_t size = part.size();
    crypto_generichash_update(&state, reinterpret_cast<const uint8_t*>(&size), sizeof size);
    crypto_generichash_update(&state, bytes_of(part), part.size());
  }
  crypto_generichash_final(&state, out, N);
  sodium_memzero(&state, sizeof state);
}

struct Keys {
  uint8_t seal[crypto_aead_xchacha20poly1305_ietf_KEYBYTES];
  uint8_t nonce[32];

  explicit Keys(ByteView key) {
    keyed_hash(key, {"subrosa redact encrypt v1", "seal"}, seal);
    keyed_hash(key, {"subrosa redact encrypt v1", "nonce"}, nonce);
  }
  ~Keys() { sodium_memzero(this, sizeof *this); }
};

std::string bound_to(std::string_view session, std::string_view entity) {
  std::string out(session);
  return out.append(1, '\0').append(entity);
}

struct Sealed {
  std::string_view whole, entity, body;
};

/// The encrypted value that begins at text[at], if one does.
std::optional<Sealed> read_sealed(std::string_view text, size_t at) {
  size_t i = at + 1;
  while (i < text.size() && i - at <= kMaxName &&
         (detect::is_upper(text[i]) || detect::is_digit(text[i]) || text[i] == '_'))
    ++i;
  if (i == at + 1 || i >= text.size() || text[i] != '=') return std::nullopt;
  const size_t body = i + 1;
  for (i = body;
       i < text.size() && (detect::is_alnum(text[i]) || text[i] == '-' || text[i] == '_');)
    ++i;
  if (i == body || i >= text.size() || text[i] != ']') return std::nullopt;
  return Sealed{text.substr(at, i + 1 - at), text.substr(at + 1, body - at - 2),
                text.substr(body, i - body)};
}

std::optional<SecretString> open(const Keys& keys, std::string_view session, const Sealed& sealed) {
  Bytes bytes(sealed.body.size());
  size_t size = 0;
  if (sodium_base642bin(bytes.data(), bytes.size(), sealed.body.data(), sealed.body.size(), nullptr,
                        &size, nullptr, kVariant) != 0 ||
      size < kNonce + kTag)
    return std::nullopt;
  SecretString value(size - kNonce - kTag, '\0');
  const std::string bound = bound_to(session, sealed.entity);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          reinterpret_cast<uint8_t*>(value.data()), nullptr, nullptr, bytes.data() + kNonce,
          size - kNonce, bytes_of(bound), bound.size(), bytes.data(), keys.seal) != 0)
    return std::nullopt;
  return value;
}

}  // namespace

std::string encrypt(const EncryptKey& key, std::string_view entity, std::string_view value) {
  const Keys keys(key.key);
  const std::string bound = bound_to(key.session, entity);
  uint8_t nonce[kNonce];
  keyed_hash({keys.nonce, sizeof keys.nonce}, {bound, value}, nonce);
  Bytes bytes({nonce, kNonce});
  bytes.resize(kNonce + value.size() + kTag);
  crypto_aead_xchacha20poly1305_ietf_encrypt(bytes.data() + kNonce, nullptr, bytes_of(value),
                                             value.size(), bytes_of(bound), bound.size(), nullptr,
                                             nonce, keys.seal);
  std::string body(sodium_base64_encoded_len(bytes.size(), kVariant), '\0');
  sodium_bin2base64(body.data(), body.size(), bytes.data(), bytes.size(), kVariant);
  body.pop_back();
  std::string out = "[";
  return out.append(entity).append("=").append(body).append("]");
}

Result<Restored> decrypt(std::string_view text, const EncryptKey& key) {
  if (key.key.size() != kEncryptKeyBytes) return ErrorCode::kBadArgument;
  if (const size_t bad = text::find_ill_formed(text); bad != std::string_view::npos)
    return Error{ErrorCode::kBadUtf8, static_cast<uint32_t>(bad), {}};
  const Keys keys(key.key);
  Restored out;
  size_t done = 0;
  for (size_t at = text.find('['); at != std::string_view::npos; at = text.find('[', at + 1)) {
    const auto sealed = read_sealed(text, at);
    if (!sealed) continue;
    const size_t end = at + sealed->whole.size();
    const auto value = open(keys, key.session, *sealed);
    if (!value) {
      out.unknown.emplace_back(sealed->whole);
      continue;
    }
    out.text.append(text.substr(done, at - done)).append(*value);
    done = end;
    ++out.count;
  }
  out.is_changed = out.count > 0;
  if (out.is_changed) out.text.append(text.substr(done));
  return out;
}

}  // namespace subrosa::redact
