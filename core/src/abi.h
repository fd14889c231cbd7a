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

/// Objects of one kind by handle. A handle is an index and a generation, so one that was freed is
/// refused, not reused.
class Slots {
 public:
  uint32_t add(void* object);
  void* find(uint32_t handle);
  /// The object, which has no handle any more; null when it had none.
  void* take(uint32_t handle);
  /// Any of the objects, taken; null when there is none left.
  void* take_any();

 private:
  struct Slot {
    void* object;
    uint32_t generation;
  };
  Slot* at(uint32_t handle);
  std::vector<Slot> slots_;
};

/// The same with the objects' type: all that there is to compile for each.
template <typename T>
class Handles {
 public:
  Handles() = default;
  Handles(const Handles&) = delete;
  Handles& operator=(const Handles&) = delete;
  ~Handles() {
    while (void* object = slots_.take_any()) delete static_cast<T*>(object);
  }
  uint32_t add(std::unique_ptr<T> object) { return slots_.add(object.release()); }
  T* find(uint32_t handle) { return static_cast<T*>(slots_.find(handle)); }
  void remove(uint32_t handle) { delete static_cast<T*>(slots_.take(handle)); }

 private:
  Slots slots_;
};

/// The objects of one type that callers hold by handle.
template <typename T>
Handles<T>& handles() {
  static thread_local Handles<T> all;
  return all;
}

}  // namespace subrosa::abi
