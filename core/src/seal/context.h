// SPDX-License-Identifier: Apache-2.0
// What a sealed thing was sealed for: the consent context. Its encoding stands in the protected
// header and is the external AAD and part of the HPKE info, so an envelope opens under no other
// one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "seal/bytes.h"
#include "subrosa/result.h"

namespace subrosa::seal {

struct Context {
  std::vector<std::string> purposes;  // sorted, without duplicates, at least one
  std::string policy_hash;
  std::string record_id;     // of the consent record
  uint32_t epoch = 0;        // of the consent
  std::string ruleset_hash;  // of the redaction rules; may be empty

  Bytes encode() const;
};

/// What an opener declares: its purpose, and what else must hold, where it is given.
struct Expectation {
  std::string purpose;
  std::optional<std::string> policy_hash;
  std::optional<std::string> record_id;
  std::optional<uint32_t> epoch;

  bool admits(const Context& context) const;
};

/// Every text is 1 to 128 printable ASCII characters (ruleset_hash may be empty); bad_format
/// otherwise, also for another version.
Result<Context> decode_context(ByteView encoded);

/// JSON with the members of the structure; bad_format, with the member, for anything else.
Result<Context> parse_context(std::string_view json);
Result<Expectation> parse_expectation(std::string_view json);

}  // namespace subrosa::seal
