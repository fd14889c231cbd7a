/** After keys are freed, nothing of them or of what they sealed is left in the module's memory. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { unwrap, unwrapNumber } from '../../js/src/backend.ts';
import { wasmBackend } from '../../wasm/backend.ts';

const windowSize = 16;
const context = JSON.stringify({ purposes: ['chat'], policy_hash: 'h', record_id: 'r', epoch: 1 });
const expectation = JSON.stringify({ purpose: 'chat' });
const secretBytes = (seed: number, size: number) =>
  Uint8Array.from({ length: size }, (_, i) => (seed * 97 + i * 151 + ((i * i) >> 3)) & 255);

/** A backend, and a look at its memory. */
async function observed() {
  const real = WebAssembly.instantiate;
  let memory: WebAssembly.Memory | undefined;
  WebAssembly.instantiate = (async (module: WebAssembly.Module, imports: WebAssembly.Imports) => {
    const instance = await real(module, imports);
    memory = instance.exports.memory as WebAssembly.Memory;
    return instance;
  }) as never;
  try {
    const module = await WebAssembly.compile(readFileSync(new URL('../../dist/core.wasm', import.meta.url)));
    return { backend: await wasmBackend(module), heap: () => Buffer.from((memory as WebAssembly.Memory).buffer) };
  } finally {
    WebAssembly.instantiate = real;
  }
}

/** Where a window of the secret is found. */
function traces(heap: Buffer, secret: Uint8Array): number[] {
  const found: number[] = [];
  for (let i = 0; i + windowSize <= secret.length; i++) {
    const at = heap.indexOf(secret.subarray(i, i + windowSize));
    if (at >= 0) found.push(at);
  }
  return found;
}

for (const kem of [0x20, 0x647a])
  test(`WebAssembly memory holds no secret after use, KEM ${kem.toString(16)}`, async () => {
    const { backend, heap } = await observed();
    const plaintext = secretBytes(1, 200);
    const dataKeyBytes = secretBytes(2, 32);
    const entropy = secretBytes(3, 192);
    const key = unwrapNumber(backend.call('sr_key_new', kem, secretBytes(4, 32), 1));
    const secretKey = unwrap(backend.call('sr_key_export', key)).slice(-32);
    assert.ok(traces(heap(), secretKey).length > 0, 'the look finds a secret while it is in use');
    const publicKey = unwrap(backend.call('sr_key_public', key));
    const envelope = unwrap(backend.call('sr_seal', context, plaintext, publicKey, entropy));
    assert.deepEqual(unwrap(backend.call('sr_open', envelope, key, expectation)), plaintext);
    const session = unwrapNumber(backend.call('sr_session_begin', context, publicKey, 1000, entropy));
    const header = unwrap(backend.call('sr_session_header', session));
    const answer = unwrapNumber(backend.call('sr_session_accept', header, key, expectation, 1000, secretBytes(5, 16)));
    const message = unwrap(backend.call('sr_session_seal', session, plaintext, 1, 1000));
    assert.deepEqual(unwrap(backend.call('sr_session_open', answer, message)), plaintext);
    const dataKey = unwrapNumber(backend.call('sr_data_key_new', dataKeyBytes, 0));
    const sealed = unwrap(backend.call('sr_seal_at_rest', dataKey, 'label', plaintext, secretBytes(6, 24)));
    assert.deepEqual(unwrap(backend.call('sr_open_at_rest', dataKey, 'label', sealed)), plaintext);
    for (const [name, handle] of Object.entries({ sr_key_free: key, sr_data_key_free: dataKey })) backend.free(name, handle);
    for (const handle of [session, answer]) backend.free('sr_session_free', handle);
    // Of the entropy, what is public (identity and nonces) may stay; the content key is its beginning.
    const secrets = { plaintext, dataKeyBytes, secretKey, contentKey: entropy.subarray(0, 32), seed: secretBytes(4, 32) };
    for (const [name, secret] of Object.entries(secrets)) assert.deepEqual(traces(heap(), secret), [], name);
  });
