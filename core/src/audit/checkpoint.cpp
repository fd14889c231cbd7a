// SPDX-License-Identifier: Apache-2.0
#include "audit/lines.h"

namespace subrosa::audit {
namespace {

constexpr std::string_view kProofHeader = "c2sp.org/tlog-proof@v1";
constexpr size_t kMaxProof = 64;  // no tree of 2^64 leaves has a longer one

std::string write_proof(const std::vector<Hash>& proof, std::string_view note) {
  std::string text;
  for (const Hash& hash : proof) text += write_hash(hash) + '\n';
  text += '\n';
  text += note;
  return text;
}

/// Hashes up to an empty line; behind it lies the checkpoint.
Result<std::vector<Hash>> read_proof(Lines& lines) {
  std::vector<Hash> proof;
  for (auto line = lines.next(); line; line = lines.next()) {
    if (line->empty()) return proof;
    const std::optional<Hash> hash = parse_hash(*line);
    if (!hash || proof.size() == kMaxProof) return ErrorCode::kBadFormat;
    proof.push_back(*hash);
  }
  return ErrorCode::kBadFormat;
}

/// A line of a word, a space and a number.
std::optional<uint64_t> read_number(std::optional<std::string_view> line, std::string_view word) {
  if (!line || !line->starts_with(word)) return std::nullopt;
  return parse_size(line->substr(word.size()));
}

Result<Head> parse_checkpoint(std::string_view text) {
  Lines lines(text);
  const auto origin = lines.next();
  const auto size = lines.next();
  const auto root = lines.next();
  if (!origin || !size || !root) return ErrorCode::kBadFormat;
  const std::optional<uint64_t> number = parse_size(*size);
  const std::optional<Hash> hash = parse_hash(*root);
  if (!number || !hash) return ErrorCode::kBadFormat;
  while (!lines.done()) {
    const auto extension = lines.next();
    if (!extension || extension->empty()) return ErrorCode::kBadFormat;
  }
  return Head{std::string(*origin), *number, *hash};
}

}  // namespace

Result<std::string> sign_checkpoint(const Head& head, std::string_view seed) {
  const std::string text =
      head.origin + '\n' + std::to_string(head.size) + '\n' + write_hash(head.root) + '\n';
  return sign_note(text, head.origin, seed);
}

Result<Head> open_checkpoint(std::string_view note, std::string_view key) {
  Result<std::string> text = open_note(note, key);
  if (!text) return text.error();
  Result<Head> head = parse_checkpoint(*text);
  if (head && head->origin != key.substr(0, key.find('+'))) return ErrorCode::kNotAuthentic;
  return head;
}

std::string write_inclusion(uint64_t index, const std::vector<Hash>& proof, std::string_view note) {
  return std::string(kProofHeader) + "\nindex " + std::to_string(index) + '\n' +
         write_proof(proof, note);
}

Result<Inclusion> open_inclusion(std::string_view text, const Hash& leaf, std::string_view key) {
  Lines lines(text);
  const auto header = lines.next();
  if (header != kProofHeader) return ErrorCode::kBadFormat;
  auto line = lines.next();
  constexpr std::string_view kExtra = "extra ";  // for the application; nothing signs it
  if (line && line->starts_with(kExtra)) {
    if (!text::base64_decode(line->substr(kExtra.size()))) return ErrorCode::kBadFormat;
    line = lines.next();
  }
  const std::optional<uint64_t> index = read_number(line, "index ");
  if (!index) return ErrorCode::kBadFormat;
  Result<std::vector<Hash>> proof = read_proof(lines);
  if (!proof) return proof.error();
  Result<Head> head = open_checkpoint(lines.rest(), key);
  if (!head) return head.error();
  if (!verify_inclusion(leaf, *index, head->size, head->root, *proof))
    return ErrorCode::kNotAuthentic;
  return Inclusion{*index, *head};
}

std::string write_consistency(uint64_t from, const std::vector<Hash>& proof,
                              std::string_view note) {
  return "old " + std::to_string(from) + '\n' + write_proof(proof, note);
}

Result<Head> open_consistency(std::string_view text, const Head& held, std::string_view key) {
  Lines lines(text);
  const std::optional<uint64_t> from = read_number(lines.next(), "old ");
  if (!from) return ErrorCode::kBadFormat;
  Result<std::vector<Hash>> proof = read_proof(lines);
  if (!proof) return proof.error();
  Result<Head> head = open_checkpoint(lines.rest(), key);
  if (!head) return head.error();
  if (*from != held.size || head->origin != held.origin || !verify_consistency(held, *head, *proof))
    return ErrorCode::kNotAuthentic;
  return head;
}

}  // namespace subrosa::audit
