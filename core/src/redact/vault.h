// SPDX-License-Identifier: Apache-2.0
// The vault of a session: which placeholder stands for which value. It is wiped when it is freed.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "redact/labels.h"
#include "redact/value.h"
#include "subrosa/result.h"

namespace subrosa::redact {

class Vault {
 public:
  static constexpr size_t kMaxEntries = 1000000;
  static constexpr size_t kMaxBytes = size_t{64} << 20;  // of values

  enum class Kind : uint8_t {
    kRestoring,
    kOneWay,  // nothing is to be restored: when it is full, what has a number is forgotten
  };

  explicit Vault(Kind kind = Kind::kRestoring) : kind_(kind) {}

  struct Entry {
    SecretString value;     // as it was first written; nothing for what a user typed
    bool is_typed = false;  // a user's own text, which only looks like a placeholder
    uint32_t pairs = 0;  // of brackets that stood around the value: they are not the placeholder's
  };

  /// The number of a value within its entity; the same value, as same_value has it, has the same
  /// one, as long as it is not forgotten; no other value ever has. Errors: too_long when the vault
  /// is full.
  Result<uint32_t> number_of(std::string_view entity, std::string_view category,
                             std::string_view value, std::string_view regions = {});

  /// The number of a text that the user typed and that looks like a placeholder already given out.
  Result<uint32_t> number_of_typed(std::string_view entity, std::string_view text);

  /// Keeps a number free of values, because the user typed its placeholder. False when it has one.
  Result<bool> reserve(std::string_view entity, uint32_t number);

  /// Null when the number was not given out.
  Entry* find(std::string_view entity, uint32_t number);

  /// Puts an entry where it was in another vault; `same` is what equal values share. False when the
  /// number is taken or there is no room.
  bool put(std::string_view entity, std::string_view same, uint32_t number, Entry entry);

  /// Calls `visit` with each entry's entity, what equal values share, its number, and itself.
  void each(const std::function<void(std::string_view, std::string_view, uint32_t, const Entry&)>&
                visit) const;

  /// Labels of entities that are not built in; null when there are none.
  const Labels* own_labels() const { return has_own_ ? &own_ : nullptr; }
  void add_label(const std::string& entity);

  size_t size() const { return entries_; }

 private:
  template <typename Key, typename Value>
  using SecretMap =
      std::map<Key, Value, std::less<>, seal::WipingAllocator<std::pair<const Key, Value>>>;

  struct Numbers {
    SecretMap<SecretString, uint32_t> by_value;
    SecretMap<uint32_t, Entry> by_number;
    uint32_t next = 1;
  };

  Result<uint32_t> add(std::string_view entity, const SecretString& key, std::string_view value);
  Numbers& numbers(std::string_view entity);
  bool has_room(size_t size);
  void forget();

  Kind kind_;
  std::map<std::string, Numbers, std::less<>> by_entity_;
  Labels own_;
  bool has_own_ = false;
  size_t entries_ = 0;
  size_t bytes_ = 0;
};

}  // namespace subrosa::redact
