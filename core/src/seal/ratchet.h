// SPDX-License-Identifier: Apache-2.0
// One direction of a session. Messages are numbered; 256 of them make an epoch, and each epoch has
// its own key, derived from a chain that only goes forward: a key that is taken later opens nothing
// of an earlier epoch. The number is the nonce, and the core alone counts.
#pragma once

#include <optional>

#include "seal/kdf.h"
#include "subrosa/result.h"

namespace subrosa::seal {

inline constexpr uint64_t kEpochMessages = 256;
inline constexpr uint64_t kEpochSeconds = 600;

/// The key of one epoch.
struct EpochKey {
  Secret<32> key;
  Secret<12> base_nonce;
};

/// The chain behind the epochs.
class Chain {
 public:
  explicit Chain(const Secret<32>& root) : chain_key_(root) {}
  uint64_t epoch() const { return epoch_; }
  EpochKey key() const;
  void advance();

 private:
  Secret<32> chain_key_;
  uint64_t epoch_ = 0;
};

/// What seals: gives each message its number and its key.
class SendRatchet {
 public:
  explicit SendRatchet(const Secret<32>& root) : chain_(root), key_(chain_.key()) {}

  /// The number of the next message, sent at `now` (seconds). A new epoch begins after 256 messages
  /// or ten minutes.
  uint64_t next(uint64_t now);
  const EpochKey& key() const { return key_; }

 private:
  Chain chain_;
  EpochKey key_;
  uint64_t next_ = 0;
  uint64_t epoch_began_ = 0;
};

/// What opens: accepts each number once, in any order within the epoch it is in. The epoch before
/// is kept for what comes late, until 64 messages of the new one were opened.
class ReceiveRatchet {
 public:
  explicit ReceiveRatchet(const Secret<32>& root) : chain_(root), current_{chain_.key(), {}, 0} {}

  /// Calls `open` with the key of message `number`; not_authentic when that fails, and for a number
  /// that was used, is too old, or is more than 256 epochs ahead. A failure changes nothing.
  template <typename Open>
  auto receive(uint64_t number, const Open& open) -> decltype(open(EpochKey())) {
    const uint64_t epoch = number / kEpochMessages;
    if (epoch > chain_.epoch()) {
      if (epoch - chain_.epoch() > kMaxSkip) return ErrorCode::kNotAuthentic;
      ReceiveRatchet ahead = *this;
      while (ahead.chain_.epoch() < epoch) ahead.advance();
      auto result = ahead.receive(number, open);
      if (result) *this = ahead;
      return result;
    }
    Window* window = find(epoch);
    if (!window || window->has(number)) return ErrorCode::kNotAuthentic;
    auto result = open(window->key);
    if (result) accept(window, number);
    return result;
  }

 private:
  static constexpr uint64_t kMaxSkip = 256;
  static constexpr uint32_t kKeepPrevious = 64;

  struct Window {
    EpochKey key;
    std::array<uint64_t, kEpochMessages / 64> seen = {};
    uint32_t count = 0;

    bool has(uint64_t number) const { return seen[number / 64 % 4] >> (number % 64) & 1; }
  };

  Window* find(uint64_t epoch) {
    if (epoch == chain_.epoch()) return &current_;
    if (previous_ && epoch + 1 == chain_.epoch()) return &*previous_;
    return nullptr;
  }
  void advance();
  void accept(Window* window, uint64_t number);

  Chain chain_;
  Window current_;
  std::optional<Window> previous_;
};

}  // namespace subrosa::seal
