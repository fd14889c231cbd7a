// SPDX-License-Identifier: Apache-2.0
// JSON objects that carry their signature: "sig": "ed25519:" and 86 characters of base64url.
//
// Signed (RFC 8032) are the kind, a zero byte, and the canonical form of the object without "sig".
// The kind keeps a signature of one sort of document from standing under another.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "subrosa/result.h"

namespace subrosa {

/// The object with its signature, canonical; one that it has is replaced. `seed`: 32 bytes.
Result<std::string> sign_json(std::string_view kind, std::string_view json,
                              std::span<const uint8_t> seed);

/// kOk, or not_authentic for everything that is wrong with the signature, the key or the object.
ErrorCode verify_json(std::string_view kind, std::string_view json,
                      std::span<const uint8_t> public_key);

}  // namespace subrosa
