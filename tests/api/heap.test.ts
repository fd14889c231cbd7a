/** What a scanner keeps from message to message is bounded: states and words of 100,000 texts of every kind do not add up. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { random } from '../fixture/random.ts';

// The loader keeps the instance to itself, so its memory is caught as it is made.
let memory: WebAssembly.Memory | undefined;
const { instantiate } = WebAssembly;
WebAssembly.instantiate = (async (module: WebAssembly.Module, imports?: WebAssembly.Imports) => {
  const instance = await instantiate(module, imports);
  memory = instance.exports.memory as WebAssembly.Memory;
  return instance;
}) as typeof instantiate;
const { subrosa } = await import('./api.ts');
WebAssembly.instantiate = instantiate;

const mebibyte = 2 ** 20;
/** Of WebAssembly exactly the core's, which never shrinks; of the addon the process without JavaScript's own. */
function heap(): number {
  const { rss, heapTotal, external } = process.memoryUsage();
  return memory ? memory.buffer.byteLength : rss - heapTotal - external;
}

interface Examples {
  finds: { text: string }[];
  ignores: string[];
}
const rules = JSON.parse(readFileSync(new URL('../../build/generated/rules.json', import.meta.url), 'utf8')) as Examples[];
const examples = rules.flatMap(({ finds, ignores }) => [...finds.map(({ text }) => text), ...ignores]);

test('100,000 mixed messages leave a heap that has long stopped growing', () => {
  const next = random(20261130);
  const below = (limit: number) => Math.floor(next() * limit);
  const made = (length: number, character: () => string) => Array.from({ length }, character).join('');
  const kinds = [
    () => `${examples[below(examples.length)]} ${examples[below(examples.length)]}`,
    () => made(80, () => String.fromCharCode(0x20 + below(0x5f))), // ASCII
    () => made(30, () => String.fromCodePoint(0xa0 + below(0x9f00))), // other scripts
    () => made(60, () => '0123456789 -./'[below(14)] as string),
  ];
  const scanner = subrosa.scanner();
  const run = (count: number) => {
    for (let i = 0; i < count; i++) scanner.detect((kinds[i % kinds.length] as () => string)());
    return heap();
  };
  const before = heap();
  const half = run(50_000);
  const whole = run(50_000);
  scanner.free();
  assert.ok(half - before <= 64 * mebibyte, `${half - before} bytes more than before`);
  // A process also takes memory for other reasons; half a kilobyte kept of each message would be 24 MiB.
  assert.ok(whole - half <= (memory ? 0 : 16) * mebibyte, `the second half added ${whole - half} bytes`);
});
