// SPDX-License-Identifier: Apache-2.0
// Every sequence of events of the consent machine, up to a depth, over the real core: one purpose
// and one queued payload, with and without sharing, essential or not, where consent may be presumed
// and where not.
#pragma once

#include <cstddef>
#include <cstdint>

namespace consent_walk {

struct Walk {
  size_t states = 0;
  size_t edges = 0;
  size_t revived = 0;   // deny became permit without an act that may do so, or the storage's return
  size_t replayed = 0;  // a payload could leave although a moment since did not permit it
  size_t unfenced = 0;  // a withdrawal left a payload free to go
  uint64_t digest = 0xcbf29ce484222325;  // FNV-1a over what each edge did, in order
};

Walk walk_all();

}  // namespace consent_walk
