// SPDX-License-Identifier: Apache-2.0
#include "abi.h"

#include <sodium.h>

#include "rules.inc"

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
