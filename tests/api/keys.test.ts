import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import test from 'node:test';
import { AtRest, type DataKey, type DirectoryKey, Sealing, SubrosaError, subrosa } from './api.ts';
import { backend } from './backend.ts';

const { sealing, atRest, keyDirectory } = subrosa;
const context = { purpose: 'chat', policyHash: 'sha256:00', recordId: 'record-1', epoch: 3 };
const refused = { code: 'not_authentic' };
const now = () => Math.floor(Date.now() / 1000);

// The seed and public key of RFC 8032, section 7.1, test 1.
const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex');
const root = Buffer.from('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', 'hex');

const entry = (rest: Partial<DirectoryKey> = {}) =>
  keyDirectory.entry(sealing.generateKeyPair().publicKey, {
    role: 'server',
    not_before: now() - 10,
    not_after: now() + 10,
    primary: true,
    ...rest,
  });
const sign = (keys: DirectoryKey[], rest = {}) => keyDirectory.sign({ seq: 2, expires_at: now() + 100, keys, ...rest }, seed);

test('the root key is one that others read too', () => {
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), root]);
  assert.equal(createPublicKey({ key: der, format: 'der', type: 'spki' }).asymmetricKeyType, 'ed25519');
});

test('a directory gives the keys to seal to', () => {
  const server = sealing.generateKeyPair();
  const keys = [
    entry({ primary: false }),
    keyDirectory.entry(server.publicKey, { role: 'server', not_before: now() - 10, not_after: now() + 10, primary: true }),
    entry({ role: 'recovery' }),
  ];
  const directory = keyDirectory.open(JSON.stringify(sign(keys)), { root, seq: 2 });
  assert.equal(keyDirectory.recipients(directory).length, 2);
  const [recipient] = keyDirectory.recipients(directory, ['server']);
  const envelope = sealing.seal('hello', { recipient: recipient!, ...context });
  assert.equal(sealing.openText(envelope, { key: server.secretKey, purpose: 'chat' }), 'hello');
});

test('a directory that is unsigned, changed, old or expired is refused', () => {
  const directory = sign([entry()]);
  assert.doesNotThrow(() => keyDirectory.open(directory, { root }));
  assert.throws(() => keyDirectory.open({ ...directory, sig: '' }, { root }), refused);
  assert.throws(() => keyDirectory.open({ ...directory, seq: 3 }, { root }), refused);
  assert.throws(() => keyDirectory.open(directory, { root, seq: 3 }), { ...refused, where: '/seq' });
  assert.throws(() => keyDirectory.open(directory, { root: new Uint8Array(32) }), refused);
  assert.throws(() => keyDirectory.open(sign([entry()], { expires_at: now() - 1 }), { root }), { ...refused, where: '/expires_at' });
  assert.throws(() => keyDirectory.open(sign([{ ...entry(), kid: '0000000000000000' }]), { root }), refused);
  assert.throws(() => keyDirectory.open(sign([{ ...entry(), primary: 1 } as never]), { root }), refused);
});

test('a key that is not valid yet, or no more, is not sealed to', () => {
  for (const rest of [{ not_before: now() + 5 }, { not_after: now() - 5 }, { primary: false }]) {
    const directory = keyDirectory.open(sign([entry(rest)]), { root });
    assert.throws(() => keyDirectory.recipients(directory, ['server']), refused);
  }
});

test('a secret key is locked by a passphrase, exportable or not', () => {
  const { publicKey, secretKey } = sealing.generateKeyPair();
  const cost = { kib: 19456, passes: 2 };
  const locked = sealing.lockKey(secretKey, 'correct horse', cost);
  assert.match(locked, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  const again = sealing.unlockKey(locked, 'correct horse');
  assert.deepEqual(again.publicKey, publicKey);
  assert.throws(() => again.secretKey.export(), { code: 'not_permitted' });
  assert.throws(() => sealing.unlockKey(locked, 'wrong horse'), refused);
  assert.throws(() => sealing.unlockKey(locked.replace('t=2', 't=3'), 'correct horse'), refused);
  assert.throws(() => sealing.unlockKey(`${locked}A`, 'correct horse'), refused);
  assert.throws(() => sealing.unlockKey('', 'correct horse'), refused);
  assert.throws(() => sealing.lockKey(secretKey, 'correct horse', { kib: 8, passes: 1 }), { code: 'bad_argument' });
  assert.throws(() => sealing.lockKey(secretKey, '', cost), { code: 'bad_argument' });
});

test('a data key is locked by a passphrase, exportable or not', () => {
  const key = atRest.generateKey();
  const sealed = atRest.seal('hello', { key, label: 'history' });
  const locked = atRest.lockKey(key, 'correct horse', { kib: 19456, passes: 2 });
  assert.match(locked, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  const again = atRest.unlockKey(locked, 'correct horse');
  assert.equal(atRest.openText(sealed, { key: again, label: 'history' }), 'hello');
  assert.throws(() => again.export(), { code: 'not_permitted' });
  assert.equal(atRest.unlockKey(locked, 'correct horse', { exportable: true }).export().length, 32);
  assert.throws(() => atRest.unlockKey(locked, 'wrong horse'), refused);
  assert.throws(() => atRest.unlockKey(locked.replace('m=19456', 'm=19457'), 'correct horse'), refused);
  assert.throws(() => atRest.unlockKey(locked.replace('m=19456', 'm=8'), 'correct horse'), { code: 'bad_argument' });
  assert.throws(() => sealing.unlockKey(locked, 'correct horse'), refused, 'a data key is no secret key');
});

test('after a rotation the old key still reads what was sealed to it, and nothing new', () => {
  const [before, after] = [sealing.generateKeyPair(), sealing.generateKeyPair()];
  const times = { role: 'server', not_before: now() - 10, not_after: now() + 10 };
  const first = keyDirectory.open(sign([keyDirectory.entry(before.publicKey, { ...times, primary: true })]), { root });
  const rotated = sign(
    [keyDirectory.entry(before.publicKey, { ...times, primary: false }), keyDirectory.entry(after.publicKey, { ...times, primary: true })],
    { seq: 3 },
  );
  const second = keyDirectory.open(rotated, { root, seq: first.seq });
  const keys = new Map([before, after].map(({ publicKey, secretKey }) => [sealing.keyId(publicKey), secretKey]));
  const sealed = [first, second].map((directory) =>
    sealing.seal('hello', { recipient: keyDirectory.recipients(directory)[0]!, ...context }),
  );
  const kids = sealed.map((envelope) => sealing.inspect(envelope).kids[0]!);
  assert.deepEqual(
    kids,
    [before, after].map(({ publicKey }) => sealing.keyId(publicKey)),
  );
  for (const [i, envelope] of sealed.entries()) {
    const [own, other] = [keys.get(kids[i]!)!, keys.get(kids[1 - i]!)!];
    assert.equal(sealing.openText(envelope, { key: own, purpose: 'chat' }), 'hello');
    assert.throws(() => sealing.openText(envelope, { key: other, purpose: 'chat' }), refused);
  }
  assert.throws(() => keyDirectory.open(first, { root, seq: second.seq }), refused, 'there is no way back');
});

test('the same passphrase, salt and cost give the same key, another salt another', () => {
  const salt = new Uint8Array(16).fill(1);
  const sealed = atRest.seal('hello', { key: atRest.keyFromPassphrase('correct horse', salt), label: 'history' });
  assert.equal(atRest.openText(sealed, { key: atRest.keyFromPassphrase('correct horse', salt), label: 'history' }), 'hello');
  const other = atRest.keyFromPassphrase('correct horse', new Uint8Array(16).fill(2));
  assert.throws(() => atRest.open(sealed, { key: other, label: 'history' }), refused);
});

/** Its passphrases all give one key, at no cost: what is locked must hold without their help. */
class OneKey extends AtRest {
  readonly #bytes = new Uint8Array(32).fill(7);
  override keyFromPassphrase(): DataKey {
    return this.importKey(this.#bytes);
  }
}

test('10,000 random changes of a character of a locked key of each kind are all refused', () => {
  const oneKey = new OneKey(backend);
  const sealing = new Sealing(backend);
  const locked = [
    oneKey.lockKey(oneKey.generateKey(), 'correct horse'),
    oneKey.lock('correct horse', {}, (under, label) =>
      sealing.wrapKey(sealing.generateKeyPair({ kem: 'x25519' }).secretKey, { under, label }),
    ),
  ];
  const open = [
    (line: string) => oneKey.unlockKey(line, 'correct horse'),
    (line: string) => oneKey.unlock(line, 'correct horse', (wrapped, under, label) => sealing.unwrapKey(wrapped, { under, label })),
  ];
  const characters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_$=,+';
  for (const [i, line] of locked.entries()) {
    assert.doesNotThrow(() => open[i]!(line));
    for (let changes = 0; changes < 10_000; changes++) {
      const at = Math.floor(Math.random() * line.length);
      const others = characters.replace(line[at]!, '');
      const broken = line.slice(0, at) + others[Math.floor(Math.random() * others.length)] + line.slice(at + 1);
      assert.throws(() => open[i]!(broken), refused);
    }
  }
});

test('10,000 random single-byte mutations of a wrapped key of each kind, and of a directory, are all refused', () => {
  const under = atRest.generateKey();
  const label = 'person-1/chat';
  const directory = Buffer.from(JSON.stringify(sign([entry()])));
  const cases: [Uint8Array, (broken: Uint8Array) => unknown][] = [
    [atRest.wrapKey(atRest.generateKey(), { under, label }), (broken) => atRest.unwrapKey(broken, { under, label })],
    [sealing.wrapKey(sealing.generateKeyPair().secretKey, { under, label }), (broken) => sealing.unwrapKey(broken, { under, label })],
    [directory, (broken) => keyDirectory.open(Buffer.from(broken).toString('latin1'), { root })],
  ];
  for (const [whole, open] of cases) {
    assert.doesNotThrow(() => open(whole));
    for (let i = 0; i < 10_000; i++) {
      const broken = whole.slice();
      broken[Math.floor(Math.random() * broken.length)]! ^= 1 + Math.floor(Math.random() * 127);
      assert.throws(() => open(broken), SubrosaError);
    }
  }
});
