// SPDX-License-Identifier: Apache-2.0
// Street addresses, towns and companies: where a pattern took in words of the sentence around it.
#include <algorithm>

#include "detect/validators/digits.h"
#include "detect/validators/registry.h"

namespace subrosa::detect {
namespace {

constexpr std::string_view kNotStreets =
    " a across along am an and any are around at away block blocks but by can cars cross"
    " days degrees down each every feet few for from had has have her his hours houses i"
    " if in into is it its kids kilometers km lanes less m many meters metres miles"
    " minutes months more my of off on one only or other our out over people per pm same"
    " since some than that the their them then these this those times to until up was"
    " way ways we weeks were who will with years you your ";

bool is_plain(std::string_view word) { return lists(kNotStreets, lower_of(word)); }

/// Whether one of a match's words, or of its first two, is one that no street is named by.
bool has_plain_word(std::string_view match, size_t words) {
  for (size_t at = 0; at < match.size() && words > 0; --words) {
    const size_t end = std::min(match.find_first_of(" ,", at), match.size());
    if (is_plain(match.substr(at, end - at))) return true;
    at = end + 1;
  }
  return false;
}

/// Characters before a Chinese place that belong to the sentence: in, is, I, live, to, send ...
constexpr std::string_view kBeforePlaces =
    "\u5728\u662f\u6211\u4f4f\u5230\u9001\u5bc4\u7ed9\u8bf7\u7684\u5740\u4e86\u4e8e\u4ed6\u5979"
    "\u4f60\u60a8\u53bb\u4ece\u6765\u5bb6\u548c\u4e0e\u81f3\u5411\u8fd9\u90a3\u4e3a\u53d1\u70b9"
    "\u8d70\u8fc7\u53eb\u8ddf\u7b49\u7531\u628a\u4e2a\u4eec\u90fd\u4e5f\u5f88\u4e0d\u6709\u8bf4";
constexpr size_t kHan = 3;  // bytes in UTF-8

bool begins_in_sentence(std::string_view match) {
  for (size_t i = 0; i < std::min<size_t>(match.size(), 2 * kHan); i += kHan) {
    for (size_t k = 0; k < kBeforePlaces.size(); k += kHan) {
      if (match.substr(i, kHan) == kBeforePlaces.substr(k, kHan)) return true;
    }
  }
  return false;
}

/// A last line without digits is a town, unless its line goes on: 'Phone: ...', 'Thank you for'.
bool ends_in_other_line(const Candidate& candidate) {
  const std::string_view match = candidate.match();
  const size_t line = match.rfind('\n');
  if (line == std::string_view::npos) return false;
  const std::string_view last = match.substr(line);
  if (std::any_of(last.begin(), last.end(), is_digit)) return false;
  constexpr std::string_view kEnds = "\n.,;)?!";
  return candidate.after() != '\0' && kEnds.find(candidate.after()) == std::string_view::npos;
}

Verdict address(const Candidate& candidate) {
  const std::string_view match = candidate.match();
  const bool han = static_cast<uint8_t>(match.front()) >= 0xe3;
  if (han) return begins_in_sentence(match) ? Verdict::kReject : Verdict::kConfirm;
  if (match.back() == '.' || ends_in_other_line(candidate)) return Verdict::kReject;
  if (match.starts_with("the corner of ") || match.starts_with("corner of "))
    return Verdict::kConfirm;
  const bool capitals = std::any_of(match.begin(), match.end(), [](char c) {
    return is_upper(c) || static_cast<uint8_t>(c) >= 0x80;
  });
  if (has_plain_word(match, capitals ? 2 : match.size())) return Verdict::kReject;
  // A second number, not of the same range of houses, is a postcode or a flat.
  size_t numbers = 0;
  for (size_t i = 0; i < match.size(); ++i) {
    const bool begins = is_digit(match[i]) && (i == 0 || match[i - 1] == ' ' ||
                                               match[i - 1] == '\n' || match[i - 1] == '#');
    numbers += begins;
  }
  return numbers > 1 ? Verdict::kConfirm : Verdict::kNeutral;
}

constexpr std::string_view kNoPlaces =
    " a an april august chapter december english february figure friday i it january july june "
    "march"
    " may monday my november october part peace saturday section september sunday that the this"
    " thursday tuesday wednesday ";

// A place behind 'I live in': no day and no month.
Verdict place(const Candidate& candidate) {
  std::string first(candidate.match().substr(0, candidate.match().find_first_of(" ,")));
  for (char& c : first) c = is_upper(c) ? static_cast<char>(c + 32) : c;
  const bool none = kNoPlaces.find(' ' + first + ' ') != std::string_view::npos;
  return none ? Verdict::kReject : Verdict::kConfirm;
}

Verdict organization(const Candidate& candidate) {
  return begins_in_sentence(candidate.match()) ? Verdict::kReject : Verdict::kNeutral;
}

constexpr NamedValidator kValidators[] = {
    {"address", address}, {"organization", organization, kOnlyRefuses}, {"place", place}};

}  // namespace

std::span<const NamedValidator> address_validators() { return kValidators; }

}  // namespace subrosa::detect
