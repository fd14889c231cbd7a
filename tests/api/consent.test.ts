import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import { type PolicyDocument, SubrosaError, subrosa } from './api.ts';
import { now, policyDocument, stateOf } from './consent-fixture.ts';

const context = { region: 'DE', age: 'adult', storage: true, present: true } as const;

/** RFC 8785 for values without fractions and keys without surrogates, which JavaScript's own sort and JSON.stringify give. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical((value as Record<string, unknown>)[key])}`).join(',')}}`;
}

function whereOf(change: (document: PolicyDocument) => void): string {
  const document = policyDocument();
  change(document);
  try {
    subrosa.consent.parsePolicy(document);
  } catch (error) {
    assert(error instanceof SubrosaError);
    return error.where;
  }
  assert.fail('the document was accepted');
}

test('a policy has the hash of its canonical form, whatever its layout', () => {
  const document = policyDocument();
  const expected = `sha256:${createHash('sha256').update(canonical(document)).digest('hex')}`;
  assert.equal(subrosa.consent.parsePolicy(document).hash, expected);
  assert.equal(subrosa.consent.parsePolicy(JSON.stringify(document, null, 2)).hash, expected);
});

test('a policy says what was worked out of each purpose', () => {
  const policy = subrosa.consent.parsePolicy(policyDocument());
  assert.deepEqual(policy.document, policyDocument());
  assert.deepEqual(
    policy.purposes.map(({ id, kinds, recipients }) => [id, kinds, recipients]),
    [
      ['chat', [], ['ctl', 'host']],
      ['improve', [], ['ctl']],
      ['share', ['separate', 'third_party'], ['ctl', 'lab']],
      ['keep', ['long_retention'], ['ctl']],
    ],
  );
  assert.equal(new Set(policy.purposes.map((purpose) => purpose.material_hash)).size, 4);
});

test('what is wrong in a policy is named by a JSON pointer', () => {
  assert.equal(
    whereOf((document) => Object.assign(document.purposes[1]!, { colour: 1 })),
    '/purposes/1/colour',
  );
  assert.equal(
    whereOf((document) => delete document.purposes[2]!.purpose.zh),
    '/purposes/2/purpose/zh',
  );
  assert.equal(
    whereOf((document) => (document.purposes[3]!.id = 'chat')),
    '/purposes/3/id',
  );
  assert.throws(() => subrosa.consent.parsePolicy('{"policy_id":"a","policy_id":"b"}'), { code: 'bad_format', where: '/policy_id' });
  assert.throws(() => subrosa.consent.parsePolicy('{"version":1.5}'), { code: 'bad_format', where: '/version' });
});

test('without a record a message is held while the person is there, else denied', () => {
  const policy = subrosa.consent.parsePolicy(policyDocument());
  const session = subrosa.consent.open(policy, { state: stateOf(), context });
  assert.deepEqual(session.decide('chat', 'text', 'ctl', now), {
    verdict: 'hold',
    reason: 'not_asked',
    epoch: 0,
    recordId: '',
    noticeHash: policy.hash,
  });
  const away = subrosa.consent.open(policy, { state: stateOf(), context: { ...context, present: false } });
  assert.equal(away.decide('chat', 'text', 'ctl', now).verdict, 'deny');
});

test('what the policy does not name is denied', () => {
  const session = subrosa.consent.open(subrosa.consent.parsePolicy(policyDocument()), { state: stateOf(), context });
  assert.equal(session.decide('', 'text', 'ctl', now).reason, 'unknown_purpose');
  assert.equal(session.decide('chat', 'image', 'ctl', now).reason, 'unknown_pii_type');
  assert.equal(session.decide('chat', 'text', 'lab', now).reason, 'unknown_recipient');
  for (const odd of [Number.NaN, -1, Number.POSITIVE_INFINITY]) assert.equal(session.decide('chat', 'text', 'lab', odd).verdict, 'deny');
});

test('a session that was freed denies', () => {
  const session = subrosa.consent.open(subrosa.consent.parsePolicy(policyDocument()), { state: stateOf(), context });
  session.free();
  assert.deepEqual(
    [session.decide('chat', 'text', 'ctl', now).verdict, session.decide('chat', 'text', 'ctl', now).reason],
    ['deny', 'no_policy'],
  );
});
