// The canonical view is well-formed, and its map is monotone, leads from code points to code
// points, and back to where they came from: each piece of the view is the view of its piece of the
// text.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "text/utf8.h"
#include "text/view.h"

using namespace subrosa::text;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

bool is_border(std::string_view text, size_t at) {
  return at == text.size() || !is_continuation(text[at]);
}

void check_map(std::string_view text, const View& view) {
  const std::string_view shown = view.text();
  require(view.original(static_cast<uint32_t>(shown.size())) == text.size());
  for (size_t at = 0; at < shown.size();) {
    const CodePoint c = decode(shown, at);
    require(c.length > 0);
    const uint32_t from = view.original(static_cast<uint32_t>(at));
    const uint32_t to = view.original(static_cast<uint32_t>(at + c.length));
    require(from < to && to <= text.size() && is_border(text, from) && is_border(text, to));
    // An ideographic stop is a dot by what is around it, so that it has no view of its own.
    const View piece(text.substr(from, to - from));
    require(piece.text() == shown.substr(at, c.length) || shown[at] == '.');
    at += c.length;
  }
}

/// UTF-16 offsets, on the borders of code points alone: what begins there counts one or two units.
void check_units(std::string_view text) {
  Utf16Cursor cursor(text);
  uint32_t units = 0;
  for (size_t at = 0; at < text.size();) {
    require(cursor.at(static_cast<uint32_t>(at)) == units);
    const CodePoint c = decode(text, at);
    units += c.value > 0xffff ? 2 : 1;
    at += c.length;
  }
  require(cursor.at(static_cast<uint32_t>(text.size())) == units);
  require(utf16_length(text) == units);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (find_ill_formed(text) != std::string_view::npos) return 0;
  const View view(text);
  check_map(text, view);
  check_units(text);
  const View again(view.text());
  require(find_ill_formed(view.text()) == std::string_view::npos);
  require(again.text() == view.text());  // what is plain stays as it is
  return 0;
}
