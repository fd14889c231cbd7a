import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { now, policyDocument, stateOf } from '../fixture/policy.ts';
import { type ConsentCell, type OperatorName, type PolicyDocument, SubrosaError, subrosa } from './api.ts';

const cell: ConsentCell = { purpose: 'chat', piiType: 'text', recipient: 'ctl' };
const text = 'Write to ann@example.org, please.';

function scene(t: TestContext, document = policyDocument()) {
  const policy = subrosa.consent.parsePolicy(document);
  const context = { region: 'DE', age: 'adult', storage: true, present: true } as const;
  const session = subrosa.consent.open(policy, { state: stateOf(), context });
  const { publicKey, secretKey } = subrosa.sealing.generateKeyPair();
  const vault = subrosa.vault();
  t.after(() => {
    for (const part of [policy, session, secretKey, vault]) part.free();
  });
  const decide = ({ purpose, piiType, recipient }: ConsentCell) => session.decide(purpose, piiType, recipient, now);
  const give = () => {
    session.noticeShown('chat', 'en', now);
    assert.equal(session.give('chat', { deliberate: true, now }).reason, 'given');
  };
  return { policy, session, vault, key: secretKey, give, options: { cell, decide, recipient: publicKey, vault } };
}

test('nothing is sealed or redacted without consent, and the reason is said', (t) => {
  const { session, vault, options, give } = scene(t);
  const before = subrosa.guard.seal(text, options);
  assert.equal(before.verdict, 'hold');
  assert.equal(before.decision.reason, 'not_asked');
  give();
  session.withdraw('chat', now);
  const after = subrosa.guard.seal(text, options);
  assert.equal(after.verdict, 'deny');
  assert.equal(after.decision.reason, 'withdrawn');
  assert.deepEqual(
    [Object.keys(before), Object.keys(after)],
    [
      ['verdict', 'decision'],
      ['verdict', 'decision'],
    ],
  );
  assert.equal(vault.restore('[EMAIL_ADDRESS_1]').restored, 0);
});

test('other data, another recipient and an unknown purpose are refused under the same consent', (t) => {
  const { options, give } = scene(t);
  give();
  for (const other of [{ piiType: 'face' }, { recipient: 'lab' }, { purpose: 'ads' }])
    assert.equal(subrosa.guard.seal(text, { ...options, cell: { ...cell, ...other } }).verdict, 'deny', JSON.stringify(other));
});

test('what is permitted is redacted, sealed under the consent, opened and found clean; the reply is restored', (t) => {
  const { key, policy, vault, options, give } = scene(t);
  give();
  const sent = subrosa.guard.seal(text, options);
  assert(sent.verdict === 'permit');
  assert.equal(sent.text, 'Write to [EMAIL_ADDRESS_1], please.');
  assert.deepEqual(
    sent.findings.map(({ entity, start, end }) => [entity, text.slice(start, end)]),
    [['EMAIL_ADDRESS', 'ann@example.org']],
  );
  const { recordId, epoch } = sent.decision;
  const expectation = { key, purpose: 'chat', policyHash: policy.hash, recordId, epoch };
  assert.deepEqual(subrosa.guard.open(sent.envelope, expectation), { text: sent.text, missed: [] });
  assert.equal(vault.restore('Noted: [EMAIL_ADDRESS_1]').text, 'Noted: ann@example.org');
  for (const wrong of [{ purpose: 'improve' }, { policyHash: 'other' }, { recordId: 'other' }, { epoch: epoch + 1 }])
    assert.throws(
      () => subrosa.guard.open(sent.envelope, { ...expectation, ...wrong }),
      (error) => error instanceof SubrosaError && error.code === 'not_authentic',
      JSON.stringify(wrong),
    );
});

test('a sender that did not redact is seen by the rescan', (t) => {
  const { key, policy, options } = scene(t);
  const context = { purpose: 'chat', policyHash: policy.hash, recordId: 'r', epoch: 0 };
  const envelope = subrosa.sealing.seal(text, { recipient: options.recipient, ...context });
  assert.deepEqual(
    subrosa.guard.open(envelope, { key, ...context }).missed.map(({ entity }) => entity),
    ['EMAIL_ADDRESS'],
  );
});

test('a redactor and a scanner of the caller are used', (t) => {
  const { key, policy, options, give } = scene(t);
  give();
  const scanner = subrosa.scanner({ entities: ['URL'] });
  const redactor = subrosa.redactor({ operator: 'redact' });
  t.after(() => {
    redactor.free();
    scanner.free();
  });
  const sent = subrosa.guard.seal(text, { ...options, redactor });
  assert(sent.verdict === 'permit');
  assert.equal(sent.text, 'Write to , please.');
  const context = { purpose: 'chat', policyHash: policy.hash, recordId: 'r', epoch: 0 };
  const unredacted = subrosa.sealing.seal(text, { recipient: options.recipient, ...context });
  assert.deepEqual(subrosa.guard.open(unredacted, { key, ...context, scanner }).missed, []);
});

/** The policy with operators for the purpose of the chat. */
function documentWith(redaction: Record<string, OperatorName>): PolicyDocument {
  const document = policyDocument();
  return { ...document, purposes: document.purposes.map((purpose) => (purpose.id === 'chat' ? { ...purpose, redaction } : purpose)) };
}

test("a policy's operators are those of what is sealed for its purpose", (t) => {
  const document = documentWith({ EMAIL_ADDRESS: 'hash', US_SSN: 'redact', financial: 'mask' });
  const { policy, key, options, give } = scene(t, document);
  give();
  const redactor = subrosa.policyRedactor(policy, 'chat', { hash: new Uint8Array(32).fill(1) });
  t.after(() => redactor.free());
  const given = 'ann@example.org, my SSN is 536-22-8726, card 4111 1111 1111 1111, server 93.184.216.34';
  const sent = subrosa.guard.seal(given, { ...options, redactor });
  assert(sent.verdict === 'permit');
  assert.match(sent.text, /^\[EMAIL_ADDRESS:[0-9a-f]{16}\], my SSN is , card [* ]+, server \[IP_ADDRESS_1\]$/);
  const { recordId, epoch } = sent.decision;
  const opened = subrosa.guard.open(sent.envelope, { key, purpose: 'chat', policyHash: policy.hash, recordId, epoch });
  assert.deepEqual(opened, { text: sent.text, missed: [] });
});

test("a policy's operators are part of what was agreed to, and wrong ones are an error before any text is touched", () => {
  const hashOf = (document: PolicyDocument) => {
    const policy = subrosa.consent.parsePolicy(document);
    const { material_hash } = policy.purposes.find(({ id }) => id === 'chat') as { material_hash: string };
    policy.free();
    return material_hash;
  };
  const hashes = [policyDocument(), documentWith({ US_SSN: 'redact' }), documentWith({ US_SSN: 'keep' })].map(hashOf);
  assert.equal(new Set(hashes).size, 3);
  const fails = (act: () => unknown, where: string) =>
    assert.throws(act, (error) => error instanceof SubrosaError && error.where === where, where);
  fails(() => hashOf(documentWith({ US_SSN: 'shred' as OperatorName })), '/purposes/0/redaction/US_SSN');
  const policy = subrosa.consent.parsePolicy(documentWith({ NO_SUCH: 'mask' }));
  fails(() => subrosa.policyRedactor(policy, 'chat'), '/operators/NO_SUCH');
  fails(() => subrosa.policyRedactor(policy, 'nothing'), 'nothing');
  const keyed = subrosa.consent.parsePolicy(documentWith({ US_SSN: 'encrypt' }));
  fails(() => subrosa.policyRedactor(keyed, 'chat'), '/operators/US_SSN/key');
  policy.free();
  keyed.free();
});

test('a key that is none throws, and nothing is sealed', (t) => {
  const { options, give } = scene(t);
  give();
  assert.throws(() => subrosa.guard.seal(text, { ...options, recipient: new Uint8Array(3) }), SubrosaError);
});
