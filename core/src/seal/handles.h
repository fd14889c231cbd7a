// SPDX-License-Identifier: Apache-2.0
// What the ABI functions of sealing share.
#pragma once

#include "abi.h"
#include "seal/key.h"

namespace subrosa::seal::abi {

using subrosa::abi::fail;
using subrosa::abi::give;
using subrosa::abi::give_u32;
using subrosa::abi::handles;
using subrosa::abi::view;

template <typename T>
uint32_t add_handle(Result<T> object, sr_out* out) {
  if (!object) return fail(object.error(), out);
  return give_u32(handles<T>().add(std::make_unique<T>(std::move(*object))), out);
}

inline uint32_t give_bytes(ByteView bytes, sr_out* out) { return give(text_of(bytes), out); }

/// Gives the block of the bytes itself: a megabyte is not copied once more.
template <bool kIsSecret>
uint32_t give_result(Result<Buffer<kIsSecret>> result, sr_out* out) {
  if (!result) return fail(result.error(), out);
  *out = {nullptr, static_cast<uint32_t>(result->size()), 0};
  if (!result->empty()) out->data = std::move(*result).release();
  return 0;
}

}  // namespace subrosa::seal::abi
