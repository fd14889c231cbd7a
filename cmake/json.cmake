# nlohmann/json is header only. Its folder is linked beside the build, so that a cross compiler
# sees this one header and none of the host's.
find_path(NLOHMANN_ROOT nlohmann/json.hpp PATHS /usr/include /usr/local/include /opt/homebrew/include
          NO_CMAKE_FIND_ROOT_PATH REQUIRED)
file(MAKE_DIRECTORY "${CMAKE_BINARY_DIR}/include")
file(CREATE_LINK "${NLOHMANN_ROOT}/nlohmann" "${CMAKE_BINARY_DIR}/include/nlohmann" SYMBOLIC COPY_ON_ERROR)
add_library(json INTERFACE)
target_include_directories(json SYSTEM INTERFACE "${CMAKE_BINARY_DIR}/include")
target_compile_definitions(json INTERFACE JSON_NOEXCEPTION JSON_HAS_FILESYSTEM=0 JSON_DIAGNOSTICS=0)
