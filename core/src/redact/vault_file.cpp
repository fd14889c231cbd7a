// SPDX-License-Identifier: Apache-2.0
#include "redact/vault_file.h"

#include <cstring>

namespace subrosa::redact {
namespace {

constexpr std::string_view kLabel = "subrosa vault";
constexpr uint32_t kVersion = 1;

// A version and a count; then for each entry the entity, the key by which equal values are known
// (nothing for a reserved number) and the value, each as its size and its bytes, the number,
// whether the user typed it, and its pairs. Numbers are u32, little-endian as all targets are.

class Writer {
 public:
  void put(uint32_t value) {
    bytes_.append({reinterpret_cast<const uint8_t*>(&value), sizeof value});
  }
  void put(std::string_view text) {
    put(static_cast<uint32_t>(text.size()));
    bytes_.append(seal::view_of(text));
  }
  const seal::SecretBytes& bytes() const { return bytes_; }

 private:
  seal::SecretBytes bytes_;
};

class Reader {
 public:
  explicit Reader(seal::ByteView bytes) : bytes_(bytes) {}

  bool take(uint32_t* value) {
    if (bytes_.size() < sizeof *value) return false;
    std::memcpy(value, bytes_.data(), sizeof *value);
    bytes_ = bytes_.subspan(sizeof *value);
    return true;
  }
  bool take(std::string_view* text) {
    uint32_t size = 0;
    if (!take(&size) || bytes_.size() < size) return false;
    *text = {reinterpret_cast<const char*>(bytes_.data()), size};
    bytes_ = bytes_.subspan(size);
    return true;
  }
  bool is_done() const { return bytes_.empty(); }

 private:
  seal::ByteView bytes_;
};

bool read_into(Reader* reader, Vault* vault) {
  uint32_t version = 0, count = 0;
  if (!reader->take(&version) || version != kVersion || !reader->take(&count)) return false;
  for (uint32_t i = 0; i < count; ++i) {
    std::string_view entity, key, value;
    uint32_t number = 0, is_typed = 0, pairs = 0;
    if (!reader->take(&entity) || !reader->take(&key) || !reader->take(&value) ||
        !reader->take(&number) || !reader->take(&is_typed) || !reader->take(&pairs))
      return false;
    if (!vault->put(entity, key, number, {SecretString(value), is_typed != 0, pairs})) return false;
  }
  return reader->is_done();
}

}  // namespace

Result<seal::Bytes> export_vault(const Vault& vault, const seal::DataKey& key,
                                 seal::ByteView entropy) {
  Writer writer;
  writer.put(kVersion);
  writer.put(static_cast<uint32_t>(vault.size()));
  vault.each([&](std::string_view entity, std::string_view same, uint32_t number,
                 const Vault::Entry& entry) {
    writer.put(entity);
    writer.put(same);
    writer.put(std::string_view(entry.value));
    writer.put(number);
    writer.put(uint32_t{entry.is_typed});
    writer.put(entry.pairs);
  });
  return seal::seal_at_rest(key, seal::AtRest::kData, kLabel, writer.bytes(), entropy);
}

Result<std::unique_ptr<Vault>> import_vault(seal::ByteView sealed, const seal::DataKey& key) {
  const auto opened = seal::open_at_rest(key, seal::AtRest::kData, kLabel, sealed);
  if (!opened) return opened.error();
  auto vault = std::make_unique<Vault>();
  Reader reader(*opened);
  if (!read_into(&reader, vault.get())) return ErrorCode::kNotAuthentic;
  return vault;
}

}  // namespace subrosa::redact
