// SPDX-License-Identifier: Apache-2.0
#include "abi.h"

#include <sodium.h>

#include <utility>

#include "rules.inc"

namespace subrosa::abi {

Slots::Slot* Slots::at(uint32_t handle) {
  const uint32_t index = (handle & 0xffff) - 1;
  if (index >= slots_.size() || slots_[index].generation != handle >> 16) return nullptr;
  return slots_[index].object ? &slots_[index] : nullptr;
}

uint32_t Slots::add(void* object) {
  uint32_t slot = 0;
  while (slot < slots_.size() && slots_[slot].object) ++slot;
  if (slot == slots_.size()) slots_.push_back({nullptr, 0});
  slots_[slot].object = object;
  return (slots_[slot].generation << 16) | (slot + 1);
}

void* Slots::find(uint32_t handle) {
  const Slot* slot = at(handle);
  return slot ? slot->object : nullptr;
}

void* Slots::take(uint32_t handle) {
  Slot* slot = at(handle);
  if (!slot) return nullptr;
  slot->generation = (slot->generation + 1) & 0x7fff;
  return std::exchange(slot->object, nullptr);
}

void* Slots::take_any() {
  for (Slot& slot : slots_) {
    if (slot.object) return std::exchange(slot.object, nullptr);
  }
  return nullptr;
}

}  // namespace subrosa::abi

extern "C" {

uint8_t* sr_alloc(uint32_t size) {
  auto* data = static_cast<uint8_t*>(std::malloc(size ? size : 1));
  if (!data) std::abort();
  return data;
}

void sr_free(uint8_t* data, uint32_t size) {
  if (!data) return;
  sodium_memzero(data, size);
  std::free(data);
}

void sr_init(void) {
#ifndef __EMSCRIPTEN__
  // Picks libsodium's vector code for this processor. WebAssembly has one implementation of each.
  if (sodium_init() < 0) std::abort();
#endif
}

uint32_t sr_stamp(sr_out* out) { return subrosa::abi::give(subrosa::kStamp, out); }

}  // extern "C"
