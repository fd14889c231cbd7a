// SPDX-License-Identifier: Apache-2.0
// Names that stand for an entity in a placeholder: its own ('EMAIL_ADDRESS') and what translators
// make of it ('E-Mail-Adresse').
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "detect/rules.h"

namespace subrosa::redact {

/// A label as it is compared: ASCII letters in upper case without accents, no separators.
/// 'e-mail address' and 'EMAIL_ADDRESS' fold to the same.
std::string fold_label(std::string_view label);

class Labels {
 public:
  struct Entry {
    std::string entity;
    bool is_name;  // the entity's own name, not a translation
  };

  /// Those of the rules that come with the core, and the translations of the common ones.
  static const Labels& built_in();

  void add_name(const std::string& entity);
  /// By its folded form; null when it stands for nothing.
  const Entry* find(const std::string& folded) const;

 private:
  std::unordered_map<std::string, Entry> by_label_;
};

}  // namespace subrosa::redact
