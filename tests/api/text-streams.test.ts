import assert from 'node:assert/strict';
import test from 'node:test';
import { type Redaction, subrosa } from './api.ts';

const line = 'Mail ann@example.org 😀 or bob@example.org, card 4111 1111 1111 1111, 手机13800138000。\n';
const text = line.repeat(300);

async function collect(pieces: Iterable<string>, through: ReadableWritablePair<string, string>): Promise<string> {
  const source = new ReadableStream<string>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
  let out = '';
  for await (const piece of source.pipeThrough(through) as unknown as AsyncIterable<string>) out += piece;
  return out;
}

function* cut(from: string, size: () => number): Generator<string> {
  for (let at = 0; at < from.length; ) {
    const end = at + size();
    yield from.slice(at, end);
    at = end;
  }
}

/** A small generator with a seed, so that a failure can be run again. */
function seeded(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % limit;
  };
}

test('a redacted stream is the redacted text, cut after every code unit or at random', async () => {
  const vault = subrosa.vault();
  const whole = subrosa.redact(text, { vault });
  const random = seeded(7);
  for (const size of [() => 1, () => 5, () => 1 + random(3000), () => 70000]) {
    const found: Redaction[] = [];
    const out = await collect(cut(text, size), subrosa.redactStream({ vault, onFindings: (findings) => found.push(...findings) }));
    assert.equal(out, whole.text);
    assert.deepEqual(found, whole.findings);
  }
  vault.free();
});

test('a restored stream is the restored text, for each single cut and for every code unit', async () => {
  const vault = subrosa.vault();
  const sent = subrosa.redact(line, { vault }).text;
  const reply = `I wrote to [email address 1]'s 😀 owner, ${sent} [[PHONE_NUMBER_1]] and [PERSON_9].`;
  const expected = vault.restore(reply);
  for (let at = 0; at <= reply.length; at++) {
    const pieces = subrosa.pieceRestorer(vault);
    assert.equal(pieces.push(reply.slice(0, at)).text + pieces.push(reply.slice(at)).text + pieces.end().text, expected.text);
    pieces.free();
  }
  const stream = subrosa.restoreStream(vault);
  assert.equal(await collect(reply, stream), expected.text);
  assert.equal(stream.restored, expected.restored);
  assert.deepEqual(stream.unknown, expected.unknown);
  vault.free();
});

test('a stream without a vault numbers its own values; one with a freed vault fails', async () => {
  const out = await collect(
    cut(text, () => 4000),
    subrosa.redactStream(),
  );
  assert.equal(out, subrosa.redact(text).text);
  const vault = subrosa.vault();
  vault.free();
  await assert.rejects(collect(['x'], subrosa.restoreStream(vault)), { code: 'bad_argument' });
});
