// SPDX-License-Identifier: Apache-2.0
#include "abi.h"

#include "consent/hash.h"
#include "json/canonical.h"
#include "json/signed.h"

using namespace subrosa;
using abi::view;

extern "C" {

uint32_t sr_json_canonical(const uint8_t* json, uint32_t size, sr_out* out) {
  const Result<Json> value = parse_strict(view(json, size));
  if (!value) return abi::fail(value.error(), out);
  return abi::give(canonical(*value), out);
}

uint32_t sr_json_hash(const uint8_t* json, uint32_t size, sr_out* out) {
  const Result<Json> value = parse_strict(view(json, size));
  if (!value) return abi::fail(value.error(), out);
  return abi::give(to_text(consent::sha256(canonical(*value))), out);
}

uint32_t sr_json_sign(const uint8_t* kind, uint32_t kind_size, const uint8_t* json, uint32_t size,
                      const uint8_t* seed, uint32_t seed_size, sr_out* out) {
  const Result<std::string> document =
      sign_json(view(kind, kind_size), view(json, size), {seed, seed_size});
  if (!document) return abi::fail(document.error(), out);
  return abi::give(*document, out);
}

uint32_t sr_json_verify(const uint8_t* kind, uint32_t kind_size, const uint8_t* json, uint32_t size,
                        const uint8_t* public_key, uint32_t public_key_size, sr_out* out) {
  const ErrorCode code =
      verify_json(view(kind, kind_size), view(json, size), {public_key, public_key_size});
  return code == ErrorCode::kOk ? abi::give({}, out) : abi::fail(code, out);
}

}  // extern "C"
