// SPDX-License-Identifier: Apache-2.0
#include "redact/operators.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "detect/validators/digits.h"
#include "redact/encrypt.h"
#include "redact/generalize.h"
#include "redact/placeholder.h"
#include "redact/surrogate.h"
#include "redact/value.h"
#include "text/utf8.h"

namespace subrosa::redact {
namespace {

using nlohmann::json;

constexpr uint32_t kMaxKeep = 64;
constexpr uint32_t kLeastHash = 8, kMostHash = 64;  // hexadecimal digits
constexpr size_t kMaxTemplate = 64;                 // bytes
constexpr size_t kMaxSession = 256;                 // bytes

struct Named {
  const char* name;
  OperatorKind kind;
  std::initializer_list<std::string_view> options;
};

const Named* find_named(std::string_view name) {
  static const Named kNamed[] = {
      {"replace", OperatorKind::kReplace, {"template"}},
      {"mask", OperatorKind::kMask, {"character", "keepStart", "keepEnd"}},
      {"redact", OperatorKind::kRedact, {}},
      {"hash", OperatorKind::kHash, {"key", "length"}},
      {"encrypt", OperatorKind::kEncrypt, {"key", "session"}},
      {"surrogate", OperatorKind::kSurrogate, {}},
      {"generalize", OperatorKind::kGeneralize, {}},
      {"keep", OperatorKind::kKeep, {}},
  };
  for (const Named& named : kNamed) {
    if (named.name == name) return &named;
  }
  return nullptr;
}

Error bad(std::string pointer, std::string_view option, ErrorCode code = ErrorCode::kBadArgument) {
  return {code, 0, pointer.append("/").append(option)};
}

bool take_u32(const json& value, uint32_t least, uint32_t most, uint32_t* out) {
  if (!value.is_number_unsigned()) return false;
  const auto number = value.get<uint64_t>();
  if (number < least || number > most) return false;
  *out = static_cast<uint32_t>(number);
  return true;
}

/// '{entity}_{n}', in brackets or bare, or a fixed text without braces.
bool take_template(const json& value, Operator* op) {
  if (!value.is_string()) return false;
  const auto& text = value.get_ref<const std::string&>();
  constexpr std::string_view kCore = "{entity}_{n}";
  if (text.size() > kMaxTemplate) return false;
  const size_t at = text.find(kCore);
  op->is_numbered = at != std::string::npos;
  op->before = text.substr(0, at);
  op->after = op->is_numbered ? text.substr(at + kCore.size()) : "";
  if (op->is_numbered) return is_pair(op->before, op->after);
  return text.find('{') == std::string::npos;
}

bool take_character(const json& value, std::string* out) {
  if (!value.is_string()) return false;
  *out = value.get<std::string>();
  return !out->empty() && text::decode(*out, 0).length == out->size();
}

bool take_key(const json& value, seal::SecretBytes* out) {
  if (!value.is_string()) return false;
  const auto& hex = value.get_ref<const std::string&>();
  out->resize(hex.size() / 2);
  size_t written = 0;
  if (sodium_hex2bin(out->data(), out->size(), hex.data(), hex.size(), nullptr, &written,
                     nullptr) != 0)
    return false;
  return written * 2 == hex.size() && written >= crypto_generichash_KEYBYTES_MIN &&
         written <= crypto_generichash_KEYBYTES_MAX;
}

bool take_session(const json& value, std::string* out) {
  if (!value.is_string()) return false;
  *out = value.get<std::string>();
  return out->size() <= kMaxSession;
}

bool take_option(const std::string& name, const json& value, Operator* op) {
  if (name == "template") return take_template(value, op);
  if (name == "character") return take_character(value, &op->character);
  if (name == "keepStart") return take_u32(value, 0, kMaxKeep, &op->keep_start);
  if (name == "keepEnd") return take_u32(value, 0, kMaxKeep, &op->keep_end);
  if (name == "key") return take_key(value, &op->key);
  if (name == "session") return take_session(value, &op->session);
  return take_u32(value, kLeastHash, kMostHash, &op->length);
}

bool is_shown(const text::CodePoint& c) {
  return c.value >= 0x80 || detect::is_alnum(static_cast<char>(c.value));
}

std::string mask(const Operator& op, std::string_view value) {
  uint32_t count = 0;
  for (size_t at = 0; at < value.size();) {
    const text::CodePoint c = text::decode(value, at);
    count += is_shown(c);
    at += c.length;
  }
  // What would keep more than half of a value keeps none of it.
  const bool keeps = op.keep_start + op.keep_end <= count / 2;
  const uint32_t first = keeps ? op.keep_start : 0, last = keeps ? count - op.keep_end : count;
  std::string out;
  uint32_t index = 0;
  for (size_t at = 0; at < value.size();) {
    const text::CodePoint c = text::decode(value, at);
    const bool hides = is_shown(c) && index >= first && index < last;
    out.append(hides ? std::string_view(op.character) : value.substr(at, c.length));
    index += is_shown(c);
    at += c.length;
  }
  return out;
}

std::string hash(const Operator& op, const Value& value) {
  const detect::Rule& rule = *value.rule;
  const SecretString same = same_value(rule.entity, rule.category, value.text, value.regions);
  seal::Secret<kMostHash / 2> digest;
  crypto_generichash_state state;
  crypto_generichash_init(&state, op.key.data(), op.key.size(), digest.size());
  const auto add = [&](std::string_view text) {
    crypto_generichash_update(&state, reinterpret_cast<const uint8_t*>(text.data()), text.size());
  };
  add(rule.entity);
  add(std::string_view("\0", 1));
  add(same);
  crypto_generichash_final(&state, digest.data(), digest.size());
  sodium_memzero(&state, sizeof state);
  char hex[kMostHash + 1];
  sodium_bin2hex(hex, sizeof hex, digest.data(), digest.size());
  std::string out = "[";
  return out.append(rule.entity).append(":").append(hex, op.length).append("]");
}

/// What an operator made of a value, unless that is the value: then nothing of it stays.
std::string unless_kept(std::string made, const Operator& op, const Value& value, uint32_t number) {
  if (made == value.text) return placeholder(op, value.rule->entity, number);
  return made;
}

}  // namespace

Result<Operator> parse_operator(const json& json, const std::string& pointer) {
  const auto own = json.is_object() ? json.find("operator") : json.end();
  const auto& name = json.is_object() && own != json.end() ? *own : json;
  if (!name.is_string()) return Error{ErrorCode::kBadFormat, 0, pointer};
  const Named* named = find_named(name.get_ref<const std::string&>());
  if (!named) return Error{ErrorCode::kUnknownId, 0, pointer};
  Operator op;
  op.kind = named->kind;
  if (json.is_object()) {
    for (const auto& [option, value] : json.items()) {
      if (option == "operator") continue;
      if (std::find(named->options.begin(), named->options.end(), option) == named->options.end())
        return bad(pointer, option, ErrorCode::kUnknownId);
      if (!take_option(option, value, &op)) return bad(pointer, option);
    }
  }
  if (op.kind == OperatorKind::kHash && op.key.empty()) return bad(pointer, "key");
  if (op.kind == OperatorKind::kEncrypt && op.key.size() != kEncryptKeyBytes)
    return bad(pointer, "key");
  return op;
}

std::string apply(const Operator& op, const Value& value, uint32_t number) {
  switch (op.kind) {
    case OperatorKind::kReplace:
      return op.is_numbered ? placeholder(op, value.rule->entity, number) : op.before;
    case OperatorKind::kMask:
      return mask(op, value.text);
    case OperatorKind::kHash:
      return hash(op, value);
    case OperatorKind::kEncrypt:
      return encrypt({op.key, op.session}, value.rule->entity, value.text);
    case OperatorKind::kSurrogate:
      return unless_kept(surrogate(*value.rule, value.text, number), op, value, number);
    case OperatorKind::kGeneralize:
      return unless_kept(generalize(value.rule->entity, value.text), op, value, number);
    case OperatorKind::kKeep:
      return std::string(value.text);
    case OperatorKind::kRedact:
      break;
  }
  return std::string();
}

std::string placeholder(const Operator& op, std::string_view entity, uint32_t number) {
  std::string out = op.before;
  out.append(entity).append("_").append(std::to_string(number)).append(op.after);
  return out;
}

}  // namespace subrosa::redact
