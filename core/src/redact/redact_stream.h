// SPDX-License-Identifier: Apache-2.0
// Redaction of a text that comes in pieces.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "detect/detector.h"
#include "redact/redactor.h"
#include "redact/value.h"
#include "redact/vault.h"
#include "subrosa/result.h"

namespace subrosa::redact {

/// However a text is cut, the pieces that come out are those of the whole. Held back is what more
/// text may yet make a finding of, from where that begins: in prose a word or two, at most kHold
/// bytes of the canonical view (which has no hidden marks). So is what has come since the last
/// look: an eighth of what is held back, at least kLeastBlock bytes, or kLargeBlock where the
/// pieces are large; and findings that overlap without a gap.
class RedactStream {
 public:
  static constexpr uint32_t kHold = detect::Horizon::kFarthest;
  static constexpr size_t kLeastBlock = 32;
  /// A piece of so many bytes comes from a file, not from somebody who types or waits.
  static constexpr size_t kLargePiece = 1024;
  static constexpr size_t kLargeBlock = 16384;

  /// call: as in Detector::detect; the turn before counts for the beginning of the text. vault: the
  /// session's, or null for one of the stream's own.
  explicit RedactStream(std::string_view call) : call_(call) {}

  struct Emitted {
    std::string text;
    std::vector<Record> records;  // start and end in the whole stream, the others in `text`
  };

  /// Takes a piece, whole code points; gives what is decided. Errors: as Redactor::redact.
  Result<Emitted> push(const Redactor& redactor, detect::Detector* detector, Vault* vault,
                       std::string_view piece, bool is_last);

 private:
  uint32_t limit(detect::Detector* detector, const Vault& vault) const;
  Result<Emitted> pass(const Redactor& redactor, detect::Detector* detector, Vault* vault,
                       uint32_t limit);
  void forget();

  std::string call_;
  Vault own_{Vault::Kind::kOneWay};
  SecretString buffer_;
  uint32_t from_ = 0;          // what is before it in the buffer went out, and is context
  size_t wait_ = 0;            // nothing is scanned before there are so many bytes
  uint32_t units_before_ = 0;  // UTF-16, before the buffer
};

}  // namespace subrosa::redact
