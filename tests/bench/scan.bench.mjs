// The scanner in C++, without any boundary: the chat corpus, then inputs that are made to be dear, at 64 KB to 4 MB; and the
// same patterns in Hyperscan, where it is installed.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cmake } from '../../tools/build.mjs';
import { inRoot, run } from '../../tools/lib.mjs';
import { random } from '../fixture/random.ts';
import { chat } from './corpus.mjs';

const rules = JSON.parse(readFileSync(inRoot('build/generated/rules.json'), 'utf8'));
const next = random(7);
const of = (alphabet, length) => Array.from({ length }, () => alphabet[Math.floor(next() * alphabet.length)]).join('');
const codePoint = () => String.fromCodePoint(Math.floor(next() * 0x110000)).toWellFormed();
const ascii = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));

const inputs = {
  ...Object.fromEntries(
    ['a', '1', ' ', '(', '@', '-', '.', '1-', '1 ', 'a ', 'a@', 'a.', '0x', '+1 ', 'a1', 'A1 ', 'AKIA', 'eyJ', 'https://'].map((piece) => [
      JSON.stringify(piece).replaceAll('/', '|'),
      piece,
    ]),
  ),
  'cards that fail the Luhn check': '4111 1111 1111 1112 ',
  'half a JWT': `eyJhbGciOiJIUzI1NiJ9.${of('abcdefgh0123', 60)} `,
  'PEM that does not end': '-----BEGIN PRIVATE KEY-----\n',
  brackets: '('.repeat(4096) + ')'.repeat(4096),
  'JSON brackets': '[{"a":'.repeat(1024),
  'context words': rules.flatMap(({ context = {} }) => Object.values(context).flat()).join(' '),
  'random ASCII': of(ascii, 1 << 16),
  'random digits and marks': of('0123456789 -./()+', 1 << 16),
  'random capitals and digits': of('ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ', 1 << 16),
  'random code points': Array.from({ length: 1 << 15 }, codePoint).join(''),
  Chinese: '我的订单号是一共',
  'finds of all rules': rules.flatMap(({ finds }) => finds.map(({ text }) => text)).join(''),
  'ignores of all rules': rules.flatMap(({ ignores }) => ignores).join(''),
  'not UTF-8': Buffer.from([0x61, 0xff]),
};

const folder = inRoot('build/bench');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const write = (name, content) => {
  const file = `${folder}/${name}`;
  writeFileSync(file, content);
  return file;
};
const corpus = write('chat.txt', `${chat().join('\n')}\n`);
const files = Object.entries(inputs).map(([name, content]) => write(name, content));
run('cmake', ['--preset', 'node'], { quiet: true }); // also where it was configured without the benches
cmake('node', 'scan_bench');
run('build/node/tests/bench/scan_bench', [corpus, ...files]);
if (/HYPERSCAN_LIBRARY:FILEPATH=\//.test(readFileSync(inRoot('build/node/CMakeCache.txt'), 'utf8'))) {
  cmake('node', 'hyperscan_bench');
  run('build/node/tests/bench/hyperscan_bench', [corpus]);
} else console.log('Hyperscan (libhyperscan-dev) is not installed');
