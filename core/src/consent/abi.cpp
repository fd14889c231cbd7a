// SPDX-License-Identifier: Apache-2.0
#include "abi.h"

#include "consent/consent.h"

using subrosa::ErrorCode;
using subrosa::Result;
using subrosa::abi::handles;
using subrosa::abi::view;
using namespace subrosa::consent;

namespace {

using SharedPolicy = std::shared_ptr<const Policy>;

uint32_t pack(Verdict verdict, Reason reason) {
  return static_cast<uint32_t>(verdict) | static_cast<uint32_t>(reason) << 8;
}

uint32_t give_text(const Result<std::string>& text, sr_out* out) {
  return text ? subrosa::abi::give(*text, out) : subrosa::abi::fail(text.error(), out);
}

}  // namespace

extern "C" {

uint32_t sr_policy_new(const uint8_t* json, uint32_t size, sr_out* out) {
  Result<Policy> policy = parse_policy(view(json, size));
  if (!policy) return subrosa::abi::fail(policy.error(), out);
  auto shared = std::make_shared<const Policy>(std::move(*policy));
  return subrosa::abi::give_u32(
      handles<SharedPolicy>().add(std::make_unique<SharedPolicy>(std::move(shared))), out);
}

void sr_policy_free(uint32_t policy) { handles<SharedPolicy>().remove(policy); }

uint32_t sr_policy_hash(uint32_t policy, sr_out* out) {
  const SharedPolicy* found = handles<SharedPolicy>().find(policy);
  if (!found) return subrosa::abi::fail(ErrorCode::kBadArgument, out);
  return subrosa::abi::give(to_text((*found)->hash), out);
}

uint32_t sr_policy_describe(uint32_t policy, sr_out* out) {
  const SharedPolicy* found = handles<SharedPolicy>().find(policy);
  if (!found) return subrosa::abi::fail(ErrorCode::kBadArgument, out);
  return subrosa::abi::give(describe(**found), out);
}

uint32_t sr_consent_new(uint32_t policy, const uint8_t* state, uint32_t state_size,
                        const uint8_t* context, uint32_t context_size, sr_out* out) {
  const SharedPolicy* found = handles<SharedPolicy>().find(policy);
  if (!found) return subrosa::abi::fail(ErrorCode::kBadArgument, out);
  Result<Consent> consent =
      Consent::create(*found, view(state, state_size), view(context, context_size));
  if (!consent) return subrosa::abi::fail(consent.error(), out);
  return subrosa::abi::give_u32(
      handles<Consent>().add(std::make_unique<Consent>(std::move(*consent))), out);
}

uint32_t sr_consent_apply(uint32_t consent, const uint8_t* event, uint32_t size, uint32_t now,
                          sr_out* out) {
  Consent* found = handles<Consent>().find(consent);
  if (!found) return subrosa::abi::fail(ErrorCode::kBadArgument, out);
  return give_text(found->apply(view(event, size), now), out);
}

uint32_t sr_consent_set_policy(uint32_t consent, uint32_t policy, uint32_t now, sr_out* out) {
  Consent* found = handles<Consent>().find(consent);
  const SharedPolicy* other = handles<SharedPolicy>().find(policy);
  if (!found || !other) return subrosa::abi::fail(ErrorCode::kBadArgument, out);
  return subrosa::abi::give(found->set_policy(*other, now), out);
}

uint32_t sr_consent_merge(uint32_t consent, const uint8_t* state, uint32_t size, sr_out* out) {
  Consent* found = handles<Consent>().find(consent);
  if (!found) return subrosa::abi::fail(ErrorCode::kBadArgument, out);
  return give_text(found->merge(view(state, size)), out);
}

uint32_t sr_consent_save(uint32_t consent, sr_out* out) {
  const Consent* found = handles<Consent>().find(consent);
  if (!found) return subrosa::abi::fail(ErrorCode::kBadArgument, out);
  return subrosa::abi::give(found->save(), out);
}

uint32_t sr_consent_to_ask(uint32_t consent, uint32_t now, sr_out* out) {
  const Consent* found = handles<Consent>().find(consent);
  if (!found) return subrosa::abi::fail(ErrorCode::kBadArgument, out);
  return subrosa::abi::give(subrosa::Json(found->to_ask(now)).dump(), out);
}

void sr_consent_free(uint32_t consent) { handles<Consent>().remove(consent); }

uint32_t sr_decide(uint32_t consent, const uint8_t* purpose, uint32_t purpose_size,
                   const uint8_t* pii_type, uint32_t pii_type_size, const uint8_t* recipient,
                   uint32_t recipient_size, uint32_t now) {
  Consent* found = handles<Consent>().find(consent);
  if (!found) return pack(Verdict::kDeny, Reason::kNoPolicy);
  found->see(now);
  const Decision decision =
      found->decide(view(purpose, purpose_size), view(pii_type, pii_type_size),
                    view(recipient, recipient_size), now);
  return pack(decision.verdict, decision.reason);
}

uint32_t sr_consent_grant(uint32_t consent, const uint8_t* purpose, uint32_t size, sr_out* out) {
  const Consent* found = handles<Consent>().find(consent);
  if (!found) return subrosa::abi::fail(ErrorCode::kBadArgument, out);
  const Decision decision = found->decide(view(purpose, size), {}, {}, 0);
  std::string bytes(reinterpret_cast<const char*>(&decision.epoch), sizeof decision.epoch);
  bytes += to_text(decision.notice_hash);
  bytes += decision.record_id;
  return subrosa::abi::give(bytes, out);
}

}  // extern "C"
