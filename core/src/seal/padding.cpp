// SPDX-License-Identifier: Apache-2.0
#include "seal/padding.h"

#include <bit>

namespace subrosa::seal {
namespace {

constexpr size_t kSmallStep = 64;
constexpr size_t kSmallLimit = 1024;

/// The distance between buckets at this size.
size_t step_at(size_t size) {
  if (size <= kSmallLimit) return kSmallStep;
  const auto exponent = static_cast<uint32_t>(std::bit_width(size)) - 1;
  return size_t{1} << (exponent - static_cast<uint32_t>(std::bit_width(exponent)));
}

}  // namespace

size_t padded_size(size_t size) {
  const size_t with_mark = size + 1;
  const size_t step = step_at(with_mark);
  return (with_mark + step - 1) / step * step;
}

void append_padded(ByteView plaintext, Bytes* out) {
  const size_t end = out->size() + padded_size(plaintext.size());
  out->append(plaintext);
  out->push_back(0x80);
  out->resize(end);
}

SecretBytes pad(ByteView plaintext) {
  SecretBytes padded(padded_size(plaintext.size()));
  std::copy(plaintext.begin(), plaintext.end(), padded.begin());
  padded[plaintext.size()] = 0x80;
  return padded;
}

Result<SecretBytes> unpad(SecretBytes padded) {
  if (padded.size() < kSmallStep) return ErrorCode::kNotAuthentic;
  size_t size = 0;
  if (sodium_unpad(&size, padded.data(), padded.size(), step_at(padded.size())) != 0 ||
      padded_size(size) != padded.size())
    return ErrorCode::kNotAuthentic;
  padded.resize(size);
  return padded;
}

}  // namespace subrosa::seal
