import assert from 'node:assert/strict';
import test from 'node:test';
import { type SealContext, subrosa } from './api.ts';

const { sealing } = subrosa;
const context: SealContext = { purpose: 'chat', policyHash: 'sha256:00', recordId: 'record-1', epoch: 3 };
const refused = { code: 'not_authentic' };

test('a session carries messages both ways, and an auditor reads them', () => {
  const server = sealing.generateKeyPair();
  const auditor = sealing.generateKeyPair({ kem: 'x25519' });
  const page = sealing.beginSession({ recipients: [server.publicKey, auditor.publicKey], ...context });
  const desk = sealing.acceptSession(page.header, { key: server.secretKey, purpose: 'chat' });
  const reader = sealing.readSession(page.header, { key: auditor.secretKey, purpose: 'chat' });
  for (let i = 0; i < 600; i++) {
    const question = page.seal(`question ${i}`, context);
    const answer = desk.seal(`answer ${i}`, context);
    assert.equal(desk.openText(question), `question ${i}`);
    assert.equal(page.openText(answer), `answer ${i}`);
    assert.equal(reader.openText(question), `question ${i}`);
    assert.equal(reader.openText(answer), `answer ${i}`);
    assert.throws(() => desk.open(question), refused);
  }
  assert.throws(() => reader.seal('word', context), { code: 'not_permitted' });
});

test('a session is bound to its purpose, its consent and its recipients', () => {
  const server = sealing.generateKeyPair();
  const page = sealing.beginSession({ recipients: [server.publicKey], ...context });
  assert.throws(() => sealing.acceptSession(page.header, { key: server.secretKey, purpose: 'train' }), refused);
  assert.throws(() => sealing.acceptSession(page.header, { key: server.secretKey, purpose: 'chat', epoch: 4 }), refused);
  assert.throws(() => sealing.acceptSession(page.header, { key: sealing.generateKeyPair().secretKey, purpose: 'chat' }), refused);
  assert.throws(() => page.seal('hello', { epoch: 4 }), { code: 'not_permitted' });
  page.free();
  assert.throws(() => page.seal('hello', context), { code: 'bad_argument' });
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
  const message = page.seal('hello', context);
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
