// SPDX-License-Identifier: Apache-2.0
// Validators of what people type to sign in: passwords, user names, one-time codes.
#include "detect/validators/registry.h"
#include "detect/validators/shape.h"

namespace subrosa::detect {
namespace {

constexpr size_t kNone = std::string_view::npos;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// Nothing of the value is left: the text ends, a blank, a quote or another script (in UTF-8 of
/// three bytes or more) follows, or punctuation and then one of these.
bool ends_here(std::string_view text, size_t at) {
  const auto is_border = [&text](size_t i) {
    return i >= text.size() || is_space(text[i]) || static_cast<uint8_t>(text[i]) >= 0xe0 ||
           std::string_view("\"'`<\\").find(text[i]) != kNone;
  };
  while (at < text.size() && std::string_view(".,;:?)]}!").find(text[at]) != kNone) ++at;
  return is_border(at);
}

/// A clause ends here, so that what is before is its last word.
bool clause_ends(std::string_view text, size_t at) {
  while (at < text.size() && text[at] == ' ') ++at;
  return at >= text.size() || !is_alnum(text[at]);
}

/// What is said about a password, rather than the password.
bool is_remark(std::string_view word) {
  static constexpr std::string_view kRemarks[] = {
      "accepted",     "again",      "also",       "attached",  "available",  "back",
      "below",        "blank",      "broken",     "case",      "changed",    "compromised",
      "confidential", "correct",    "created",    "default",   "different",  "disabled",
      "easy",         "email",      "empty",      "enabled",   "encrypted",  "enough",
      "exposed",      "expired",    "expiring",   "falsch",    "fine",       "forgotten",
      "good",         "hard",       "hashed",     "here",      "hidden",     "incorrect",
      "incorrecta",   "incorrecto", "incorrecte", "invalid",   "invalida",   "invalide",
      "known",        "leaked",     "locked",     "long",      "lost",       "mandatory",
      "masked",       "missing",    "needed",     "none",      "null",       "okay",
      "old",          "optional",   "private",    "protected", "public",     "ready",
      "required",     "reset",      "safe",       "same",      "saved",      "secret",
      "secure",       "sensitive",  "sent",       "shared",    "short",      "sicher",
      "simple",       "stolen",     "stored",     "strong",    "temporary",  "that",
      "there",        "this",       "unchanged",  "ungueltig", "unique",     "unknown",
      "unsafe",       "updated",    "useless",    "valid",     "vergessen",  "weak",
      "working",      "wrong",      "yours",      "admin's",   "abgelaufen", "richtig",
      "oublie",       "expire",     "correcta",   "correcto",  "segura",     "olvidada",
      "caducada",     "validity",   "expiry",     "strength",  "length",     "specified",
      "given"};
  return is_any(lower_of(word), kRemarks);
}

/// "password hunter2": nothing but a blank between the word and the value.
bool is_bare(const Candidate& candidate) {
  static constexpr std::string_view kWords[] = {"password", "passwort", "passcode", "kennwort",
                                                "passwd",   "pass",     "pwd",      "pw"};
  return candidate.start >= 2 && candidate.before() == ' ' &&
         is_lower(to_lower(candidate.text[candidate.start - 2])) &&
         is_any(lower_of(name_before(candidate.text, candidate.start)), kWords);
}

/// Any characters a person may choose, but neither a reference to a password nor a remark on it.
Verdict password(const Candidate& candidate) {
  const std::string_view value = candidate.match();
  if (!ends_here(candidate.text, candidate.end) || is_placeholder(value) || is_remark(value))
    return Verdict::kReject;
  if (value.find("://") != kNone || value.find("()") != kNone) return Verdict::kReject;
  const Mix mix = mix_of(value);
  if (mix.digit && mix.letter()) return Verdict::kConfirm;
  if (is_bare(candidate)) return Verdict::kReject;
  if (mix.digit) return mix.other ? Verdict::kReject : Verdict::kNeutral;
  if (value.find_first_of("!#$%&*+=?@^~|") != kNone) return Verdict::kConfirm;
  // Letters alone could be the next word of a sentence, with dots or underscores a piece of code.
  return value.find_first_of("._/") == kNone && clause_ends(candidate.text, candidate.end)
             ? Verdict::kNeutral
             : Verdict::kReject;
}

/// `db_password: value`, by the words of the name.
Verdict assigned_password(const Candidate& candidate) {
  static constexpr std::string_view kNames[] = {" password ", " passwd ", " passcode ",
                                                " passphrase ", " pwd "};
  const std::string words = words_of(name_before(candidate.text, candidate.start));
  for (std::string_view name : kNames) {
    if (words.ends_with(name)) return password(candidate);
  }
  return Verdict::kReject;
}

/// MYSQL_USERNAME: what manuals write where a name is to be put.
bool is_metavariable(Mix mix, std::string_view value) {
  return mix.upper && !mix.lower && !mix.digit && value.find('_') != kNone;
}

/// A name to sign in with, neither an e-mail address nor the next word of a sentence.
Verdict username(const Candidate& candidate) {
  const std::string_view value = candidate.match();
  if (candidate.after() == '@' || is_remark(value) || is_placeholder(value))
    return Verdict::kReject;
  const Mix mix = mix_of(value);
  if (is_metavariable(mix, value)) return Verdict::kReject;
  return mix.digit || mix.other || clause_ends(candidate.text, candidate.end) ? Verdict::kNeutral
                                                                              : Verdict::kReject;
}

/// More of a path, a call or a host's name comes after it.
bool goes_on(const Candidate& candidate) {
  const char after = candidate.after() == 0 ? ' ' : candidate.after();
  if (std::string_view("/@(").find(after) != kNone) return true;
  return (after == '.' || after == '-') && candidate.end + 1 < candidate.text.size() &&
         is_alnum(candidate.text[candidate.end + 1]);
}

/// @name, but not e-mail, an npm scope, a code annotation or a group that chat programs name.
Verdict mention(const Candidate& candidate) {
  static constexpr std::string_view kOthers[] = {
      "@all",     "@channel", "@here",   "@everyone", "@media",      "@import", "@param",
      "@return",  "@returns", "@throws", "@override", "@deprecated", "@see",    "@since",
      "@author",  "@font",    "@type",   "@todo",     "@private",    "@public", "@charset",
      "@example", "@inc",     "@argv",   "@file",     "@home"};
  const char before = candidate.before() == 0 ? ' ' : candidate.before();
  if (is_alnum(before) || std::string_view("_.@/-+*>\\").find(before) != kNone ||
      goes_on(candidate))
    return Verdict::kReject;
  const std::string_view match = candidate.match();
  // No network lets its names hold both: user.name on one, user-name on another.
  const bool is_host = match.find('.') != kNone && match.find('-') != kNone;
  return is_host || is_any(lower_of(match), kOthers) || !mix_of(match).letter() ? Verdict::kReject
                                                                                : Verdict::kNeutral;
}

/// RFC 9562: neither the nil nor the max value.
Verdict guid(const Candidate& candidate) {
  return one_digit_repeated(alnum_of(candidate.match())) ? Verdict::kReject : Verdict::kNeutral;
}

constexpr NamedValidator kValidators[] = {
    {"password", password},
    {"guid", guid, kOnlyRefuses},
    {"assigned_password", assigned_password},
    {"username", username, kOnlyRefuses},
    {"mention", mention, kOnlyRefuses},
};

}  // namespace

std::span<const NamedValidator> passwords_validators() { return kValidators; }

}  // namespace subrosa::detect
