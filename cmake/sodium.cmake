# libsodium from source, without its configure script: the same files serve every target.
set(SUBROSA_SODIUM_SOURCE "${SUBROSA_THIRD_PARTY}/sodium-native/libsodium" CACHE PATH "A libsodium source tree, 1.0.18 or newer")
set(sodium_src "${SUBROSA_SODIUM_SOURCE}/src/libsodium")
if(NOT EXISTS "${sodium_src}/sodium/core.c")
  message(FATAL_ERROR "no libsodium source in ${SUBROSA_SODIUM_SOURCE}: run 'npm run setup', or set SUBROSA_SODIUM_SOURCE")
endif()

file(GLOB_RECURSE sodium_files "${sodium_src}/*.c")
list(FILTER sodium_files EXCLUDE REGEX "aes256gcm")
if(EMSCRIPTEN)
  # No entropy source in the core, and no x86 code.
  list(FILTER sodium_files EXCLUDE REGEX "randombytes/|sse|ssse3|avx|aesni|xmm6|sandy2x")
else()
  list(FILTER sodium_files EXCLUDE REGEX "randombytes/salsa20")
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    file(GLOB_RECURSE sodium_asm "${sodium_src}/*.S")
  endif()
endif()

set(VERSION 1.0.18)
set(SODIUM_LIBRARY_VERSION_MAJOR 10)
set(SODIUM_LIBRARY_VERSION_MINOR 3)
set(SODIUM_LIBRARY_MINIMAL_DEF "")
configure_file("${sodium_src}/include/sodium/version.h.in" "${CMAKE_BINARY_DIR}/include/sodium/version.h" @ONLY)

add_library(sodium STATIC ${sodium_files} ${sodium_asm})
target_include_directories(sodium SYSTEM PUBLIC "${sodium_src}/include" "${sodium_src}/include/sodium" "${CMAKE_BINARY_DIR}/include")
target_include_directories(sodium PRIVATE "${sodium_src}/include/sodium/private"
                           "${CMAKE_BINARY_DIR}/include/sodium")
target_compile_definitions(sodium PUBLIC SODIUM_STATIC=1
  PRIVATE CONFIGURED=1 _GNU_SOURCE=1 HAVE_STDINT_H=1 HAVE_INTTYPES_H=1 NATIVE_LITTLE_ENDIAN=1 HAVE_ALLOCA=1
          HAVE_C11_MEMORY_FENCES=1 HAVE_GCC_MEMORY_FENCES=1 HAVE_ATOMIC_OPS=1 HAVE_INLINE_ASM=1)
if(EMSCRIPTEN OR UNIX AND NOT APPLE)
  target_compile_definitions(sodium PRIVATE HAVE_POSIX_MEMALIGN=1 HAVE_EXPLICIT_BZERO=1)
endif()
if(NOT EMSCRIPTEN)
  target_compile_definitions(sodium PRIVATE HAVE_TI_MODE=1 TLS=_Thread_local)
  if(UNIX)
    target_compile_definitions(sodium PRIVATE HAVE_MMAP=1 HAVE_MLOCK=1 HAVE_MADVISE=1 HAVE_MPROTECT=1 HAVE_SYS_MMAN_H=1)
  endif()
  if(sodium_asm)
    target_compile_definitions(sodium PRIVATE ASM_HIDE_SYMBOL=.hidden HAVE_CPUID=1 HAVE_AMD64_ASM=1 HAVE_AVX_ASM=1
      HAVE_MMINTRIN_H=1 HAVE_EMMINTRIN_H=1 HAVE_PMMINTRIN_H=1 HAVE_TMMINTRIN_H=1 HAVE_SMMINTRIN_H=1 HAVE_AVXINTRIN_H=1
      HAVE_AVX2INTRIN_H=1 HAVE_AVX512FINTRIN_H=1 HAVE_WMMINTRIN_H=1 HAVE_RDRAND=1)
  endif()
endif()
# GCC reads which instructions a file is for from its pragmas; clang is told.
if(CMAKE_C_COMPILER_ID MATCHES "Clang" AND sodium_asm)
  foreach(instructions avx512f avx2 sse41 ssse3)
    set(files ${sodium_files})
    list(FILTER files INCLUDE REGEX "-${instructions}\\.c$")
    string(REPLACE sse41 sse4.1 option "-m${instructions}")
    set_source_files_properties(${files} PROPERTIES COMPILE_OPTIONS "${option}")
  endforeach()
  set_source_files_properties("${sodium_src}/randombytes/internal/randombytes_internal_random.c" PROPERTIES COMPILE_OPTIONS "-mrdrnd")
endif()
# -Oz costs ChaCha20 six times its speed; the linker drops what is not called.
target_compile_options(sodium PRIVATE -O3 -w -fno-strict-aliasing -fno-strict-overflow -ffunction-sections -fdata-sections)
