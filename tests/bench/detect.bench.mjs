// Chat messages through the TypeScript API with every rule on, beside JavaScript redactors, in one run.
import { redact as arcjet } from '@arcjet/redact';
import { SyncRedactor } from '@libretto/redact-pii-light';
import { Redactor } from '@redactpii/node';
import { OpenRedaction } from 'openredaction';
import { load } from '../../dist/node.js';
import { chat } from './corpus.mjs';

const texts = chat();
const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);

/** Messages a second through the corpus, or as far as it comes in a second. */
async function messagesPerSecond(work) {
  const start = performance.now();
  let done = 0;
  for (; done < texts.length && performance.now() - start < 1000; done++) {
    const result = work(texts[done]);
    if (result instanceof Promise) await result;
  }
  return (done * 1000) / (performance.now() - start);
}

const native = await load({ backend: 'native' });
const wasm = await load({ backend: 'wasm' });
const redactPii = new SyncRedactor();
const redactpii = new Redactor({ rules: { CREDIT_CARD: true, EMAIL: true, NAME: true, PHONE: true, SSN: true } });
const openRedaction = new OpenRedaction();

const peers = {
  '@redactpii/node, 5 kinds': (text) => redactpii.redact(text),
  'redact-pii-light, 13 kinds': (text) => redactPii.redact(text),
  'openredaction, 579 patterns': (text) => openRedaction.detect(text),
  '@arcjet/redact, 4 kinds': (text) => arcjet(text),
};
const own = {
  'native, redact': (text) => native.redact(text),
  'WebAssembly, redact': (text) => wasm.redact(text),
  'native, detect': (text) => native.detect(text),
  'WebAssembly, detect': (text) => wasm.detect(text),
};

console.log(`${texts.length} messages, ${Math.round(bytes / texts.length)} bytes each on average; x: of the fastest peer`);
// In turn, so that what else the machine does falls on all of them; the first round warms up, the best of the others counts.
const rates = {};
for (let round = 0; round <= 5; round++)
  for (const [name, work] of Object.entries({ ...peers, ...own })) {
    const rate = await messagesPerSecond(work);
    if (round > 0) rates[name] = Math.max(rates[name] ?? 0, rate);
  }
const fastest = Math.max(...Object.keys(peers).map((name) => rates[name]));
for (const [name, rate] of Object.entries(rates))
  console.log(`${name.padEnd(28)} ${Math.round(rate).toString().padStart(8)} messages/s   x ${(rate / fastest).toFixed(3)}`);
