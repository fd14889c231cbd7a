// SPDX-License-Identifier: Apache-2.0
#include "redact/vault.h"

namespace subrosa::redact {

Vault::Numbers& Vault::numbers(std::string_view entity) {
  const auto found = by_entity_.find(entity);
  if (found != by_entity_.end()) return found->second;
  return by_entity_.emplace(std::string(entity), Numbers{}).first->second;
}

/// Whether there is room for one more, of so many bytes.
bool Vault::has_room(size_t size) {
  const auto is_full = [&] { return entries_ == kMaxEntries || size > kMaxBytes - bytes_; };
  if (kind_ == Kind::kOneWay && is_full()) forget();
  return !is_full();
}

/// Numbers go on from where they are; those further on that users typed stay taken.
void Vault::forget() {
  entries_ = bytes_ = 0;
  for (auto& [entity, n] : by_entity_) {
    n.by_value.clear();
    n.by_number.erase(n.by_number.begin(), n.by_number.lower_bound(n.next + 1));
    ++n.next;
    entries_ += n.by_number.size();
  }
}

Result<uint32_t> Vault::add(std::string_view entity, const SecretString& key,
                            std::string_view value) {
  Numbers& n = numbers(entity);
  if (const auto known = n.by_value.find(key); known != n.by_value.end()) return known->second;
  if (!has_room(value.size())) return ErrorCode::kTooLong;
  while (n.by_number.find(n.next) != n.by_number.end()) ++n.next;
  n.by_value.emplace(key, n.next);
  n.by_number.emplace(n.next, Entry{SecretString(value)});
  ++entries_;
  bytes_ += value.size();
  return n.next;
}

Result<uint32_t> Vault::number_of(std::string_view entity, std::string_view category,
                                  std::string_view value, std::string_view regions) {
  return add(entity, same_value(entity, category, value, regions), value);
}

Result<uint32_t> Vault::number_of_typed(std::string_view entity, std::string_view text) {
  SecretString key(1, '\0');  // no value begins with it
  key.append(text);
  return add(entity, key, text);
}

Result<bool> Vault::reserve(std::string_view entity, uint32_t number) {
  Numbers& n = numbers(entity);
  if (const auto known = n.by_number.find(number); known != n.by_number.end())
    return known->second.is_typed;
  if (!has_room(0)) return ErrorCode::kTooLong;
  n.by_number.emplace(number, Entry{{}, true});
  ++entries_;
  return true;
}

Vault::Entry* Vault::find(std::string_view entity, uint32_t number) {
  const auto numbers = by_entity_.find(entity);
  if (numbers == by_entity_.end()) return nullptr;
  const auto entry = numbers->second.by_number.find(number);
  return entry == numbers->second.by_number.end() ? nullptr : &entry->second;
}

bool Vault::put(std::string_view entity, std::string_view same, uint32_t number, Entry entry) {
  if (!has_room(entry.value.size())) return false;
  Numbers& n = numbers(entity);
  const size_t size = entry.value.size();
  if (number == 0 || !n.by_number.emplace(number, std::move(entry)).second) return false;
  ++entries_;
  bytes_ += size;
  return same.empty() || n.by_value.emplace(SecretString(same), number).second;
}

void Vault::each(const std::function<void(std::string_view, std::string_view, uint32_t,
                                          const Entry&)>& visit) const {
  for (const auto& [entity, n] : by_entity_) {
    std::map<uint32_t, std::string_view> same;
    for (const auto& [key, number] : n.by_value) same.emplace(number, key);
    for (const auto& [number, entry] : n.by_number) visit(entity, same[number], number, entry);
  }
}

void Vault::add_label(const std::string& entity) {
  own_.add_name(entity);
  has_own_ = true;
}

}  // namespace subrosa::redact
