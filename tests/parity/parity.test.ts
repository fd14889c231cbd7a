/** Both backends give the same answers: on every example of the rules, and on seeded texts made of them. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { load } from '../../dist/node.js';
import { random } from '../fixture/random.ts';

const native = await load({ backend: 'native' });
const wasm = await load({ backend: 'wasm' });

interface Examples {
  finds: { text: string }[];
  ignores: string[];
}

const rules = JSON.parse(readFileSync(new URL('../../build/generated/rules.json', import.meta.url), 'utf8')) as Examples[];
const examples = rules.flatMap(({ finds, ignores }) => [...finds.map(({ text }) => text), ...ignores]);

function differences(texts: string[]): string[] {
  return texts.filter((text) => JSON.stringify(native.detect(text)) !== JSON.stringify(wasm.detect(text)));
}

test(`the ${examples.length} examples of the rules`, () => {
  assert.deepEqual(differences(examples), []);
});

test('20,000 seeded texts: examples cut, joined and mixed with other characters', () => {
  const next = random(20261124);
  const pick = (list: readonly string[]) => list[Math.floor(next() * list.length)] as string;
  const noise = ['', ' ', '\n', '-', '.', 'é', '张', '\u200b', '😀', '１２３', '\ud800', '@', '0', 'A', '#', '：'];
  const texts = Array.from({ length: 20_000 }, () => {
    const one = pick(examples);
    const other = pick(examples);
    const cut = Math.floor(next() * one.length);
    return one.slice(0, cut) + pick(noise) + other.slice(Math.floor(next() * other.length)).slice(0, 80) + pick(noise);
  });
  assert.deepEqual(differences(texts), []);
});
