import assert from 'node:assert/strict';
import test from 'node:test';
import { subrosa } from './api.ts';

const reply = 'I wrote to [EMAIL_ADDRESS_1], and to [email address 1]';
const expected = reply.replace('[EMAIL_ADDRESS_1]', 'ann@example.org').replace('[email address 1]', 'ann@example.org');
const pieces = reply.match(/.{1,5}/g) as string[];

function session() {
  const vault = subrosa.vault();
  subrosa.redact('ann@example.org', { vault });
  return { vault, restorer: subrosa.replyRestorer(vault) };
}

test('the deltas of a chat completion, choice by choice', () => {
  const { vault, restorer } = session();
  const out = ['', ''];
  const events = [
    ...pieces.flatMap((content) => [0, 1].map((index) => ({ id: 'c', choices: [{ index, delta: { content }, finish_reason: null }] }))),
    ...[0, 1].map((index) => ({ id: 'c', choices: [{ index, delta: {}, finish_reason: 'stop' }] })),
    { id: 'c', choices: [], usage: { total_tokens: 9 } },
  ];
  for (const event of events) {
    for (const { choices } of restorer.push<{ choices: { index: number; delta: { content?: string } }[] }>(event)) {
      for (const { index, delta } of choices) out[index] += delta.content ?? '';
    }
  }
  assert.deepEqual(out, [expected, expected]);
  restorer.free();
  vault.free();
});

test('the deltas of a message, block by block; other events pass', () => {
  const { vault, restorer } = session();
  const events: object[] = [
    { type: 'message_start', message: { id: 'm' } },
    ...pieces.map((text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })),
    { type: 'content_block_stop', index: 0 },
    { type: 'message_stop' },
  ];
  const shown = events.flatMap((event) => restorer.push(event)) as { type: string; delta?: { text: string } }[];
  assert.equal(shown.map(({ delta }) => delta?.text ?? '').join(''), expected);
  assert.deepEqual(
    shown.filter(({ delta }) => !delta).map(({ type }) => type),
    ['message_start', 'content_block_stop', 'message_stop'],
  );
  restorer.free();
  vault.free();
});
