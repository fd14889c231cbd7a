/** The keys that messages are sealed to, and the directory that tells pages of them. */

import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { KeyDirectory, SecretKey, Subrosa } from 'subrosa';
import type { Secrets } from './secrets.ts';

const lifetime = 7 * 86_400; // seconds
const clockSkew = 300;
/** What stands before an Ed25519 seed in PKCS #8 (RFC 8410). */
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');

export class KeyRing {
  readonly #subrosa: Subrosa;
  readonly #secrets: Secrets;
  readonly #now: () => number;

  constructor(subrosa: Subrosa, secrets: Secrets, now: () => number = Date.now) {
    this.#subrosa = subrosa;
    this.#secrets = secrets;
    this.#now = now;
  }

  /** What the pages pin, in hexadecimal. */
  get root(): string {
    const key = createPrivateKey({ key: Buffer.concat([pkcs8, this.#secrets.root]), format: 'der', type: 'pkcs8' });
    return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex');
  }

  get secretKeys(): SecretKey[] {
    return this.#secrets.keys.map(({ secretKey }) => secretKey);
  }

  /** The key that opens what is sealed to these ids. */
  keyOf(kids: readonly string[]): SecretKey | undefined {
    return this.#secrets.keys.find(({ publicKey }) => kids.includes(this.#subrosa.sealing.keyId(publicKey)))?.secretKey;
  }

  /** Signed anew for whoever asks, so that it does not end while this server runs. */
  directory(): KeyDirectory {
    const { keyDirectory } = this.#subrosa;
    const time = Math.floor(this.#now() / 1000);
    const { keys, root } = this.#secrets;
    const times = { not_before: time - clockSkew, not_after: time + lifetime };
    const entries = keys.map(({ publicKey }, i) =>
      keyDirectory.entry(publicKey, { role: 'server', ...times, primary: i === keys.length - 1 }),
    );
    return keyDirectory.sign({ seq: keys.length, expires_at: time + lifetime, keys: entries }, root);
  }

  /** A new key to seal to; the others are kept for reading. */
  async rotate(): Promise<SecretKey> {
    return (await this.#secrets.addKey()).secretKey;
  }

  free(): void {
    for (const key of this.secretKeys) key.free();
  }
}
