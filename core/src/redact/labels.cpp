// SPDX-License-Identifier: Apache-2.0
#include "redact/labels.h"

#include "text/utf8.h"

namespace subrosa::redact {
namespace {

struct Translation {
  const char* entity;
  const char* labels[12];
};

// German, French, Spanish, Chinese, for the entities that chats hold most.
constexpr Translation kTranslations[] = {
    {"EMAIL_ADDRESS",
     {"E-Mail-Adresse", "E-Mail", "Adresse e-mail", "Adresse electronique", "Courriel",
      "Correo electronico", "Direccion de correo", "\u90ae\u7bb1", "\u90ae\u7bb1\u5730\u5740",
      "\u7535\u5b50\u90ae\u4ef6", "\u7535\u5b50\u90ae\u7bb1", "\u90ae\u4ef6\u5730\u5740"}},
    {"PHONE_NUMBER",
     {"Telefonnummer", "Telefon", "Rufnummer", "Numero de telephone", "Telephone",
      "Numero de telefono", "Telefono", "Phone", "\u7535\u8bdd", "\u7535\u8bdd\u53f7\u7801",
      "\u624b\u673a\u53f7", "\u624b\u673a\u53f7\u7801"}},
    {"PERSON",
     {"Name", "Personne", "Persona", "Nom", "Nombre", "\u59d3\u540d", "\u4eba\u540d",
      "\u4eba\u7269", "\u4e2a\u4eba"}},
    {"CREDIT_CARD",
     {"Kreditkarte", "Kreditkartennummer", "Carte de credit", "Carte bancaire",
      "Tarjeta de credito", "\u4fe1\u7528\u5361", "\u4fe1\u7528\u5361\u53f7", "\u94f6\u884c\u5361",
      "\u94f6\u884c\u5361\u53f7"}},
    {"IBAN_CODE", {"IBAN", "IBAN-Nummer", "Code IBAN", "Codigo IBAN"}},
    {"IP_ADDRESS", {"IP-Adresse", "Adresse IP", "Direccion IP", "IP\u5730\u5740"}},
    {"MAC_ADDRESS", {"MAC-Adresse", "Adresse MAC", "Direccion MAC", "MAC\u5730\u5740"}},
    {"URL", {"Webadresse", "Adresse web", "Direccion web", "\u7f51\u5740", "\u94fe\u63a5"}},
    {"DATE_OF_BIRTH",
     {"Geburtsdatum", "Date de naissance", "Fecha de nacimiento", "\u51fa\u751f\u65e5\u671f",
      "\u751f\u65e5"}},
    {"DATE_TIME", {"Datum", "Fecha", "\u65e5\u671f", "\u65e5\u671f\u65f6\u95f4"}},
    {"PASSWORD",
     {"Passwort", "Kennwort", "Mot de passe", "Contrasena", "\u5bc6\u7801", "\u53e3\u4ee4"}},
    {"ADDRESS", {"Adresse", "Anschrift", "Direccion", "\u5730\u5740", "\u4f4f\u5740"}},
    {"LOCATION", {"Ort", "Lieu", "Lugar", "Ubicacion", "\u5730\u70b9", "\u4f4d\u7f6e"}},
    {"ORGANIZATION",
     {"Organisation", "Organizacion", "Firma", "\u7ec4\u7ec7", "\u673a\u6784", "\u516c\u53f8"}},
    {"USERNAME", {"Benutzername", "Nom d utilisateur", "Nombre de usuario", "\u7528\u6237\u540d"}},
    {"SECRET", {"Geheimnis", "Secreto", "\u5bc6\u94a5"}},
    {"CN_RESIDENT_ID",
     {"\u8eab\u4efd\u8bc1", "\u8eab\u4efd\u8bc1\u53f7", "\u8eab\u4efd\u8bc1\u53f7\u7801"}},
    {"AGE", {"Alter", "Edad", "\u5e74\u9f84"}},
};

// U+00C0 to U+00FF without their accents; 0 where there is no one letter.
constexpr char kBase[] =
    "AAAAAA\0CEEEEIIIIDNOOOOO\0OUUUUY\0\0"
    "AAAAAA\0CEEEEIIIIDNOOOOO\0OUUUUY\0Y";

void fold_wide(std::string_view label, const text::CodePoint& c, size_t at, std::string* out) {
  if (c.value >= 0xc0 && c.value <= 0xff && kBase[c.value - 0xc0] != 0) {
    out->push_back(kBase[c.value - 0xc0]);
  } else if (c.value == 0xdf) {
    out->append("SS");
  } else {
    out->append(label.substr(at, c.length));
  }
}

}  // namespace

std::string fold_label(std::string_view label) {
  std::string out;
  for (size_t at = 0; at < label.size();) {
    const text::CodePoint c = text::decode(label, at);
    if (c.value >= 'a' && c.value <= 'z') {
      out.push_back(static_cast<char>(c.value - 'a' + 'A'));
    } else if ((c.value >= 'A' && c.value <= 'Z') || (c.value >= '0' && c.value <= '9')) {
      out.push_back(static_cast<char>(c.value));
    } else if (c.value >= 0x80) {
      fold_wide(label, c, at, &out);
    }
    at += c.length > 0 ? c.length : 1;
  }
  return out;
}

const Labels& Labels::built_in() {
  static const Labels labels = [] {
    Labels all;
    for (const detect::Rule& rule : detect::built_in_rules()) all.add_name(rule.entity);
    for (const Translation& translation : kTranslations) {
      all.add_name(translation.entity);
      for (const char* label : translation.labels) {
        if (label) all.by_label_.emplace(fold_label(label), Entry{translation.entity, false});
      }
    }
    return all;
  }();
  return labels;
}

void Labels::add_name(const std::string& entity) {
  by_label_.insert_or_assign(fold_label(entity), Entry{entity, true});
}

const Labels::Entry* Labels::find(const std::string& folded) const {
  const auto found = by_label_.find(folded);
  return found == by_label_.end() ? nullptr : &found->second;
}

}  // namespace subrosa::redact
