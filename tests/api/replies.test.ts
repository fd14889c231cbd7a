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

const input = '{"to":"[EMAIL_ADDRESS_1]","note":"a \\"quoted\\" [email address 1]"}';
const inputs = input.match(/.{1,7}/g) as string[];
const restored = { to: awkward(), note: `a "quoted" ${awkward()}` };

/** An address that JSON writes with an escape. */
function awkward(): string {
  return '"ann\\ lee"@example.org';
}

function awkwardSession() {
  const vault = subrosa.vault();
  assert.equal(subrosa.redact(awkward(), { vault }).text, '[EMAIL_ADDRESS_1]');
  return { vault, restorer: subrosa.replyRestorer(vault) };
}

test('the arguments of tool calls in a chat completion come whole, and are still JSON', () => {
  const { vault, restorer } = awkwardSession();
  const call = (index: number, json: string) => ({ index, function: { arguments: json } });
  const choice = (delta: object, finish_reason: string | null = null) => ({ choices: [{ index: 0, delta, finish_reason }] });
  const events = [
    choice({ tool_calls: [{ id: 'call_1', type: 'function', ...call(0, '') }] }),
    ...inputs.map((json) => choice({ tool_calls: [call(0, json), call(1, json)] })),
    choice({}, 'tool_calls'),
  ];
  const out = ['', ''];
  for (const event of events.flatMap((event) => restorer.push(event))) {
    const { tool_calls = [] } = (event.choices[0]?.delta ?? {}) as { tool_calls?: ReturnType<typeof call>[] };
    for (const { index, function: made } of tool_calls) out[index] += made.arguments;
  }
  assert.deepEqual(
    out.map((json) => JSON.parse(json)),
    [restored, restored],
  );
  restorer.free();
  vault.free();
});

test('the input of a tool in a message comes whole, and is still JSON', () => {
  const { vault, restorer } = awkwardSession();
  const events: object[] = [
    { type: 'content_block_start', index: 1, content_block: { type: 'tool_use', id: 'toolu_1', name: 'send', input: {} } },
    ...inputs.map((partial_json) => ({ type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json } })),
    { type: 'content_block_stop', index: 1 },
  ];
  const shown = events.flatMap((event) => restorer.push(event)) as { type: string; delta?: { partial_json: string } }[];
  assert.deepEqual(
    shown.map(({ type }) => type),
    ['content_block_start', 'content_block_delta', 'content_block_stop'],
  );
  assert.deepEqual(JSON.parse(shown[1]?.delta?.partial_json ?? ''), restored);
  restorer.free();
  vault.free();
});
