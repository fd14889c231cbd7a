// Redaction and restoring through the TypeScript API: a row an operator, streams beside the one-shot path, JSON beside text.
//   node tests/bench/redact.bench.mjs [native|wasm]
import { load } from '../../dist/node.js';

const subrosa = await load(process.argv[2] ? { backend: process.argv[2] } : {});
const rows = [];

/** Runs for about half a second after a warm-up; the best of three rounds counts. */
function perSecond(work) {
  work();
  let best = 0;
  for (let round = 0; round < 3; round++) {
    const start = performance.now();
    let runs = 0;
    while (performance.now() - start < 170) {
      work();
      runs++;
    }
    best = Math.max(best, (runs * 1000) / (performance.now() - start));
  }
  return best;
}

function row(name, rate, unit) {
  rows.push({ name, rate: Math.round(rate * 100) / 100, unit });
}

const clean =
  'Thanks for the quick answer! I will try again tomorrow after lunch, and if it still does not work we can have a look at it together on Friday.';
const dirty =
  'Please write to ann.lee@example.org or call +1 415 555 2671, my card is 4111 1111 1111 1111 and the rest of the text is plain.';
const vault = subrosa.vault();

const detect = perSecond(() => subrosa.detect(clean));
row('detect, clean message', detect, 'messages/s');
const plain = perSecond(() => subrosa.redact(clean));
row('redact, clean message', plain, 'messages/s');
row(
  'redact, clean message, with a vault',
  perSecond(() => subrosa.redact(clean, { vault })),
  'messages/s',
);
row('redact / detect, clean', plain / detect, 'ratio');
row(
  'detect, message with 3 values',
  perSecond(() => subrosa.detect(dirty)),
  'messages/s',
);

// A key is pressed in a text field: all of it is scanned.
for (const size of [2000, 10_000]) {
  const field = `${clean} `.repeat(Math.ceil(size / clean.length)).slice(0, size);
  const perKey = perSecond(() => subrosa.detect(field));
  row(`detect, a field of ${size} characters`, 1000 / perKey, 'ms');
}

const key = new Uint8Array(32).fill(7);
for (const operator of [
  'replace',
  'mask',
  'redact',
  { operator: 'hash', key },
  { operator: 'encrypt', key },
  'surrogate',
  'generalize',
  'keep',
]) {
  const redactor = subrosa.redactor({ operator });
  row(
    `${operator.operator ?? operator}, message with 3 values`,
    perSecond(() => redactor.redact(dirty, { vault })),
    'messages/s',
  );
  redactor.free();
}
const sent = subrosa.redact(dirty, { vault }).text;
row(
  'restore, message with 3 placeholders',
  perSecond(() => vault.restore(sent)),
  'messages/s',
);
row(
  'restore, clean message',
  perSecond(() => vault.restore(clean)),
  'messages/s',
);

// One value in ten messages, as in a transcript.
const long = Array.from({ length: 14_000 }, (_, i) => (i % 10 === 0 ? dirty : clean)).join('\n');
const megabytes = Buffer.byteLength(long) / 1e6;
const rate = (work) => perSecond(work) * megabytes;
const oneShot = rate(() => subrosa.redact(long, { vault }));
row('one-shot, 2 MB', oneShot, 'MB/s');
for (const [size, name] of [
  [65_536, '64 KiB'],
  [4096, '4 KiB'],
  [512, '512 character'],
  [5, '5 character'],
]) {
  const text = long.slice(0, size * 10_000); // of short pieces fewer, so that a run is not long
  const streamed =
    perSecond(() => {
      const pieces = subrosa.pieceRedactor({ vault });
      for (let at = 0; at < text.length; at += size) pieces.push(text.slice(at, at + size));
      pieces.end();
      pieces.free();
    }) *
    (Buffer.byteLength(text) / 1e6);
  row(`stream of ${name} pieces`, streamed, 'MB/s');
  row(`stream of ${name} pieces / one-shot`, streamed / oneShot, 'ratio');
}
const reply = subrosa.redact(long, { vault }).text;
const restoreOneShot = rate(() => vault.restore(reply));
row('restore one-shot', restoreOneShot, 'MB/s');
const restoreStream = rate(() => {
  const pieces = subrosa.pieceRestorer(vault);
  for (let at = 0; at < reply.length; at += 65_536) pieces.push(reply.slice(at, at + 65_536));
  pieces.end();
  pieces.free();
});
row('restore stream / one-shot', restoreStream / restoreOneShot, 'ratio');

const transcript = {
  messages: Array.from({ length: 10_000 }, (_, i) => ({ role: 'user', content: `${i % 10 === 0 ? dirty : clean} `.repeat(7) })),
};
const bytes = Buffer.byteLength(JSON.stringify(transcript)) / 1e6;
const json = perSecond(() => subrosa.redactJson(transcript, { vault, skipKeys: ['role'] })) * bytes;
row(`redactJson, ${Math.round(bytes)} MB transcript`, json, 'MB/s');
const contents = transcript.messages.map(({ content }) => content).join('\n');
const text = perSecond(() => subrosa.redact(contents, { vault })) * (Buffer.byteLength(contents) / 1e6);
row('the same as plain text', text, 'MB/s');
row('redactJson / plain text', json / text, 'ratio');

process.stdout.write(
  `${subrosa.backend}\n${rows.map(({ name, rate, unit }) => `${name.padEnd(44)} ${String(rate).padStart(12)} ${unit}\n`).join('')}`,
);
