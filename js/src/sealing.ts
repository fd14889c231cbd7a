/**
 * Sealing: what leaves the page goes to one recipient's key, bound to the consent that it goes under.
 *
 *   const { publicKey, secretKey } = sealing.generateKeyPair();
 *   const envelope = sealing.seal('hello', { recipient: publicKey, purpose: 'chat', policyHash, recordId, epoch });
 *   sealing.openText(envelope, { key: secretKey, purpose: 'chat' }); // 'hello'
 */

import { AtRest, type DataKey, type PassphraseCost, type WrapOptions } from './at-rest.ts';
import { type Backend, decodeText, unwrap, unwrapNumber } from './backend.ts';
import { withEntropy } from './entropy.ts';
import { HeldKey, type KeyOptions } from './held-key.ts';
import { now, Session } from './session.ts';
import { openTransform, type ReadAt, SealedFile, type StreamOptions, sealTransform } from './streams.ts';

export type { KeyOptions } from './held-key.ts';
export { type Grounds, Session } from './session.ts';
export { type ReadAt, SealedFile, type StreamOptions } from './streams.ts';

/** What something is sealed for. Every text is 1 to 128 printable ASCII characters. */
export interface SealContext {
  /** The purposes that it may be opened for. */
  purpose: string | readonly string[];
  /** The hash of the policy that the person saw. */
  policyHash: string;
  /** The consent record. */
  recordId: string;
  /** The consent's epoch, a u32. */
  epoch: number;
  /** The hash of the redaction rules that were used. */
  rulesetHash?: string;
}

export interface SealOptions extends SealContext {
  /** The recipient's public key, a COSE_Key. */
  recipient: Uint8Array;
}

/** What the opener declares: its purpose, and what else must hold. */
export interface Expectation {
  purpose: string;
  policyHash?: string;
  recordId?: string;
  epoch?: number;
}

export interface OpenOptions extends Expectation {
  key: SecretKey;
}

/** Who can open a session or a stream: 1 to 16 public keys, each a COSE_Key. */
export interface GroupOptions extends SealContext {
  recipients: readonly Uint8Array[];
}

interface AnyHeader {
  /** The ids of the keys that open it. */
  kids: string[];
  purposes: string[];
  policyHash: string;
  recordId: string;
  epoch: number;
  rulesetHash: string;
}

/** What an envelope, or the header of a session or a stream, says to everyone, unchecked. */
export type EnvelopeHeader = AnyHeader &
  ({ kind: 'message'; kem: Kem; ciphertextSize: number } | { kind: 'session'; id: string; issuedAt: number });

/** X-Wing holds against quantum computers too, for 1.1 KB more an envelope. */
export type Kem = 'xwing' | 'x25519';

export interface KeyPair {
  /** A COSE_Key to give to everyone. */
  publicKey: Uint8Array;
  secretKey: SecretKey;
}

/** A recipient's secret key. What `export` gives is the whole COSE_Key. */
export class SecretKey extends HeldKey {
  protected override readonly prefix = 'sr_key';

  /** The public half, a COSE_Key. */
  get publicKey(): Uint8Array {
    return unwrap(this.backend.call('sr_key_public', this.handle));
  }
}

/** Their numbers in IANA's HPKE registry. */
const kemNumbers: Record<Kem, number> = { xwing: 0x647a, x25519: 0x0020 };
const keyEntropy = 32;
const sealEntropy = 64;
const replySaltSize = 16;
const wrapEntropy = 24;

export class Sealing {
  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** A recipient's key pair; X-Wing where nothing else is asked for. */
  generateKeyPair({ kem = 'xwing', exportable = false }: KeyOptions & { kem?: Kem } = {}): KeyPair {
    return withEntropy(keyEntropy, (entropy) => this.#pair(this.#backend.call('sr_key_new', kemNumbers[kem], entropy, Number(exportable))));
  }

  /** A key pair from an exported one; wipe those bytes when they are no longer used. */
  importKeyPair(coseKey: Uint8Array, { exportable = false }: KeyOptions = {}): KeyPair {
    return this.#pair(this.#backend.call('sr_key_import', coseKey, Number(exportable)));
  }

  /** A secret key under a data key, for storage; it need not be exportable. */
  wrapKey(key: SecretKey, { under, label }: WrapOptions): Uint8Array {
    return withEntropy(wrapEntropy, (entropy) => unwrap(this.#backend.call('sr_key_wrap', under.handle, key.handle, label, entropy)));
  }

  /** Throws `not_authentic` for another data key, another label, or anything else that is wrong. */
  unwrapKey(wrapped: Uint8Array, { under, label, exportable = false }: WrapOptions & KeyOptions): KeyPair {
    return this.#pair(this.#backend.call('sr_key_unwrap', under.handle, wrapped, label, Number(exportable)));
  }

  /** A secret key under a passphrase, as one line of text that says how (Argon2id, in the PHC string format). */
  lockKey(key: SecretKey, passphrase: string, cost?: PassphraseCost): string {
    return new AtRest(this.#backend).lock(passphrase, cost, (under, label) => this.wrapKey(key, { under, label }));
  }

  /** Throws `not_authentic` for another passphrase or a changed line, `bad_argument` for a cost out of range. */
  unlockKey(locked: string, passphrase: string, options: KeyOptions = {}): KeyPair {
    const unwrapKey = (wrapped: Uint8Array, under: DataKey, label: string) => this.unwrapKey(wrapped, { under, label, ...options });
    return new AtRest(this.#backend).unlock(locked, passphrase, unwrapKey);
  }

  /** The id of a public key: 16 hexadecimal digits, which its envelopes carry. */
  keyId(publicKey: Uint8Array): string {
    return decodeText(unwrap(this.#backend.call('sr_key_id', publicKey)));
  }

  /** Seals one message: a COSE_Encrypt0 that only the recipient opens, and only for the purpose. Its length is hidden in buckets. */
  seal(plaintext: string | Uint8Array, { recipient, ...context }: SealOptions): Uint8Array {
    const json = contextJson(context);
    return withEntropy(sealEntropy, (entropy) => unwrap(this.#backend.call('sr_seal', json, plaintext, recipient, entropy)));
  }

  /** Opens an envelope; throws `not_authentic` for everything that is wrong with it, the key or the expectation. */
  open(envelope: Uint8Array, { key, ...expectation }: OpenOptions): Uint8Array {
    return unwrap(this.#backend.call('sr_open', envelope, key.handle, expectationJson(expectation)));
  }

  /** The same, for a text. */
  openText(envelope: Uint8Array, options: OpenOptions): string {
    return decodeText(this.open(envelope, options));
  }

  /** Begins a session: the end that speaks first. */
  beginSession({ recipients, ...context }: GroupOptions): Session {
    return new Session(this.#backend, this.#begin('sr_session_begin', recipients, context));
  }

  /**
   * Answers a session: the header is at most an hour old. Throws `not_authentic` for everything that is wrong with it. A
   * server that must not be tricked by a replayed header remembers the ids of the last hour (`inspect(header).id`).
   */
  acceptSession(header: Uint8Array, { key, ...expectation }: OpenOptions): Session {
    const json = expectationJson(expectation);
    return withEntropy(
      replySaltSize,
      (salt) => new Session(this.#backend, unwrapNumber(this.#backend.call('sr_session_accept', header, key.handle, json, now(), salt))),
    );
  }

  /** Reads a session at any time, without a word in it: what an auditor or an archive does. */
  readSession(header: Uint8Array, { key, ...expectation }: OpenOptions): Session {
    const json = expectationJson(expectation);
    return new Session(this.#backend, unwrapNumber(this.#backend.call('sr_session_read', header, key.handle, json)));
  }

  /** Seals a file or voice as it passes through, in bounded memory. */
  sealStream({ recipients, onProgress, ...context }: GroupOptions & StreamOptions): TransformStream<Uint8Array, Uint8Array> {
    return sealTransform(this.#backend, this.#begin('sr_sealer_new', recipients, context), onProgress ? { onProgress } : {});
  }

  /** Opens one as it passes through. What comes out is authentic; that it is complete is known at its end. */
  openStream({ onProgress, ...options }: OpenOptions & StreamOptions): TransformStream<Uint8Array, Uint8Array> {
    return openTransform(this.#backend, this.#opener(options), onProgress ? { onProgress } : {});
  }

  /** Opens a sealed file of `size` bytes to read any part of it. */
  openFile(read: ReadAt, size: number, options: OpenOptions): Promise<SealedFile> {
    return SealedFile.open(this.#backend, read, size, this.#opener(options));
  }

  /** What an envelope or a header says without a key. None of it is checked: use it to find the key and the consent record. */
  inspect(envelope: Uint8Array): EnvelopeHeader {
    const header = JSON.parse(decodeText(unwrap(this.#backend.call('sr_inspect', envelope))));
    const common: AnyHeader = {
      kids: header.kids,
      purposes: header.purposes,
      policyHash: header.policy_hash,
      recordId: header.record_id,
      epoch: header.epoch,
      rulesetHash: header.ruleset_hash,
    };
    return header.kind === 'session'
      ? { kind: 'session', id: header.id, issuedAt: header.issued_at, ...common }
      : { kind: 'message', kem: header.kem === kemNumbers.xwing ? 'xwing' : 'x25519', ciphertextSize: header.ciphertext_size, ...common };
  }

  #begin(name: string, recipients: readonly Uint8Array[], context: SealContext): number {
    const keys = new Uint8Array(recipients.reduce((size, key) => size + key.length, 0));
    let at = 0;
    for (const key of recipients) {
      keys.set(key, at);
      at += key.length;
    }
    return withEntropy(sealEntropy * (recipients.length + 1), (entropy) =>
      unwrapNumber(this.#backend.call(name, contextJson(context), keys, now(), entropy)),
    );
  }

  #opener({ key, ...expectation }: OpenOptions): (header: Uint8Array) => number {
    const json = expectationJson(expectation);
    return (header) => unwrapNumber(this.#backend.call('sr_opener_new', header, key.handle, json));
  }

  #pair(outcome: ReturnType<Backend['call']>): KeyPair {
    const secretKey = new SecretKey(this.#backend, unwrapNumber(outcome));
    return { publicKey: secretKey.publicKey, secretKey };
  }
}

function contextJson({ purpose, policyHash, recordId, epoch, rulesetHash }: SealContext): string {
  const purposes = typeof purpose === 'string' ? [purpose] : purpose;
  return JSON.stringify({ purposes, policy_hash: policyHash, record_id: recordId, epoch, ruleset_hash: rulesetHash });
}

function expectationJson({ purpose, policyHash, recordId, epoch }: Expectation): string {
  return JSON.stringify({ purpose, policy_hash: policyHash, record_id: recordId, epoch });
}
