/** The published vectors of ../shared/vectors, every one on the binary that ships. Prints how many. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { decode } from 'cborg';
import { unwrap, unwrapNumber } from '../../js/src/backend.ts';
import { backend } from './backend.ts';

const folder = new URL('../../../shared/vectors/', import.meta.url);
const hex = (text = '') => Uint8Array.from(Buffer.from(text, 'hex'));
const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const utf8 = new TextEncoder();
const none = new Uint8Array(0);
const join = (...parts: Uint8Array[]) => Uint8Array.from(Buffer.concat(parts));

// biome-ignore lint/suspicious/noExplicitAny: the files have their own shapes
type Json = any;

function vectors(name: string, file: string, run: (text: string) => number | string): void {
  test(`${name}: ${file}`, () => {
    const url = new URL(file, folder);
    if (!existsSync(url)) {
      console.log(`not run: ../shared/vectors/${file}`);
      assert.ok(!process.env.CI, 'the vectors are not beside the checkout');
      return;
    }
    console.log(`${process.env.SUBROSA_BACKEND} ${name}: ${run(readFileSync(url, 'utf8'))}`);
  });
}

/** The primitive's output in hex, or undefined when it refuses. */
function primitive(name: string, ...inputs: Uint8Array[]): string | undefined {
  const [a = none, b = none, c = none, d = none] = inputs;
  const outcome = backend.call('sr_primitive', name, a, b, c, d);
  return Array.isArray(outcome) ? undefined : toHex(unwrap(outcome));
}

/** Runs Wycheproof's tests; `run` gives undefined to leave one out, else whether it was accepted with the right output. */
function wycheproof(primitiveName: string, file: string, run: (vector: Json, group: Json) => boolean | undefined): void {
  vectors(`Wycheproof ${primitiveName}`, `wycheproof/${file}`, (text) => {
    const count = { valid: 0, invalid: 0, acceptable: 0, 'left out': 0 };
    for (const group of JSON.parse(text).testGroups)
      for (const vector of group.tests) {
        const accepted = run(vector, group);
        if (accepted === undefined) {
          count['left out']++;
          continue;
        }
        count[vector.result as 'valid']++;
        if (vector.result !== 'acceptable') assert.equal(accepted, vector.result === 'valid', `${file} ${vector.tcId}`);
      }
    return JSON.stringify(count);
  });
}

wycheproof('X25519', 'x25519_test.json', (vector) => {
  const shared = primitive('x25519', hex(vector.private), hex(vector.public));
  if (shared === undefined) return vector.result === 'acceptable' && /^0+$/.test(vector.shared);
  assert.equal(shared, vector.shared, `x25519 ${vector.tcId}`);
  return true;
});
for (const [name, ivSize] of [
  ['chacha20_poly1305', 96],
  ['xchacha20_poly1305', 192],
] as const)
  wycheproof(name, `${name}_test.json`, (vector, group) => {
    // Other nonce sizes are not the algorithm's; the core refuses them before anything else.
    if (group.ivSize !== ivSize) {
      assert.equal(primitive(`${name}_open`, hex(vector.key), hex(vector.iv), hex(vector.aad), hex(vector.ct + vector.tag)), undefined);
      return vector.result === 'invalid' ? false : undefined;
    }
    return primitive(`${name}_open`, hex(vector.key), hex(vector.iv), hex(vector.aad), hex(vector.ct + vector.tag)) === vector.msg;
  });
wycheproof(
  'Ed25519',
  'ed25519_test.json',
  (vector, group) => primitive('ed25519_verify', hex(group.publicKey.pk), hex(vector.sig), hex(vector.msg)) !== undefined,
);
wycheproof('HMAC-SHA256', 'hmac_sha256_test.json', (vector, group) => {
  return primitive('hmac_sha256', hex(vector.key), hex(vector.msg))!.slice(0, group.tagSize / 4) === vector.tag;
});
wycheproof('HKDF-SHA256', 'hkdf_sha256_test.json', (vector) => {
  const output = primitive('hkdf_sha256', hex(vector.ikm), hex(vector.salt), hex(vector.info), new Uint8Array(vector.size));
  return output !== undefined && output === vector.okm;
});
wycheproof('ML-KEM-768', 'mlkem_768_test.json', (vector) => {
  const seed = hex(vector.seed);
  if (primitive('mlkem768_public', seed) !== vector.ek) return false;
  return primitive('mlkem768_decapsulate', seed, hex(vector.c)) === vector.K;
});

vectors('Ed25519 edge cases', 'cctv-ed25519/ed25519vectors.json', (text) => {
  // libsodium refuses what RFC 8032 leaves open: points of low order and keys in another form than the canonical one.
  const refusedFlags = ['low_order_R', 'low_order_A', 'non_canonical_R', 'non_canonical_A', 'low_order_residue', 'reencoded_k'];
  let accepted = 0;
  let refused = 0;
  for (const vector of JSON.parse(text)) {
    const isAccepted = primitive('ed25519_verify', hex(vector.key), hex(vector.sig), utf8.encode(vector.msg)) !== undefined;
    const flags: string[] = vector.flags ?? [];
    if (flags.every((flag) => !refusedFlags.includes(flag))) assert.ok(isAccepted, `${vector.number}`);
    if (isAccepted) assert.ok(!flags.includes('low_order_A') && !flags.includes('non_canonical_A'), `${vector.number}`);
    if (isAccepted) accepted++;
    else refused++;
  }
  return `${accepted} accepted, ${refused} refused`;
});

// COSE_Keys of raw keys.
const x25519Public = (key: Uint8Array) => join(hex('a301012004215820'), key);
const x25519Secret = (key: Uint8Array, secret: Uint8Array) => join(hex('a401012004215820'), key, hex('235820'), secret);
const xwingMembers = hex('0107033a00010002205904c0');
const xwingPublic = (key: Uint8Array) => join(hex('a3'), xwingMembers, key);
const xwingSecret = (key: Uint8Array, secret: Uint8Array) => join(hex('a4'), xwingMembers, key, hex('215820'), secret);

function hpkeVector(vector: Json, publicKey: Uint8Array, secretKey: Uint8Array): number {
  const psk = [hex(vector.psk), hex(vector.psk_id)] as const;
  const info = hex(vector.info);
  const sender = unwrapNumber(backend.call('sr_hpke_send', publicKey, info, ...psk, hex(vector.ikmE)));
  const encapsulated = unwrap(backend.call('sr_hpke_encapsulated', sender));
  assert.equal(toHex(encapsulated), vector.enc);
  const key = unwrapNumber(backend.call('sr_key_import', secretKey, 0));
  const receiver = unwrapNumber(backend.call('sr_hpke_receive', key, encapsulated, info, ...psk));
  let checks = 1;
  let sequence = 0;
  for (const { aad, pt, ct, nonce } of vector.encryptions) {
    // Contexts count by themselves; messages that a vector leaves out are sent all the same.
    const wanted = nonce ? Number(BigInt(`0x${nonce}`) ^ BigInt(`0x${vector.base_nonce}`)) : sequence;
    for (; sequence < wanted; sequence++)
      unwrap(backend.call('sr_hpke_open', receiver, none, unwrap(backend.call('sr_hpke_seal', sender, none, none))));
    assert.equal(toHex(unwrap(backend.call('sr_hpke_seal', sender, hex(aad), hex(pt)))), ct);
    assert.equal(toHex(unwrap(backend.call('sr_hpke_open', receiver, hex(aad), hex(ct)))), pt);
    sequence++;
    checks += 2;
  }
  for (const { exporter_context, L, exported_value } of vector.exports) {
    for (const end of [sender, receiver])
      assert.equal(toHex(unwrap(backend.call('sr_hpke_export', end, hex(exporter_context), L))), exported_value);
    checks += 2;
  }
  return checks;
}

vectors('HPKE RFC 9180', 'hpke/rfc9180_x25519_hkdfsha256_chacha20poly1305.json', (text) => {
  let checks = 0;
  for (const vector of JSON.parse(text)) {
    if (vector.mode > 1 || vector.aead_id !== 3) continue; // the modes that do not ship
    checks += hpkeVector(vector, x25519Public(hex(vector.pkRm)), x25519Secret(hex(vector.pkRm), hex(vector.skRm)));
  }
  assert.ok(checks > 500);
  return `${checks} checks`;
});

vectors('HPKE X-Wing', 'xwing/hpke_pq_draft_mlkem768_x25519_hkdfsha256_chacha20poly1305.json', (text) => {
  let checks = 0;
  for (const vector of JSON.parse(text))
    checks += hpkeVector(vector, xwingPublic(hex(vector.pkRm)), xwingSecret(hex(vector.pkRm), hex(vector.skRm)));
  assert.equal(checks, 31);
  return `${checks} checks`;
});

vectors('X-Wing', 'xwing/xwing_draft.json', (text) => {
  const all: Json[] = JSON.parse(text);
  for (const { sk, pk, eseed, ct, ss } of all) {
    assert.equal(primitive('xwing_encapsulate', hex(pk), hex(eseed)), ct + ss);
    assert.equal(
      toHex(unwrap(backend.call('sr_key_public', unwrapNumber(backend.call('sr_key_new', 0x647a, hex(sk), 0))))).slice(-2432),
      pk,
    );
  }
  return `${all.length} vectors`;
});

// What the draft's appendix says of its vectors.
const psk = hex('0247fd33b913760fa1fa51e1892d9f307fbe65eb171e8132c2af18555a738b82');
const external = (title: string, name: string) =>
  utf8.encode(title.includes(`external ${name.replace('-', ' ')}`) ? `external-${name}` : '');
const cborBytes = (bytes: Uint8Array) =>
  join(bytes.length < 24 ? hex((0x40 + bytes.length).toString(16)) : Uint8Array.from([0x58, bytes.length]), bytes);
const encStructure = (context: string, header: Uint8Array, aad: Uint8Array) =>
  join(Uint8Array.from([0x83, 0x60 + context.length]), utf8.encode(context), cborBytes(header), cborBytes(aad));
const labels = (bytes: Uint8Array): Map<number, Json> => decode(bytes, { useMaps: true });

function coseOpen(key: number, headers: Map<number, Json>[], info: Uint8Array, aad: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  const find = (label: number): Uint8Array => headers.map((header) => header.get(label)).find((value) => value) ?? none;
  const pskId = find(-5);
  const receiver = unwrapNumber(backend.call('sr_hpke_receive', key, find(-4), info, pskId.length > 0 ? psk : none, pskId));
  return unwrap(backend.call('sr_hpke_open', receiver, aad, ciphertext));
}

function coseMessage(title: string, key: number, bytes: Uint8Array): Uint8Array {
  const tagged = (tag: number) => (content: () => unknown) => ({ tag, value: content() });
  const { tag, value }: Json = decode(bytes, { useMaps: true, tags: { 16: tagged(16), 96: tagged(96) } as Json });
  const aad = external(title.replaceAll('hpke aad', ''), 'aad');
  const info = external(title, 'info');
  if (tag === 16) return coseOpen(key, [labels(value[0]), value[1]], info, encStructure('Encrypt0', value[0], aad), value[2]);
  const [header, unprotectedHeader, ciphertext, [[recipientHeader, recipientUnprotected, wrapped]]] = value;
  const recipientInfo = join(hex('846e'), utf8.encode('HPKE Recipient'), hex('1818'), cborBytes(recipientHeader), cborBytes(info));
  const hpkeAad = external(title, 'hpke-aad');
  const contentKey = coseOpen(key, [labels(recipientHeader), recipientUnprotected], recipientInfo, hpkeAad, wrapped);
  const plaintext = primitive(
    'chacha20_poly1305_open',
    contentKey,
    unprotectedHeader.get(5),
    encStructure('Encrypt', header, aad),
    ciphertext,
  );
  return hex(plaintext ?? assert.fail(title));
}

vectors('COSE-HPKE', 'cose-hpke/hpke4_testvectors.txt', (text) => {
  let key = 0;
  let title = '';
  let count = 0;
  for (const line of text.split('\n')) {
    const value = hex(line.slice(line.lastIndexOf(' ') + 1));
    if (line.includes('COSE_Key')) {
      const members = labels(value);
      key = unwrapNumber(backend.call('sr_key_import', x25519Secret(members.get(-2), members.get(-4)), 0));
    } else if (line.startsWith('Ciphertext: ')) {
      assert.equal(Buffer.from(coseMessage(title, key, value)).toString(), 'hpke test payload', title);
      count++;
    } else if (line) title = line;
  }
  assert.equal(count, 24);
  return `${count} messages`;
});

vectors('JOSE-HPKE', 'jose-hpke/hpke4_vectors.json', (text) => {
  const base64 = (value: string) => Uint8Array.from(Buffer.from(value, 'base64url'));
  let count = 0;
  for (const { alg, jwk, flattened, compact } of JSON.parse(text)) {
    if (alg !== 'HPKE-4') continue; // HPKE-4-KE encrypts its content with AES-GCM, which is not here
    const key = unwrapNumber(backend.call('sr_key_import', x25519Secret(base64(jwk.x), base64(jwk.d)), 0));
    const open = (encapsulated: string, aad: string, ciphertext: string) => {
      const receiver = unwrapNumber(backend.call('sr_hpke_receive', key, base64(encapsulated), none, none, none));
      count++;
      return toHex(unwrap(backend.call('sr_hpke_open', receiver, utf8.encode(aad), base64(ciphertext))));
    };
    const [header, encapsulated, , ciphertext] = compact.split('.');
    const plaintext = open(flattened.encrypted_key, `${flattened.protected}.${flattened.aad}`, flattened.ciphertext);
    assert.equal(open(encapsulated, header, ciphertext), plaintext);
  }
  assert.equal(count, 2);
  return `${count} messages`;
});
