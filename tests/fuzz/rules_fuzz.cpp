// A user's rule of any expressions is refused by its name and field, or scans like any other:
// findings lie inside the text, on the borders of code points, and do not overlap. The input is a
// regex, a prefix or what must come after, what must come before, and a text, with lines between.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "detect/scanner.h"
#include "text/utf8.h"

using namespace subrosa;
using namespace subrosa::detect;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

std::string take_line(std::string_view* rest) {
  const size_t end = std::min(rest->find('\n'), rest->size());
  const std::string line(rest->substr(0, end));
  rest->remove_prefix(std::min(end + 1, rest->size()));
  return line;
}

void check(const std::vector<Finding>& findings, std::string_view text) {
  const auto is_border = [&](uint32_t at) {
    return at == text.size() || !text::is_continuation(text[at]);
  };
  uint32_t end = 0;
  for (const Finding& finding : findings) {
    require(finding.start >= end && finding.start < finding.end && finding.end <= text.size());
    require(is_border(finding.start) && is_border(finding.end));
    end = finding.end;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  nlohmann::json pattern = {{"score", 1}};
  const char* lead = size > 0 && data[size - 1] % 2 != 0 ? "prefix" : "after";
  for (const char* field : {"regex", lead, "before"}) {
    if (const std::string line = take_line(&rest); !line.empty()) pattern[field] = line;
  }
  const auto rules = parse_rules({{{"id", "X"}, {"patterns", {pattern}}}});
  if (!rules) {
    require(rules.error().where.substr(0, 2) == "X/");
    return 0;
  }
  const auto scanner = Scanner::create(*rules);
  if (!scanner) {
    require(scanner.error().where.substr(0, 13) == "X/patterns/0/");
    return 0;
  }
  const auto findings = (*scanner)->scan(rest, {});
  if (findings) check(*findings, rest);
  return 0;
}
