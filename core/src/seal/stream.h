// SPDX-License-Identifier: Apache-2.0
// Files and voice: a header (wrapped_key.h), then chunks of 16 KiB, each sealed by itself under its
// number. The last chunk is shorter than the others, be it empty: a file that was cut has no such
// chunk, or one that does not open. Any chunk can be opened alone.
#pragma once

#include "seal/wrapped_key.h"

namespace subrosa::seal {

inline constexpr size_t kChunkSize = 16384;
inline constexpr size_t kSealedChunkSize = kChunkSize + 16;

class StreamKey {
 public:
  explicit StreamKey(const WrappedKey& key);

 protected:
  std::array<uint8_t, 12> nonce(uint64_t chunk) const;
  Secret<32> key_;

 private:
  Secret<32> base_nonce_;
};

class StreamSealer : public StreamKey {
 public:
  explicit StreamSealer(const WrappedKey& key) : StreamKey(key), header_(key.header) {}

  const Bytes& header() const { return header_; }
  /// Seals the next part: whole chunks, or with `is_last` any size, after which nothing follows;
  /// bad_argument otherwise.
  Result<Bytes> seal(ByteView plaintext, bool is_last);

 private:
  Bytes header_;
  uint64_t next_ = 0;
  bool is_finished_ = false;
};

class StreamOpener : public StreamKey {
 public:
  using StreamKey::StreamKey;

  /// Opens sealed chunks from number `first` on. With `is_last` the short one must be the last of
  /// them. not_authentic for anything else than what was sealed there.
  Result<SecretBytes> open(uint64_t first, ByteView sealed, bool is_last) const;
};

}  // namespace subrosa::seal
