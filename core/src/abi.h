// SPDX-License-Identifier: Apache-2.0
// Helpers for the functions of subrosa.h: they live beside their subject (detect/abi.cpp,
// seal/abi.cpp).
#pragma once

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "subrosa/result.h"
#include "subrosa/subrosa.h"

namespace subrosa::abi {

inline std::string_view view(const uint8_t* data, uint32_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

inline uint32_t give(std::string_view bytes, sr_out* out) {
  *out = {nullptr, static_cast<uint32_t>(bytes.size()), 0};
  if (!bytes.empty()) {
    out->data = sr_alloc(out->size);
    std::memcpy(out->data, bytes.data(), bytes.size());
  }
  return 0;
}

inline uint32_t give_u32(uint32_t value, sr_out* out) {
  return give({reinterpret_cast<const char*>(&value), sizeof value}, out);
}

inline uint32_t fail(const Error& error, sr_out* out) {
  give(error.where, out);
  out->at = error.at;
  return static_cast<uint32_t>(error.code);
}

inline uint32_t fail(ErrorCode code, sr_out* out) { return fail(Error{code, 0, {}}, out); }

/// Objects by handle. A handle is an index and a generation, so one that was freed is refused, not
/// reused.
template <typename T>
class Handles {
 public:
  uint32_t add(std::unique_ptr<T> object) {
    uint32_t slot = 0;
    while (slot < slots_.size() && slots_[slot].object) ++slot;
    if (slot == slots_.size()) slots_.emplace_back();
    slots_[slot].object = std::move(object);
    return (slots_[slot].generation << 16) | (slot + 1);
  }
  T* find(uint32_t handle) {
    Slot* slot = at(handle);
    return slot ? slot->object.get() : nullptr;
  }
  void remove(uint32_t handle) {
    Slot* slot = at(handle);
    if (!slot) return;
    slot->object.reset();
    slot->generation = (slot->generation + 1) & 0x7fff;
  }

 private:
  struct Slot {
    std::unique_ptr<T> object;
    uint32_t generation = 0;
  };
  Slot* at(uint32_t handle) {
    const uint32_t index = (handle & 0xffff) - 1;
    if (index >= slots_.size() || slots_[index].generation != handle >> 16) return nullptr;
    return slots_[index].object ? &slots_[index] : nullptr;
  }
  std::vector<Slot> slots_;
};

}  // namespace subrosa::abi
