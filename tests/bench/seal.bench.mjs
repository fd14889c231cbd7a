// Sealing beside the bare AEAD call and beside other libraries, in one run; ratios count, not times.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Chacha20Poly1305 } from '@hpke/chacha20poly1305';
import { CipherSuite, HkdfSha256 } from '@hpke/core';
import { DhkemX25519HkdfSha256 } from '@hpke/dhkem-x25519';
import sodium from 'libsodium-wrappers';
import { load } from '../../dist/node.js';

const root = new URL('../../', import.meta.url);
const megabyte = new Uint8Array(1 << 20);
const short = new Uint8Array(200);
const context = { purpose: 'chat', policyHash: 'sha256:00', recordId: 'record-1', epoch: 3 };

/** Microseconds a call, by name: the median of slices that are taken in turn. */
async function measure(cases, slices = 41, sliceMicroseconds = 4000) {
  const times = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
  for (let slice = 0; slice < slices; slice++)
    for (const [name, run] of Object.entries(cases)) {
      const start = performance.now();
      let calls = 0;
      while ((performance.now() - start) * 1000 < sliceMicroseconds || calls === 0) {
        await run();
        calls++;
      }
      times[name].push(((performance.now() - start) * 1000) / calls);
    }
  return Object.fromEntries(Object.entries(times).map(([name, list]) => [name, list.sort((a, b) => a - b)[list.length >> 1]]));
}

function print(title, times, base) {
  console.log(`${title}`);
  for (const [name, time] of Object.entries(times))
    console.log(`  ${name.padEnd(34)} ${time.toFixed(2).padStart(10)} us   x ${(time / times[base]).toFixed(2)}`);
}

/** The calls of the core without the API over them, for the bare AEAD. */
async function rawBackend(name) {
  if (name === 'native') {
    const addon = createRequire(import.meta.url)(new URL(`prebuilds/${process.platform}-${process.arch}.node`, root).pathname);
    return (call, ...args) => addon[call](...args);
  }
  const { instance } = await WebAssembly.instantiate(await readFile(new URL('dist/core.wasm', root)), {
    env: { emscripten_notify_memory_growth: () => {} },
    wasi_snapshot_preview1: new Proxy({}, { get: () => () => 0 }),
  });
  const { memory, sr_alloc, sr_free, sr_init, _initialize, ...functions } = instance.exports;
  _initialize?.();
  sr_init();
  const out = sr_alloc(12);
  return (call, ...args) => {
    const blocks = args.flatMap((bytes) => {
      const data = sr_alloc(bytes.length);
      new Uint8Array(memory.buffer).set(bytes, data);
      return [data, bytes.length];
    });
    functions[call](...blocks, out);
    for (let i = 0; i < blocks.length; i += 2) sr_free(blocks[i], blocks[i + 1]);
    const [data, size] = new Uint32Array(memory.buffer, out, 2);
    const result = new Uint8Array(memory.buffer).slice(data, data + size);
    sr_free(data, size);
    return result;
  };
}

await sodium.ready;
const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Chacha20Poly1305() });
const aeadKey = new Uint8Array(32);
const nonce = new Uint8Array(12);
const none = new Uint8Array(0);
const aeadName = new TextEncoder().encode('chacha20_poly1305_open');
const bareCiphertext = (plaintext) => sodium.crypto_aead_chacha20poly1305_ietf_encrypt(plaintext, null, null, nonce, aeadKey);

for (const backend of ['native', 'wasm']) {
  const { sealing, atRest } = await load({ backend });
  const raw = await rawBackend(backend);
  const bare = (ciphertext) => () => raw('sr_primitive', aeadName, aeadKey, nonce, none, ciphertext);
  const { publicKey, secretKey } = sealing.generateKeyPair();
  const classic = sealing.generateKeyPair({ kem: 'x25519' });
  const page = sealing.beginSession({ recipients: [publicKey], ...context });
  const desk = sealing.acceptSession(page.header, { key: secretKey, purpose: 'chat' });
  const key = atRest.generateKey();

  print(
    `${backend}, 1 MiB`,
    await measure({
      'bare AEAD (open, same boundary)': bare(bareCiphertext(megabyte)),
      'at rest, seal': () => atRest.seal(megabyte, { key, label: 'file' }),
      'session, seal': () => page.seal(megabyte, context),
      'stream, seal': streamSealer(sealing, publicKey),
    }),
    'bare AEAD (open, same boundary)',
  );
  print(
    `${backend}, 200 bytes`,
    await measure({
      'bare AEAD (open, same boundary)': bare(bareCiphertext(short)),
      'session, seal': () => page.seal(short, context),
      'session, seal and open': () => desk.open(page.seal(short, context)),
      'libsodium-wrappers AEAD': () => bareCiphertext(short),
    }),
    'bare AEAD (open, same boundary)',
  );
  const theirs = await suite.kem.generateKeyPair();
  const box = sodium.crypto_box_keypair();
  print(
    `${backend}, opening a conversation and its first message`,
    await measure({
      'session, X25519': () => begin(sealing, classic.publicKey),
      'session, X-Wing': () => begin(sealing, publicKey),
      '@hpke/core, X25519': async () => (await suite.createSenderContext({ recipientPublicKey: theirs.publicKey })).seal(short.buffer),
      'libsodium-wrappers, box_seal': () => sodium.crypto_box_seal(short, box.publicKey),
    }),
    'session, X25519',
  );
}

function begin(sealing, recipient) {
  const session = sealing.beginSession({ recipients: [recipient], ...context });
  session.seal(short, context);
  session.free();
}

/** Pushes one megabyte through a stream that is open. */
function streamSealer(sealing, recipient) {
  const { readable, writable } = sealing.sealStream({ recipients: [recipient], ...context });
  const writer = writable.getWriter();
  const reader = readable.getReader();
  let started = Promise.all([reader.read(), reader.read()]);
  return async () => {
    await started;
    started = undefined;
    const written = writer.write(megabyte);
    await reader.read();
    await written;
  };
}
