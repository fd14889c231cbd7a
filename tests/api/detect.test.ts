import assert from 'node:assert/strict';
import test from 'node:test';
import type { CustomRule } from '../../js/src/detect.ts';
import { SubrosaError, subrosa } from './api.ts';

test('spans are in UTF-16 code units, whatever stands before', () => {
  const text = '😀 张三: ann@example.org ok';
  const [finding] = subrosa.detect(text);
  assert.equal(finding?.entity, 'EMAIL_ADDRESS');
  assert.equal(text.slice(finding?.start, finding?.end), 'ann@example.org');
});

test('hidden marks and full-width forms are seen through, and the finding covers them', () => {
  const text = 'to ａｎｎ\u200b＠example．org\u200b!';
  const [finding] = subrosa.detect(text);
  assert.equal(text.slice(finding?.start, finding?.end), 'ａｎｎ\u200b＠example．org\u200b');
});

test('a scanner keeps to its entities, thresholds and lists', () => {
  const text = 'write to ann@example.org or bob@example.org, ticket AB-77';
  const found = (options: Parameters<typeof subrosa.scanner>[0]) => {
    const scanner = subrosa.scanner(options);
    const values = scanner.detect(text).map((finding) => `${finding.entity}:${text.slice(finding.start, finding.end)}`);
    scanner.free();
    return values;
  };
  assert.deepEqual(found({ entities: ['EMAIL_ADDRESS'] }), ['EMAIL_ADDRESS:ann@example.org', 'EMAIL_ADDRESS:bob@example.org']);
  assert.deepEqual(found({ entities: ['EMAIL_ADDRESS'], allow: ['ann@example.org'] }), ['EMAIL_ADDRESS:bob@example.org']);
  assert.deepEqual(found({ entities: ['TICKET'], deny: { TICKET: ['ab-77'] } }), ['TICKET:AB-77']);
  const rules = [{ id: 'TICKET', patterns: [{ name: 'plain', regex: '[A-Z]{2}-\\d{2}', score: 0.3 }], context: ['ticket'] }];
  assert.deepEqual(found({ entities: ['TICKET'], rules }), ['TICKET:AB-77']);
  assert.deepEqual(found({ entities: ['TICKET'], rules, thresholds: { TICKET: 0.9 } }), []);
});

test('the turn before counts as context', () => {
  const scanner = subrosa.scanner({
    entities: ['CASE'],
    rules: [{ id: 'CASE', patterns: [{ name: 'n', regex: '\\d{6}', score: 0.1 }], context: ['case number'] }],
  });
  assert.deepEqual(scanner.detect('123456'), []);
  assert.equal(scanner.detect('123456', { previous: 'What is your case number?' }).length, 1);
  assert.equal(scanner.detect('caseNumber: 123456').length, 1);
  assert.equal(scanner.detect('{"case_number": "123456"}').length, 1);
  scanner.free();
});

test('an explanation names pattern, validator and context', () => {
  const [reason] = subrosa.explain('my e-mail is ann@example.org');
  assert.equal(reason?.entity, 'EMAIL_ADDRESS');
  assert.equal(reason?.validated, true);
  assert.equal(reason?.normalised, false);
  assert.ok(Array.isArray(reason?.beat));
});

test('what is wrong is told by its place and never by its value', () => {
  const fails = (run: () => unknown, code: string, where: string) =>
    assert.throws(run, (error) => error instanceof SubrosaError && error.code === code && error.where === where);
  fails(() => subrosa.scanner({ entities: ['NO_SUCH'] }), 'unknown_id', '/entities');
  fails(() => subrosa.scanner({ minScore: 2 }), 'bad_format', '/minScore');
  fails(
    () => subrosa.scanner({ rules: [{ id: 'X', patterns: [{ name: 'p', regex: 'a(', score: 1 }] }] }),
    'bad_format',
    'X/patterns/p/regex',
  );
  fails(() => subrosa.detect('x', { minScore: Number.NaN }), 'bad_format', '/minScore');
});

test("a user's rule that is wrong is told by its name and field", () => {
  const pattern = { name: 'p', regex: 'TK-\\d{6}', score: 0.3 };
  const wrong: [where: string, code: string, rule: unknown][] = [
    ['0/id', 'bad_format', { patterns: [pattern] }],
    ['TICKET/patterns', 'bad_format', { id: 'TICKET' }],
    ['TICKET/patterns', 'bad_format', { id: 'TICKET', patterns: [] }],
    ['TICKET/score', 'bad_format', { id: 'TICKET', patterns: [{ name: 'p', regex: 'a' }] }],
    ['TICKET/regex', 'bad_format', { id: 'TICKET', patterns: [{ name: 'p', score: 1 }] }],
    ['TICKET/bounds', 'unknown_id', { id: 'TICKET', patterns: [{ ...pattern, bounds: 'line' }] }],
    ['TICKET/patterns/colour', 'bad_format', { id: 'TICKET', patterns: [{ ...pattern, colour: 'red' }] }],
    ['TICKET/colour', 'bad_format', { id: 'TICKET', patterns: [pattern], colour: 'red' }],
    ['TICKET/context', 'bad_format', { id: 'TICKET', patterns: [pattern], context: [1] }],
    ['TICKET/priority', 'bad_format', { id: 'TICKET', patterns: [pattern], priority: 101 }],
    ['TICKET/patterns/p/regex', 'bad_format', { id: 'TICKET', patterns: [{ ...pattern, regex: '^TK' }] }],
  ];
  for (const [where, code, rule] of wrong)
    assert.throws(
      () => subrosa.scanner({ rules: [rule as CustomRule] }),
      (error) => error instanceof SubrosaError && error.where === where && error.code === code,
      where,
    );
});

test("a user's hostile rules are refused by name and field, or do no harm", () => {
  const scanner = (regex: string) => subrosa.scanner({ entities: ['X'], rules: [{ id: 'X', patterns: [{ name: 'p', regex, score: 1 }] }] });
  const refused: [code: string, regex: string][] = [
    ['bad_format', `${'('.repeat(1000)}a${')'.repeat(1000)}`],
    ['bad_format', 'a{1000000000}'],
    ['too_long', '(?:(?:a{1000}){1000}){1000}'],
    ['bad_format', 'a****'],
    ['bad_format', `a${'*'.repeat(2000)}`],
    ['bad_format', `a${'{2}'.repeat(600)}`],
    ['too_long', `(?:${'[^a]|'.repeat(400)}b){1000}`],
    ['too_long', `${'(?:'.repeat(60)}a${')+'.repeat(60)}`],
  ];
  for (const [code, regex] of refused)
    assert.throws(
      () => scanner(regex),
      (error) => error instanceof SubrosaError && error.code === code && error.where === 'X/patterns/p/regex',
      regex.slice(0, 40),
    );
  const text = `${'a'.repeat(4000)} ${'ab'.repeat(2000)}`;
  const harmless = [
    `${'(?:'.repeat(60)}a${'){1}'.repeat(60)}`,
    `${'(?:a*)*'.repeat(100)}b`,
    `${'(?:'.repeat(8)}a${')+'.repeat(8)}b`,
    '(?:a|b)*a(?:a|b){500}c',
    `[${'\\x{100}-\\x{10FFFF}'.repeat(90)}]{100}`,
    '\\p{L}?'.repeat(60),
  ];
  for (const regex of harmless) {
    const own = scanner(regex);
    for (const { start, end } of own.detect(text)) assert.ok(start < end && end <= text.length, regex.slice(0, 40));
    own.free();
  }
  const id = JSON.parse(`${'['.repeat(2000)}${']'.repeat(2000)}`);
  assert.throws(() => subrosa.scanner({ rules: [{ id, patterns: [] }] }), { code: 'bad_format', where: '0/id' });
});

test("a user's rule works with a profile, thresholds, deny context and overlaps", () => {
  const rules: CustomRule[] = [
    {
      id: 'TICKET',
      category: 'credential',
      patterns: [{ name: 'p', regex: 'TK-\\d{6}', score: 0.3 }],
      context: ['ticket'],
      deny_context: ['example'],
    },
  ];
  const found = (text: string, options = {}) => {
    const scanner = subrosa.scanner({ rules, ...options });
    const isFound = scanner.detect(text).some(({ entity }) => entity === 'TICKET');
    scanner.free();
    return isFound;
  };
  assert.equal(found('my ticket is TK-123456'), true);
  assert.equal(found('that is TK-123456'), false);
  assert.equal(found('for example TK-123456', { minScore: 0.3 }), false);
  assert.equal(found('my ticket is TK-123456', { profile: 'secrets' }), true);
  assert.equal(found('my ticket is TK-123456', { profile: 'payments' }), false);
  assert.equal(found('my ticket is TK-123456', { thresholds: { TICKET: 0.9 } }), false);
});

test('what says next to nothing of what it is, is found by itself only where its entity is named', () => {
  const found = (text: string, call: object, options = {}) => {
    const scanner = subrosa.scanner(options);
    const entities = scanner.detect(text, call).map(({ entity }) => entity);
    scanner.free();
    return entities;
  };
  assert.deepEqual(found('1234567', { minScore: 0, entities: ['KE_NATIONAL_ID'] }), ['KE_NATIONAL_ID']);
  assert.deepEqual(found('1234567', { minScore: 0 }, { entities: ['KE_NATIONAL_ID'] }), ['KE_NATIONAL_ID']);
  assert.ok(!found('1234567', { minScore: 0 }).includes('KE_NATIONAL_ID'));
  assert.ok(!found('1234567', {}, { minScore: 0 }).includes('KE_NATIONAL_ID'));
  assert.ok(found('national id 1234567', { minScore: 0 }).includes('KE_NATIONAL_ID'));
  assert.deepEqual(found('1234567', {}, { thresholds: { KE_NATIONAL_ID: 0.01 } }), ['KE_NATIONAL_ID']);
});

test('a freed scanner is refused', () => {
  const scanner = subrosa.scanner({ entities: ['EMAIL_ADDRESS'] });
  scanner.free();
  assert.throws(() => scanner.detect('x'), { code: 'bad_argument' });
});
