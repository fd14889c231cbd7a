/**
 * The key directory: which keys a page may seal to, signed by a root key that is pinned in its configuration.
 *
 *   const directory = keyDirectory.open(json, { root, seq });
 *   sealing.beginSession({ recipients: keyDirectory.recipients(directory), ...context });
 *
 * Rotation is a new primary key of a role and a higher `seq`; old private keys are kept for reading. A recovery key is an entry
 * like every other, so everyone sees it.
 */

import { type Backend, decodeText, unwrap } from './backend.ts';
import { fromBase64url, toBase64url } from './base64.ts';
import { SubrosaError } from './errors.ts';
import { now } from './session.ts';

const kind = 'subrosa-key-directory/1';

export interface DirectoryKey {
  /** The id of the key: 16 hexadecimal digits. */
  kid: string;
  /** The COSE_Key, in base64url. */
  public_key: string;
  /** Whose it is: `server`, `auditor`, `archive`, `recovery`. */
  role: string;
  /** When it may be sealed to, in seconds since 1970. */
  not_before: number;
  not_after: number;
  /** Whether this is the key of its role to seal to. */
  primary: boolean;
}

export interface KeyDirectory {
  /** Grows with each directory, so that an old one is known. */
  seq: number;
  /** When the directory itself ends, in seconds since 1970. */
  expires_at: number;
  keys: DirectoryKey[];
  sig: string;
}

export interface DirectoryTrust {
  /** The root's Ed25519 public key, 32 bytes. */
  root: Uint8Array;
  /** The `seq` that was seen last; an older directory is refused. */
  seq?: number;
}

export class Directory {
  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** An entry for a public key. */
  entry(publicKey: Uint8Array, rest: Omit<DirectoryKey, 'kid' | 'public_key'>): DirectoryKey {
    return { kid: this.#kid(publicKey), public_key: toBase64url(publicKey), ...rest };
  }

  /** Signs a directory. `seed`: the root's 32-byte Ed25519 seed, which stays offline. */
  sign(directory: Omit<KeyDirectory, 'sig'>, seed: Uint8Array): KeyDirectory {
    return JSON.parse(decodeText(unwrap(this.#backend.call('sr_json_sign', kind, JSON.stringify(directory), seed))));
  }

  /**
   * Throws `not_authentic` for a directory that the root did not sign, that has ended (`where` is then `/expires_at`), or that is
   * older than the one before (`/seq`).
   */
  open(json: string | KeyDirectory, { root, seq = 0 }: DirectoryTrust): KeyDirectory {
    const text = typeof json === 'string' ? json : JSON.stringify(json);
    unwrap(this.#backend.call('sr_json_verify', kind, text, root));
    const directory: unknown = JSON.parse(text);
    if (!isDirectory(directory) || !directory.keys.every((key) => this.#isWhole(key))) throw new SubrosaError('not_authentic');
    if (directory.seq < seq) throw new SubrosaError('not_authentic', 0, '/seq');
    if (directory.expires_at <= now()) throw new SubrosaError('not_authentic', 0, '/expires_at');
    return directory;
  }

  /**
   * The keys to seal to: of each role the primary one, or of the named roles alone. Throws `not_authentic` when a named role has
   * no key that is valid now: what is sealed for fewer than was meant could not be read.
   */
  recipients({ keys }: KeyDirectory, roles: readonly string[] = [...new Set(keys.map((key) => key.role))]): Uint8Array[] {
    const time = now();
    return roles.map((role) => {
      const key = keys.find((entry) => entry.role === role && entry.primary && entry.not_before <= time && time < entry.not_after);
      const publicKey = key && fromBase64url(key.public_key);
      if (!publicKey) throw new SubrosaError('not_authentic', 0, role);
      return publicKey;
    });
  }

  #kid(publicKey: Uint8Array): string {
    return decodeText(unwrap(this.#backend.call('sr_key_id', publicKey)));
  }

  #isWhole(entry: DirectoryKey): boolean {
    const publicKey = fromBase64url(entry.public_key);
    return publicKey !== undefined && this.#kid(publicKey) === entry.kid;
  }
}

function isDirectory(value: unknown): value is KeyDirectory {
  const { seq, expires_at, keys } = (value ?? {}) as Partial<KeyDirectory>;
  return Number.isSafeInteger(seq) && Number.isSafeInteger(expires_at) && Array.isArray(keys) && keys.every(isEntry);
}

function isEntry(value: unknown): value is DirectoryKey {
  const entry = (value ?? {}) as Partial<DirectoryKey>;
  return (
    [entry.kid, entry.public_key, entry.role].every((text) => typeof text === 'string') &&
    Number.isSafeInteger(entry.not_before) &&
    Number.isSafeInteger(entry.not_after) &&
    typeof entry.primary === 'boolean'
  );
}
