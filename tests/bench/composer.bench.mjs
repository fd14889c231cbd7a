// What a key in a text field costs: the composer beside a scan of the whole.
//   node tests/bench/composer.bench.mjs [native|wasm]
import { load } from '../../dist/node.js';

const subrosa = await load(process.argv[2] ? { backend: process.argv[2] } : {});
const size = 10_000;
const edits = 2000;
const texts = {
  prose:
    'Thanks for the quick answer! I will try again tomorrow after lunch, and if it still does not work we can have a look at it together. ',
  'a value in each line': 'Please write to ann.lee@example.org or call +1 415 555 2671, my card is 4111 1111 1111 1111, and so on.\n',
  Chinese: '谢谢您的快速回复！我明天午饭后再试一次，如果还是不行，我们可以一起看看。我的手机号是13800138000。',
};

/** In milliseconds: the median and the 95th percentile. */
function spread(times) {
  times.sort((a, b) => a - b);
  return [0.5, 0.95].map((part) => times[Math.floor(times.length * part)].toFixed(3));
}

function timed(work) {
  const start = performance.now();
  work();
  return performance.now() - start;
}

let state = 1;
const below = (count) => {
  state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
  return state % count;
};

const key = () => 'a1 .@'[below(5)];
/** Keys and backspaces by turns: everywhere, and 200 on end at one place. */
function anywhere(i) {
  const at = below(size);
  return i % 2 ? [at, at + 1, ''] : [at, at, key()];
}
const around = (place) => (i) => {
  const at = place + (i % 400 < 200 ? i % 200 : 199 - (i % 200));
  return i % 400 < 200 ? [at, at, key()] : [at, at + 1, ''];
};
const kinds = { 'a key anywhere': anywhere, 'typed in the middle': around(size / 2), 'typed at the end': around(size) };

function row(name, times) {
  const [median, most] = spread(times);
  process.stdout.write(`${name.padEnd(50)} median ${median} ms, p95 ${most} ms\n`);
}

process.stdout.write(`${subrosa.backend}: an edit in a text of ${size} characters\n`);
for (const [name, line] of Object.entries(texts)) {
  const text = line.repeat(Math.ceil(size / line.length)).slice(0, size);
  subrosa.detect(text);
  row(
    `${name}: the whole is scanned`,
    Array.from({ length: 200 }, () => timed(() => subrosa.detect(text))),
  );
  const composer = subrosa.composer();
  process.stdout.write(`${`${name}: pasted`.padEnd(50)} ${timed(() => composer.update(text)).toFixed(1)} ms\n`);
  for (const [kind, edit] of Object.entries(kinds)) {
    composer.update(text);
    const times = Array.from({ length: edits }, (_, i) => timed(() => composer.edit(...edit(i))));
    row(`${name}: ${kind}`, times);
  }
  composer.free();
}
