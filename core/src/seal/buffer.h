// SPDX-License-Identifier: Apache-2.0
// Bytes in one block, which may be given away, and which is wiped before its memory is given back
// if it may hold a key or a plaintext. A std::vector would do but for two things: built for size,
// it makes and copies its elements one by one, which takes longer than to encrypt them; and its
// block cannot be given away, so that the result of a call would be copied once more.
#pragma once

#include <sodium.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <span>
#include <utility>

namespace subrosa::seal {

using ByteView = std::span<const uint8_t>;

/// What of a std::vector<uint8_t> is needed, with the same meaning.
template <bool kIsSecret>
class Buffer {
 public:
  using value_type = uint8_t;

  Buffer() = default;
  explicit Buffer(size_t size, uint8_t fill = 0) {
    resize_uninitialized(size);
    if (size > 0) std::memset(data_, fill, size);
  }
  explicit Buffer(ByteView bytes) { append(bytes); }
  Buffer(std::initializer_list<uint8_t> bytes) { append({bytes.begin(), bytes.size()}); }
  Buffer(const Buffer& other) { append(other); }
  Buffer(Buffer&& other) noexcept { swap(other); }
  Buffer& operator=(Buffer other) noexcept {
    swap(other);
    return *this;
  }
  ~Buffer() { give_back(data_, capacity_); }

  uint8_t* data() { return data_; }
  const uint8_t* data() const { return data_; }
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  uint8_t* begin() { return data_; }
  uint8_t* end() { return data_ + size_; }
  const uint8_t* begin() const { return data_; }
  const uint8_t* end() const { return data_ + size_; }
  uint8_t& operator[](size_t i) { return data_[i]; }
  uint8_t operator[](size_t i) const { return data_[i]; }
  operator ByteView() const { return {data_, size_}; }

  void reserve(size_t capacity) {
    if (capacity <= capacity_) return;
    if (capacity > kMax) std::abort();
    auto* block = static_cast<uint8_t*>(std::malloc(capacity));
    if (!block) std::abort();
    if (size_ > 0) std::memcpy(block, data_, size_);
    give_back(data_, capacity_);
    data_ = block;
    capacity_ = capacity;
  }
  /// What comes in addition may be anything until it is written.
  void resize_uninitialized(size_t size) {
    if (size > capacity_) reserve(size < 2 * size_ ? 2 * size_ : size);
    size_ = size;
  }
  void resize(size_t size) {
    const size_t before = size_;
    resize_uninitialized(size);
    if (size > before) std::memset(data_ + before, 0, size - before);
  }
  void push_back(uint8_t byte) {
    resize_uninitialized(size_ + 1);
    data_[size_ - 1] = byte;
  }
  /// Bytes of another block.
  void append(ByteView bytes) {
    if (bytes.empty()) return;
    const size_t before = size_;
    resize_uninitialized(before + bytes.size());
    std::memcpy(data_ + before, bytes.data(), bytes.size());
  }

  /// Gives away the block, which std::free() takes; of a secret no more than size() bytes are in
  /// it.
  uint8_t* release() && {
    if (kIsSecret && capacity_ > size_) sodium_memzero(data_ + size_, capacity_ - size_);
    size_ = capacity_ = 0;
    return std::exchange(data_, nullptr);
  }

  friend bool operator==(const Buffer& a, const Buffer& b) {
    return a.size_ == b.size_ && (a.empty() || std::memcmp(a.data_, b.data_, a.size_) == 0);
  }

 private:
  void swap(Buffer& other) {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }
  static void give_back(uint8_t* block, size_t size) {
    if (kIsSecret && block) sodium_memzero(block, size);
    std::free(block);
  }

  static constexpr size_t kMax = SIZE_MAX / 4;

  uint8_t* data_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace subrosa::seal
