import assert from 'node:assert/strict';
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import test from 'node:test';
import { dataTypes, now, policyDocument, stateOf } from '../fixture/policy.ts';
import {
  diffInWords,
  materialFor,
  type PolicyDocument,
  PolicyHistory,
  policyDiff,
  type Receipt,
  SubrosaError,
  subrosa,
  toKantara,
} from './api.ts';

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
      ['share', ['separate', 'third_party'], ['ads', 'ctl', 'lab']],
      ['keep', ['long_retention'], ['ctl']],
      ['experience', [], ['ctl']],
      ['legal', [], ['ctl']],
    ],
  );
  assert.equal(new Set(policy.purposes.map((purpose) => purpose.material_hash)).size, 6);
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
  assert.equal(
    whereOf((document) => (document.purposes[0]!.purpose.zh = '\u957f'.repeat(1000))),
    '/purposes/0/purpose/zh',
  );
  assert.equal(
    whereOf((document) => (document.pii_controllers[0]!.party_contact = 'x'.repeat(1025))),
    '/pii_controllers/0/party_contact',
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
  assert.equal(session.decide('chat', 'fingerprint', 'ctl', now).reason, 'unknown_pii_type');
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

/** A session in which these purposes were shown and given. */
function sessionWith(purposes: string[], document = policyDocument()) {
  const policy = subrosa.consent.parsePolicy(document);
  const session = subrosa.consent.open(policy, { state: stateOf(), context: { ...context, collection_method: 'test/1' } });
  for (const purpose of purposes) {
    assert.equal(session.noticeShown(purpose, 'zh', now).reason, 'given');
    assert.equal(session.give(purpose, { deliberate: true, now }).reason, 'given');
  }
  return session;
}

test('what is given is permitted, what is withdrawn is not, at once', () => {
  const session = sessionWith(['share']);
  const captured = session.decide('share', 'text', 'lab', now);
  assert.equal(captured.verdict, 'permit');
  assert.match(captured.recordId, /^[0-9a-f-]{36}$/);
  assert.deepEqual(session.withdraw('share', now), { reason: 'given', changed: ['share'], fenced: ['share'] });
  assert.equal(session.decide('share', 'text', 'lab', now).reason, 'withdrawn');
});

test('F3: a payload that was captured before a withdrawal stays behind when consent is given again', () => {
  const session = sessionWith(['share']);
  const captured = session.decide('share', 'text', 'lab', now);
  assert.equal(session.recheck(captured, 'share', 'text', 'lab', now).verdict, 'permit');
  session.withdraw('share', now);
  session.noticeShown('share', 'en', now);
  session.give('share', { deliberate: true, now });
  assert.equal(session.decide('share', 'text', 'lab', now).verdict, 'permit');
  assert.deepEqual(
    [session.recheck(captured, 'share', 'text', 'lab', now).verdict, session.recheck(captured, 'share', 'text', 'lab', now).reason],
    ['deny', 'superseded'],
  );
});

test('a state that was saved opens to the same bytes, and a changed one does not open', () => {
  const session = sessionWith(['chat', 'share']);
  session.withdraw('chat', now);
  const saved = session.save();
  assert.equal(subrosa.consent.open(session.policy, { state: saved, context }).save(), saved);
  const state = session.state;
  state.records[0]!.epoch = 0;
  assert.throws(() => subrosa.consent.open(session.policy, { state, context }), { code: 'bad_format', where: '/records/0/epoch' });
});

test('a new version asks again for what changed in substance, and says so in words', () => {
  const session = sessionWith(['chat', 'improve']);
  const document = policyDocument();
  document.version = '2.0.0';
  document.supersedes = session.policy.hash;
  document.purposes[1]!.retention_period.duration = 'P2Y';
  document.purposes[0]!.purpose.en = 'Answers';
  const before = session.policy;
  const next = subrosa.consent.parsePolicy(document);
  const diff = policyDiff(before, next);
  assert.deepEqual(diff.material, ['improve']);
  assert.deepEqual(diff.audience, [{ purpose: 'improve', who: 'consenting' }]);
  assert.deepEqual(materialFor(diff, session.state), ['improve']);
  assert.deepEqual(materialFor(diff, sessionWith(['chat']).state), []);
  assert.deepEqual(
    diff.changes.map(({ purpose, field }) => [purpose, field]),
    [
      [undefined, 'version'],
      ['chat', 'purpose'],
      ['improve', 'retention_period'],
    ],
  );
  assert.equal(
    diffInWords(diff, next)[2],
    'Purpose improve: time of retention, before: dpv:StorageDuration / P90D; now: dpv:StorageDuration / P2Y',
  );
  assert.equal(diffInWords(diff, next)[3], 'Purpose improve: whoever agreed to it is asked again');
  assert.match(diffInWords(diff, next, 'zh')[2]!, /^目的 improve：保存期限由/);

  assert.deepEqual(session.setPolicy(next, now).fenced, ['improve']);
  assert.equal(session.policy, next);
  assert.equal(session.decide('chat', 'text', 'ctl', now).verdict, 'permit');
  assert.equal(session.decide('improve', 'text', 'ctl', now).reason, 'policy_changed');
});

test('a new purpose concerns everyone, one that was dropped nobody', () => {
  const document = policyDocument();
  const [chat, ...others] = document.purposes;
  const before = subrosa.consent.parsePolicy({ ...document, purposes: [chat!] });
  const after = subrosa.consent.parsePolicy({ ...document, purposes: others.slice(0, 1) });
  const diff = policyDiff(before, after);
  assert.deepEqual(diff.audience, [{ purpose: 'improve', who: 'everyone' }]);
  assert.deepEqual(materialFor(diff, stateOf()), ['improve']);
  assert.deepEqual(diffInWords(diff, after), [
    'Purpose dropped: chat',
    'New purpose: Purpose improve',
    'Purpose improve: everyone is asked',
  ]);
});

test('F11: consent is presumed by an act of the operator alone, and only where the region lets it', () => {
  const document = policyDocument();
  document.purposes = document.purposes.map((purpose) => ({ ...purpose, storage_locations: ['US'] }));
  const policy = subrosa.consent.parsePolicy(document);
  const presumedIn = (region: string, purpose: string) => {
    const session = subrosa.consent.open(policy, { state: stateOf(), context: { ...context, region } });
    session.noticeShown(purpose, 'en', now);
    assert.notEqual(session.decide(purpose, 'text', 'ctl', now).verdict, 'permit', 'nothing is presumed by itself');
    return [session.presume(purpose, 'ctl', now).reason, session.decide(purpose, 'text', 'ctl', now).verdict];
  };
  assert.deepEqual(presumedIn('US-CA', 'improve'), ['given', 'permit']);
  for (const purpose of ['share', 'keep', 'chat', 'legal'])
    assert.deepEqual(presumedIn('US-CA', purpose), ['not_deliberate', 'hold'], purpose);
  for (const region of ['DE', 'CN', 'US-VA', 'XX']) assert.deepEqual(presumedIn(region, 'improve'), ['not_deliberate', 'hold'], region);
});

test('after a no the person is not asked for as long as the region says: half a year in the Union, else a year', () => {
  const month = 30.5 * 86_400_000;
  for (const [region, months] of [
    ['DE', 6],
    ['US-CA', 12],
    ['XX', 12],
  ] as const) {
    const policy = subrosa.consent.parsePolicy(policyDocument());
    const session = subrosa.consent.open(policy, { state: stateOf(), context: { ...context, region } });
    assert.equal(session.toAsk(now).length, policy.purposes.length);
    session.refuse('improve', now);
    assert(!session.toAsk(now + (months - 1) * month).includes('improve'), region);
    assert(session.toAsk(now + (months + 1) * month).includes('improve'), region);
  }
});

test('a history holds every version, in order, with none left out', () => {
  const first = subrosa.consent.parsePolicy(policyDocument());
  const second = subrosa.consent.parsePolicy({
    ...policyDocument(),
    version: '2.0.0',
    effective_date: '2026-06-01T00:00:00Z',
    supersedes: first.hash,
  });
  const history = new PolicyHistory();
  assert.throws(() => history.add(second), /missing/);
  history.add(first);
  history.add(second);
  assert.deepEqual(history.versions, [first, second]);
  assert.equal(history.active(now), first);
  assert.equal(history.active(Date.parse('2026-06-01T00:00:00Z')), second);
  assert.equal(history.find(second.hash), second);
});

test('one changed byte of a policy text is another text', async () => {
  const text = new TextEncoder().encode('What we do with your messages');
  const document = policyDocument();
  document.texts[0]!.content_hash = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  const policy = subrosa.consent.parsePolicy(document);
  assert.equal(await PolicyHistory.isText(policy, 'en', text), true);
  assert.equal(await PolicyHistory.isText(policy, 'zh', text), false);
  text[0]! ^= 1;
  assert.equal(await PolicyHistory.isText(policy, 'en', text), false);
});

const seed = new Uint8Array(32).fill(7);

/** Ed25519 by Node's own crypto, from a seed. */
function ed25519(bytes: Uint8Array) {
  const prefix = Buffer.from('302e020100300506032b657004220420', 'hex'); // RFC 8410, a private key's DER up to the seed
  const secret = createPrivateKey({ key: Buffer.concat([prefix, bytes]), format: 'der', type: 'pkcs8' });
  return { secret, public: createPublicKey(secret) };
}
const rawPublic = (key: KeyObject): Uint8Array => new Uint8Array(key.export({ format: 'der', type: 'spki' }).subarray(-32));

test('a receipt verifies by its key alone, and Node agrees on what was signed', () => {
  const session = sessionWith(['share']);
  const { secret, public: key } = ed25519(seed);
  const receipt = subrosa.consent.signReceipt(session.state.records[0]!, seed);
  assert.equal(subrosa.consent.verifyReceipt(receipt, rawPublic(key)), true);
  assert.equal(receipt.record_hash, `sha256:${createHash('sha256').update(canonical(receipt.record)).digest('hex')}`);
  const { sig, ...rest } = receipt;
  const signed = Buffer.concat([Buffer.from('subrosa-receipt/1\0'), Buffer.from(canonical(rest))]);
  assert.equal(verify(null, signed, key, Buffer.from(sig.slice('ed25519:'.length), 'base64url')), true);
  const changed = structuredClone(receipt);
  changed.record.purpose = 'chat';
  assert.equal(subrosa.consent.verifyReceipt(changed, rawPublic(key)), false);
  const signedAnew = (change: object) => {
    const document = JSON.parse(JSON.stringify({ ...rest, ...change }));
    const bytes = Buffer.concat([Buffer.from('subrosa-receipt/1\0'), Buffer.from(canonical(document))]);
    return { ...document, sig: `ed25519:${sign(null, bytes, secret).toString('base64url')}` } as Receipt;
  };
  assert.equal(subrosa.consent.verifyReceipt(signedAnew({}), rawPublic(key)), true);
  for (const change of [{ record_hash: undefined }, { record_hash: subrosa.consent.hash({}) }, { record: changed.record }])
    assert.equal(subrosa.consent.verifyReceipt(signedAnew(change), rawPublic(key)), false, 'its hash is not that of its record');
  assert.equal(subrosa.consent.verifyReceipt(receipt, new Uint8Array(32)), false);
  assert.equal(subrosa.consent.verifyReceipt('not JSON', rawPublic(key)), false);
  assert.doesNotMatch(JSON.stringify(receipt), /"(ip|address|user_?agent)\w*":|Mozilla|Node|\d+\.\d+\.\d+\.\d+/i);
});

test('a record exports as a Kantara 1.1 receipt', () => {
  const session = sessionWith(['share']);
  const record = session.state.records[0]!;
  const receipt = toKantara(record, session.policy, 'receipt-1');
  assert.equal(receipt?.consentTimestamp, now / 1000);
  assert.deepEqual(receipt?.services[0]?.purposes[0], {
    purpose: '目的 share',
    purposeCategory: ['dpv:ServiceProvision'],
    consentType: 'EXPLICIT',
    piiCategory: [...dataTypes].sort(),
    primaryPurpose: false,
    termination: 'P90D',
    thirdPartyDisclosure: true,
    thirdPartyName: 'Research, Advertising',
  });
  session.noticeShown('improve', 'en', now);
  const shown = session.state.records.find(({ purpose }) => purpose === 'improve')!;
  assert.equal(toKantara(shown, session.policy, 'receipt-2'), undefined);
});

test('a policy is signed by a listed key, and lists are signed by the list before', () => {
  const policy = subrosa.consent.parsePolicy(policyDocument());
  const nextSeed = new Uint8Array(32).fill(8);
  const hex = (bytes: Uint8Array) => Buffer.from(rawPublic(ed25519(bytes).public)).toString('hex');
  const first = { seq: 1, keys: [{ key_id: 'a', public_key: hex(seed) }], key_id: 'a', sig: '' };
  const signature = subrosa.consent.signPolicy(policy, 'a', seed);
  assert.equal(subrosa.consent.verifyPolicy(policy, signature, first), true);
  assert.equal(subrosa.consent.verifyPolicy(policy, { ...signature, key_id: 'b' }, first), false);
  const other = subrosa.consent.parsePolicy({ ...policyDocument(), version: '1.0.1' });
  assert.equal(subrosa.consent.verifyPolicy(other, signature, first), false);

  const list = { seq: 2, keys: [{ key_id: 'b', public_key: hex(nextSeed) }], key_id: 'a' };
  const next = subrosa.consent.signKeys(list, seed);
  assert.deepEqual(subrosa.consent.rotateKeys(first, next).keys, list.keys);
  for (const wrong of [subrosa.consent.signKeys(list, nextSeed), { ...next, seq: 3 }, { ...next, key_id: 'b' }])
    assert.equal(subrosa.consent.rotateKeys(first, wrong), first);
});

test('the canonical form is that of RFC 8785, and fractions are refused', () => {
  const value = { b: [1, -5, true, null, 'é\u0007"\\/'], a: { '\r': 'x', 1: 'y', '€': 0 } };
  assert.equal(subrosa.consent.canonical(value), canonical(value));
  assert.equal(subrosa.consent.hash(value), `sha256:${createHash('sha256').update(canonical(value)).digest('hex')}`);
  assert.throws(() => subrosa.consent.hash({ a: 0.5 }), { code: 'bad_format', where: '/a' });
  assert.throws(() => subrosa.consent.canonical({ a: 0.5 }), { code: 'bad_format', where: '/a' });
});
