// SPDX-License-Identifier: Apache-2.0
// Prints what the walk found as JSON, so that the same walk of two builds can be compared.
#include <cinttypes>
#include <cstdio>

#include "consent_walk.h"

int main() {
  const consent_walk::Walk walk = consent_walk::walk_all();
  std::printf(
      "{\"states\": %zu, \"edges\": %zu, \"revived\": %zu, \"replayed\": %zu, "
      "\"unfenced\": %zu, \"digest\": \"%016" PRIx64 "\"}\n",
      walk.states, walk.edges, walk.revived, walk.replayed, walk.unfenced, walk.digest);
}
