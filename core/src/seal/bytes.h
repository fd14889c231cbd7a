// SPDX-License-Identifier: Apache-2.0
// Byte strings of the sealing part. What may hold a key or a plaintext is wiped before its memory
// is given back.
#pragma once

#include <array>
#include <string_view>

#include "seal/buffer.h"

namespace subrosa::seal {

/// For a string or a map that holds secrets.
template <typename T>
struct WipingAllocator {
  using value_type = T;
  WipingAllocator() = default;
  template <typename U>
  WipingAllocator(const WipingAllocator<U>&) {}
  T* allocate(size_t count) {
    auto* data = static_cast<T*>(std::malloc(count * sizeof(T)));
    if (!data) std::abort();
    return data;
  }
  void deallocate(T* data, size_t count) {
    sodium_memzero(data, count * sizeof(T));
    std::free(data);
  }
  bool operator==(const WipingAllocator&) const { return true; }
};

using Bytes = Buffer<false>;
/// Bytes that are wiped when they are freed, also when they grow.
using SecretBytes = Buffer<true>;

/// N secret bytes, wiped at the end of their life.
template <size_t N>
class Secret {
 public:
  Secret() : bytes_{} {}
  Secret(const Secret&) = default;
  Secret& operator=(const Secret&) = default;
  ~Secret() { wipe(); }
  void wipe() { sodium_memzero(bytes_.data(), N); }
  uint8_t* data() { return bytes_.data(); }
  const uint8_t* data() const { return bytes_.data(); }
  static constexpr size_t size() { return N; }
  operator ByteView() const { return bytes_; }

 private:
  std::array<uint8_t, N> bytes_;
};

inline ByteView view_of(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

inline std::string_view text_of(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The data, or for an empty view a pointer all the same: libsodium takes no null.
inline const uint8_t* data_of(ByteView bytes) {
  static const uint8_t kNone = 0;
  return bytes.empty() ? &kNone : bytes.data();
}

/// Room for `size` bytes of plaintext, with a pointer also to none; they are anything until they
/// are written.
inline SecretBytes secret_room(size_t size) {
  SecretBytes bytes;
  bytes.reserve(size + 1);
  bytes.resize_uninitialized(size);
  return bytes;
}

/// Equality in a time that depends on the sizes alone.
inline bool equal(ByteView a, ByteView b) {
  return a.size() == b.size() && sodium_memcmp(data_of(a), data_of(b), a.size()) == 0;
}

/// Entropy that a caller gave, taken piece by piece. Taking more than there is gives an empty view
/// and leaves `ok` false.
class Entropy {
 public:
  explicit Entropy(ByteView bytes) : rest_(bytes) {}
  ByteView take(size_t size) {
    if (size > rest_.size()) {
      ok_ = false;
      return {};
    }
    ByteView piece = rest_.first(size);
    rest_ = rest_.subspan(size);
    return piece;
  }
  bool ok() const { return ok_; }

 private:
  ByteView rest_;
  bool ok_ = true;
};

}  // namespace subrosa::seal
