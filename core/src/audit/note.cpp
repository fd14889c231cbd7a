// SPDX-License-Identifier: Apache-2.0
#include <sodium.h>

#include <algorithm>
#include <utility>

#include "audit/lines.h"
#include "subrosa/audit.h"
#include "text/base64.h"
#include "text/utf8.h"

namespace subrosa::audit {
namespace {

constexpr uint8_t kEd25519 = 1;
constexpr std::string_view kDash = "\xe2\x80\x94 ";
constexpr size_t kMaxNote = 1 << 20;
constexpr size_t kIdSize = 4;

const uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

/// What a verifier key says, or a seed gives.
struct Key {
  std::string name;
  std::string id;          // kIdSize bytes
  std::string public_key;  // behind the algorithm's byte
};

bool is_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(),
                                      [](char c) { return c > ' ' && c < 0x7f && c != '+'; });
}

std::string key_id(std::string_view name, std::string_view public_key) {
  std::string input(name);
  input += '\n';
  input += public_key;
  Hash hash;
  crypto_hash_sha256(hash.data(), bytes_of(input), input.size());
  return {hash.begin(), hash.begin() + kIdSize};
}

std::string hex(std::string_view bytes) {
  std::string text(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), bytes_of(bytes), bytes.size());
  text.pop_back();
  return text;
}

Result<Key> parse_key(std::string_view text) {
  const size_t plus = text.find('+');
  if (plus == text.npos || plus + 1 + 2 * kIdSize >= text.size()) return ErrorCode::kBadFormat;
  const std::string_view id = text.substr(plus + 1, 2 * kIdSize);
  if (text[plus + 1 + 2 * kIdSize] != '+') return ErrorCode::kBadFormat;
  Result<std::string> decoded = text::base64_decode(text.substr(plus + 2 + 2 * kIdSize));
  if (!decoded || decoded->empty()) return ErrorCode::kBadFormat;
  if (decoded->front() != kEd25519) return ErrorCode::kUnsupportedVersion;
  Key key{std::string(text.substr(0, plus)), "", *decoded};
  key.id = key_id(key.name, key.public_key);
  if (!is_name(key.name) || key.public_key.size() != 1 + crypto_sign_PUBLICKEYBYTES ||
      hex(key.id) != id)
    return ErrorCode::kBadFormat;
  return key;
}

/// The key pair of a seed; the secret half is wiped when it goes out of scope.
struct Signer {
  Key key;
  std::array<uint8_t, crypto_sign_SECRETKEYBYTES> secret{};
  Signer() = default;
  Signer(const Signer&) = delete;
  Signer& operator=(const Signer&) = delete;
  ~Signer() { sodium_memzero(secret.data(), secret.size()); }

  ErrorCode open(std::string_view name, std::string_view seed) {
    if (!is_name(name) || seed.size() != crypto_sign_SEEDBYTES) return ErrorCode::kBadArgument;
    std::array<uint8_t, crypto_sign_PUBLICKEYBYTES> public_key;
    crypto_sign_seed_keypair(public_key.data(), secret.data(), bytes_of(seed));
    key.name = name;
    key.public_key = static_cast<char>(kEd25519);
    key.public_key.append(public_key.begin(), public_key.end());
    key.id = key_id(key.name, key.public_key);
    return ErrorCode::kOk;
  }
};

bool is_text(std::string_view text) {
  const auto is_allowed = [](char c) { return c == '\n' || static_cast<uint8_t>(c) >= 0x20; };
  return !text.empty() && text.back() == '\n' && text::find_ill_formed(text) == text.npos &&
         std::all_of(text.begin(), text.end(), is_allowed);
}

enum class Line { kMalformed, kOther, kWrong, kRight };

/// One signature line, without its newline.
Line check_line(std::string_view line, std::string_view text, const Key& key) {
  if (!line.starts_with(kDash)) return Line::kMalformed;
  line.remove_prefix(kDash.size());
  const size_t space = line.find(' ');
  if (space == 0 || space == line.npos) return Line::kMalformed;
  Result<std::string> signature = text::base64_decode(line.substr(space + 1));
  if (!signature || signature->size() <= kIdSize) return Line::kMalformed;
  if (line.substr(0, space) != key.name || !signature->starts_with(key.id)) return Line::kOther;
  if (signature->size() != kIdSize + crypto_sign_BYTES) return Line::kWrong;
  const int status = crypto_sign_verify_detached(bytes_of(*signature) + kIdSize, bytes_of(text),
                                                 text.size(), bytes_of(key.public_key) + 1);
  return status == 0 ? Line::kRight : Line::kWrong;
}

}  // namespace

Result<std::string> note_key(std::string_view name, std::string_view seed) {
  Signer signer;
  const ErrorCode code = signer.open(name, seed);
  if (code != ErrorCode::kOk) return code;
  return signer.key.name + '+' + hex(signer.key.id) + '+' + text::base64(signer.key.public_key);
}

Result<std::string> sign_note(std::string_view text, std::string_view name, std::string_view seed) {
  Signer signer;
  const ErrorCode code = signer.open(name, seed);
  if (code != ErrorCode::kOk) return code;
  if (!is_text(text)) return ErrorCode::kBadFormat;
  std::string signature = signer.key.id;
  signature.resize(kIdSize + crypto_sign_BYTES);
  crypto_sign_detached(reinterpret_cast<uint8_t*>(signature.data()) + kIdSize, nullptr,
                       bytes_of(text), text.size(), signer.secret.data());
  std::string note(text);
  note += '\n';
  note += kDash;
  note += name;
  note += ' ' + text::base64(signature) + '\n';
  return note;
}

Result<std::string> open_note(std::string_view note, std::string_view key_text) {
  Result<Key> key = parse_key(key_text);
  if (!key) return key.error();
  if (note.size() > kMaxNote) return ErrorCode::kTooLong;
  const size_t blank = note.rfind("\n\n");
  if (blank == note.npos || !is_text(note)) return ErrorCode::kBadFormat;
  const std::string_view text = note.substr(0, blank + 1);
  bool signed_by_key = false;
  Lines lines(note.substr(blank + 2));
  if (lines.done()) return ErrorCode::kBadFormat;
  while (!lines.done()) {
    const Line line = check_line(*lines.next(), text, *key);
    if (line == Line::kMalformed) return ErrorCode::kBadFormat;
    if (line == Line::kWrong) return ErrorCode::kNotAuthentic;
    signed_by_key |= line == Line::kRight;
  }
  if (!signed_by_key) return ErrorCode::kNotAuthentic;
  return std::string(text);
}

}  // namespace subrosa::audit
