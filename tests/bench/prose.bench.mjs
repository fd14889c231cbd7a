// Findings in prose that was written without personal data: Debian's fortunes, licences and manual pages, `chat` profile.
// A line a finding, in its context, for a person's verdict; letters and digits of what was found are masked unless --show.
//   node tests/bench/prose.bench.mjs [--show] [--backend wasm]
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { load } from '../../dist/node.js';

const fortunes = '/usr/share/games/fortunes';
const chinese = ['chinese', 'song100', 'tang300'];
const backend = process.argv.includes('--backend') ? process.argv[process.argv.indexOf('--backend') + 1] : 'native';

/** The plain text files of a folder, by name. */
function texts(folder, wanted = () => true) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(dat|u8)$/.test(entry.name) && wanted(entry.name))
    .map((entry) => readFileSync(path.join(folder, entry.name), 'utf8'));
}

/** Manual pages as a reader sees them: every `nth` of a folder. */
function manual(folder, nth) {
  if (!existsSync(folder) || spawnSync('groff', ['--version']).status !== 0) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.gz'))
    .filter((_, i) => i % nth === 0)
    .map((name) => gunzipSync(readFileSync(path.join(folder, name))))
    .map((input) =>
      execFileSync('groff', ['-K', 'utf8', '-Tutf8', '-t', '-mandoc', '-P-cbou', '-rLL=100n', '-Wall'], {
        input,
        encoding: 'utf8',
        stdio: ['pipe', 'pipe', 'ignore'],
      }),
    );
}

const corpora = {
  fortunes: texts(fortunes, (name) => !chinese.includes(name)),
  'fortunes-zh': texts(fortunes, (name) => chinese.includes(name)).map((text) => text.replace(/\x1b\[[0-9;]*m/g, '')),
  'fortunes-de': texts(`${fortunes}/de`),
  'fortunes-es': texts(`${fortunes}/es`),
  licences: texts('/usr/share/common-licenses'),
  'man pages': manual('/usr/share/man/man1', 40),
  'man pages, fr': manual('/usr/share/man/fr/man1', 1),
};

const scanner = (await load({ backend })).scanner({ profile: 'chat' });
const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });
const wordsOf = (text) => [...segmenter.segment(text)].filter((segment) => segment.isWordLike).length;
const mask = (text) => (process.argv.includes('--show') ? text : text.replace(/\p{L}/gu, 'x').replace(/\d/g, '0'));

for (const [name, pieces] of Object.entries(corpora)) {
  if (pieces.length === 0) {
    console.log(`${name}: not installed`);
    continue;
  }
  // A fortune a message, as in a chat; of longer texts a paragraph.
  const messages = pieces.flatMap((text) => text.split(name.startsWith('fortunes') ? /^%$/m : /\n{2,}/));
  const lines = [];
  for (const text of messages) {
    for (const { entity, kind, score, start, end } of scanner.detect(text)) {
      const context = `${text.slice(Math.max(0, start - 30), start)}[${mask(text.slice(start, end))}]${text.slice(end, end + 20)}`;
      lines.push(`  ${kind ? `${entity}/${kind}` : entity} ${score}: ${context.replace(/\s+/g, ' ').trim()}`);
    }
  }
  const words = messages.reduce((sum, text) => sum + wordsOf(text), 0);
  console.log(`${name}: ${words} words, ${lines.length} findings, one in ${Math.round(words / Math.max(1, lines.length))} words`);
  for (const line of lines.sort()) console.log(line);
}
