/* SPDX-License-Identifier: Apache-2.0
 * The C ABI: everything that the WebAssembly module exports and the Node addon wraps.
 *
 * Four shapes cross it: u32 (numbers, handles), bytes in (pointer and size), bytes out (sr_out, the
 * last parameter) and the status that is returned: 0, or a code of core/rules/errors.json in its
 * order, from 1. On success out->data is a new block (or null when size is 0) that the caller gives
 * to sr_free. On failure out->at is a byte offset in the input, and data, which may be empty, names
 * the place in ASCII. A question that cannot fail returns its answer instead of a status, and has
 * no out.
 */
#ifndef SUBROSA_SUBROSA_H_
#define SUBROSA_SUBROSA_H_

#include <stdint.h>

#ifdef __EMSCRIPTEN__
#define SR_EXPORT(name) __attribute__((export_name(#name))) name
#else
#define SR_EXPORT(name) name
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint8_t* data;
  uint32_t size;
  uint32_t at;
} sr_out;

/* A block of size bytes, at least 8-aligned; ends the process when there is none. */
uint8_t* SR_EXPORT(sr_alloc)(uint32_t size);
/* Wipes size bytes, then frees. Null is allowed. */
void SR_EXPORT(sr_free)(uint8_t* data, uint32_t size);
/* Once, before anything else. */
void SR_EXPORT(sr_init)(void);
/* Out: the hash of rules and ABI, 16 hexadecimal digits. A loader refuses another one than it was
 * built with. */
uint32_t SR_EXPORT(sr_stamp)(sr_out* out);

/* A scanner from options (JSON, may be empty: see ScannerOptions in js/src/detect.ts). Out: its
 * handle, u32. */
uint32_t SR_EXPORT(sr_scanner_new)(const uint8_t* options, uint32_t options_size, sr_out* out);
void SR_EXPORT(sr_scanner_free)(uint32_t scanner);
/* What the rules of a scanner find, by their number in its records. Out: JSON [[entity, kind?]]. */
uint32_t SR_EXPORT(sr_scanner_names)(uint32_t scanner, sr_out* out);

/* Findings of a UTF-8 text. call: JSON for this call alone (DetectOptions in js/src/detect.ts), may
 * be empty. Out: records of five u32 (rule, start, end, score in thousandths, flags), half-open
 * offsets in UTF-16 units, by start. Flags: 1 validated, 2 lifted by context, 4 found in the
 * canonical view of a text that differs from it. */
uint32_t SR_EXPORT(sr_detect)(uint32_t scanner, const uint8_t* text, uint32_t size,
                              const uint8_t* call, uint32_t call_size, sr_out* out);
/* The same as JSON, each finding with its trace: pattern, validator, context word, what it beat. */
uint32_t SR_EXPORT(sr_explain)(uint32_t scanner, const uint8_t* text, uint32_t size,
                               const uint8_t* call, uint32_t call_size, sr_out* out);

/* A text that is being typed, for one scanner. call: as in sr_detect, for all its updates. Out: a
 * handle, u32. update takes the text as it is now and scans what has changed and what that can
 * change. Out: the records of sr_detect; flag 4 is about the text around a finding. */
uint32_t SR_EXPORT(sr_composer_new)(uint32_t scanner, const uint8_t* call, uint32_t size,
                                    sr_out* out);
/* Wipes it. */
void SR_EXPORT(sr_composer_free)(uint32_t composer);
uint32_t SR_EXPORT(sr_composer_update)(uint32_t composer, const uint8_t* text, uint32_t size,
                                       sr_out* out);

/* Operators for a scanner's findings. options: JSON (RedactorOptions in js/src/redact.ts), may be
 * empty. Out: a handle, u32. */
uint32_t SR_EXPORT(sr_redactor_new)(uint32_t scanner, const uint8_t* options, uint32_t options_size,
                                    sr_out* out);
void SR_EXPORT(sr_redactor_free)(uint32_t redactor);
/* A session's vault. is_one_way: 1 where nothing is to be restored; such a one is never full, but
 * forgets. Out: a handle, u32. */
uint32_t SR_EXPORT(sr_vault_new)(uint32_t is_one_way, sr_out* out);
/* Wipes it. */
void SR_EXPORT(sr_vault_free)(uint32_t vault);
/* A vault sealed under a data key; entropy: 24 bytes. */
uint32_t SR_EXPORT(sr_vault_export)(uint32_t vault, uint32_t key, const uint8_t* entropy,
                                    uint32_t size, sr_out* out);
/* Out: the handle of a vault; not_authentic for everything that is wrong. */
uint32_t SR_EXPORT(sr_vault_import)(uint32_t key, const uint8_t* sealed, uint32_t size,
                                    sr_out* out);
/* Redacts a UTF-8 text. vault: a handle, or 0 for placeholders of this text alone. call: as in
 * sr_detect. Out: nothing when the text stands as it is; else the count of findings, their records
 * of seven u32 (those of sr_detect, then where the replacement stands in the new text, in UTF-16
 * units), and the new text. */
uint32_t SR_EXPORT(sr_redact)(uint32_t redactor, uint32_t vault, const uint8_t* text, uint32_t size,
                              const uint8_t* call, uint32_t call_size, sr_out* out);
/* Puts values back for placeholders. Out: nothing when there are none; else u32 1 or 0 (whether
 * anything was put back), the count of those, the count of unknown ones, each of these as its size
 * (u32) and its bytes, and the new text where there is one. */
uint32_t SR_EXPORT(sr_restore)(uint32_t vault, const uint8_t* text, uint32_t size, sr_out* out);
/* Puts back what the operator encrypt made with a key (32 bytes) for a session. Out: as sr_restore;
 * what the key does not open is unknown. */
uint32_t SR_EXPORT(sr_decrypt)(const uint8_t* text, uint32_t size, const uint8_t* key,
                               uint32_t key_size, const uint8_t* session, uint32_t session_size,
                               sr_out* out);
/* A text in pieces, of whole code points each. Out: a handle. push gives what is decided, as
 * sr_redact does but with its text always set, spans in the whole stream; is_last: 1 for the
 * last piece, which may be empty. */
uint32_t SR_EXPORT(sr_redact_stream_new)(const uint8_t* call, uint32_t call_size, sr_out* out);
void SR_EXPORT(sr_redact_stream_free)(uint32_t stream);
uint32_t SR_EXPORT(sr_redact_stream_push)(uint32_t stream, uint32_t redactor, uint32_t vault,
                                          const uint8_t* piece, uint32_t size, uint32_t is_last,
                                          sr_out* out);
/* The same for restoring; push gives what sr_restore does, its text always set. */
uint32_t SR_EXPORT(sr_restore_stream_new)(sr_out* out);
void SR_EXPORT(sr_restore_stream_free)(uint32_t stream);
uint32_t SR_EXPORT(sr_restore_stream_push)(uint32_t stream, uint32_t vault, const uint8_t* piece,
                                           uint32_t size, uint32_t is_last, sr_out* out);

/* A secret key of entropy (32 bytes), for a KEM by its number in IANA's HPKE registry; exportable:
 * 0 or 1. Out: its handle. It never leaves the core unless it is exportable. */
uint32_t SR_EXPORT(sr_key_new)(uint32_t kem, const uint8_t* entropy, uint32_t size,
                               uint32_t exportable, sr_out* out);
/* The same from a COSE_Key with its secret member. */
uint32_t SR_EXPORT(sr_key_import)(const uint8_t* cose_key, uint32_t size, uint32_t exportable,
                                  sr_out* out);
/* Out: the public half as a COSE_Key. */
uint32_t SR_EXPORT(sr_key_public)(uint32_t key, sr_out* out);
/* Out: the whole COSE_Key; not_permitted when the key is not exportable. */
uint32_t SR_EXPORT(sr_key_export)(uint32_t key, sr_out* out);
/* Wipes it. */
void SR_EXPORT(sr_key_free)(uint32_t key);
/* Out: the kid of a public COSE_Key, 16 hexadecimal digits. */
uint32_t SR_EXPORT(sr_key_id)(const uint8_t* cose_key, uint32_t size, sr_out* out);

/* Seals one message. context: JSON (purposes, policy_hash, record_id, epoch, ruleset_hash);
 * recipient: a public COSE_Key; entropy: 64 bytes, never used before. Out: a COSE_Encrypt0. */
uint32_t SR_EXPORT(sr_seal)(const uint8_t* context, uint32_t context_size, const uint8_t* plaintext,
                            uint32_t plaintext_size, const uint8_t* recipient,
                            uint32_t recipient_size, const uint8_t* entropy, uint32_t entropy_size,
                            sr_out* out);
/* Opens it. expectation: JSON (purpose, and where they must hold policy_hash, record_id, epoch).
 * not_authentic for everything that is wrong with it. */
uint32_t SR_EXPORT(sr_open)(const uint8_t* envelope, uint32_t size, uint32_t key,
                            const uint8_t* expectation, uint32_t expectation_size, sr_out* out);
/* Out: what an envelope says without a key, as JSON. None of it is checked. */
uint32_t SR_EXPORT(sr_inspect)(const uint8_t* envelope, uint32_t size, sr_out* out);

/* HPKE (RFC 9180) by itself, mode Base, or PSK where psk (32 bytes or more) and psk_id are not
 * empty. recipient: a public COSE_Key; entropy: 64 bytes, of which the KEM takes what it needs.
 * Out: the handle of one end of a context. */
uint32_t SR_EXPORT(sr_hpke_send)(const uint8_t* recipient, uint32_t recipient_size,
                                 const uint8_t* info, uint32_t info_size, const uint8_t* psk,
                                 uint32_t psk_size, const uint8_t* psk_id, uint32_t psk_id_size,
                                 const uint8_t* entropy, uint32_t entropy_size, sr_out* out);
uint32_t SR_EXPORT(sr_hpke_receive)(uint32_t key, const uint8_t* encapsulated,
                                    uint32_t encapsulated_size, const uint8_t* info,
                                    uint32_t info_size, const uint8_t* psk, uint32_t psk_size,
                                    const uint8_t* psk_id, uint32_t psk_id_size, sr_out* out);
/* Out: what the receiver needs, of the sender's end. */
uint32_t SR_EXPORT(sr_hpke_encapsulated)(uint32_t context, sr_out* out);
/* The sender seals, the receiver opens, in order; both export (at most 8160 bytes). */
uint32_t SR_EXPORT(sr_hpke_seal)(uint32_t context, const uint8_t* aad, uint32_t aad_size,
                                 const uint8_t* plaintext, uint32_t size, sr_out* out);
uint32_t SR_EXPORT(sr_hpke_open)(uint32_t context, const uint8_t* aad, uint32_t aad_size,
                                 const uint8_t* ciphertext, uint32_t size, sr_out* out);
uint32_t SR_EXPORT(sr_hpke_export)(uint32_t context, const uint8_t* exporter_context,
                                   uint32_t exporter_context_size, uint32_t size, sr_out* out);
void SR_EXPORT(sr_hpke_free)(uint32_t context);
/* A primitive by its name (core/src/seal/primitive.cpp) on up to four inputs, to run published
 * vectors on the binary that ships. */
uint32_t SR_EXPORT(sr_primitive)(const uint8_t* name, uint32_t name_size, const uint8_t* a,
                                 uint32_t a_size, const uint8_t* b, uint32_t b_size,
                                 const uint8_t* c, uint32_t c_size, const uint8_t* d,
                                 uint32_t d_size, sr_out* out);

/* Begins a session. context: JSON as for sr_seal; recipients: 1 to 16 public COSE_Keys, one after
 * another; now: seconds since 1970; entropy: 64 bytes and 64 more for each recipient. Out: its
 * handle. */
uint32_t SR_EXPORT(sr_session_begin)(const uint8_t* context, uint32_t context_size,
                                     const uint8_t* recipients, uint32_t recipients_size,
                                     uint32_t now, const uint8_t* entropy, uint32_t entropy_size,
                                     sr_out* out);
/* Answers one. expectation: JSON as for sr_open; salt: 16 bytes of entropy. Out: its handle. */
uint32_t SR_EXPORT(sr_session_accept)(const uint8_t* header, uint32_t size, uint32_t key,
                                      const uint8_t* expectation, uint32_t expectation_size,
                                      uint32_t now, const uint8_t* salt, uint32_t salt_size,
                                      sr_out* out);
/* Reads one, without answering. Out: its handle. */
uint32_t SR_EXPORT(sr_session_read)(const uint8_t* header, uint32_t size, uint32_t key,
                                    const uint8_t* expectation, uint32_t expectation_size,
                                    sr_out* out);
/* Out: the header that the recipients need, a COSE_Encrypt. */
uint32_t SR_EXPORT(sr_session_header)(uint32_t session, sr_out* out);
/* Seals data of a type for a recipient of the policy, under the consent that stands at now. Out: a
 * COSE_Encrypt0. not_permitted, with the reason's id (core/rules/reasons.json) as the place, unless
 * that consent permits it for every purpose of the header, under the record, epoch and policy that
 * the header names. */
uint32_t SR_EXPORT(sr_session_seal)(uint32_t session, const uint8_t* plaintext, uint32_t size,
                                    uint32_t consent, const uint8_t* pii_type,
                                    uint32_t pii_type_size, const uint8_t* recipient,
                                    uint32_t recipient_size, uint32_t now, sr_out* out);
uint32_t SR_EXPORT(sr_session_open)(uint32_t session, const uint8_t* message, uint32_t size,
                                    sr_out* out);
/* Wipes its keys. */
void SR_EXPORT(sr_session_free)(uint32_t session);

/* What seals a stream; arguments as of sr_session_begin. Out: its handle. */
uint32_t SR_EXPORT(sr_sealer_new)(const uint8_t* context, uint32_t context_size,
                                  const uint8_t* recipients, uint32_t recipients_size, uint32_t now,
                                  const uint8_t* entropy, uint32_t entropy_size, sr_out* out);
/* Out: the header that the recipients need, a COSE_Encrypt. */
uint32_t SR_EXPORT(sr_sealer_header)(uint32_t sealer, sr_out* out);
/* Seals the next part: a multiple of 16384 bytes, or with is_last any size. Out: the same in sealed
 * chunks of 16400 bytes, with is_last a shorter one at the end. */
uint32_t SR_EXPORT(sr_sealer_seal)(uint32_t sealer, const uint8_t* plaintext, uint32_t size,
                                   uint32_t is_last, sr_out* out);
void SR_EXPORT(sr_sealer_free)(uint32_t sealer);
/* What opens a stream, in any order. Out: its handle. */
uint32_t SR_EXPORT(sr_opener_new)(const uint8_t* header, uint32_t size, uint32_t key,
                                  const uint8_t* expectation, uint32_t expectation_size,
                                  sr_out* out);
/* Opens sealed chunks from number `first` on; is_last: the short one ends them. */
uint32_t SR_EXPORT(sr_opener_open)(uint32_t opener, uint32_t first, const uint8_t* sealed,
                                   uint32_t size, uint32_t is_last, sr_out* out);
void SR_EXPORT(sr_opener_free)(uint32_t opener);

/* A symmetric key of 32 bytes, for data at rest or for other keys; exportable: 0 or 1. Out: its
 * handle. */
uint32_t SR_EXPORT(sr_data_key_new)(const uint8_t* bytes, uint32_t size, uint32_t exportable,
                                    sr_out* out);
/* Out: its 32 bytes; not_permitted when it is not exportable. */
uint32_t SR_EXPORT(sr_data_key_export)(uint32_t key, sr_out* out);
/* Wipes it. */
void SR_EXPORT(sr_data_key_free)(uint32_t key);
/* A data key from a passphrase (Argon2id, one lane): salt: 16 bytes; kib: 19456 to 262144; passes:
 * 2 to 16. Out: its handle. */
uint32_t SR_EXPORT(sr_data_key_from_passphrase)(const uint8_t* passphrase, uint32_t passphrase_size,
                                                const uint8_t* salt, uint32_t salt_size,
                                                uint32_t kib, uint32_t passes, sr_out* out);
/* A secret key under a data key, exportable or not; as sr_data_key_wrap. */
uint32_t SR_EXPORT(sr_key_wrap)(uint32_t wrapping, uint32_t key, const uint8_t* label,
                                uint32_t label_size, const uint8_t* entropy, uint32_t entropy_size,
                                sr_out* out);
uint32_t SR_EXPORT(sr_key_unwrap)(uint32_t wrapping, const uint8_t* wrapped, uint32_t size,
                                  const uint8_t* label, uint32_t label_size, uint32_t exportable,
                                  sr_out* out);
/* A data key under another one. The label must be the same to unwrap; entropy: 24 bytes. */
uint32_t SR_EXPORT(sr_data_key_wrap)(uint32_t wrapping, uint32_t key, const uint8_t* label,
                                     uint32_t label_size, const uint8_t* entropy,
                                     uint32_t entropy_size, sr_out* out);
/* Out: the handle of the data key; not_authentic for everything that is wrong. */
uint32_t SR_EXPORT(sr_data_key_unwrap)(uint32_t wrapping, const uint8_t* wrapped, uint32_t size,
                                       const uint8_t* label, uint32_t label_size,
                                       uint32_t exportable, sr_out* out);
/* Data under a data key. The label must be the same to open; entropy: 24 bytes. */
uint32_t SR_EXPORT(sr_seal_at_rest)(uint32_t key, const uint8_t* label, uint32_t label_size,
                                    const uint8_t* plaintext, uint32_t size, const uint8_t* entropy,
                                    uint32_t entropy_size, sr_out* out);
uint32_t SR_EXPORT(sr_open_at_rest)(uint32_t key, const uint8_t* label, uint32_t label_size,
                                    const uint8_t* sealed, uint32_t size, sr_out* out);
/* Canonical JSON (RFC 8785; integers only, to 2^53 - 1; 16 levels). Out: UTF-8. */
uint32_t SR_EXPORT(sr_canonicalize)(const uint8_t* json, uint32_t size, sr_out* out);

/* The audit log (audit.h). A u64 crosses as two u32, low and high, and lies in bytes little-endian;
 * a hash is 32 bytes, several lie one behind another; a tree is its size, u64, and its peaks; a
 * head is a size, u64, a root and the origin. What proves nothing fails with not_authentic. */
/* Out: the hash of a leaf. */
uint32_t SR_EXPORT(sr_hash_leaf)(const uint8_t* data, uint32_t size, sr_out* out);
/* Appends leaf hashes to a tree (8 zero bytes: the empty one). Out: the tree, then the nodes that
 * are new, to be kept in this order behind those before. */
uint32_t SR_EXPORT(sr_append_leaves)(const uint8_t* tree, uint32_t tree_size, const uint8_t* leaves,
                                     uint32_t leaves_size, sr_out* out);
/* Out: the root hash of a tree. */
uint32_t SR_EXPORT(sr_hash_tree)(const uint8_t* tree, uint32_t tree_size, sr_out* out);
/* Which kept nodes make a proof. Out: their positions, u64; the top bit marks the last one of each
 * hash of the proof. */
uint32_t SR_EXPORT(sr_plan_inclusion)(uint32_t index_low, uint32_t index_high, uint32_t size_low,
                                      uint32_t size_high, sr_out* out);
uint32_t SR_EXPORT(sr_plan_consistency)(uint32_t from_low, uint32_t from_high, uint32_t to_low,
                                        uint32_t to_high, sr_out* out);
/* From a plan and the nodes at its positions. Out: the hashes of the proof. */
uint32_t SR_EXPORT(sr_fold_proof)(const uint8_t* plan, uint32_t plan_size, const uint8_t* nodes,
                                  uint32_t nodes_size, sr_out* out);
/* Out: nothing, when the proof holds. */
uint32_t SR_EXPORT(sr_verify_inclusion)(const uint8_t* leaf, uint32_t leaf_size, uint32_t index_low,
                                        uint32_t index_high, uint32_t size_low, uint32_t size_high,
                                        const uint8_t* root, uint32_t root_size,
                                        const uint8_t* proof, uint32_t proof_size, sr_out* out);
uint32_t SR_EXPORT(sr_verify_consistency)(uint32_t from_low, uint32_t from_high,
                                          const uint8_t* from_root, uint32_t from_root_size,
                                          uint32_t to_low, uint32_t to_high, const uint8_t* to_root,
                                          uint32_t to_root_size, const uint8_t* proof,
                                          uint32_t proof_size, sr_out* out);
/* C2SP signed notes with Ed25519; a seed is 32 bytes. Out: the verifier key; the note; its text. */
uint32_t SR_EXPORT(sr_make_note_key)(const uint8_t* name, uint32_t name_size, const uint8_t* seed,
                                     uint32_t seed_size, sr_out* out);
uint32_t SR_EXPORT(sr_sign_note)(const uint8_t* text, uint32_t text_size, const uint8_t* name,
                                 uint32_t name_size, const uint8_t* seed, uint32_t seed_size,
                                 sr_out* out);
uint32_t SR_EXPORT(sr_open_note)(const uint8_t* note, uint32_t note_size, const uint8_t* key,
                                 uint32_t key_size, sr_out* out);
/* C2SP checkpoints. Out: the note; the head. */
uint32_t SR_EXPORT(sr_sign_checkpoint)(const uint8_t* origin, uint32_t origin_size,
                                       uint32_t size_low, uint32_t size_high, const uint8_t* root,
                                       uint32_t root_size, const uint8_t* seed, uint32_t seed_size,
                                       sr_out* out);
uint32_t SR_EXPORT(sr_open_checkpoint)(const uint8_t* note, uint32_t note_size, const uint8_t* key,
                                       uint32_t key_size, sr_out* out);
/* C2SP tlog-proof. Out: the text; the index, u64, and the head, when the proof holds for the leaf's
 * hash. */
uint32_t SR_EXPORT(sr_write_inclusion)(uint32_t index_low, uint32_t index_high,
                                       const uint8_t* proof, uint32_t proof_size,
                                       const uint8_t* note, uint32_t note_size, sr_out* out);
uint32_t SR_EXPORT(sr_open_inclusion)(const uint8_t* text, uint32_t text_size, const uint8_t* leaf,
                                      uint32_t leaf_size, const uint8_t* key, uint32_t key_size,
                                      sr_out* out);
/* The request of C2SP tlog-witness. held: the note of the checkpoint that the caller kept. Out: the
 * text; the newer head, when it extends the one that is held. */
uint32_t SR_EXPORT(sr_write_consistency)(uint32_t from_low, uint32_t from_high,
                                         const uint8_t* proof, uint32_t proof_size,
                                         const uint8_t* note, uint32_t note_size, sr_out* out);
uint32_t SR_EXPORT(sr_open_consistency)(const uint8_t* text, uint32_t text_size,
                                        const uint8_t* held, uint32_t held_size, const uint8_t* key,
                                        uint32_t key_size, sr_out* out);

/* A policy from its document (JSON, docs/consent.md). Out: its handle, u32. Failures name the place
 * by a JSON pointer. */
uint32_t SR_EXPORT(sr_policy_new)(const uint8_t* json, uint32_t size, sr_out* out);
void SR_EXPORT(sr_policy_free)(uint32_t policy);
/* Out: the policy's content address, "sha256:" and 64 hexadecimal digits. */
uint32_t SR_EXPORT(sr_policy_hash)(uint32_t policy, sr_out* out);
/* Out: JSON {hash, document, purposes: [{id, material_hash, kinds, recipients}]}. */
uint32_t SR_EXPORT(sr_policy_describe)(uint32_t policy, sr_out* out);

/* One person's consent under a policy, which may be freed after it. state: the records, context:
 * region, age, guardian, gpc, storage, present (both JSON, docs/consent.md). Out: its handle, u32.
 */
uint32_t SR_EXPORT(sr_consent_new)(uint32_t policy, const uint8_t* state, uint32_t state_size,
                                   const uint8_t* context, uint32_t context_size, sr_out* out);
/* One event of the machine (JSON, docs/consent.md) at now, in seconds since 1970. Out: JSON
 * {reason, changed: [purposes], fenced: [purposes]}; reason is "given" where it was done, else what
 * refused it. Failures mean that the event is malformed; nothing is changed then. */
uint32_t SR_EXPORT(sr_consent_apply)(uint32_t consent, const uint8_t* event, uint32_t size,
                                     uint32_t now, sr_out* out);
/* Puts another version of the policy in force. Out: as sr_consent_apply. */
uint32_t SR_EXPORT(sr_consent_set_policy)(uint32_t consent, uint32_t policy, uint32_t now,
                                          sr_out* out);
/* Takes over a state that another tab wrote, or a store that came back: of each purpose the record
 * that continues the other; where they have parted, the later epoch, and at the same one what
 * permits less. Out: as sr_consent_apply. */
uint32_t SR_EXPORT(sr_consent_merge)(uint32_t consent, const uint8_t* state, uint32_t size,
                                     sr_out* out);
/* The purposes whose notice may ask for a choice at now: neither those that the person has answered
 * nor, for as long as the region says, those that they said no to. Out: JSON [purposes]. */
uint32_t SR_EXPORT(sr_consent_to_ask)(uint32_t consent, uint32_t now, sr_out* out);
/* Out: the state, JSON. */
uint32_t SR_EXPORT(sr_consent_save)(uint32_t consent, sr_out* out);
void SR_EXPORT(sr_consent_free)(uint32_t consent);
/* May data of a type go to a recipient for a purpose? now: seconds since 1970. The answer is
 * returned itself: the verdict (0 deny, 1 hold, 2 permit) and, from bit 8, the reason, as its place
 * in core/rules/reasons.json. Never fails: what is not known, a handle too, is denied. */
uint32_t SR_EXPORT(sr_decide)(uint32_t consent, const uint8_t* purpose, uint32_t purpose_size,
                              const uint8_t* pii_type, uint32_t pii_type_size,
                              const uint8_t* recipient, uint32_t recipient_size, uint32_t now);
/* Under what a purpose stands until the next event: the epoch, u32, then text: the hash of the
 * notice (71 bytes) and the id of the record, which may be empty. */
uint32_t SR_EXPORT(sr_consent_grant)(uint32_t consent, const uint8_t* purpose, uint32_t size,
                                     sr_out* out);

/* The canonical form of a JSON value (RFC 8785); values with fractions are refused. */
uint32_t SR_EXPORT(sr_json_canonical)(const uint8_t* json, uint32_t size, sr_out* out);
/* Its hash: "sha256:" and 64 hexadecimal digits. */
uint32_t SR_EXPORT(sr_json_hash)(const uint8_t* json, uint32_t size, sr_out* out);
/* Signs an object with Ed25519; seed: 32 bytes; kind: what sort of document it is. Out: the object
 * with "sig", canonical. */
uint32_t SR_EXPORT(sr_json_sign)(const uint8_t* kind, uint32_t kind_size, const uint8_t* json,
                                 uint32_t size, const uint8_t* seed, uint32_t seed_size,
                                 sr_out* out);
/* Out: nothing; not_authentic for everything that is wrong with it. */
uint32_t SR_EXPORT(sr_json_verify)(const uint8_t* kind, uint32_t kind_size, const uint8_t* json,
                                   uint32_t size, const uint8_t* public_key,
                                   uint32_t public_key_size, sr_out* out);

#ifdef __cplusplus
}
#endif
#endif
