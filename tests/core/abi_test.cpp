#include "abi.h"

#include <catch2/catch.hpp>

using subrosa::abi::Handles;

TEST_CASE("a freed handle is refused, also after its slot is used again") {
  Handles<int> handles;
  const uint32_t first = handles.add(std::make_unique<int>(1));
  REQUIRE(*handles.find(first) == 1);
  handles.remove(first);
  REQUIRE(handles.find(first) == nullptr);
  const uint32_t second = handles.add(std::make_unique<int>(2));
  REQUIRE(second != first);
  REQUIRE(handles.find(first) == nullptr);
  REQUIRE(*handles.find(second) == 2);
  REQUIRE(handles.find(0) == nullptr);
}
