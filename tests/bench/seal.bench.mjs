// Sealing beside the bare AEAD call and beside other libraries, in one run; ratios count, not times.
//   node --import tsx tests/bench/seal.bench.mjs
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Chacha20Poly1305 } from '@hpke/chacha20poly1305';
import { CipherSuite, HkdfSha256 } from '@hpke/core';
import { DhkemX25519HkdfSha256 } from '@hpke/dhkem-x25519';
import sodium from 'libsodium-wrappers';
import { load } from '../../dist/node.js';
import { nativeBackend } from '../../node/native.ts';
import { consented } from '../fixture/consented.ts';

const root = new URL('../../', import.meta.url);
const megabyte = new Uint8Array(1 << 20);
const short = new Uint8Array(200);

/**
 * Microseconds of the processor's time a call, by name: of slices that are taken in turn, what the fastest tenth stays below.
 * Whatever else the machine does only makes a slice slower.
 */
async function measure(cases, slices = 101, sliceMilliseconds = 4) {
  const times = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
  for (let slice = 0; slice < slices; slice++)
    for (const [name, run] of Object.entries(cases)) {
      const start = performance.now();
      const before = process.cpuUsage();
      let calls = 0;
      for (; performance.now() - start < sliceMilliseconds || calls === 0; calls++) await run();
      const { user, system } = process.cpuUsage(before);
      times[name].push((user + system) / calls);
    }
  return Object.fromEntries(Object.entries(times).map(([name, list]) => [name, list.sort((a, b) => a - b)[Math.floor(list.length / 10)]]));
}

function print(title, times) {
  console.log(title);
  for (const [name, time] of Object.entries(times)) console.log(`  ${name.padEnd(34)} ${time.toFixed(2).padStart(10)} us`);
}

/** A bar that the project holds itself to. */
function printBar(name, figure, isMet) {
  console.log(`  bar: ${name}: ${figure.toFixed(2)}, ${isMet ? 'met' : 'NOT MET'}`);
}

/**
 * The bare AEAD of the backend's own libsodium, by a function of the ciphertext: with its bytes copied in and out, as whoever
 * calls from JavaScript must, or in place, where WebAssembly's memory holds them before and nobody takes the result.
 */
async function bareAead(backend) {
  if (backend === 'native') {
    const file = new URL(`prebuilds/${process.platform}-${process.arch}.node`, root).pathname;
    const addon = nativeBackend(createRequire(import.meta.url)(file));
    const run = (ciphertext) => () => addon.call('sr_primitive', aeadName, aeadKey, nonce, none, ciphertext);
    return { copied: run, inPlace: run };
  }
  const { instance } = await WebAssembly.instantiate(await readFile(new URL('dist/core.wasm', root)), {
    env: { emscripten_notify_memory_growth: () => {} },
    wasi_snapshot_preview1: new Proxy({}, { get: () => () => 0 }),
  });
  const { memory, sr_alloc, sr_free, sr_primitive, _initialize } = instance.exports;
  _initialize?.();
  sr_free(sr_alloc(1 << 23), 1 << 23); // so that memory does not grow any more
  const heap = new Uint8Array(memory.buffer);
  const out = sr_alloc(12);
  const result = new Uint32Array(memory.buffer, out, 2);
  const place = (bytes) => {
    const data = sr_alloc(bytes.length);
    heap.set(bytes, data);
    return [data, bytes.length];
  };
  const run = (isCopied) => (ciphertext) => {
    const blocks = [aeadName, aeadKey, nonce, none, ciphertext].flatMap(place);
    const input = blocks.at(-2);
    return () => {
      if (isCopied) heap.set(ciphertext, input);
      sr_primitive(...blocks, out);
      const opened = isCopied ? heap.slice(result[0], result[0] + result[1]) : undefined;
      sr_free(result[0], result[1]);
      return opened;
    };
  };
  return { copied: run(true), inPlace: run(false) };
}

await sodium.ready;
const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Chacha20Poly1305() });
const aeadKey = new Uint8Array(32);
const nonce = new Uint8Array(12);
const none = new Uint8Array(0);
const aeadName = new TextEncoder().encode('chacha20_poly1305_open');
const bareCiphertext = (plaintext) => sodium.crypto_aead_chacha20poly1305_ietf_encrypt(plaintext, null, null, nonce, aeadKey);

for (const backend of ['native', 'wasm']) {
  const subrosa = await load({ backend });
  const { sealing, atRest } = subrosa;
  const { context: contextNow, grounds } = consented(subrosa);
  const context = contextNow();
  const begin = (recipient) => {
    const session = sealing.beginSession({ recipients: [recipient], ...context });
    session.seal(short, grounds);
    session.free();
  };
  const bare = await bareAead(backend);
  const { publicKey, secretKey } = sealing.generateKeyPair();
  const classic = sealing.generateKeyPair({ kem: 'x25519' });
  const page = sealing.beginSession({ recipients: [publicKey], ...context });
  const desk = sealing.acceptSession(page.header, { key: secretKey, purpose: 'chat' });
  const key = atRest.generateKey();

  const bulk = await measure({
    'bare AEAD': bare.copied(bareCiphertext(megabyte)),
    'bare AEAD, in place': bare.inPlace(bareCiphertext(megabyte)),
    'libsodium-wrappers AEAD': () => bareCiphertext(megabyte),
    'stream, seal': streamSealer(sealing, { recipients: [publicKey], ...context }),
    'at rest, seal': () => atRest.seal(megabyte, { key, label: 'file' }),
    'session, seal, padded': () => page.seal(megabyte, grounds),
  });
  print(`${backend}, 1 MiB`, bulk);
  const share = bulk['bare AEAD'] / bulk['stream, seal'];
  printBar('a stream is sealed at 0.90 of the bare AEAD', share, share >= 0.9);

  const chat = await measure({
    'bare AEAD, in place': bare.inPlace(bareCiphertext(short)),
    'libsodium-wrappers AEAD': () => bareCiphertext(short),
    'session, seal': () => page.seal(short, grounds),
    'session, seal and open': () => desk.open(page.seal(short, grounds)),
  });
  print(`${backend}, 200 bytes`, chat);
  const multiple = chat['session, seal'] / chat['bare AEAD, in place'];
  printBar('a message costs at most 3 times the bare AEAD', multiple, multiple <= 3);

  const theirs = await suite.kem.generateKeyPair();
  const box = sodium.crypto_box_keypair();
  const opening = await measure({
    'session, X25519': () => begin(classic.publicKey),
    'session, X-Wing': () => begin(publicKey),
    '@hpke/core, X25519': async () => (await suite.createSenderContext({ recipientPublicKey: theirs.publicKey })).seal(short.buffer),
    'libsodium-wrappers, box_seal': () => sodium.crypto_box_seal(short, box.publicKey),
  });
  print(`${backend}, opening a conversation and its first message`, opening);
}

/** Pushes one megabyte through a stream that is open. */
function streamSealer(sealing, options) {
  const { readable, writable } = sealing.sealStream(options);
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
