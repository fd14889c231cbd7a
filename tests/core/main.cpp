#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>

#include "subrosa/subrosa.h"

int main(int argc, char** argv) {
  sr_init();
  return Catch::Session().run(argc, argv);
}
