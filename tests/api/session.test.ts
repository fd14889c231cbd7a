import assert from 'node:assert/strict';
import test from 'node:test';
import { consented } from '../fixture/consented.ts';
import { policyDocument } from '../fixture/policy.ts';
import { type Kem, subrosa } from './api.ts';

const { sealing } = subrosa;
const { context: contextNow, grounds } = consented(subrosa);
const context = contextNow();
const refused = { code: 'not_authentic' };
const superseded = { code: 'not_permitted', where: 'superseded' };
const day = 86_400_000;

/** A page's session under a consent of its own, and a step after which nothing more may be sealed in it. */
function scene(purposes = ['chat']) {
  const person = consented(subrosa, purposes);
  const { publicKey } = sealing.generateKeyPair({ kem: 'x25519' satisfies Kem });
  const begin = () => sealing.beginSession({ recipients: [publicKey], ...person.context() });
  const page = begin();
  page.seal('hello', person.grounds);
  const isRefused = (where: string) => assert.throws(() => page.seal('hello', person.grounds), { code: 'not_permitted', where });
  return { ...person, page, begin, isRefused };
}

test('a session carries messages both ways, and an auditor reads them', () => {
  const server = sealing.generateKeyPair();
  const auditor = sealing.generateKeyPair({ kem: 'x25519' });
  const page = sealing.beginSession({ recipients: [server.publicKey, auditor.publicKey], ...context });
  const desk = sealing.acceptSession(page.header, { key: server.secretKey, purpose: 'chat' });
  const reader = sealing.readSession(page.header, { key: auditor.secretKey, purpose: 'chat' });
  for (let i = 0; i < 600; i++) {
    const question = page.seal(`question ${i}`, grounds);
    const answer = desk.seal(`answer ${i}`, grounds);
    assert.equal(desk.openText(question), `question ${i}`);
    assert.equal(page.openText(answer), `answer ${i}`);
    assert.equal(reader.openText(question), `question ${i}`);
    assert.equal(reader.openText(answer), `answer ${i}`);
    assert.throws(() => desk.open(question), refused);
  }
  assert.throws(() => reader.seal('word', grounds), { code: 'not_permitted', where: '' });
});

test('a session is bound to its purpose, its consent and its recipients', () => {
  const server = sealing.generateKeyPair();
  const page = sealing.beginSession({ recipients: [server.publicKey], ...context });
  assert.throws(() => sealing.acceptSession(page.header, { key: server.secretKey, purpose: 'train' }), refused);
  assert.throws(() => sealing.acceptSession(page.header, { key: server.secretKey, purpose: 'chat', epoch: 4 }), refused);
  assert.throws(() => sealing.acceptSession(page.header, { key: sealing.generateKeyPair().secretKey, purpose: 'chat' }), refused);
  page.free();
  assert.throws(() => page.seal('hello', grounds), { code: 'bad_argument' });
});

test('what ends consent ends the session, and a new one under the new consent goes on', () => {
  const { consent, grounds, isRefused, page, begin } = scene();
  consent.withdraw('chat');
  isRefused('withdrawn');
  assert.throws(() => begin().seal('hello', grounds), { code: 'not_permitted', where: 'withdrawn' }, 'nor does a new header help');
  consent.noticeShown('chat', 'en');
  consent.give('chat', { deliberate: true });
  isRefused('superseded');
  begin().seal('hello', grounds);
  consent.free();
  assert.throws(() => page.seal('hello', grounds), { code: 'bad_argument' }, 'without a consent there is nothing to seal under');
});

test('refused, revoked, invalidated, erased, or not readable: nothing is sealed', () => {
  for (const [reason, end] of [
    ['withdrawn', ({ consent }) => consent.refuse('chat')],
    ['revoked', ({ consent }) => consent.revoke('chat', 'authority')],
    ['invalidated', ({ consent }) => consent.invalidate('chat')],
    ['erased', ({ consent }) => consent.eraseSubject()],
    ['storage_unverified', ({ consent }) => consent.loadFailed()],
  ] as [string, (person: ReturnType<typeof scene>) => unknown][]) {
    const person = scene();
    end(person);
    person.isRefused(reason);
  }
});

test('consent that time ends permits nothing, also where the clock is set back', () => {
  const { consent, isRefused } = scene();
  consent.decide('chat', 'text', 'ctl', Date.now() + 400 * day);
  isRefused('expired');
});

test('a policy that changed in substance ends the session, one that changed in words does not', () => {
  const change = (version: string, locations: string[]) => {
    const document = policyDocument({ version });
    const purposes = document.purposes.map((purpose) => ({ ...purpose, storage_locations: locations }));
    return subrosa.consent.parsePolicy({ ...document, purposes });
  };
  const { consent, grounds, isRefused, page, begin } = scene();
  consent.setPolicy(change('1.0.1', ['DE']));
  page.seal('hello', grounds);
  consent.setPolicy(change('2.0.0', ['DE', 'US']));
  isRefused('policy_changed');
  consent.noticeShown('chat', 'en');
  consent.give('chat', { deliberate: true });
  isRefused('superseded');
  begin().seal('hello', grounds);
});

test('the header names the consent that stands: another record, epoch or policy is refused, whoever says it', () => {
  const { publicKey } = sealing.generateKeyPair({ kem: 'x25519' });
  const begin = (change: object) => sealing.beginSession({ recipients: [publicKey], ...context, ...change });
  for (const change of [{ epoch: 1 }, { recordId: 'another' }, { policyHash: `sha256:${'0'.repeat(64)}` }, { policyHash: 'sha256:00' }])
    assert.throws(() => begin(change).seal('hello', grounds), superseded, JSON.stringify(change));
  const other = consented(subrosa);
  assert.throws(() => begin({}).seal('hello', other.grounds), superseded, "another person's consent");
  assert.throws(() => begin({ purpose: 'train' }).seal('hello', grounds), { code: 'not_permitted', where: 'unknown_purpose' });
  assert.throws(() => begin({ purpose: 'improve' }).seal('hello', grounds), { code: 'not_permitted', where: 'not_asked' });
});

test('a message of a kind or for a recipient that was not agreed to is refused', () => {
  const { consent, grounds, isRefused, page, begin } = scene();
  for (const [change, where] of [
    [{ piiType: 'thoughts' }, 'unknown_pii_type'],
    [{ recipient: 'ads' }, 'unknown_recipient'],
  ] as const)
    assert.throws(() => page.seal('hello', { ...grounds, ...change }), { code: 'not_permitted', where });
  consent.noticeShown('chat', 'en');
  consent.give('chat', { deliberate: true, scope: [{ recipient: 'ctl', pii_types: ['voice'] }] });
  isRefused('not_in_scope');
  begin().seal('hello', { ...grounds, piiType: 'voice' });
});

test('a session for several purposes needs consent to all of them', () => {
  const { consent, grounds, isRefused, page } = scene(['chat', 'improve']);
  assert.deepEqual(sealing.inspect(page.header).purposes, ['chat', 'improve']);
  consent.withdraw('improve');
  isRefused('withdrawn');
  consent.noticeShown('improve', 'en');
  consent.give('improve', { deliberate: true });
  page.seal('hello', grounds);
  consent.setContext({ age: 'unknown' });
  isRefused('invalidated');
});

test('the header of a session says who can open it and for what', () => {
  const server = sealing.generateKeyPair();
  const header = sealing.inspect(sealing.beginSession({ recipients: [server.publicKey], ...context, rulesetHash: 'sha256:11' }).header);
  assert.equal(header.kind, 'session');
  assert.deepEqual(header.kids, [sealing.keyId(server.publicKey)]);
  assert.deepEqual([header.purposes, header.rulesetHash], [['chat'], 'sha256:11']);
  assert.ok(header.kind === 'session' && Math.abs(header.issuedAt - Date.now() / 1000) < 60);
});

test('10,000 random single-byte mutations of a session header and of a message are all refused', () => {
  const server = sealing.generateKeyPair();
  const page = sealing.beginSession({ recipients: [server.publicKey, sealing.generateKeyPair({ kem: 'x25519' }).publicKey], ...context });
  const desk = sealing.acceptSession(page.header, { key: server.secretKey, purpose: 'chat' });
  const { header } = page;
  const message = page.seal('hello', grounds);
  for (let i = 0; i < 10_000; i++) {
    for (const [sealed, open] of [
      [header, (broken: Uint8Array) => sealing.acceptSession(broken, { key: server.secretKey, purpose: 'chat' })],
      [message, (broken: Uint8Array) => desk.open(broken)],
    ] as const) {
      const broken = sealed.slice();
      broken[Math.floor(Math.random() * broken.length)]! ^= 1 + Math.floor(Math.random() * 255);
      assert.throws(() => open(broken), refused);
    }
  }
  assert.equal(desk.openText(message), 'hello');
});
