import assert from 'node:assert/strict';
import test from 'node:test';
import { subrosa } from './api.ts';

const { atRest } = subrosa;
const refused = { code: 'not_authentic' };

test('data opens under its key and its label alone', () => {
  const key = atRest.generateKey();
  const sealed = atRest.seal('gr\u00fc\u00df dich', { key, label: 'message-7' });
  assert.equal(atRest.openText(sealed, { key, label: 'message-7' }), 'gr\u00fc\u00df dich');
  assert.throws(() => atRest.open(sealed, { key, label: 'message-8' }), refused);
  assert.throws(() => atRest.open(sealed, { key: atRest.generateKey(), label: 'message-7' }), refused);
  assert.notDeepEqual(atRest.seal('x', { key, label: 'm' }), atRest.seal('x', { key, label: 'm' }));
});

test('without its wrapped key, data stays closed', () => {
  const master = atRest.generateKey();
  const key = atRest.generateKey();
  const wrapped = atRest.wrapKey(key, { under: master, label: 'person-1/chat' });
  const sealed = atRest.seal('hello', { key, label: 'm' });
  key.free();
  assert.throws(() => atRest.open(sealed, { key, label: 'm' }), { code: 'bad_argument' });
  const again = atRest.unwrapKey(wrapped, { under: master, label: 'person-1/chat' });
  assert.equal(atRest.openText(sealed, { key: again, label: 'm' }), 'hello');
  assert.throws(() => again.export(), { code: 'not_permitted' });
  assert.throws(() => atRest.unwrapKey(wrapped, { under: master, label: 'person-2/chat' }), refused);
  assert.throws(() => atRest.unwrapKey(wrapped, { under: atRest.generateKey(), label: 'person-1/chat' }), refused);
});

test('a wrapped key is not data, and data is not a key', () => {
  const master = atRest.generateKey();
  const wrapped = atRest.wrapKey(atRest.generateKey(), { under: master, label: 'm' });
  assert.throws(() => atRest.open(wrapped, { key: master, label: 'm' }), refused);
  const sealed = atRest.seal(new Uint8Array(32), { key: master, label: 'm' });
  assert.throws(() => atRest.unwrapKey(sealed, { under: master, label: 'm' }), refused);
});

test('an exported key is the same key', () => {
  const key = atRest.generateKey({ exportable: true });
  const sealed = atRest.seal('hello', { key, label: 'm' });
  assert.equal(atRest.openText(sealed, { key: atRest.importKey(key.export()), label: 'm' }), 'hello');
  assert.throws(() => atRest.importKey(new Uint8Array(31)), { code: 'bad_argument' });
});

test('10,000 random single-byte mutations of data at rest are all refused', () => {
  const key = atRest.generateKey();
  const sealed = atRest.seal('hello', { key, label: 'm' });
  for (let i = 0; i < 10_000; i++) {
    const broken = sealed.slice();
    broken[Math.floor(Math.random() * broken.length)]! ^= 1 + Math.floor(Math.random() * 255);
    assert.throws(() => atRest.open(broken, { key, label: 'm' }), refused);
  }
});
