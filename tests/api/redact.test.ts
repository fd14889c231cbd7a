import assert from 'node:assert/strict';
import test from 'node:test';
import { SubrosaError, subrosa } from './api.ts';

test('a session: redact, then restore what comes back', () => {
  const vault = subrosa.vault();
  const sent = subrosa.redact('Write to ann@example.org or Bob@example.org, please.', { vault });
  assert.equal(sent.text, 'Write to [EMAIL_ADDRESS_1] or [EMAIL_ADDRESS_2], please.');
  assert.deepEqual(
    sent.findings.map(({ entity, start, end, replacement }) => [entity, start, end, replacement]),
    [
      ['EMAIL_ADDRESS', 9, 24, '[EMAIL_ADDRESS_1]'],
      ['EMAIL_ADDRESS', 28, 43, '[EMAIL_ADDRESS_2]'],
    ],
  );
  assert.deepEqual(vault.restore('I wrote to [email address 2], not [EMAIL_ADDRESS_7].'), {
    text: 'I wrote to Bob@example.org, not [EMAIL_ADDRESS_7].',
    restored: 1,
    unknown: ['[EMAIL_ADDRESS_7]'],
  });
  vault.free();
  assert.throws(() => vault.restore('[EMAIL_ADDRESS_1]'), SubrosaError);
  assert.throws(() => subrosa.redact('ann@example.org', { vault }), SubrosaError);
});

test('a clean text is the very text that was given', () => {
  const text = 'See you at noon \u{1F600}';
  assert.deepEqual(subrosa.redact(text), { text, findings: [] });
  const vault = subrosa.vault();
  assert.deepEqual(subrosa.redact(text, { vault }), { text, findings: [] });
  assert.deepEqual(vault.restore(text), { text, restored: 0, unknown: [] });
  vault.free();
});

test('offsets and replacements are in UTF-16 units', () => {
  const text = '\u{1F600}\u{1F600} ann@example.org \u{1F600} bob@example.org';
  const { text: out, findings } = subrosa.redact(text);
  assert.equal(out, '\u{1F600}\u{1F600} [EMAIL_ADDRESS_1] \u{1F600} [EMAIL_ADDRESS_2]');
  assert.deepEqual(
    findings.map(({ start, end, replacement }) => [text.slice(start, end), replacement]),
    [
      ['ann@example.org', '[EMAIL_ADDRESS_1]'],
      ['bob@example.org', '[EMAIL_ADDRESS_2]'],
    ],
  );
});

test('operators by entity and category, and errors before any text is touched', () => {
  const text = 'ann@example.org';
  assert.equal(subrosa.redact(text, { operator: 'mask' }).text, '***@*******.***');
  assert.equal(subrosa.redact(text, { operators: { contact: 'redact' } }).text, '');
  assert.equal(subrosa.redact(text, { operators: { contact: 'redact', EMAIL_ADDRESS: 'keep' } }).text, text);
  const key = new Uint8Array(32).fill(7);
  const hashed = subrosa.redact(text, { operator: { operator: 'hash', key, length: 12 } }).text;
  assert.match(hashed, /^\[EMAIL_ADDRESS:[0-9a-f]{12}\]$/);
  assert.equal(subrosa.redact('ANN@example.org', { operator: { operator: 'hash', key, length: 12 } }).text, hashed);
  const wrong = { operator: 'shred' } as never;
  assert.throws(
    () => subrosa.redact('clean', wrong),
    (error) => error instanceof SubrosaError && error.code === 'unknown_id' && error.where === '/operator',
  );
});

test('a thousand values get a thousand placeholders, and each comes back', () => {
  const vault = subrosa.vault();
  const addresses = Array.from({ length: 1000 }, (_, i) => `user${i}$&@example.org`);
  const { text, findings } = subrosa.redact(addresses.join(' '), { vault });
  assert.equal(new Set(findings.map(({ replacement }) => replacement)).size, 1000);
  assert.equal(vault.restore(text).text, addresses.join(' '));
  vault.free();
});

test('what is generalised keeps its kind and loses its detail', () => {
  const scanner = subrosa.scanner({
    rules: [
      { id: 'AMOUNT', category: 'financial', patterns: [{ regex: '(?:EUR|USD|\\$) ?[0-9][0-9,]{0,12}(?:\\.[0-9]{2})?', score: 0.9 }] },
    ],
  });
  const redactor = subrosa.redactor({ operator: 'generalize' }, scanner);
  const general = (text: string) => redactor.redact(text).text;
  for (const [text, expected] of [
    ['born on 12/03/1990', 'born on 1990'],
    ['Your appointment is on 2024-01-31 10:30', 'Your appointment is on 2024'],
    ['I am 34 years old', 'I am 30-39 years old'],
    ['I am 93 years old', 'I am 90+ years old'],
    ['from 93.184.216.34', 'from 93.184.216.0/24'],
    ['at 52.5200, 13.4050', 'at 52.5, 13.4'],
    ['my ZIP code is 90210', 'my ZIP code is 902**'],
    ['my postcode is SW1A 1AA', 'my postcode is SW1A ***'],
    ['meu CEP é 01310-100', 'meu CEP é 0131*-***'],
    ['邮编：100084', '邮编：100***'],
    ['I earn EUR 52,345.67 a year', 'I earn EUR 50,000 a year'],
    ['write to ann@example.org', 'write to [EMAIL_ADDRESS]'],
  ] as const)
    assert.equal(general(text), expected);
  redactor.free();
  scanner.free();
});

test("a scanner's regions say which telephone numbers are the same", () => {
  const scanner = subrosa.scanner({ regions: ['DE'] });
  const redactor = subrosa.redactor({}, scanner);
  const vault = subrosa.vault();
  const { text } = redactor.redact('0171 1234567 or +49 171 1234567', { vault });
  assert.equal(text, '[PHONE_NUMBER_1] or [PHONE_NUMBER_1]');
  for (const used of [vault, redactor, scanner]) used.free();
});

test('a one-way vault numbers as any does', () => {
  const vault = subrosa.oneWayVault();
  assert.equal(subrosa.redact('ann@example.org, bob@example.org', { vault }).text, '[EMAIL_ADDRESS_1], [EMAIL_ADDRESS_2]');
  assert.equal(subrosa.redact('bob@example.org', { vault }).text, '[EMAIL_ADDRESS_2]');
  vault.free();
});
