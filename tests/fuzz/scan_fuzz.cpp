// Findings lie inside the text, do not overlap, and stand on the borders of code points; the
// redacted text has none of them; ill-formed input is refused.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "redact/redactor.h"
#include "text/utf8.h"

namespace {

/// What comes out of redaction is scanned again: nothing is found in it.
void check_redacted(subrosa::detect::Detector* detector, std::string_view text) {
  static const auto redactor = subrosa::redact::Redactor::create(detector->rules(), "");
  subrosa::redact::Vault vault;
  const auto redacted = redactor->redact(detector, text, {}, &vault);
  if (!redacted) std::abort();
  const auto left = detector->detect(redacted->is_changed ? redacted->text : text, {});
  if (!left || !left->empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto detector = subrosa::detect::Detector::create("");
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const bool is_well_formed = subrosa::text::find_ill_formed(text) == std::string_view::npos;
  const auto findings = (*detector)->detect(text, {});
  if (static_cast<bool>(findings) != is_well_formed) std::abort();
  if (!findings) return 0;
  uint32_t end = 0;
  const auto is_border = [&](uint32_t at) {
    return at == size || !subrosa::text::is_continuation(text[at]);
  };
  for (const auto& finding : *findings) {
    if (finding.start < end || finding.end <= finding.start || finding.end > size) std::abort();
    if (!is_border(finding.start) || !is_border(finding.end)) std::abort();
    end = finding.end;
  }
  check_redacted(detector->get(), text);
  return 0;
}
