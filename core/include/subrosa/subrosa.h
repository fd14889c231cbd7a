/* SPDX-License-Identifier: Apache-2.0
 * The C ABI: everything that the WebAssembly module exports and the Node addon wraps.
 *
 * Four shapes cross it: u32 (numbers, handles), bytes in (pointer and size), bytes out (sr_out, the
 * last parameter) and the status that is returned: 0, or a code of core/rules/errors.json in its
 * order, from 1. On success out->data is a new block (or null when size is 0) that the caller gives
 * to sr_free. On failure out->at is a byte offset in the input, and data, which may be empty, names
 * the place in ASCII.
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

/* Findings of a UTF-8 text. call: JSON options for this call, may be empty. min_score: thousandths,
 * or 1001 for the scanner's own. Out: records of five u32 (entity, start, end, score in
 * thousandths, rule), offsets in UTF-16 units, by start. */
uint32_t SR_EXPORT(sr_detect)(uint32_t scanner, const uint8_t* text, uint32_t size,
                              const uint8_t* call, uint32_t call_size, sr_out* out);
/* The same as JSON, each finding with its trace. */
uint32_t SR_EXPORT(sr_explain)(uint32_t scanner, const uint8_t* text, uint32_t size,
                               const uint8_t* call, uint32_t call_size, sr_out* out);

#ifdef __cplusplus
}
#endif
#endif
