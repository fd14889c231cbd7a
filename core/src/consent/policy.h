// SPDX-License-Identifier: Apache-2.0
// Policy documents: what a controller wants to do with which data, for whom, on what basis.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "consent/hash.h"
#include "consent/time.h"
#include "json/strict.h"
#include "subrosa/result.h"

namespace subrosa::consent {

/// A set of small numbers or enumerators: bit n is number n.
using Bits = uint32_t;
constexpr Bits bit(uint32_t n) { return Bits{1} << n; }

/// What makes a purpose need an act of its own. Regions say which of them they ask that for;
/// kSeparate needs it everywhere.
enum class Kind : uint32_t {
  kSeparate,
  kSensitive,
  kThirdParty,
  kCrossBorder,
  kPublication,
  kPublicSpace,
  kLongRetention
};

enum class PurposeClass : uint32_t { kEssential, kExperience, kImprove, kLegal, kShare, kRetain };

/// Limits on a purpose: its cells (data type x recipient) are numbered, and a grant is a set of
/// them.
inline constexpr size_t kMaxTypes = 32;
inline constexpr size_t kMaxRecipients = 16;

struct Purpose {
  std::string id;
  PurposeClass purpose_class = PurposeClass::kShare;
  Bits kinds = 0;                       // of Kind, with those that follow from the other fields
  std::vector<std::string> pii_types;   // sorted
  std::vector<std::string> recipients;  // controllers, then recipient_third_parties; sorted
  uint32_t third_parties = 0;           // bit n: recipient n is a third party, not a processor
  std::vector<std::string> storage_locations;
  std::string lawful_basis;
  Period validity;
  /// Covers every field whose change needs a new choice. Texts are not among them.
  Hash material_hash;
};

struct Policy {
  std::string policy_id;
  std::string version;
  Seconds published = 0;
  Seconds effective = 0;
  /// Content address: SHA-256 of the canonical document. It covers the texts by their own hashes.
  Hash hash;
  std::string controller;  // the first one's party_id
  std::vector<Purpose> purposes;
  /// Each language and the hash of its text.
  std::vector<std::pair<std::string, Hash>> texts;
  std::string document;  // canonical JSON

  const Purpose* find(std::string_view purpose) const;
  const Hash* text(std::string_view language) const;
};

/// Reads and checks a policy document; docs/consent.md describes it. Errors name the place by a
/// JSON pointer.
Result<Policy> parse_policy(std::string_view json);

/// {hash, document, purposes: [{id, material_hash, kinds}]} as JSON: the document with what was
/// worked out from it.
std::string describe(const Policy& policy);

}  // namespace subrosa::consent
