// Chat messages through the TypeScript API with every rule on, beside the fastest JavaScript redactor, in one run.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { Redactor } from '@redactpii/node';
import { load } from '../../dist/node.js';
import { chat } from './corpus.mjs';

const texts = chat();
const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);

function messagesPerSecond(work) {
  for (const text of texts) work(text); // warm
  let best = Infinity;
  for (let round = 0; round < 5; ++round) {
    const start = performance.now();
    for (const text of texts) work(text);
    best = Math.min(best, performance.now() - start);
  }
  return (texts.length / best) * 1000;
}

const native = await load({ backend: 'native' });
const wasm = await load({ backend: 'wasm' });
const peer = new Redactor({ rules: { CREDIT_CARD: true, EMAIL: true, NAME: true, PHONE: true, SSN: true } });

const rows = {
  '@redactpii/node, 5 kinds': (text) => peer.redact(text),
  'native, detect': (text) => native.detect(text),
  'native, redact': (text) => native.redact(text),
  'WebAssembly, detect': (text) => wasm.detect(text),
  'WebAssembly, redact': (text) => wasm.redact(text),
};
console.log(`${texts.length} messages, ${Math.round(bytes / texts.length)} bytes each on average`);
let base = 0;
for (const [name, work] of Object.entries(rows)) {
  const rate = messagesPerSecond(work);
  base ||= rate;
  console.log(`${name.padEnd(26)} ${Math.round(rate).toString().padStart(8)} messages/s   ${(rate / base).toFixed(3)} x`);
}

for (const piece of ['a', '1', ' ', '1 ', '1-', 'a@', 'a.', '0x', '+1 ', '4111 1111 1111 1112 ', 'eyJ', 'AKIA', '((((']) {
  const cost = (size) => {
    const text = piece.repeat(Math.ceil(size / piece.length));
    const start = performance.now();
    native.detect(text);
    return ((performance.now() - start) * 1e6) / text.length;
  };
  cost(4096);
  console.log(
    `adversarial ${JSON.stringify(piece).padEnd(24)} ${cost(16384).toFixed(0).padStart(7)} ns/byte at 16 KB ${cost(65536).toFixed(0).padStart(7)} at 64 KB`,
  );
}

const file = readFileSync(new URL('../../dist/core.wasm', import.meta.url));
console.log(`core.wasm ${file.length} bytes, ${gzipSync(file, { level: 9 }).length} gzipped`);
