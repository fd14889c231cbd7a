// SPDX-License-Identifier: Apache-2.0
// Addresses of cryptocurrencies, by their own checksums.
#include <sodium.h>

#include <algorithm>
#include <vector>

#include "detect/validators/digits.h"
#include "detect/validators/registry.h"

namespace subrosa::detect {
namespace {

constexpr std::string_view kBitcoinAlphabet =
    "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
constexpr std::string_view kRippleAlphabet =
    "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz";

/// The bytes that a base58 text stands for; empty when a character is not of the alphabet.
std::vector<uint8_t> base58(std::string_view text, std::string_view alphabet) {
  std::vector<uint8_t> little;  // least significant first
  for (char c : text) {
    const size_t digit = alphabet.find(c);
    if (digit == std::string_view::npos) return {};
    uint32_t carry = static_cast<uint32_t>(digit);
    for (uint8_t& byte : little) {
      carry += byte * 58u;
      byte = static_cast<uint8_t>(carry);
      carry >>= 8;
    }
    if (carry > 0) little.push_back(static_cast<uint8_t>(carry));
  }
  const size_t zeros = std::min(text.find_first_not_of(alphabet[0]), text.size());
  little.insert(little.end(), zeros, 0);
  std::reverse(little.begin(), little.end());
  return little;
}

/// Base58check: the last four bytes are the start of the doubled SHA-256 of the rest.
bool is_checked(const std::vector<uint8_t>& bytes) {
  if (bytes.size() < 5) return false;
  uint8_t hash[crypto_hash_sha256_BYTES];
  crypto_hash_sha256(hash, bytes.data(), bytes.size() - 4);
  crypto_hash_sha256(hash, hash, sizeof hash);
  return std::equal(bytes.end() - 4, bytes.end(), hash);
}

/// BIP 173: the remainder over the expanded prefix and the data; 1 for bech32, BIP 350's constant
/// for bech32m, anything else when the text is not valid.
uint32_t bech32_rest(std::string_view text, size_t separator) {
  static constexpr uint32_t kGenerator[] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd,
                                            0x2a1462b3};
  static constexpr std::string_view kAlphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
  uint32_t rest = 1;
  const auto step = [&rest](uint32_t value) {
    const uint32_t top = rest >> 25;
    rest = (rest & 0x1ffffff) << 5 ^ value;
    for (int i = 0; i < 5; ++i) rest ^= top >> i & 1 ? kGenerator[i] : 0;
  };
  for (char c : text.substr(0, separator)) step(static_cast<uint8_t>(c) >> 5);
  step(0);
  for (char c : text.substr(0, separator)) step(static_cast<uint8_t>(c) & 31);
  for (char c : text.substr(separator + 1)) {
    const size_t value = kAlphabet.find(c);
    if (value == std::string_view::npos) return 0;
    step(static_cast<uint32_t>(value));
  }
  return rest;
}

/// The human-readable parts that are looked for, with their separator. The first four are SegWit's.
constexpr std::string_view kBech32Prefixes[] = {"bc1",   "tb1",    "bcrt1",   "ltc1",
                                                "addr1", "stake1", "cosmos1", "osmo1"};
constexpr size_t kSegwitPrefixes = 4;

/// How many of the prefixes come before the one that the text starts with.
size_t bech32_prefix(std::string_view lower) {
  size_t index = 0;
  while (index < std::size(kBech32Prefixes) && !lower.starts_with(kBech32Prefixes[index])) ++index;
  return index;
}

Verdict bech32(std::string_view lower, size_t prefix) {
  constexpr uint32_t kBech32 = 1;
  constexpr uint32_t kBech32m = 0x2bc830a3;
  const size_t data = kBech32Prefixes[prefix].size();
  // BIP 141: a program of version 0 has 20 or 32 bytes; the version and six check characters are
  // the rest.
  const size_t size = lower.size() - data;
  if (prefix < kSegwitPrefixes && lower[data] == 'q' && size != 39 && size != 59)
    return Verdict::kReject;
  // BIP 350: witness version 0, written 'q', keeps bech32; every later one takes bech32m.
  const bool modified = prefix < kSegwitPrefixes && lower[data] != 'q';
  return bech32_rest(lower, data - 1) == (modified ? kBech32m : kBech32) ? Verdict::kConfirm
                                                                         : Verdict::kReject;
}

bool is_known_version(uint8_t version) {
  static constexpr uint8_t kVersions[] = {
      0x00, 0x05, 0x6f, 0xc4,  // Bitcoin: key and script hash, main and test net
      0x30, 0x32, 0x3a,        // Litecoin
      0x1e, 0x16, 0x71,        // Dogecoin
      0x4c, 0x10,              // Dash
      0x41,                    // Tron
  };
  return std::find(std::begin(kVersions), std::end(kVersions), version) != std::end(kVersions);
}

// What the prefix says it is decides which checksum must hold.
Verdict crypto_address(const Candidate& candidate) {
  const std::string_view match = candidate.match();
  if (match.starts_with("0x")) return Verdict::kConfirm;
  const std::string lower = lower_of(match);
  const size_t prefix = bech32_prefix(lower);
  if (prefix < std::size(kBech32Prefixes)) return bech32(lower, prefix);
  if (match.size() >= 95)
    return base58(match, kBitcoinAlphabet).empty() ? Verdict::kReject : Verdict::kConfirm;
  if (match[0] == 'r') {
    const std::vector<uint8_t> bytes = base58(match, kRippleAlphabet);
    return bytes.size() == 25 && bytes[0] == 0 && is_checked(bytes) ? Verdict::kConfirm
                                                                    : Verdict::kReject;
  }
  const std::vector<uint8_t> bytes = base58(match, kBitcoinAlphabet);
  if (bytes.size() == 32) return Verdict::kNeutral;  // a Solana key, which has no checksum
  const bool zcash =
      bytes.size() == 26 && bytes[0] == 0x1c && (bytes[1] == 0xb8 || bytes[1] == 0xbd);
  const bool known = zcash || (bytes.size() == 25 && is_known_version(bytes[0]));
  return known && is_checked(bytes) ? Verdict::kConfirm : Verdict::kReject;
}

constexpr NamedValidator kValidators[] = {{"crypto_address", crypto_address}};

}  // namespace

std::span<const NamedValidator> crypto_address_validators() { return kValidators; }

}  // namespace subrosa::detect
