// Findings lie inside the text, do not overlap, and stand on the borders of code points; ill-formed
// input is refused.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "detect/scanner.h"
#include "text/utf8.h"
#include "text/view.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto scanner = subrosa::detect::Scanner::create(subrosa::detect::built_in_rules());
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const bool is_well_formed = subrosa::text::find_ill_formed(text) == std::string_view::npos;
  const auto findings = (*scanner)->scan(text, {});
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
  const subrosa::text::View view(text);
  if (subrosa::text::find_ill_formed(view.text()) != std::string_view::npos) std::abort();
  if (view.original(static_cast<uint32_t>(view.text().size())) != size) std::abort();
  return 0;
}
