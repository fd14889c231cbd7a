// SPDX-License-Identifier: Apache-2.0
#include "seal/handles.h"
#include "seal/hpke.h"

namespace {

using subrosa::ErrorCode;
using subrosa::Result;
using namespace subrosa::seal;
using namespace subrosa::seal::abi;

/// One end of an HPKE context; only the sender has an encapsulated key, and only it seals.
struct HpkeEnd {
  HpkeContext context;
  Bytes encapsulated;
};

Result<HpkeEnd> sender_end(ByteView recipient, ByteView info, Psk psk, ByteView entropy) {
  const auto key = decode_public_key(recipient);
  if (!key) return key.error();
  const size_t needed = encapsulation_entropy(key->kem);
  if (entropy.size() < needed) return ErrorCode::kBadArgument;
  auto sender = sender_setup(key->kem, key->bytes, info, psk, entropy.first(needed));
  if (!sender) return sender.error();
  return HpkeEnd{sender->context, std::move(sender->encapsulated)};
}

Result<HpkeEnd> receiver_end(const SecretKey& key, ByteView encapsulated, ByteView info, Psk psk) {
  const auto context =
      receiver_setup(key.kem, encapsulated, key.secret, key.public_key.bytes, info, psk);
  if (!context) return context.error();
  return HpkeEnd{*context, {}};
}

}  // namespace

extern "C" {

uint32_t sr_hpke_send(const uint8_t* recipient, uint32_t recipient_size, const uint8_t* info,
                      uint32_t info_size, const uint8_t* psk, uint32_t psk_size,
                      const uint8_t* psk_id, uint32_t psk_id_size, const uint8_t* entropy,
                      uint32_t entropy_size, sr_out* out) {
  return add_handle(sender_end({recipient, recipient_size}, {info, info_size},
                               {{psk, psk_size}, {psk_id, psk_id_size}}, {entropy, entropy_size}),
                    out);
}

uint32_t sr_hpke_receive(uint32_t key, const uint8_t* encapsulated, uint32_t encapsulated_size,
                         const uint8_t* info, uint32_t info_size, const uint8_t* psk,
                         uint32_t psk_size, const uint8_t* psk_id, uint32_t psk_id_size,
                         sr_out* out) {
  const SecretKey* found = handles<SecretKey>().find(key);
  if (!found) return fail(ErrorCode::kBadArgument, out);
  return add_handle(receiver_end(*found, {encapsulated, encapsulated_size}, {info, info_size},
                                 {{psk, psk_size}, {psk_id, psk_id_size}}),
                    out);
}

uint32_t sr_hpke_encapsulated(uint32_t context, sr_out* out) {
  const HpkeEnd* found = handles<HpkeEnd>().find(context);
  if (!found) return fail(ErrorCode::kBadArgument, out);
  return give_bytes(found->encapsulated, out);
}

uint32_t sr_hpke_seal(uint32_t context, const uint8_t* aad, uint32_t aad_size,
                      const uint8_t* plaintext, uint32_t size, sr_out* out) {
  HpkeEnd* found = handles<HpkeEnd>().find(context);
  if (!found || found->encapsulated.empty()) return fail(ErrorCode::kBadArgument, out);
  return give_result(found->context.seal({aad, aad_size}, {plaintext, size}), out);
}

uint32_t sr_hpke_open(uint32_t context, const uint8_t* aad, uint32_t aad_size,
                      const uint8_t* ciphertext, uint32_t size, sr_out* out) {
  HpkeEnd* found = handles<HpkeEnd>().find(context);
  if (!found || !found->encapsulated.empty()) return fail(ErrorCode::kBadArgument, out);
  return give_result(found->context.open({aad, aad_size}, {ciphertext, size}), out);
}

uint32_t sr_hpke_export(uint32_t context, const uint8_t* exporter_context,
                        uint32_t exporter_context_size, uint32_t size, sr_out* out) {
  const HpkeEnd* found = handles<HpkeEnd>().find(context);
  if (!found) return fail(ErrorCode::kBadArgument, out);
  return give_result(found->context.export_secret({exporter_context, exporter_context_size}, size),
                     out);
}

void sr_hpke_free(uint32_t context) { handles<HpkeEnd>().remove(context); }

}  // extern "C"
