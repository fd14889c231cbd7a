# ML-KEM-768, the portable implementation of PQClean, for the X-Wing hybrid.
set(pqclean "${SUBROSA_THIRD_PARTY}/pqclean/deps/PQClean")
file(GLOB mlkem_files "${pqclean}/crypto_kem/ml-kem-768/clean/*.c")
add_library(mlkem STATIC ${mlkem_files} "${pqclean}/common/fips202.c")
target_include_directories(mlkem SYSTEM PUBLIC "${pqclean}/crypto_kem/ml-kem-768/clean" "${pqclean}/common")
# Its hash states are freed by core/src/seal/mlkem.cpp, which wipes them.
target_compile_definitions(mlkem PRIVATE malloc=subrosa_mlkem_malloc free=subrosa_mlkem_free)
target_compile_options(mlkem PRIVATE $<IF:$<BOOL:${EMSCRIPTEN}>,-Oz,-O3> -w -ffunction-sections -fdata-sections)
