// SPDX-License-Identifier: Apache-2.0
// CBOR (RFC 8949) in its core deterministic form (section 4.2.1), and nothing else: shortest
// heads, definite lengths, map keys in bytewise order. Formats here are fixed, so a reader asks for
// what must come next; a duplicate, unknown or misplaced label cannot get through.
#pragma once

#include "seal/bytes.h"

namespace subrosa::seal::cbor {

class Writer {
 public:
  /// Most of what is written is small: a header or an AAD then takes one block.
  Writer() { out_.reserve(96); }

  Writer& integer(int64_t value);
  Writer& bytes(ByteView value);
  Writer& text(std::string_view value);
  Writer& array(uint64_t count) { return head(4, count); }
  Writer& map(uint64_t pairs) { return head(5, pairs); }
  Writer& tag(uint64_t number) { return head(6, number); }
  /// The head of a byte string of which the caller appends the content.
  Writer& bytes_head(uint64_t size) { return head(2, size); }
  /// An item that is encoded already.
  Writer& raw(ByteView item);

  const Bytes& data() const { return out_; }
  Bytes take() { return std::move(out_); }

 private:
  Writer& head(uint8_t major, uint64_t value);
  Bytes out_;
};

/// Reads items in order. After the first failure every read gives an empty value and ok() is false,
/// so a parser checks once, at its end. Views point into the input.
class Reader {
 public:
  explicit Reader(ByteView input) : input_(input) {}

  int64_t integer();
  ByteView bytes();
  std::string_view text();
  uint64_t array() { return head(4); }
  uint64_t map() { return head(5); }
  uint64_t tag() { return head(6); }

  void expect(bool condition) { ok_ = ok_ && condition; }
  /// The next item is this integer: a label, or a fixed value.
  void expect_integer(int64_t value) { expect(integer() == value && ok_); }
  void expect_text(std::string_view value) { expect(text() == value && ok_); }

  /// True for a tag, without taking it.
  bool at_tag() const { return next_major() == 6; }
  /// How much was read.
  size_t position() const { return position_; }
  bool ok() const { return ok_; }
  /// Nothing failed and nothing is left.
  bool done() const { return ok_ && position_ == input_.size(); }

 private:
  int next_major() const { return ok_ && position_ < input_.size() ? input_[position_] >> 5 : -1; }
  uint64_t head(uint8_t major);
  ByteView take(uint64_t size);

  ByteView input_;
  size_t position_ = 0;
  bool ok_ = true;
};

}  // namespace subrosa::seal::cbor
