import assert from 'node:assert/strict';
import test from 'node:test';
import { chatProtocolKeys, subrosa } from './api.ts';

test('a chat request of OpenAI: strings, parts, tool calls with JSON in strings', () => {
  const vault = subrosa.vault();
  const request = {
    model: 'gpt-x',
    messages: [
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'mail ann@example.org' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0K' } },
        ],
      },
      {
        role: 'assistant',
        tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'send', arguments: '{"to":"ann@example.org","n":1}' } }],
      },
      { role: 'tool', tool_call_id: 'call_1', content: '{"sent":true}' },
    ],
  };
  const before = structuredClone(request);
  const { value, findings } = subrosa.redactJson(request, { vault, skipKeys: chatProtocolKeys });
  assert.deepEqual(request, before);
  assert.ok(!JSON.stringify(value).includes('example.org'));
  assert.equal(value.messages[2]?.tool_calls?.[0]?.function.arguments, '{"to":"[EMAIL_ADDRESS_1]","n":1}');
  assert.deepEqual(
    findings.map(({ pointer, entity }) => [pointer, entity]),
    [
      ['/messages/1/content/0/text', 'EMAIL_ADDRESS'],
      ['/messages/2/tool_calls/0/function/arguments/to', 'EMAIL_ADDRESS'],
    ],
  );
  assert.deepEqual(subrosa.restoreJson(value, vault), request);
  vault.free();
});

test('a chat request of Anthropic: content blocks, tool use and results, pictures left alone', () => {
  const request = {
    system: 'The user is ann@example.org',
    messages: [
      {
        role: 'user',
        content: [
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'QUJD' } },
          { type: 'text', text: 'ann@example.org' },
        ],
      },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'send', input: { to: 'ann@example.org' } }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'sent to ann@example.org' }] },
    ],
  };
  interface Block {
    type: string;
    input?: { to: string };
    source?: { data: string };
  }
  const { value, findings } = subrosa.redactJson<{ messages: { content: Block[] }[] }>(request, { skipKeys: chatProtocolKeys });
  assert.equal(value.messages[1]?.content[0]?.input?.to, '[EMAIL_ADDRESS_1]');
  assert.equal(value.messages[0]?.content[0]?.source?.data, 'QUJD');
  assert.equal(findings.length, 4);
});

test('a key is context for its value, also for a number', () => {
  const { value, findings } = subrosa.redactJson({ ssn: '536-22-8726', order: 'AB-1', user: { ssn: [536228726, 42] } });
  assert.equal(value.ssn, '[US_SSN_1]');
  assert.equal(value.order, 'AB-1');
  assert.deepEqual(value.user.ssn, ['[US_SSN_1]', 42]);
  assert.deepEqual(
    findings.map(({ pointer }) => pointer),
    ['/ssn', '/user/ssn/0'],
  );
});

test('keys and paths hide whole values, and findings in keys are redacted', () => {
  const given = {
    Password: { a: 1 },
    list: [
      { name: 'x', n: 1 },
      { name: 'y', n: 2 },
    ],
    'ann@example.org': 'yes',
    'a/b~c': 'bob@example.org',
  };
  const { value, findings } = subrosa.redactJson(given, { keys: ['password'], paths: ['/list/*/name'] });
  assert.deepEqual(value, {
    Password: '[REDACTED]',
    list: [
      { name: '[REDACTED]', n: 1 },
      { name: '[REDACTED]', n: 2 },
    ],
    '[EMAIL_ADDRESS_1]': 'yes',
    'a/b~c': '[EMAIL_ADDRESS_2]',
  });
  assert.deepEqual(
    findings.map(({ pointer, inKey }) => [pointer, inKey]),
    [
      ['/Password', undefined],
      ['/list/0/name', undefined],
      ['/list/1/name', undefined],
      ['/ann@example.org', true],
      ['/a~1b~0c', undefined],
    ],
  );
});

test('hostile values: prototypes, cycles, depth, getters, BigInt, doubled keys', () => {
  const polluting = JSON.parse('{"__proto__": {"polluted": "ann@example.org"}, "constructor": {"prototype": {"x": 1}}}');
  const { value } = subrosa.redactJson(polluting);
  assert.equal(JSON.stringify(value), '{"__proto__":{"polluted":"[EMAIL_ADDRESS_1]"},"constructor":{"prototype":{"x":1}}}');
  assert.equal(({} as { polluted?: unknown }).polluted, undefined);

  const cycle: Record<string, unknown> = { mail: 'ann@example.org' };
  cycle.self = cycle;
  assert.deepEqual(subrosa.redactJson(cycle).value, { mail: '[EMAIL_ADDRESS_1]', self: '[CIRCULAR]' });

  const depth = 200_000;
  let deep: unknown = 'ann@example.org';
  for (let i = 0; i < depth; i++) deep = [deep];
  let inner = subrosa.redactJson(deep).value;
  for (let i = 0; i < depth; i++) inner = (inner as unknown[])[0];
  assert.equal(inner, '[EMAIL_ADDRESS_1]');

  const odd = {
    get bad() {
      throw new Error('no');
    },
    get good() {
      return 'ann@example.org';
    },
    big: 4111111111111111n,
    small: 7n,
    when: new Date(0),
    no: undefined,
  };
  assert.deepEqual(subrosa.redactJson(odd as object).value, {
    bad: '[UNREADABLE]',
    good: '[EMAIL_ADDRESS_1]',
    big: '[CREDIT_CARD_1]',
    small: 7n,
    when: '1970-01-01T00:00:00.000Z',
    no: undefined,
  });
  const { value: doubled } = subrosa.redactJson({ args: '{"a":"ann@example.org","a":"x"}' });
  assert.equal(doubled.args, '{"a":"[EMAIL_ADDRESS_1]","a":"x"}');
});
