// SPDX-License-Identifier: Apache-2.0
// Validators of tokens, keys and what holds them.
#include <algorithm>

#include "detect/validators/registry.h"
#include "detect/validators/shape.h"

namespace subrosa::detect {
namespace {

constexpr size_t kNone = std::string_view::npos;

bool is_base64url(char c) { return is_alnum(c) || c == '-' || c == '_'; }

/// The shape is distinctive; what fills it must not be xxxxxxx, nor go on.
Verdict random_token(const Candidate& candidate) {
  constexpr double kLeastEntropy = 2.5;
  if (is_base64url(candidate.after())) return Verdict::kReject;
  const std::string_view match = candidate.match();
  return entropy(match) < kLeastEntropy || is_periodic(match) ? Verdict::kReject
                                                              : Verdict::kNeutral;
}

/// As random_token, for shapes that words could fill: letters and digits must mix.
Verdict mixed_token(const Candidate& candidate) {
  const Mix mix = mix_of(candidate.match());
  return mix.digit && mix.letter() ? random_token(candidate) : Verdict::kReject;
}

/// AWS's documentation has keys that end in EXAMPLE.
Verdict aws_access_key(const Candidate& candidate) {
  return candidate.match().ends_with("EXAMPLE") ? Verdict::kReject : random_token(candidate);
}

/// IEEE 802.3.
uint32_t crc32(std::string_view bytes) {
  uint32_t crc = 0xFFFFFFFF;
  for (char c : bytes) {
    crc ^= static_cast<uint8_t>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320 : 0);
  }
  return ~crc;
}

/// GitHub and npm: the last six characters are the CRC-32 of the 30 before them, in base 62.
Verdict crc_token(const Candidate& candidate) {
  static constexpr std::string_view kBase62 =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  constexpr size_t kBody = 30;
  constexpr size_t kCheck = 6;
  const std::string_view match = candidate.match();
  const std::string_view token = match.substr(match.find('_') + 1);
  uint32_t crc = crc32(token.substr(0, kBody));
  for (size_t i = kBody + kCheck; i-- > kBody; crc /= 62) {
    if (token[i] != kBase62[crc % 62]) return random_token(candidate);
  }
  return Verdict::kConfirm;
}

int base64_value(char c) {
  if (is_upper(c)) return c - 'A';
  if (is_lower(c)) return c - 'a' + 26;
  if (is_digit(c)) return c - '0' + 52;
  if (c == '+' || c == '-') return 62;
  return c == '/' || c == '_' ? 63 : -1;
}

/// RFC 4648, either alphabet, up to the first character that is in neither.
std::string base64_decode(std::string_view text) {
  std::string out;
  uint32_t bits = 0;
  int held = 0;
  for (char c : text) {
    const int value = base64_value(c);
    if (value < 0) break;
    bits = (bits << 6) | static_cast<uint32_t>(value);
    if ((held += 6) < 8) continue;
    held -= 8;
    out += static_cast<char>((bits >> held) & 0xFF);
  }
  return out;
}

/// RFC 7515 7.1 has three parts, the last empty when nothing signs it; RFC 7516 7.1 has five.
Verdict jwt(const Candidate& candidate) {
  if (is_base64url(candidate.before()) || candidate.before() == '.') return Verdict::kReject;
  const size_t limit = std::min<size_t>(candidate.text.size(), candidate.start + kMaxReach);
  while (candidate.end < limit && (is_base64url(candidate.after()) || candidate.after() == '.'))
    ++candidate.end;
  const auto dots = [&candidate] {
    const std::string_view match = candidate.match();
    return std::count(match.begin(), match.end(), '.');
  };
  while (dots() > 2 && candidate.match().back() == '.') --candidate.end;  // a sentence's
  return dots() == 2 || dots() == 4 ? Verdict::kConfirm : Verdict::kReject;
}

/// A JWT, itself in base64.
Verdict base64_jwt(const Candidate& candidate) {
  const std::string inner = base64_decode(candidate.match());
  const size_t dot = inner.find('.');
  return inner.starts_with("eyJ") && dot != kNone && inner.compare(dot + 1, 2, "ey") == 0
             ? Verdict::kConfirm
             : Verdict::kReject;
}

/// RFC 7468, with the headers of RFC 1421: a key, not its mention, follows the opening line. The
/// finding reaches to the closing line, or as far as the key goes without one.
Verdict pem_private_key(const Candidate& candidate) {
  constexpr uint32_t kLeastBody = 64;
  constexpr std::string_view kDashes = "-----";
  const std::string_view text = candidate.text;
  const size_t limit = std::min<size_t>(text.size(), candidate.start + kMaxReach);
  uint32_t body = 0;
  size_t end = candidate.end;
  for (; end < limit && text.compare(end, kDashes.size(), kDashes) != 0; ++end) {
    const char c = text[end];
    if (base64_value(c) >= 0) {
      ++body;
    } else if (static_cast<uint8_t>(c) > ' ' && std::string_view("=\\:,\"'.()").find(c) == kNone) {
      break;
    }
  }
  if (body < kLeastBody) return Verdict::kReject;
  if (text.compare(end, kDashes.size() + 3, "-----END") == 0) {
    const size_t close = text.find(kDashes, end + kDashes.size());
    if (close != kNone && close < limit) end = close + kDashes.size();
  } else {
    while (base64_value(text[end - 1]) < 0 && text[end - 1] != '=') --end;
  }
  candidate.end = static_cast<uint32_t>(end);
  return Verdict::kConfirm;
}

bool is_value_byte(char c) { return is_alnum(c) || std::string_view("_.=+/~-").find(c) != kNone; }

/// Random enough to be a key: digits among letters, no words, no typed example, not cut short.
bool is_random_value(std::string_view value) {
  constexpr double kLeastEntropy = 3.0;
  const Mix mix = mix_of(value);
  return mix.digit && mix.letter() && entropy(value) >= kLeastEntropy && !is_wordy(value) &&
         !value.ends_with("...") && !is_placeholder(value) && !is_periodic(value) &&
         !is_counting(value);
}

/// The name says that its value is secret; about what the secret is called, where it lies or how
/// long it is, it says nothing.
bool is_secret_name(std::string_view name) {
  static constexpr std::string_view kSecret[] = {
      " token ",       " secret ",      " password ",       " passwd ",       " passphrase ",
      " pwd ",         " apikey ",      " accesskey ",      " secretkey ",    " privatekey ",
      " authkey ",     " authtoken ",   " accesstoken ",    " clientsecret ", " bearer ",
      " credential ",  " credentials ", " creds ",          " auth ",         " api key ",
      " access key ",  " secret key ",  " private key ",    " auth key ",     " app key ",
      " account key ", " client key ",  " encryption key ", " license key ",  " master key ",
      " service key ", " session key ", " shared key ",     " signing key ",  " webhook key ",
      " storage key ", " deploy key ",  " admin key ",      " role key ",     " subscription key "};
  static constexpr std::string_view kAbout[] = {
      " id ",   " ids ",     " name ",   " type ",     " url ",   " uri ",       " path ",
      " file ", " version ", " length ", " size ",     " count ", " dir ",       " host ",
      " port ", " format ",  " prefix ", " endpoint ", " ref ",   " expires ",   " expiry ",
      " ttl ",  " header ",  " class ",  " label ",    " field ", " algorithm ", " scope ",
      " hash ", " method ",  " at ",     " provider "};
  const std::string words = words_of(name);
  if (!contains_any(words, kSecret) || words.find(" public ") != kNone) return false;
  for (std::string_view about : kAbout) {
    if (words.ends_with(about)) return false;
  }
  return true;
}

/// `name = value`, whole, where the name says secret and the value looks it.
Verdict assigned_secret(const Candidate& candidate) {
  if (is_value_byte(candidate.after())) return Verdict::kReject;
  const std::string_view value = candidate.match();
  if (value.front() == '=' || value.front() == '/') return Verdict::kReject;
  return is_random_value(value) && is_secret_name(name_before(candidate.text, candidate.start))
             ? Verdict::kConfirm
             : Verdict::kReject;
}

/// Said rather than assigned ("the api key is ..."): the value alone decides.
Verdict said_secret(const Candidate& candidate) {
  return !is_value_byte(candidate.after()) && is_random_value(candidate.match()) ? Verdict::kConfirm
                                                                                 : Verdict::kReject;
}

/// RFC 9110 11.6.2; RFC 7617 has user and password in base64.
Verdict authorization(const Candidate& candidate) {
  const std::string_view match = candidate.match();
  if (is_value_byte(candidate.after()) || is_placeholder(match)) return Verdict::kReject;
  if (base64_decode(match).find(':') != kNone) return Verdict::kConfirm;
  return mix_of(match).digit && mix_of(match).letter() ? Verdict::kNeutral : Verdict::kReject;
}

std::string_view without_quotes(std::string_view text) {
  while (!text.empty() && (text.front() == '"' || text.front() == '\'')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == '"' || text.back() == '\'')) text.remove_suffix(1);
  return text;
}

/// curl's -u user:password, neither of them a stand-in; other tools' -u means other things.
Verdict curl_user(const Candidate& candidate) {
  constexpr size_t kLongestCommand = 1024;
  if (static_cast<uint8_t>(candidate.after()) > ' ') return Verdict::kReject;
  const std::string_view match = without_quotes(candidate.match());
  const size_t colon = match.find(':');
  const std::string_view user = without_quotes(match.substr(0, colon));
  const std::string_view password = without_quotes(match.substr(colon + 1));
  const bool secret_user = password.empty() && !user.empty() && !is_placeholder(user);
  if (!secret_user && is_placeholder(password)) return Verdict::kReject;
  const size_t from = candidate.start - std::min<size_t>(candidate.start, kLongestCommand);
  return candidate.text.substr(from, candidate.start - from).rfind("curl") == kNone
             ? Verdict::kReject
             : Verdict::kConfirm;
}

/// What is written where a password stands, not a stand-in for one.
Verdict plain_password(const Candidate& candidate) {
  return is_placeholder(candidate.match()) ? Verdict::kReject : Verdict::kConfirm;
}

bool is_url_byte(char c) { return is_alnum(c) || std::string_view("-_~/#@$&+=%").find(c) != kNone; }

/// RFC 3986 3.2.1: the password in `//user:password@host`.
bool has_password(std::string_view url) {
  const size_t begin = url.find("//") + 2;
  const std::string_view authority = url.substr(begin, url.find_first_of("/?#", begin) - begin);
  const size_t colon = authority.find(':');
  const size_t at = authority.rfind('@');
  return at != kNone && colon < at && !is_placeholder(authority.substr(colon + 1, at - colon - 1));
}

/// A parameter of the query or the fragment whose name says secret and whose value looks it.
bool has_secret_parameter(std::string_view url) {
  static constexpr std::string_view kNames[] = {
      " token ", " secret ",    " password ", " pwd ", " apikey ",  " api key ",   " key ",
      " sig ",   " signature ", " auth ",     " jwt ", " session ", " sessionid ", " code "};
  size_t at = url.find_first_of("?#");
  while (at != kNone) {
    const size_t begin = at + 1;
    at = url.find_first_of("?#&", begin);
    const std::string_view parameter = url.substr(begin, at == kNone ? kNone : at - begin);
    const size_t equals = parameter.find('=');
    if (equals == kNone) continue;
    const std::string words = words_of(parameter.substr(0, equals));
    const std::string_view value = parameter.substr(equals + 1);
    for (std::string_view name : kNames) {
      if (words.ends_with(name) && (value.starts_with("eyJ") || is_random_value(value)))
        return true;
    }
  }
  return false;
}

/// A URL, whole, that lets its reader in.
Verdict secret_url(const Candidate& candidate) {
  constexpr size_t kLongestTail = 4;
  for (size_t at = candidate.end; at < candidate.text.size(); ++at) {
    if (is_url_byte(candidate.text[at])) return Verdict::kReject;  // a longer one was tried
    if (at - candidate.end == kLongestTail ||
        std::string_view(".,:;!?'([])*").find(candidate.text[at]) == kNone)
      break;
  }
  const std::string_view url = candidate.match();
  return has_password(url) || has_secret_parameter(url) ? Verdict::kConfirm : Verdict::kReject;
}

/// Kubernetes Secret: base64 under `data:` of a manifest that says `kind: Secret`.
Verdict kubernetes_secret(const Candidate& candidate) {
  constexpr size_t kReach = 1024;
  if (is_value_byte(candidate.after()) || candidate.match().size() % 4 != 0)
    return Verdict::kReject;
  const size_t from = candidate.start - std::min<size_t>(candidate.start, kReach);
  const std::string_view before = candidate.text.substr(from, candidate.start - from);
  const size_t data = before.rfind("data:");
  if (data == kNone || before.substr(0, data).ends_with("meta")) return Verdict::kReject;
  const std::string_view around = candidate.text.substr(from, candidate.end + kReach - from);
  for (size_t at = around.find("kind"); at != kNone; at = around.find("kind", at + 1)) {
    const std::string kind = lower_of(around.substr(at, 18));
    static constexpr std::string_view kSecret[] = {"kind: secret\n", "kind: \"secret\"",
                                                   "kind: 'secret'", "kind\": \"secret\""};
    for (std::string_view secret : kSecret) {
      if (kind.starts_with(secret)) return Verdict::kConfirm;
    }
  }
  return Verdict::kReject;
}

constexpr NamedValidator kValidators[] = {
    {"random_token", random_token, kOnlyRefuses},
    {"mixed_token", mixed_token, kOnlyRefuses},
    {"aws_access_key", aws_access_key, kOnlyRefuses},
    {"crc_token", crc_token},
    {"jwt", jwt},
    {"base64_jwt", base64_jwt},
    {"pem_private_key", pem_private_key},
    {"assigned_secret", assigned_secret},
    {"said_secret", said_secret},
    {"authorization", authorization},
    {"curl_user", curl_user},
    {"plain_password", plain_password},
    {"secret_url", secret_url},
    {"kubernetes_secret", kubernetes_secret},
};

}  // namespace

std::span<const NamedValidator> secrets_validators() { return kValidators; }

}  // namespace subrosa::detect
