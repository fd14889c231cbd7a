// Published vectors, which lie beside a checkout and not in it.
#pragma once

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "seal/bytes.h"

namespace vectors {

/// A file of ../shared/vectors. Without the folder nothing is read and the file is named; that is a
/// failure where CI is set.
inline std::optional<std::string> read(const std::string& name) {
  std::ifstream file(std::string(SUBROSA_ROOT) + "/../shared/vectors/" + name, std::ios::binary);
  if (file) return std::string(std::istreambuf_iterator<char>(file), {});
  std::cerr << "not run: ../shared/vectors/" << name << "\n";
  if (std::getenv("CI")) std::exit(1);
  return std::nullopt;
}

inline subrosa::seal::Bytes unhex(std::string_view hex) {
  subrosa::seal::Bytes bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes.push_back(static_cast<uint8_t>(std::stoul(std::string(hex.substr(i, 2)), nullptr, 16)));
  return bytes;
}

/// The bytes of a hexadecimal field; none where it is absent.
inline subrosa::seal::Bytes field(const nlohmann::json& object, const char* name) {
  return unhex(object.value(name, std::string()));
}

}  // namespace vectors
