// SPDX-License-Identifier: Apache-2.0
#include "seal/cbor.h"

#include <limits>

namespace subrosa::seal::cbor {

Writer& Writer::head(uint8_t major, uint64_t value) {
  const auto top = static_cast<uint8_t>(major << 5);
  if (value < 24) {
    out_.push_back(static_cast<uint8_t>(top | value));
    return *this;
  }
  uint32_t log2_size = 0;  // the argument takes 1, 2, 4 or 8 bytes
  while (log2_size < 3 && value >> (8U << log2_size)) ++log2_size;
  out_.push_back(static_cast<uint8_t>(top | (24 + log2_size)));
  for (uint32_t byte = 1U << log2_size; byte-- > 0;)
    out_.push_back(static_cast<uint8_t>(value >> (8 * byte)));
  return *this;
}

Writer& Writer::integer(int64_t value) {
  return value < 0 ? head(1, static_cast<uint64_t>(-1 - value))
                   : head(0, static_cast<uint64_t>(value));
}

Writer& Writer::bytes(ByteView value) { return head(2, value.size()).raw(value); }

Writer& Writer::text(std::string_view value) { return head(3, value.size()).raw(view_of(value)); }

Writer& Writer::raw(ByteView item) {
  out_.append(item);
  return *this;
}

ByteView Reader::take(uint64_t size) {
  expect(size <= input_.size() - position_);
  if (!ok_) return {};
  ByteView piece = input_.subspan(position_, size);
  position_ += size;
  return piece;
}

uint64_t Reader::head(uint8_t major) {
  const ByteView first = take(1);
  if (first.empty()) return 0;
  expect(first[0] >> 5 == major);
  const uint8_t info = first[0] & 31;
  if (info < 24) return ok_ ? info : 0;
  expect(info < 28);
  if (!ok_) return 0;
  uint64_t value = 0;
  for (const uint8_t byte : take(1U << (info - 24))) value = value << 8 | byte;
  // The shortest head is the only one.
  expect(info == 24 ? value >= 24 : value >> (4U << (info - 24)) != 0);
  return ok_ ? value : 0;
}

int64_t Reader::integer() {
  const bool is_negative = next_major() == 1;
  const uint64_t value = head(is_negative ? 1 : 0);
  expect(value <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max()));
  if (!ok_) return 0;
  return is_negative ? -1 - static_cast<int64_t>(value) : static_cast<int64_t>(value);
}

ByteView Reader::bytes() { return take(head(2)); }

std::string_view Reader::text() { return text_of(take(head(3))); }

}  // namespace subrosa::seal::cbor
