import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { random } from '../fixture/random.ts';
import { SubrosaError, subrosa } from './api.ts';

interface Examples {
  finds: { text: string }[];
  ignores: string[];
}
const rules = JSON.parse(readFileSync(new URL('../../build/generated/rules.json', import.meta.url), 'utf8')) as Examples[];
const examples = rules.flatMap(({ finds, ignores }) => [...finds.map(({ text }) => text), ...ignores]);
const privateKey = (lines: number) =>
  `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n'.repeat(lines)}-----END PRIVATE KEY-----\n`;
const long = [
  privateKey(12),
  privateKey(90),
  'Ann Lee\n221B Baker Street\nLondon NW1 6XE\nUnited Kingdom\n',
  'kind: Secret\nmetadata:\n  name: db\ndata:\n  password: c3VwZXJzZWNyZXRwYXNzd29yZA==\n',
  'my passport number, which I had to look up, is as follows: ',
  '这是一个很长的句子。没有空格。我的手机号是',
  `[SECRET=${'q'.repeat(300)}]`,
];
const keys = ' \n1234@.-[]=:aé，。的😀'.split('').concat('😀', '\u200b', 'SSN ', 'tel ', '-----', 'Thanks for the quick answer! ');

/** Texts, edits and places, the same in every run. */
function typist(seed: number) {
  const next = random(seed);
  const below = (count: number) => Math.floor(next() * count);
  const any = <T>(list: T[]) => list[below(list.length)] as T;
  const piece = () => (below(3) > 0 ? any(keys) : below(6) > 0 ? any(examples) : any(long));
  return {
    text(length: number): string {
      let text = '';
      while (text.length < length) text += `${piece()}${any([' ', '\n', ''])}`;
      return text;
    },
    /** Mostly a key here and there, anywhere: also between the halves of a surrogate pair. */
    edit(text: string): [number, number, string] {
      const start = below(text.length + 1);
      const end = Math.min(text.length, start + (below(4) > 0 ? 0 : below(below(10) === 0 ? 2000 : 8)));
      return [start, end, below(4) === 0 ? '' : piece()];
    },
  };
}

for (const [length, texts, edits] of [
  [600, 12, 40],
  [10_000, 3, 60],
] as const)
  test(`a composer finds what a scan of the whole finds: random edits of texts of ${length} characters`, () => {
    const { text, edit } = typist(length);
    let found = 0;
    for (let i = 0; i < texts; i++) {
      const composer = subrosa.composer();
      composer.update(text(length));
      for (let k = 0; k < edits; k++) {
        const [start, end, inserted] = edit(composer.text);
        const before = composer.text;
        const findings = composer.edit(start, end, inserted);
        assert.equal(composer.text, before.slice(0, start) + inserted + before.slice(end));
        assert.deepEqual(findings, subrosa.detect(composer.text), `text ${i}, edit ${k}`);
        found += findings.length;
      }
      composer.free();
    }
    assert.ok(found > texts * edits);
  });

test('a text that is typed key by key has the findings of the whole after each key', () => {
  const composer = subrosa.composer();
  const text = 'Hi, I am Ann Lee. 😀 My SSN is 078-05-1120, write to ann@example.org or to\n221B Baker Street\nLondon NW1 6XE\n';
  for (let end = 0; end <= text.length; end++)
    assert.deepEqual(composer.update(text.slice(0, end)), subrosa.detect(text.slice(0, end)), text.slice(0, end));
  composer.free();
});

test('a composer has the options of a call, and of its scanner', () => {
  const options = { entities: ['EMAIL_ADDRESS', 'US_PASSPORT'], previous: 'What is your passport number?' };
  const scanner = subrosa.scanner({ allow: ['ann@example.org'] });
  const composer = subrosa.composer(options, scanner);
  const text = '912345678, and ann@example.org, bob@example.org or +1 415 555 2671';
  for (let end = 0; end <= text.length; end++)
    assert.deepEqual(composer.update(text.slice(0, end)), scanner.detect(text.slice(0, end), options));
  assert.deepEqual(
    composer.update(text).map(({ entity }) => entity),
    ['US_PASSPORT', 'EMAIL_ADDRESS'],
  );
  composer.free();
  assert.throws(() => composer.update('x'), new SubrosaError('bad_argument'));
  assert.throws(() => subrosa.composer({ entities: ['NOBODY'] }), { code: 'unknown_id' });
  scanner.free();
});
