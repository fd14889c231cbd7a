/**
 * Data at rest under symmetric keys that are wrapped by a master key. Destroying the wrapped key makes what it sealed noise.
 *
 *   const key = atRest.generateKey();
 *   const wrapped = atRest.wrapKey(key, { under: master, label: 'person-1/chat' });
 *   const sealed = atRest.seal('hello', { key, label: 'message-7' });
 *   atRest.openText(sealed, { key: atRest.unwrapKey(wrapped, { under: master, label: 'person-1/chat' }), label: 'message-7' });
 */

import { type Backend, decodeText, unwrap, unwrapNumber } from './backend.ts';
import { fromBase64url, toBase64url } from './base64.ts';
import { withEntropy } from './entropy.ts';
import { SubrosaError } from './errors.ts';
import { HeldKey, type KeyOptions } from './held-key.ts';

/** A symmetric key of 32 bytes. */
export class DataKey extends HeldKey {
  protected override readonly prefix = 'sr_data_key';
}

/** What a guess costs. Less than 19 MiB with two passes is refused. */
export interface PassphraseCost {
  /** Memory, 19456 to 262144 KiB. Default: 65536. */
  kib?: number;
  /** Default: 3. */
  passes?: number;
}

export interface WrapOptions {
  /** The key that wraps. */
  under: DataKey;
  /** What the key is for; the same label is needed to unwrap. */
  label: string;
}

export interface AtRestOptions {
  key: DataKey;
  /** What the data is; the same label is needed to open. Data cannot be swapped with that of another label. */
  label: string;
}

const keySize = 32;
const nonceSize = 24;
const saltSize = 16;

export class AtRest {
  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  generateKey(options: KeyOptions = {}): DataKey {
    return withEntropy(keySize, (entropy) => this.importKey(entropy, options));
  }

  /** A key of 32 bytes, which the caller wipes. */
  importKey(bytes: Uint8Array, { exportable = false }: KeyOptions = {}): DataKey {
    return this.#key(this.#backend.call('sr_data_key_new', bytes, Number(exportable)));
  }

  /** A key from a passphrase (Argon2id). `salt`: 16 random bytes that are kept beside what it sealed. */
  keyFromPassphrase(passphrase: string, salt: Uint8Array, { kib = 65536, passes = 3 }: PassphraseCost = {}): DataKey {
    return this.#key(this.#backend.call('sr_data_key_from_passphrase', passphrase, salt, kib, passes));
  }

  wrapKey(key: DataKey, { under, label }: WrapOptions): Uint8Array {
    return withEntropy(nonceSize, (entropy) => unwrap(this.#backend.call('sr_data_key_wrap', under.handle, key.handle, label, entropy)));
  }

  /** Throws `not_authentic` for another wrapping key, another label, or anything else that is wrong. */
  unwrapKey(wrapped: Uint8Array, { under, label, exportable = false }: WrapOptions & KeyOptions): DataKey {
    return this.#key(this.#backend.call('sr_data_key_unwrap', under.handle, wrapped, label, Number(exportable)));
  }

  seal(plaintext: string | Uint8Array, { key, label }: AtRestOptions): Uint8Array {
    return withEntropy(nonceSize, (entropy) => unwrap(this.#backend.call('sr_seal_at_rest', key.handle, label, plaintext, entropy)));
  }

  /** Throws `not_authentic` for another key, another label, or anything else that is wrong. */
  open(sealed: Uint8Array, { key, label }: AtRestOptions): Uint8Array {
    return unwrap(this.#backend.call('sr_open_at_rest', key.handle, label, sealed));
  }

  openText(sealed: Uint8Array, options: AtRestOptions): string {
    return decodeText(this.open(sealed, options));
  }

  /** A data key under a passphrase, as one line of text that says how (Argon2id, in the PHC string format). */
  lockKey(key: DataKey, passphrase: string, cost?: PassphraseCost): string {
    return this.lock(passphrase, cost, (under, label) => this.wrapKey(key, { under, label }));
  }

  /** Throws `not_authentic` for another passphrase or a changed line, `bad_argument` for a cost out of range. */
  unlockKey(locked: string, passphrase: string, options: KeyOptions = {}): DataKey {
    return this.unlock(locked, passphrase, (wrapped, under, label) => this.unwrapKey(wrapped, { under, label, ...options }));
  }

  /** The line of what `wrap` wraps, be it a data key or a secret one. */
  lock(passphrase: string, { kib = 65536, passes = 3 }: PassphraseCost = {}, wrap: (under: DataKey, label: string) => Uint8Array): string {
    const salt = withEntropy(saltSize, (entropy) => entropy.slice());
    const head = `$argon2id$v=19$m=${kib},t=${passes},p=1$${toBase64url(salt)}`;
    const wrapped = using(this.keyFromPassphrase(passphrase, salt, { kib, passes }), (under) => wrap(under, head));
    return `${head}$${toBase64url(wrapped)}`;
  }

  /** What `unwrap` makes of such a line. */
  unlock<T>(locked: string, passphrase: string, unwrap: (wrapped: Uint8Array, under: DataKey, label: string) => T): T {
    const parts = /^\$argon2id\$v=19\$m=(\d{1,6}),t=(\d{1,2}),p=1\$([\w-]+)\$([\w-]+)$/.exec(locked);
    const [salt, wrapped] = [parts?.[3], parts?.[4]].map((text) => fromBase64url(text ?? ''));
    if (!parts || !salt || !wrapped) throw new SubrosaError('not_authentic');
    const label = locked.slice(0, locked.lastIndexOf('$'));
    const under = this.keyFromPassphrase(passphrase, salt, { kib: Number(parts[1]), passes: Number(parts[2]) });
    return using(under, () => unwrap(wrapped, under, label));
  }

  #key(outcome: ReturnType<Backend['call']>): DataKey {
    return new DataKey(this.#backend, unwrapNumber(outcome));
  }
}

function using<T>(key: DataKey, use: (key: DataKey) => T): T {
  try {
    return use(key);
  } finally {
    key.free();
  }
}
