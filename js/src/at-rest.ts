/**
 * Data at rest under symmetric keys that are wrapped by a master key. Destroying the wrapped key makes what it sealed noise.
 *
 *   const key = atRest.generateKey();
 *   const wrapped = atRest.wrapKey(key, { under: master, label: 'person-1/chat' });
 *   const sealed = atRest.seal('hello', { key, label: 'message-7' });
 *   atRest.openText(sealed, { key: atRest.unwrapKey(wrapped, { under: master, label: 'person-1/chat' }), label: 'message-7' });
 */

import { type Backend, decodeText, unwrap, unwrapNumber } from './backend.ts';
import { withEntropy } from './entropy.ts';

/** A symmetric key, which lives in the core. Free it when it is no longer used: that wipes it. */
export class DataKey {
  readonly #backend: Backend;
  /** For the core. */
  readonly handle: number;

  constructor(backend: Backend, handle: number) {
    this.#backend = backend;
    this.handle = handle;
  }

  /** Its 32 bytes, when the key is exportable; else it throws `not_permitted`. */
  export(): Uint8Array {
    return unwrap(this.#backend.call('sr_data_key_export', this.handle));
  }

  free(): void {
    this.#backend.free('sr_data_key_free', this.handle);
  }
}

export interface DataKeyOptions {
  /** Whether `export` gives the key. Default: false. */
  exportable?: boolean;
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

export class AtRest {
  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  generateKey(options: DataKeyOptions = {}): DataKey {
    return withEntropy(keySize, (entropy) => this.importKey(entropy, options));
  }

  /** A key of 32 bytes, which the caller wipes. */
  importKey(bytes: Uint8Array, { exportable = false }: DataKeyOptions = {}): DataKey {
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
  unwrapKey(wrapped: Uint8Array, { under, label, exportable = false }: WrapOptions & DataKeyOptions): DataKey {
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

  #key(outcome: ReturnType<Backend['call']>): DataKey {
    return new DataKey(this.#backend, unwrapNumber(outcome));
  }
}
