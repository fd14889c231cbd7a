// SPDX-License-Identifier: Apache-2.0
#include "consent/policy.h"

#include <algorithm>
#include <array>

#include "json/canonical.h"

namespace subrosa::consent {
namespace {

constexpr size_t kMaxPurposes = 64;
constexpr size_t kMaxParties = 64;
constexpr size_t kMaxLanguages = 64;
constexpr size_t kMaxList = 64;
constexpr size_t kMaxProse = 2000;

constexpr std::string_view kKinds[] = {"separate",      "sensitive",   "third_party",
                                       "cross_border",  "publication", "public_space",
                                       "long_retention"};
constexpr std::string_view kClasses[] = {"essential", "experience", "improve",
                                         "legal",     "share",      "retain"};
constexpr std::string_view kBases[] = {"dpv:Consent",
                                       "dpv:InformedConsent",
                                       "dpv:ExpressedConsent",
                                       "dpv:ExplicitlyExpressedConsent",
                                       "dpv:Contract",
                                       "dpv:LegalObligation",
                                       "dpv:LegitimateInterest",
                                       "dpv:PublicInterest",
                                       "dpv:VitalInterest"};
constexpr std::string_view kRoles[] = {"dpv:DataController", "dpv:JointDataControllers",
                                       "dpv:DataProcessor", "dpv:ThirdParty"};
constexpr std::string_view kChanges[] = {"material", "editorial"};
constexpr std::string_view kOperators[] = {"replace", "mask",      "redact",     "hash",
                                           "encrypt", "surrogate", "generalize", "keep"};
constexpr uint32_t kFirstRecipientRole = 2;

/// The fields that a person's choice rests on: another value asks for another choice. `class`
/// belongs to them because Global Privacy Control looks at it.
constexpr std::array kMaterial = {"purpose_type",
                                  "lawful_basis",
                                  "kind",
                                  "class",
                                  "pii_information",
                                  "processing_method",
                                  "recipient_third_parties",
                                  "storage_locations",
                                  "geographic_restrictions",
                                  "retention_period",
                                  "redaction"};
/// What identifies a party; a new address to write to is not a new party.
constexpr std::array kIdentity = {"party_id", "party_name", "party_role", "jurisdiction"};

struct Party {
  std::string id;
  bool is_third_party = false;
  Json identity;
};

/// Reads one document; its state is what later parts refer to.
class Reader {
 public:
  explicit Reader(const Json& document) : document_(document) {}

  Result<Policy> read() {
    Fields fields(document_, "", &error_);
    if (fields.text("schema_version") != "subrosa-policy/1") {
      refuse(&error_, "/schema_version", ErrorCode::kUnsupportedVersion);
    }
    policy_.policy_id = token(fields, "policy_id");
    policy_.version = fields.text("version", 64);
    policy_.published = time(fields, "published");
    policy_.effective = time(fields, "effective_date");
    if (policy_.effective < policy_.published) fields.refuse("effective_date");
    if (fields.has("supersedes")) hash(fields, "supersedes");
    read_texts(fields);
    read_parties(fields, "pii_controllers", 1, kMaxRecipients, &controllers_);
    read_parties(fields, "parties", 0, kMaxParties, &parties_);
    if (!controllers_.empty()) policy_.controller = controllers_.front().id;
    read_purposes(fields);
    read_change(fields);
    fields.texts("privacy_rights", kMaxList, 0);
    read_authority(fields);
    read_conduct(fields);
    fields.finish();
    if (error_.code != ErrorCode::kOk) return error_;
    policy_.document = canonical(document_);
    policy_.hash = sha256(policy_.document);
    return std::move(policy_);
  }

 private:
  /// An identifier: letters, digits and "-_.:/" alone, so that it can stand in logs and headers.
  std::string token(Fields& fields, const char* key) {
    std::string text = fields.text(key, 128);
    if (!is_token(text)) fields.refuse(key);
    return text;
  }

  static bool is_token(std::string_view text) {
    static constexpr std::string_view kAllowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:/";
    return text.find_first_not_of(kAllowed) == std::string_view::npos;
  }

  std::vector<std::string> tokens(Fields& fields, const char* key, size_t limit, size_t least) {
    std::vector<std::string> texts = fields.texts(key, limit, least);
    for (size_t i = 0; i < texts.size(); ++i) {
      if (!is_token(texts[i])) refuse(&error_, pointer_to(fields.at(key), i));
    }
    return texts;
  }

  Seconds time(Fields& fields, const char* key) {
    Seconds time = 0;
    if (!parse_time(fields.text(key), &time)) fields.refuse(key);
    return time;
  }

  Period period(Fields& fields, const char* key) {
    Period period;
    if (!parse_period(fields.text(key), &period)) fields.refuse(key);
    return period;
  }

  Hash hash(Fields& fields, const char* key) {
    Hash hash;
    if (!parse_hash(fields.text(key), &hash)) fields.refuse(key);
    return hash;
  }

  /// Text in every language of the policy, and in no other.
  void localized(Fields& fields, const char* key) {
    const Json* value = fields.member(key, true);
    if (!value) return;
    Fields languages(*value, fields.at(key), &error_);
    for (const auto& [language, unused] : policy_.texts)
      languages.text(language.c_str(), kMaxProse);
    languages.finish();
  }

  void read_texts(Fields& fields) {
    const Json* list = fields.list("texts", kMaxLanguages, 1);
    for (size_t i = 0; list && i < list->size(); ++i) {
      Fields text((*list)[i], pointer_to("/texts", i), &error_);
      std::string language = token(text, "language");
      if (policy_.text(language)) text.refuse("language");
      const Hash content = hash(text, "content_hash");
      text.text("uri", 1024);
      text.finish();
      policy_.texts.emplace_back(std::move(language), content);
    }
  }

  void read_parties(Fields& fields, const char* key, size_t least, size_t limit,
                    std::vector<Party>* parties) {
    const Json* list = fields.list(key, limit, least);
    for (size_t i = 0; list && i < list->size(); ++i) {
      Fields party((*list)[i], pointer_to(fields.at(key), i), &error_);
      std::string id = token(party, "party_id");
      if (find_party(controllers_, id) || find_party(parties_, id)) party.refuse("party_id");
      party.text("party_name");
      party.optional_text("party_contact", 1024);
      const uint32_t role = party.choice("party_role", kRoles);
      if ((role < kFirstRecipientRole) != (parties == &controllers_)) party.refuse("party_role");
      party.optional_text("jurisdiction", 64);
      party.finish();
      parties->push_back({std::move(id), role == 3, part_of((*list)[i], kIdentity)});
    }
  }

  static const Party* find_party(const std::vector<Party>& parties, std::string_view id) {
    const auto found = std::find_if(parties.begin(), parties.end(),
                                    [id](const Party& party) { return party.id == id; });
    return found == parties.end() ? nullptr : &*found;
  }

  template <size_t N>
  static Json part_of(const Json& object, const std::array<const char*, N>& keys) {
    Json part = Json::object();
    if (!object.is_object()) return part;
    for (const char* key : keys) {
      const auto found = object.find(key);
      if (found != object.end()) part.emplace(key, *found);
    }
    return part;
  }

  void read_purposes(Fields& fields) {
    const Json* list = fields.list("purposes", kMaxPurposes, 1);
    for (size_t i = 0; list && i < list->size() && error_.code == ErrorCode::kOk; ++i) {
      policy_.purposes.push_back(read_purpose((*list)[i], pointer_to("/purposes", i)));
    }
  }

  Purpose read_purpose(const Json& json, std::string pointer) {
    Fields fields(json, std::move(pointer), &error_);
    Purpose purpose;
    purpose.id = token(fields, "id");
    if (policy_.find(purpose.id)) fields.refuse("id");
    localized(fields, "purpose");
    token(fields, "purpose_type");
    purpose.lawful_basis = fields.text("lawful_basis");
    fields.choice("lawful_basis", kBases);
    purpose.purpose_class = static_cast<PurposeClass>(fields.choice("class", kClasses));
    read_kinds(fields, &purpose);
    read_pii(fields, &purpose);
    read_recipients(fields, &purpose);
    tokens(fields, "processing_method", kMaxList, 1);
    purpose.storage_locations = tokens(fields, "storage_locations", kMaxList, 1);
    tokens(fields, "geographic_restrictions", kMaxList, 0);
    read_retention(fields);
    read_redaction(fields);
    purpose.validity = period(fields, "validity_duration");
    fields.text("withdrawal_method");
    if (purpose.purpose_class == PurposeClass::kRetain) add_kind(&purpose, Kind::kLongRetention);
    purpose.material_hash = material_hash(json, purpose);
    // Optional, for readers without the core; where it stands it must be right.
    if (fields.has("material_hash") && hash(fields, "material_hash") != purpose.material_hash) {
      fields.refuse("material_hash");
    }
    fields.finish();
    return purpose;
  }

  static void add_kind(Purpose* purpose, Kind kind) {
    purpose->kinds |= bit(static_cast<uint32_t>(kind));
  }

  void read_kinds(Fields& fields, Purpose* purpose) {
    const std::vector<std::string> kinds = fields.texts("kind", std::size(kKinds), 0);
    for (size_t i = 0; i < kinds.size(); ++i) {
      const auto* found = std::find(std::begin(kKinds), std::end(kKinds), kinds[i]);
      if (found == std::end(kKinds)) return refuse(&error_, pointer_to(fields.at("kind"), i));
      purpose->kinds |= bit(static_cast<uint32_t>(found - std::begin(kKinds)));
    }
  }

  void read_pii(Fields& fields, Purpose* purpose) {
    const Json* list = fields.list("pii_information", kMaxTypes, 1);
    for (size_t i = 0; list && i < list->size(); ++i) {
      Fields pii((*list)[i], pointer_to(fields.at("pii_information"), i), &error_);
      std::string type = token(pii, "pii_type");
      std::vector<std::string>& types = purpose->pii_types;
      if (std::find(types.begin(), types.end(), type) != types.end()) pii.refuse("pii_type");
      types.push_back(std::move(type));
      pii.flag("pii_optional");
      if (pii.flag("sensitive_pii_category")) add_kind(purpose, Kind::kSensitive);
      pii.finish();
    }
    std::sort(purpose->pii_types.begin(), purpose->pii_types.end());
  }

  void read_recipients(Fields& fields, Purpose* purpose) {
    const size_t room = kMaxRecipients - std::min(kMaxRecipients, controllers_.size());
    const auto named = fields.texts("recipient_third_parties", room, 0);
    for (size_t i = 0; i < named.size(); ++i) {
      if (!find_party(parties_, named[i])) {
        refuse(&error_, pointer_to(fields.at("recipient_third_parties"), i), ErrorCode::kUnknownId);
      }
    }
    purpose->recipients = named;
    for (const Party& party : controllers_) purpose->recipients.push_back(party.id);
    std::sort(purpose->recipients.begin(), purpose->recipients.end());
    for (size_t i = 0; i < purpose->recipients.size(); ++i) {
      const Party* party = find_party(parties_, purpose->recipients[i]);
      if (party && party->is_third_party) purpose->third_parties |= bit(static_cast<uint32_t>(i));
    }
    if (purpose->third_parties != 0) add_kind(purpose, Kind::kThirdParty);
  }

  void read_retention(Fields& fields) {
    const Json* value = fields.member("retention_period", true);
    if (!value) return;
    Fields retention(*value, fields.at("retention_period"), &error_);
    period(retention, "duration");
    token(retention, "basis");
    retention.finish();
  }

  /// Which entities and categories there are, the redactor knows that is made of it.
  void read_redaction(Fields& fields) {
    const Json* value = fields.member("redaction", false);
    if (!value) return;
    Fields operators(*value, fields.at("redaction"), &error_);
    if (!value->is_object()) return;
    for (const auto& item : value->items()) operators.choice(item.key().c_str(), kOperators);
    operators.finish();
  }

  /// The order of a list means nothing, so it must not ask anybody again.
  Hash material_hash(const Json& json, const Purpose& purpose) const {
    Json material = part_of(json, kMaterial);
    for (auto& [key, value] : material.items()) {
      if (value.is_array()) std::sort(value.begin(), value.end());
    }
    Json parties = Json::array();
    for (const std::string& id : purpose.recipients) {
      const Party* party = find_party(controllers_, id);
      if (!party) party = find_party(parties_, id);
      if (party) parties.push_back(party->identity);
    }
    material["parties"] = std::move(parties);
    return sha256(canonical(material));
  }

  void read_change(Fields& fields) {
    const Json* value = fields.member("change", false);
    if (!value) return;
    Fields change(*value, "/change", &error_);
    change.choice("kind", kChanges);
    localized(change, "summary");
    const auto affects = change.texts("affects", kMaxPurposes, 0);
    for (size_t i = 0; i < affects.size(); ++i) {
      if (!is_token(affects[i])) refuse(&error_, pointer_to("/change/affects", i));
    }
    change.finish();
  }

  void read_authority(Fields& fields) {
    const Json* value = fields.member("authority_party", false);
    if (!value) return;
    Fields authority(*value, "/authority_party", &error_);
    authority.text("party_name");
    authority.text("party_url", 1024);
    authority.finish();
  }

  void read_conduct(Fields& fields) {
    const Json* list = fields.list("codes_of_conduct", kMaxList, 0);
    for (size_t i = 0; list && i < list->size(); ++i) {
      Fields code((*list)[i], pointer_to("/codes_of_conduct", i), &error_);
      token(code, "type");
      code.text("name");
      time(code, "valid_until");
      hash(code, "doc_hash");
      code.finish();
    }
  }

  const Json& document_;
  Policy policy_;
  std::vector<Party> controllers_;
  std::vector<Party> parties_;
  Error error_;
};

}  // namespace

const Purpose* Policy::find(std::string_view purpose) const {
  const auto found = std::find_if(purposes.begin(), purposes.end(),
                                  [purpose](const Purpose& p) { return p.id == purpose; });
  return found == purposes.end() ? nullptr : &*found;
}

const Hash* Policy::text(std::string_view language) const {
  const auto found = std::find_if(texts.begin(), texts.end(),
                                  [language](const auto& t) { return t.first == language; });
  return found == texts.end() ? nullptr : &found->second;
}

Result<Policy> parse_policy(std::string_view json) {
  const Result<Json> document = parse_strict(json);
  if (!document) return document.error();
  return Reader(*document).read();
}

std::string describe(const Policy& policy) {
  Json purposes = Json::array();
  for (const Purpose& purpose : policy.purposes) {
    Json kinds = Json::array();
    for (size_t i = 0; i < std::size(kKinds); ++i) {
      if (purpose.kinds & bit(static_cast<uint32_t>(i))) kinds.push_back(kKinds[i]);
    }
    purposes.push_back({{"id", purpose.id},
                        {"material_hash", to_text(purpose.material_hash)},
                        {"kinds", std::move(kinds)},
                        {"recipients", purpose.recipients}});
  }
  return canonical({{"hash", to_text(policy.hash)},
                    {"document", *parse_strict(policy.document)},
                    {"purposes", std::move(purposes)}});
}

}  // namespace subrosa::consent
