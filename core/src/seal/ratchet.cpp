// SPDX-License-Identifier: Apache-2.0
#include "seal/ratchet.h"

namespace subrosa::seal {

EpochKey Chain::key() const {
  return {hkdf_expand<32>(chain_key_, {view_of("subrosa key")}),
          hkdf_expand<12>(chain_key_, {view_of("subrosa nonce")})};
}

void Chain::advance() {
  chain_key_ = hkdf_expand<32>(chain_key_, {view_of("subrosa next")});
  ++epoch_;
}

uint64_t SendRatchet::next(uint64_t now) {
  const bool is_first = next_ % kEpochMessages == 0;
  const bool is_late = !is_first && now > epoch_began_ && now - epoch_began_ >= kEpochSeconds;
  if (is_late) next_ = (chain_.epoch() + 1) * kEpochMessages;
  if (next_ / kEpochMessages > chain_.epoch()) {
    chain_.advance();
    key_ = chain_.key();
  }
  if (next_ % kEpochMessages == 0) epoch_began_ = now;
  return next_++;
}

void ReceiveRatchet::advance() {
  chain_.advance();
  previous_ = current_;
  current_ = {chain_.key(), {}, 0};
}

void ReceiveRatchet::accept(Window* window, uint64_t number) {
  window->seen[number / 64 % 4] |= uint64_t{1} << (number % 64);
  ++window->count;
  if (current_.count >= kKeepPrevious) previous_.reset();
}

}  // namespace subrosa::seal
