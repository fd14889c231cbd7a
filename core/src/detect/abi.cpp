// SPDX-License-Identifier: Apache-2.0
#include "abi.h"

#include <array>
#include <nlohmann/json.hpp>

#include "detect/composer.h"
#include "detect/detector.h"
#include "text/utf8.h"

namespace subrosa::abi {

namespace {

using detect::Finding;
using nlohmann::json;

/// A composer is one scanner's: its findings are by that one's rules.
struct Typed {
  uint32_t scanner;
  detect::Composer composer;
};

json explanation(const Finding& finding, const detect::Rule& rule, uint32_t start, uint32_t end) {
  const detect::Pattern& pattern = rule.patterns[finding.pattern];
  json out = {{"entity", rule.entity},
              {"start", start},
              {"end", end},
              {"score", finding.score / 1000.0},
              {"pattern", pattern.name},
              {"patternScore", pattern.score / 1000.0},
              {"validated", (finding.flags & Finding::kValidated) != 0},
              {"normalised", (finding.flags & Finding::kNormalised) != 0}};
  if (!rule.kind.empty()) out["kind"] = rule.kind;
  return out;
}

/// Records of five u32: rule, start, end (UTF-16 units), score in thousandths, flags.
uint32_t give_findings(const std::vector<Finding>& findings, std::string_view text, sr_out* out) {
  using Record = std::array<uint32_t, 5>;
  *out = {};
  if (findings.empty()) return 0;
  out->size = static_cast<uint32_t>(findings.size() * sizeof(Record));
  out->data = sr_alloc(out->size);
  text::Utf16Cursor cursor(text);
  uint8_t* next = out->data;
  for (const Finding& f : findings) {
    const uint32_t start = cursor.at(f.start);
    const Record record = {f.rule, start, cursor.at(f.end), f.score, f.flags};
    std::memcpy(next, record.data(), sizeof(Record));
    next += sizeof(Record);
  }
  return 0;
}

}  // namespace
}  // namespace subrosa::abi

using namespace subrosa;
using namespace subrosa::abi;

extern "C" {

uint32_t sr_scanner_new(const uint8_t* options, uint32_t options_size, sr_out* out) {
  auto detector = detect::Detector::create(view(options, options_size));
  if (!detector) return fail(detector.error(), out);
  return give_u32(handles<detect::Detector>().add(std::move(*detector)), out);
}

void sr_scanner_free(uint32_t scanner) { handles<detect::Detector>().remove(scanner); }

uint32_t sr_scanner_names(uint32_t scanner, sr_out* out) {
  const detect::Detector* detector = handles<detect::Detector>().find(scanner);
  if (!detector) return fail(ErrorCode::kBadArgument, out);
  json names = json::array();
  for (const detect::Rule& rule : detector->rules()) {
    names.push_back({rule.entity});
    if (!rule.kind.empty()) names.back().push_back(rule.kind);
  }
  return give(names.dump(-1, ' ', false, json::error_handler_t::replace), out);
}

uint32_t sr_detect(uint32_t scanner, const uint8_t* text, uint32_t size, const uint8_t* call,
                   uint32_t call_size, sr_out* out) {
  detect::Detector* detector = handles<detect::Detector>().find(scanner);
  if (!detector) return fail(ErrorCode::kBadArgument, out);
  const auto findings = detector->detect(view(text, size), view(call, call_size));
  if (!findings) return fail(findings.error(), out);
  return give_findings(*findings, view(text, size), out);
}

uint32_t sr_explain(uint32_t scanner, const uint8_t* text, uint32_t size, const uint8_t* call,
                    uint32_t call_size, sr_out* out) {
  detect::Detector* detector = handles<detect::Detector>().find(scanner);
  if (!detector) return fail(ErrorCode::kBadArgument, out);
  std::vector<Finding> beaten;
  const auto findings = detector->detect(view(text, size), view(call, call_size), &beaten);
  if (!findings) return fail(findings.error(), out);
  json list = json::array();
  text::Utf16Cursor cursor(view(text, size));
  for (const Finding& f : *findings) {
    const uint32_t start = cursor.at(f.start);
    json entry = explanation(f, detector->rules()[f.rule], start, cursor.at(f.end));
    if (f.flags & Finding::kContext) {
      entry["context"] = view(text, size).substr(f.context_start, f.context_end - f.context_start);
    }
    json losers = json::array();
    for (const Finding& other : beaten) {
      if (other.start < f.end && f.start < other.end)
        losers.push_back(detector->rules()[other.rule].entity);
    }
    entry["beat"] = std::move(losers);
    list.push_back(std::move(entry));
  }
  return give(list.dump(-1, ' ', false, json::error_handler_t::replace), out);
}

uint32_t sr_composer_new(uint32_t scanner, const uint8_t* call, uint32_t size, sr_out* out) {
  detect::Detector* detector = handles<detect::Detector>().find(scanner);
  if (!detector) return fail(ErrorCode::kBadArgument, out);
  if (const auto tried = detector->detect({}, view(call, size)); !tried)
    return fail(tried.error(), out);
  auto typed = std::make_unique<Typed>(Typed{scanner, detect::Composer(view(call, size))});
  return give_u32(handles<Typed>().add(std::move(typed)), out);
}

void sr_composer_free(uint32_t composer) { handles<Typed>().remove(composer); }

uint32_t sr_composer_update(uint32_t composer, const uint8_t* text, uint32_t size, sr_out* out) {
  Typed* typed = handles<Typed>().find(composer);
  detect::Detector* detector = typed ? handles<detect::Detector>().find(typed->scanner) : nullptr;
  if (!detector) return fail(ErrorCode::kBadArgument, out);
  const auto findings = typed->composer.update(detector, view(text, size));
  if (!findings) return fail(findings.error(), out);
  return give_findings(*findings, view(text, size), out);
}

}  // extern "C"
