import assert from 'node:assert/strict';
import test from 'node:test';
import { Chacha20Poly1305 } from '@hpke/chacha20poly1305';
import { CipherSuite, HkdfSha256 } from '@hpke/core';
import { DhkemX25519HkdfSha256 } from '@hpke/dhkem-x25519';
import { type Kem, type SealContext, SubrosaError, subrosa } from './api.ts';

const { sealing } = subrosa;
const context: SealContext = { purpose: 'chat', policyHash: 'sha256:00', recordId: 'record-1', epoch: 3 };
const utf8 = new TextEncoder();
const refused = (error: unknown) => error instanceof SubrosaError && error.code === 'not_authentic';

const kems: Kem[] = ['xwing', 'x25519'];

for (const kem of kems)
  test(`${kem}: what is sealed opens for its purpose alone`, () => {
    const { publicKey, secretKey } = sealing.generateKeyPair({ kem });
    const envelope = sealing.seal('gr\u00fc\u00df dich \u{1f600}', { recipient: publicKey, ...context });
    assert.equal(sealing.openText(envelope, { key: secretKey, purpose: 'chat' }), 'gr\u00fc\u00df dich \u{1f600}');
    assert.equal(sealing.openText(envelope, { key: secretKey, ...context, purpose: 'chat' }), 'gr\u00fc\u00df dich \u{1f600}');
    assert.throws(() => sealing.open(envelope, { key: secretKey, purpose: 'train' }), refused);
    assert.throws(() => sealing.open(envelope, { key: secretKey, purpose: 'chat', epoch: 4 }), refused);
    assert.throws(() => sealing.open(envelope, { key: sealing.generateKeyPair({ kem }).secretKey, purpose: 'chat' }), refused);
  });

test('an envelope says what it is for, and to which key', () => {
  const { publicKey } = sealing.generateKeyPair();
  const header = sealing.inspect(sealing.seal('hello', { recipient: publicKey, ...context, purpose: ['support', 'chat'] }));
  assert.deepEqual(header, {
    kind: 'message',
    kem: 'xwing',
    kids: [sealing.keyId(publicKey)],
    purposes: ['chat', 'support'],
    policyHash: 'sha256:00',
    recordId: 'record-1',
    epoch: 3,
    rulesetHash: '',
    ciphertextSize: 80,
  });
});

test('a secret key leaves the core only when it may', () => {
  const kept = sealing.generateKeyPair().secretKey;
  assert.throws(() => kept.export(), { code: 'not_permitted' });
  const { publicKey, secretKey } = sealing.generateKeyPair({ exportable: true });
  const again = sealing.importKeyPair(secretKey.export());
  assert.deepEqual(again.publicKey, publicKey);
  assert.throws(() => again.secretKey.export(), { code: 'not_permitted' });
  const envelope = sealing.seal('hello', { recipient: publicKey, ...context });
  assert.equal(sealing.openText(envelope, { key: again.secretKey, purpose: 'chat' }), 'hello');
  again.secretKey.free();
  assert.throws(() => sealing.open(envelope, { key: again.secretKey, purpose: 'chat' }), { code: 'bad_argument' });
});

test('nothing is sealed without a source of entropy', () => {
  const { publicKey } = sealing.generateKeyPair();
  const real = Object.getOwnPropertyDescriptor(globalThis, 'crypto');
  Object.defineProperty(globalThis, 'crypto', { value: undefined, configurable: true });
  try {
    assert.throws(() => sealing.seal('hello', { recipient: publicKey, ...context }), /getRandomValues/);
    assert.throws(() => sealing.generateKeyPair(), /getRandomValues/);
  } finally {
    Object.defineProperty(globalThis, 'crypto', real as PropertyDescriptor);
  }
});

test('a context that lacks something seals nothing', () => {
  const { publicKey } = sealing.generateKeyPair();
  for (const lack of ['purpose', 'policyHash', 'recordId', 'epoch'])
    assert.throws(() => sealing.seal('hello', { recipient: publicKey, ...context, [lack]: undefined }), { code: 'bad_format' });
});

// An envelope has fixed places: with this context and an X25519 key they are these.
const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Chacha20Poly1305() });
const bytes = (...parts: (Uint8Array | number[])[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
const cborText = (value: string) => bytes([value.length < 24 ? 0x60 | value.length : assert.fail()], utf8.encode(value));
const cborBytes = (value: Uint8Array) =>
  bytes(
    value.length < 24 ? [0x40 | value.length] : value.length < 256 ? [0x58, value.length] : [0x59, value.length >> 8, value.length & 255],
    value,
  );
const encodedContext = bytes([0x86, 1, 0x81], cborText('chat'), cborText('sha256:00'), cborText('record-1'), [3], cborText(''));
const label = [0x3a, 0, 1, 0, 0];
const protectedHeader = bytes([0xa3, 1, 0x18, 42, 2, 0x81], label, label, cborBytes(encodedContext));
const aad = bytes([0x83], cborText('Encrypt0'), cborBytes(protectedHeader), cborBytes(encodedContext));
const buffer = (view: Uint8Array) => view.slice().buffer;

test('@hpke/core opens what is sealed here', async () => {
  const { publicKey, secretKey } = sealing.generateKeyPair({ kem: 'x25519', exportable: true });
  const envelope = sealing.seal('hello', { recipient: publicKey, ...context });
  const encapsulated = envelope.subarray(-82 - 32, -82);
  const recipient = await suite.createRecipientContext({
    recipientKey: await suite.kem.importKey('raw', buffer(secretKey.export().subarray(-32)), false),
    enc: buffer(encapsulated),
    info: buffer(encodedContext),
  });
  const padded = new Uint8Array(await recipient.open(buffer(envelope.subarray(-80)), buffer(aad)));
  assert.equal(padded.length, 64);
  assert.deepEqual(padded, bytes(utf8.encode('hello'), [0x80], new Uint8Array(58)));
});

test('what @hpke/core seals opens here', async () => {
  const { publicKey, secretKey } = sealing.generateKeyPair({ kem: 'x25519' });
  const sender = await suite.createSenderContext({
    recipientPublicKey: await suite.kem.importKey('raw', buffer(publicKey.subarray(-32)), true),
    info: buffer(encodedContext),
  });
  const ciphertext = new Uint8Array(await sender.seal(buffer(bytes(utf8.encode('hello'), [0x80], new Uint8Array(58))), buffer(aad)));
  const kid = Uint8Array.from(Buffer.from(sealing.keyId(publicKey), 'hex'));
  const unprotectedHeader = bytes([0xa2, 4], cborBytes(kid), [0x23], cborBytes(new Uint8Array(sender.enc)));
  const envelope = bytes([0xd0, 0x83], cborBytes(protectedHeader), unprotectedHeader, cborBytes(ciphertext));
  assert.equal(sealing.openText(envelope, { key: secretKey, purpose: 'chat' }), 'hello');
});

for (const kem of kems)
  test(`${kem}: 10,000 random single-byte mutations are all refused`, () => {
    const { publicKey, secretKey } = sealing.generateKeyPair({ kem });
    const envelope = sealing.seal('hello', { recipient: publicKey, ...context });
    for (let i = 0; i < 10_000; i++) {
      const broken = envelope.slice();
      const at = Math.floor(Math.random() * broken.length);
      broken[at]! ^= 1 + Math.floor(Math.random() * 255);
      assert.throws(() => sealing.open(broken, { key: secretKey, purpose: 'chat' }), refused);
    }
  });
