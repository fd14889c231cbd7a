/** Both ways with independent implementations: docs/opener.mjs on @hpke/core, and the npm packages @hpke/core and hpke. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { Chacha20Poly1305 } from '@hpke/chacha20poly1305';
import { CipherSuite, HkdfSha256 } from '@hpke/core';
import { DhkemX25519HkdfSha256 } from '@hpke/dhkem-x25519';
import { XWing } from '@hpke/hybridkem-x-wing';
import * as noble from '@panva/hpke-noble';
import * as panva from 'hpke';
import { openMessage, openSession, openStream } from '../../docs/opener.mjs';
import { consented } from '../fixture/consented.ts';
import { type Kem, subrosa } from './api.ts';

const { sealing, hpke } = subrosa;
const { context: contextNow, grounds } = consented(subrosa);
const context = contextNow();
const kems: Kem[] = ['x25519', 'xwing'];
const utf8 = new TextEncoder();
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const buffer = (view: Uint8Array) => view.slice().buffer;
const kidOf = (publicKey: Uint8Array) => Uint8Array.from(Buffer.from(sealing.keyId(publicKey), 'hex'));
const info = utf8.encode('info');
const aad = utf8.encode('aad');
const rawSize = { x25519: 32, xwing: 1216 };

for (const kem of kems) {
  const { publicKey, secretKey } = sealing.generateKeyPair({ kem, exportable: true });
  const secret = secretKey.export().slice(-32);
  const rawPublic = publicKey.slice(-rawSize[kem]);
  const suite = new CipherSuite({
    kem: kem === 'xwing' ? new XWing() : new DhkemX25519HkdfSha256(),
    kdf: new HkdfSha256(),
    aead: new Chacha20Poly1305(),
  });
  const panvaSuite = new panva.CipherSuite(
    kem === 'xwing' ? noble.KEM_MLKEM768_X25519 : noble.KEM_DHKEM_X25519_HKDF_SHA256,
    noble.KDF_HKDF_SHA256,
    noble.AEAD_ChaCha20Poly1305,
  );

  test(`${kem}: the independent opener opens a message`, async () => {
    const envelope = sealing.seal('hello', { recipient: publicKey, ...context });
    assert.equal(text(await openMessage(envelope, secret, 'chat')), 'hello');
    await assert.rejects(openMessage(envelope, secret, 'train'), /another purpose/);
  });

  test(`${kem}: the independent opener opens a session, past an epoch`, async () => {
    const page = sealing.beginSession({ recipients: [sealing.generateKeyPair().publicKey, publicKey], ...context });
    const desk = sealing.acceptSession(page.header, { key: secretKey, purpose: 'chat' });
    const open = await openSession(page.header, kidOf(publicKey), secret, 'chat');
    for (let i = 0; i < 300; i++) page.seal('x', grounds);
    assert.equal(text(await open(page.seal('question', grounds))), 'question');
    assert.equal(text(await open(desk.seal('answer', grounds))), 'answer');
  });

  test(`${kem}: the independent opener opens a stream`, async () => {
    const plaintext = Uint8Array.from({ length: 40000 }, (_, i) => i & 255);
    const through = new Blob([plaintext]).stream().pipeThrough(sealing.sealStream({ recipients: [publicKey], ...context }) as never);
    const sealed = new Uint8Array(await new Response(through as never).arrayBuffer());
    assert.deepEqual(await openStream(sealed, kidOf(publicKey), secret, 'chat'), plaintext);
  });

  test(`${kem}: @hpke/core, both ways`, async () => {
    const sender = await suite.createSenderContext({
      recipientPublicKey: await suite.kem.importKey('raw', buffer(rawPublic), true),
      info: buffer(info),
    });
    const receiver = hpke.receive({ key: secretKey, encapsulated: new Uint8Array(sender.enc), info });
    const ours = hpke.send({ recipient: publicKey, info });
    const theirs = await suite.createRecipientContext({
      recipientKey: await suite.kem.importKey('raw', buffer(secret), false),
      enc: buffer(ours.encapsulated),
      info: buffer(info),
    });
    for (let i = 0; i < 20; i++) {
      const message = utf8.encode(`message ${i}`);
      assert.deepEqual(receiver.open(new Uint8Array(await sender.seal(buffer(message), buffer(aad))), aad), message);
      assert.deepEqual(new Uint8Array(await theirs.open(buffer(ours.seal(message, aad)), buffer(aad))), message);
    }
    assert.deepEqual(new Uint8Array(await theirs.export(buffer(aad), 40)), ours.export(aad, 40));
  });

  test(`${kem}: hpke, both ways, with a pre-shared key too`, async () => {
    const psk = { key: new Uint8Array(32).fill(7), id: utf8.encode('psk') };
    for (const options of [{ info }, { info, psk }]) {
      const theirOptions = { info, ...('psk' in options ? { psk: psk.key, pskId: psk.id } : {}) };
      const theirPublic = await panvaSuite.DeserializePublicKey(rawPublic);
      const { encapsulatedSecret, ctx } = await panvaSuite.SetupSender(theirPublic, theirOptions);
      const receiver = hpke.receive({ key: secretKey, encapsulated: encapsulatedSecret, ...options });
      const ours = hpke.send({ recipient: publicKey, ...options });
      const theirSecret = await panvaSuite.DeserializePrivateKey(secret);
      const theirs = await panvaSuite.SetupRecipient(theirSecret, ours.encapsulated, theirOptions);
      for (let i = 0; i < 20; i++) {
        const message = utf8.encode(`message ${i}`);
        assert.deepEqual(receiver.open(await ctx.Seal(message, aad), aad), message);
        assert.deepEqual(new Uint8Array(await theirs.Open(ours.seal(message, aad), aad)), message);
      }
    }
  });
}

test('only the sender seals, only the receiver opens, in order', () => {
  const { publicKey, secretKey } = sealing.generateKeyPair();
  const sender = hpke.send({ recipient: publicKey });
  const receiver = hpke.receive({ key: secretKey, encapsulated: sender.encapsulated });
  const first = sender.seal(utf8.encode('first'));
  const second = sender.seal(utf8.encode('second'));
  assert.throws(() => receiver.open(second), { code: 'not_authentic' });
  assert.equal(text(receiver.open(first)), 'first');
  assert.equal(text(receiver.open(second)), 'second');
  assert.throws(() => receiver.seal(first), { code: 'bad_argument' });
  assert.throws(() => sender.open(first), { code: 'bad_argument' });
});
