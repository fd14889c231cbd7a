// The rules as the generator wrote them, with their examples.
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

inline const nlohmann::json& rules_with_examples() {
  static const nlohmann::json all = [] {
    std::ifstream file(SUBROSA_ROOT "/build/generated/rules.json");
    return nlohmann::json::parse(file);
  }();
  return all;
}

/// The texts in which something is found, or must not be.
inline std::vector<std::string> example_texts() {
  std::vector<std::string> texts;
  for (const nlohmann::json& rule : rules_with_examples()) {
    for (const nlohmann::json& find : rule["finds"]) texts.push_back(find["text"]);
    for (const nlohmann::json& ignore : rule["ignores"]) texts.push_back(ignore);
  }
  return texts;
}
