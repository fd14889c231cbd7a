// SPDX-License-Identifier: Apache-2.0
// What redaction put in a text: it holds nothing to find, and its words are nobody's context.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "detect/rules.h"

namespace subrosa::detect {

class Opaque {
 public:
  explicit Opaque(const std::vector<Rule>& rules);

  /// The length of what begins at text[at] if it is '[ENTITY_n]', '[ENTITY:hash]',
  /// '[ENTITY=sealed]' or '[ENTITY]' of an entity of the rules; else 0.
  uint32_t length_at(std::string_view text, size_t at) const {
    return text[at] == '[' ? length_of(text, at) : 0;
  }

  /// The end of the one that text[at] lies inside; `at` where there is none.
  uint32_t end_around(std::string_view text, uint32_t at) const;

 private:
  uint32_t length_of(std::string_view text, size_t at) const;

  std::unordered_set<std::string> entities_;
};

}  // namespace subrosa::detect
