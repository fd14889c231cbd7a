import assert from 'node:assert/strict';
import test from 'node:test';
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

test('a freed scanner is refused', () => {
  const scanner = subrosa.scanner({ entities: ['EMAIL_ADDRESS'] });
  scanner.free();
  assert.throws(() => scanner.detect('x'), { code: 'bad_argument' });
});
