// Opens what Subrosa seals, from docs/format.md alone: plain JavaScript on @hpke/core and cborg, no code of Subrosa's.
import { Chacha20Poly1305 } from '@hpke/chacha20poly1305';
import { CipherSuite, HkdfSha256 } from '@hpke/core';
import { DhkemX25519HkdfSha256 } from '@hpke/dhkem-x25519';
import { XWing } from '@hpke/hybridkem-x-wing';
import { decode, encode } from 'cborg';

const utf8 = new TextEncoder();
const bytes = (value) => new Uint8Array(value);
const join = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));
const read = (data) => decode(data, { useMaps: true, tags: { 16: (content) => content(), 96: (content) => content() } });
const array = (...items) => encode(items);
const sha256 = async (data) => bytes(await crypto.subtle.digest('SHA-256', data));

const suites = Object.fromEntries(
  [
    [new DhkemX25519HkdfSha256(), 42, 50],
    [new XWing(), -65539, -65540],
  ].flatMap(([kem, ...algorithms]) => {
    const suite = new CipherSuite({ kem, kdf: new HkdfSha256(), aead: new Chacha20Poly1305() });
    return algorithms.map((algorithm) => [algorithm, suite]);
  }),
);

async function hpkeOpen(algorithm, secret, encapsulated, info, aad, ciphertext) {
  const suite = suites[algorithm];
  const recipientKey = await suite.kem.importKey('raw', join(secret).buffer, false);
  const recipient = await suite.createRecipientContext({ recipientKey, enc: join(encapsulated).buffer, info: join(info).buffer });
  return bytes(await recipient.open(join(ciphertext).buffer, join(aad).buffer));
}

const aeadOpen = async (key, nonce, ciphertext, aad) =>
  bytes(
    await new Chacha20Poly1305()
      .createEncryptionContext(join(key).buffer)
      .open(join(nonce).buffer, join(ciphertext).buffer, join(aad).buffer),
  );

async function hmac(key, ...data) {
  const hmacKey = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return bytes(await crypto.subtle.sign('HMAC', hmacKey, join(...data)));
}

/** HKDF-Expand of one block. */
const expand = (key, label, more = []) => hmac(key, utf8.encode(label), more, [1]);

/** The base with a number combined into its end. */
function nonceOf(base, number) {
  const nonce = base.slice(0, 12);
  for (let i = 11, rest = number; rest > 0; i--, rest = Math.floor(rest / 256)) nonce[i] ^= rest % 256;
  return nonce;
}

const unpad = (padded) => padded.slice(0, padded.lastIndexOf(0x80));

/** The plaintext of one sealed message. `secret`: the 32 bytes of the recipient's key. */
export async function openMessage(envelope, secret, purpose) {
  const [header, unprotectedHeader, ciphertext] = read(envelope);
  const labels = read(header);
  const context = labels.get(-65537);
  if (!read(context)[1].includes(purpose)) throw new Error('another purpose');
  const aad = array('Encrypt0', header, context);
  return unpad(await hpkeOpen(labels.get(1), secret, unprotectedHeader.get(-4), context, aad, ciphertext));
}

/** What stands behind the header of a session or a stream: a function that derives by label. */
async function unwrapKey(sealed, kid, secret, purpose) {
  const [header, unprotectedHeader, tag, recipients] = read(sealed);
  const labels = read(header);
  if (!read(labels.get(-65537))[1].includes(purpose)) throw new Error('another purpose');
  const [id, , commitment] = labels.get(-65538);
  const [row, unprotectedRow, wrapped] = recipients.find(([row]) => kid.every((byte, i) => byte === read(row).get(4)[i]));
  const info = array('HPKE Recipient', 24, row, await sha256(header));
  const key = await hpkeOpen(read(row).get(1), secret, unprotectedRow.get(-4), info, [], wrapped);
  const prk = await hmac(id, key);
  if ((await expand(prk, 'subrosa commit')).some((byte, i) => byte !== commitment[i])) throw new Error('another key');
  // The recipients are the last item, from their array's head on.
  const rest = sealed.slice(sealed.length - encode(recipients).length);
  await aeadOpen(key, unprotectedHeader.get(5), tag, array('Encrypt', header, await sha256(rest)));
  const hash = await sha256(sealed);
  return { hash, derive: (label) => expand(prk, label, hash) };
}

/** Opens messages of a session, of both ends, in any order. */
export async function openSession(header, kid, secret, purpose) {
  const { hash, derive } = await unwrapKey(header, kid, secret, purpose);
  return async (message) => {
    const [protectedHeader, , ciphertext] = read(message);
    const labels = read(protectedHeader);
    const number = labels.get(6).reduce((value, byte) => value * 256 + byte, 0);
    const isReply = labels.get(4).length === 16;
    let chain = isReply ? await expand(await derive('subrosa replies'), 'subrosa reply', labels.get(4)) : await derive('subrosa forward');
    for (let epoch = Math.floor(number / 256); epoch > 0; epoch--) chain = await expand(chain, 'subrosa next');
    const nonce = nonceOf(await expand(chain, 'subrosa nonce'), number);
    return unpad(await aeadOpen(await expand(chain, 'subrosa key'), nonce, ciphertext, array('Encrypt0', protectedHeader, hash)));
  };
}

/** The plaintext of a sealed stream. */
export async function openStream(sealed, kid, secret, purpose) {
  const start = 4 + new DataView(sealed.buffer, sealed.byteOffset).getUint32(0);
  const { derive } = await unwrapKey(sealed.slice(4, start), kid, secret, purpose);
  const key = await derive('subrosa stream key');
  const base = await derive('subrosa stream nonce');
  const parts = [];
  for (let chunk = 0, at = start; at <= sealed.length; chunk++, at += 16400) {
    parts.push(await aeadOpen(key, nonceOf(base, chunk), sealed.slice(at, at + 16400), []));
  }
  return join(...parts);
}
