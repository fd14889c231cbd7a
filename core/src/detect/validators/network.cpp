// SPDX-License-Identifier: Apache-2.0
// Mailboxes, hosts and what addresses them.
#include <algorithm>

#include "detect/validators/countries.h"
#include "detect/validators/digits.h"
#include "detect/validators/registry.h"

namespace subrosa::detect {
namespace {

bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_ascii(char c) { return static_cast<uint8_t>(c) < 0x80; }

// The generic top-level domains of the root zone that are in common use, and the internationalised
// ones; country codes are ISO 3166's.
constexpr std::string_view kGenericTops =
    " academy aero agency ai app art asia audio auto bank bar beer berlin best bet bible bid bike"
    " bio biz black blog blue boutique build business buzz cafe cam camera camp capital cards care"
    " careers casa cash casino cat center ceo chat church city claims cleaning clinic clothing "
    "cloud"
    " club coach codes coffee college com community company computer consulting contact cool coop"
    " country credit cruises dance data date dating day deals degree delivery democrat dental "
    "design"
    " dev diet digital direct directory doctor dog domains earth edu education email energy "
    "engineer"
    " engineering equipment estate eu events exchange expert express family fan farm fashion "
    "finance"
    " financial fish fit fitness flights florist fm foundation fr fun fund furniture fyi gallery "
    "game"
    " games garden gay gift gifts gives glass global gold golf gov graphics green group guide guru"
    " health healthcare help hiphop holdings holiday homes horse hospital host hosting house how "
    "icu"
    " inc info ink institute insurance insure int international investments io jewelry jobs kim"
    " kitchen land law lawyer legal life lighting limited limo link live llc loan loans lol london"
    " love ltd luxury maison management market marketing mba media menu mil mobi moda moe money"
    " mortgage moscow movie museum music name net network news ngo ninja nyc one ong online org"
    " organic paris partners parts party pet pharmacy photo photography photos pics pictures pink"
    " pizza place plumbing plus poker porn post press pro productions promo properties property pub"
    " qpon quest racing realty recipes red rehab rent rentals repair report rest restaurant review"
    " reviews rip rocks run sale salon sarl school science secure security services sex sexy shoes"
    " shop shopping show singles site ski soccer social software solar solutions space sport store"
    " stream studio study style support surf surgery swiss systems tattoo tax taxi team tech"
    " technology tel tennis theater tickets tips tires tirol today tokyo tools top tours town toys"
    " trade trading training travel tube uk university uno vacations vegas ventures vet video "
    "villas"
    " vin vip vision vodka vote voyage watch webcam website wedding wien wiki win wine work works"
    " world wtf xxx xyz yachts yoga yokohama zone su ac ";

bool is_top_domain(std::string_view label) {
  if (label.starts_with("xn--") || !is_ascii(label.front())) return true;
  std::string upper(label);
  for (char& c : upper) c = to_upper(c);
  return (upper.size() == 2 && is_country(upper)) || lists(kGenericTops, lower_of(label));
}

/// RFC 1035 2.3.4: labels of 1 to 63 bytes that no hyphen begins or ends, 253 in all.
bool is_host_name(std::string_view host) {
  if (host.size() > 253) return false;
  for (size_t at = 0; at <= host.size();) {
    const size_t end = std::min(host.find('.', at), host.size());
    const std::string_view label = host.substr(at, end - at);
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-')
      return false;
    at = end + 1;
  }
  return true;
}

std::string_view top_label(std::string_view host) { return host.substr(host.rfind('.') + 1); }

/// RFC 791's dotted form, without leading zeros, which dates and versions have.
bool is_ipv4(std::string_view text) {
  size_t parts = 0;
  for (size_t at = 0; at <= text.size(); ++parts) {
    const size_t end = std::min(text.find('.', at), text.size());
    const std::string_view part = text.substr(at, end - at);
    if (part.empty() || part.size() > 3 || !std::all_of(part.begin(), part.end(), is_digit) ||
        (part.size() > 1 && part[0] == '0') || number_at(part, 0, 3) > 255)
      return false;
    at = end + 1;
  }
  return parts == 4;
}

struct Ipv6 {
  bool valid = false;
  int groups = 0;  // written out
  bool mapped = false;
};

// RFC 4291 2.2: eight groups, one run of which may be written '::', the last two as dotted IPv4.
Ipv6 parse_ipv6(std::string_view text) {
  Ipv6 out;
  bool gap = false;
  int units = 0;
  size_t at = 0;
  if (text.starts_with("::")) {
    gap = true;
    at = 2;
  }
  while (at < text.size()) {
    const size_t end = std::min(text.find(':', at), text.size());
    const std::string_view group = text.substr(at, end - at);
    ++out.groups;
    if (end == text.size() && group.find('.') != std::string_view::npos) {
      if (!is_ipv4(group)) return out;
      out.mapped = true;
      units += 2;
      break;
    }
    if (group.empty() || group.size() > 4 || !std::all_of(group.begin(), group.end(), is_hex))
      return out;
    ++units;
    if (end == text.size()) break;
    at = end + 1;
    if (at == text.size()) return out;  // one colon at the end
    if (text[at] == ':') {
      if (gap) return out;
      gap = true;
      ++at;
    }
  }
  out.valid = gap ? units <= 7 : units == 8;
  return out;
}

// RFC 5321 4.5.3.1: 64 bytes before the at sign, 254 in all.
Verdict email(const Candidate& candidate) {
  const std::string_view match = candidate.match();
  const size_t at = match.rfind('@');
  const std::string_view local = match.substr(0, at);
  const std::string_view domain = match.substr(at + 1);
  if (match.size() > 254 || local.size() > 64) return Verdict::kReject;
  const bool quoted = local.front() == '"';
  if (!quoted && (local.back() == '.' || local.find("..") != std::string_view::npos))
    return Verdict::kReject;
  if (domain.front() == '[') {
    const std::string_view literal = domain.substr(1, domain.size() - 2);
    const bool valid =
        literal.starts_with("IPv6:") ? parse_ipv6(literal.substr(5)).valid : is_ipv4(literal);
    return valid ? Verdict::kConfirm : Verdict::kReject;
  }
  if (!is_host_name(domain)) return Verdict::kReject;
  const std::string_view top = top_label(domain);
  const bool letters = std::none_of(top.begin(), top.end(), is_digit) || top.starts_with("xn--");
  return top.size() >= 2 && letters ? Verdict::kConfirm : Verdict::kReject;
}

/// Another part stands behind or before it, as in a version of five parts.
bool goes_on(const Candidate& candidate, char separator) {
  return candidate.after() == separator && candidate.end + 1 < candidate.text.size() &&
         (is_alnum(candidate.text[candidate.end + 1]) || candidate.text[candidate.end + 1] == ':');
}
bool comes_from(const Candidate& candidate, char separator) {
  return candidate.before() == separator && candidate.start > 1 &&
         (is_alnum(candidate.text[candidate.start - 2]) ||
          candidate.text[candidate.start - 2] == ':');
}
bool continues(const Candidate& candidate, char separator) {
  return goes_on(candidate, separator) || comes_from(candidate, separator);
}

/// What makes an IPv4 address of four small numbers less likely: a product or version before it.
bool follows_product(const Candidate& candidate) {
  const bool slash = candidate.before() == '/' && candidate.start > 1 &&
                     is_alnum(candidate.text[candidate.start - 2]);
  const size_t from = candidate.start > 12 ? candidate.start - 12 : 0;
  const std::string before = lower_of(candidate.text.substr(from, candidate.start - from));
  static constexpr std::string_view kWords[] = {"version", "revision ", "release ", "since ",
                                                "depuis ", "seit ",     "desde "};
  return slash || std::any_of(std::begin(kWords), std::end(kWords), [&](std::string_view word) {
           return before.find(word) != std::string::npos;
         });
}

Verdict ip_address(const Candidate& candidate) {
  std::string_view match = candidate.match();
  const size_t slash = match.find('/');
  const bool v6 = match.find(':') != std::string_view::npos;
  if (slash != std::string_view::npos) {
    if (number_at(match, slash + 1, 3) > (v6 ? 128 : 32)) return Verdict::kReject;
    match = match.substr(0, slash);
  }
  if (!v6) {
    if (!is_ipv4(match) || continues(candidate, '.')) return Verdict::kReject;
    const bool small = match.size() == 7;  // 1.2.3.4, as sections and versions are numbered
    // RFC 6890: this machine, no machine, every machine and the masks are nobody's.
    const int first = number_at(match, 0, match.find('.'));
    if (first == 255 && match != "255.255.255.255") return Verdict::kReject;  // a mask
    const bool nobody = first == 0 || first == 127 || first == 255;
    return small || nobody || follows_product(candidate) ? Verdict::kNeutral : Verdict::kConfirm;
  }
  match = match.substr(0, match.find('%'));
  const Ipv6 parsed = parse_ipv6(match);
  const auto glued = [](char c) { return is_alnum(c) || c == ':' || c == '_'; };
  if (!parsed.valid || glued(candidate.before()) || is_alnum(candidate.after()))
    return Verdict::kReject;
  if (goes_on(candidate, ':') || goes_on(candidate, '.')) return Verdict::kReject;
  if (match.ends_with(':') && candidate.after() == ':') return Verdict::kReject;
  if (match == "::") {
    constexpr std::string_view kBorders = " =()[]/,;";
    const auto border = [&](char c) {
      return c == 0 || kBorders.find(c) != std::string_view::npos;
    };
    return border(candidate.before()) && border(candidate.after()) ? Verdict::kNeutral
                                                                   : Verdict::kReject;
  }
  // 'a::b' is a name in C++ and '1:2:3:4:5:6:7:8' a list: neither is an address by itself.
  const bool digit = std::any_of(match.begin(), match.end(), is_digit);
  const bool wide = match.find(':') == 4 || match.size() > 15;
  return parsed.mapped || (digit && wide) ? Verdict::kConfirm : Verdict::kNeutral;
}

// IEEE 802: 48 or 64 bits; all ones is everybody, all zeros nobody.
Verdict mac_address(const Candidate& candidate) {
  const std::string hex = alnum_of(candidate.match());
  if (one_digit_repeated(hex) && (hex[0] == 'F' || hex[0] == '0')) return Verdict::kReject;
  for (char separator : {':', '-', '.'}) {
    if (continues(candidate, separator)) return Verdict::kReject;
  }
  const bool letters = !std::all_of(hex.begin(), hex.end(), is_digit);
  return letters || candidate.match()[2] == ':' ? Verdict::kConfirm : Verdict::kNeutral;
}

/// The host of a URL and whether its port, if there is one, can be one.
struct Authority {
  std::string_view host;
  bool port = true;
};

Authority authority_of(std::string_view url) {
  const size_t scheme = url.find("://");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find_first_of("/?#"));
  const size_t at = url.rfind('@');
  if (at != std::string_view::npos) url.remove_prefix(at + 1);
  Authority out;
  const size_t colon = url.find(':', url.starts_with("[") ? url.find(']') : 0);
  out.host = url.substr(0, colon);
  if (colon < url.size()) {
    const std::string_view port = url.substr(colon + 1);
    const int number = number_at(port, 0, 6);
    out.port = std::all_of(port.begin(), port.end(), is_digit) && port.size() < 6 &&
               (port.empty() || (number > 0 && number <= 65535));
  }
  return out;
}

// RFC 3986. This machine's own name tells nothing of anybody.
Verdict url(const Candidate& candidate) {
  const std::string_view match = candidate.match();
  if (match.ends_with(")") &&
      std::count(match.begin(), match.end(), ')') > std::count(match.begin(), match.end(), '('))
    return Verdict::kReject;
  if (goes_on(candidate, '.') || goes_on(candidate, ':') || candidate.after() == '-')
    return Verdict::kReject;  // cut before a port or a label that cannot be one
  const auto [host, port] = authority_of(match);
  if (!port || host.empty() || host == "localhost") return Verdict::kReject;
  const bool scheme = match.find("://") != std::string_view::npos;
  if (host.front() == '[') {
    const bool valid =
        scheme && host.back() == ']' && parse_ipv6(host.substr(1, host.size() - 2)).valid;
    return valid ? Verdict::kConfirm : Verdict::kReject;
  }
  const std::string_view top = top_label(host);
  const bool number = std::all_of(top.begin(), top.end(), is_digit);
  if (!is_host_name(host) || top == "xn--" || (number && !is_ipv4(host))) return Verdict::kReject;
  if (scheme) return Verdict::kConfirm;
  // The address after an at sign is a mailbox's, and one before it a mailbox's local part.
  if (candidate.before() == '@' || candidate.after() == '@') return Verdict::kReject;
  return is_top_domain(top) ? Verdict::kConfirm : Verdict::kReject;
}

constexpr NamedValidator kValidators[] = {
    {"email", email}, {"ip_address", ip_address}, {"mac_address", mac_address}, {"url", url}};

}  // namespace

std::span<const NamedValidator> network_validators() { return kValidators; }

}  // namespace subrosa::detect
