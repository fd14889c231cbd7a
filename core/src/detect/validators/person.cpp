// SPDX-License-Identifier: Apache-2.0
// Names of people: what follows an introduction, a title or a greeting and is not one.
#include <algorithm>

#include "detect/validators/digits.h"
#include "detect/validators/registry.h"

namespace subrosa::detect {
namespace {

// Words that stand where a name could and are none, in lower case.
constexpr std::string_view kNoNames =
    " a about after again ago all almost already also always am an and angry any anyone applicant"
    " are around as at attorney au aunt aus aux babe back bad barman bartender be because been"
    " before being best both bro brother buddy bundeskanzler busy but by calling can captain"
    " chairman colleagues coming committee community con concerned confused could currently"
    " customer customers dad darling das de dear der des did die direktor district do docteur"
    " doctor doctora does doing doktor done dr du dude each editor ein eine either el else en"
    " english even ever every everybody everyone everything feeling feldwebel fine folks for"
    " freshman freunde friend friends from general gentlemen getting glad god going good gott"
    " grandma grandpa guys had happy has hauptmann have having he hello help her here hi hier him"
    " hiring his hofrat honey hope hoping how however i ich ici if im in interested into is it"
    " its juez just kanzler kapit\u00e4n kids kinder kollege kollegen kollegin kunde kundin la"
    " ladies lady las last le lehrerin leider les let leute leutnant like linux look looking lord"
    " los madam majesty man manager mann many may maybe me member might minister miss mit mom"
    " morning mr mrs ms much mum my nachbar nachbarin name never new next nicht no nobody none"
    " not nothing now ober oberst of off officer ok okay old on once one onkel only or other our"
    " out over para parents partner pas pfarrer please pr\u00e4sident president presidente prime"
    " probably profesor professeur professor quite ready really recruiter regarding right rule"
    " said sales same secretary sergeant service she should sick sie sir sirs sister so some"
    " somebody someone sorry speaker still students such support sure sweetheart tante team thank"
    " thanks that the their them then there these they this those though thus to today together"
    " too trying un una unable uncle und under unix unknown until up us user using valued very"
    " von wachtmeister waiter want was we well were what when where which while who whom whose"
    " why will wirt wirtin with without working world worried would writing yes yet you your"
    " yours zu ";

bool names_nobody(std::string_view word) { return lists(kNoNames, lower_of(word)); }

/// The Chinese surnames that nine people in ten bear, and the double ones.
constexpr std::string_view kSurnames =
    "\u738b\u674e\u5f20\u5218\u9648\u6768\u9ec4\u8d75\u5434\u5468\u5f90\u5b59\u9a6c\u6731\u80e1"
    "\u90ed\u4f55\u6797\u9ad8\u7f57\u90d1\u6881\u8c22\u5b8b\u5510\u8bb8\u9093\u97e9\u51af\u66f9"
    "\u5f6d\u66fe\u8096\u7530\u8463\u6f58\u8881\u8521\u848b\u4f59\u4e8e\u675c\u53f6\u7a0b\u9b4f"
    "\u82cf\u5415\u4e01\u4efb\u5362\u59da\u6c88\u949f\u59dc\u5d14\u8c2d\u9646\u8303\u6c6a\u5ed6"
    "\u77f3\u91d1\u97e6\u8d3e\u590f\u4ed8\u65b9\u90b9\u718a\u767d\u5b5f\u79e6\u90b1\u4faf\u6c5f"
    "\u5c39\u859b\u95eb\u6bb5\u96f7\u9f99\u9ece\u53f2\u9676\u8d3a\u6bdb\u90dd\u987e\u9f9a\u90b5"
    "\u4e07\u8983\u6b66\u94b1\u6234\u4e25\u83ab\u5b54\u5411\u5e38\u6e29\u5eb7\u65bd\u6587\u725b"
    "\u6a0a\u845b\u90a2\u5b89\u9f50\u6613\u4e54\u4f0d\u5e9e\u989c\u502a\u5e84\u8042\u7ae0\u9c81"
    "\u5cb3\u7fdf\u6bb7\u8a79\u7533\u6b27\u803f\u5173\u5170\u7126\u4fde\u5de6\u67f3\u7518\u795d"
    "\u5305\u5b81\u5c1a\u7b26\u8212\u962e\u67ef\u7eaa\u6885\u7ae5\u51cc\u6bd5\u5355\u88f4\u970d"
    "\u6d82\u6210\u82d7\u8c37\u76db\u66f2\u7fc1\u5189\u9a86\u84dd\u8def\u6e38\u8f9b\u9773\u7ba1"
    "\u67f4\u8499\u9c8d\u534e\u55bb\u7941\u84b2\u623f\u6ed5\u5c48\u9976\u89e3\u725f\u827e\u5c24"
    "\u9633\u9648\u5f35\u5289\u9673\u694a\u9ec3\u8d99\u5433\u5b6b\u99ac\u7f85\u912d\u8b1d\u8a31"
    "\u9127\u97d3\u99ae";
constexpr std::string_view kDoubleSurnames =
    "\u6b27\u9633\u8bf8\u845b\u53f8\u9a6c\u4e0a\u5b98\u590f\u4faf\u7687\u752b\u5c09\u8fdf\u516c"
    "\u5b59\u4ee4\u72d0\u5b87\u6587\u957f\u5b59\u6155\u5bb9\u53f8\u5f92\u53f8\u7a7a\u4e1c\u65b9"
    "\u72ec\u5b64\u5357\u5bab";
/// Characters that go on with the sentence after a name rather than end one.
constexpr std::string_view kNotInNames =
    "\u8bf7\u662f\u7684\u6211\u5728\u6765\u60f3\u8981\u4f4f\u548c\u8ddf\u4ece\u6709\u5f88\u4f60"
    "\u60a8\u4ed6\u5979\u4e5f\u4e0d\u7535\u624b\u8fd9\u90a3\u5c31\u5417\u5427\u5462\u554a\u4e86"
    "\u4eca\u8eab\u4e2a\u4eec\u4e48\u5440\u5566\u53eb\u8bf4\u5bf9\u8ba9\u628a\u88ab\u7ed9\u53bb"
    "\u5230\u4e0e\u53ca\u6216\u4f46\u800c\u6240\u5148\u5973";
constexpr size_t kHan = 3;  // bytes of such a character in UTF-8

bool holds_han(std::string_view list, std::string_view piece, size_t step) {
  for (size_t i = 0; i < list.size(); i += step) {
    if (list.substr(i, piece.size()) == piece) return true;
  }
  return false;
}

/// A surname and one or two characters, none of which carries on the sentence.
bool is_han_name(std::string_view text) {
  const bool twofold =
      text.size() > 2 * kHan && holds_han(kDoubleSurnames, text.substr(0, 2 * kHan), 2 * kHan);
  const size_t surname = twofold ? 2 * kHan : kHan;
  if (!twofold && !holds_han(kSurnames, text.substr(0, kHan), kHan)) return false;
  if (text.size() == surname || text.size() > surname + 2 * kHan) return false;
  for (size_t i = surname; i < text.size(); i += kHan) {
    if (holds_han(kNotInNames, text.substr(i, kHan), kHan)) return false;
  }
  return true;
}

bool is_han(std::string_view text) {
  const auto byte = static_cast<uint8_t>(text[0]);
  return byte >= 0xe4 && byte <= 0xe9;
}

/// Japanese goes on in kana (U+3041 to U+30FF), and its surnames are others.
bool before_kana(const Candidate& candidate) {
  const std::string_view rest = candidate.text.substr(candidate.end);
  return rest.size() > 1 && rest[0] == '\xe3' && rest[1] >= '\x81' && rest[1] <= '\x83';
}

/// "Lieber Schweiß, als gar kein Schmutz": rather this than that. "Lieber Peter, als ich" begins a
/// letter.
bool is_rather(const Candidate& candidate) {
  constexpr std::string_view kRather = "Lieber ", kThan = ", als ";
  const std::string_view before = candidate.text.substr(0, candidate.start);
  std::string_view rest = candidate.text.substr(candidate.end);
  if (!before.ends_with(kRather) || !rest.starts_with(kThan)) return false;
  rest.remove_prefix(kThan.size());
  return !lists(" du er es ich ihr man sie wir ", lower_of(rest.substr(0, rest.find(' '))));
}

Verdict person(const Candidate& candidate) {
  const std::string_view match = candidate.match();
  if (is_han(match) && before_kana(candidate)) return Verdict::kNeutral;
  if (is_han(match)) return is_han_name(match) ? Verdict::kConfirm : Verdict::kReject;
  if (match.ends_with("'s") || match.ends_with('\'')) return Verdict::kReject;  // without it
  if (is_rather(candidate)) return Verdict::kReject;
  const bool capitals = !is_lower(match.front());
  for (size_t at = 0; at < match.size();) {
    const size_t end = std::min(match.find_first_of(" -", at), match.size());
    const bool particle = capitals && is_lower(match[at]);  // the 'von der' of a name
    if (!particle && names_nobody(match.substr(at, end - at))) return Verdict::kReject;
    at = end + 1;
  }
  return Verdict::kConfirm;
}

constexpr NamedValidator kValidators[] = {{"person", person}};

}  // namespace

std::span<const NamedValidator> person_validators() { return kValidators; }

}  // namespace subrosa::detect
