/** Whom the page seals to: what the service's directory of keys says, where the root that this page pins has signed it. */

import { type Subrosa, SubrosaError } from '../wasm/web.ts';

const seen = 'subrosa-demo-directory';

/** Nothing may be sealed; `status` says why. */
export class KeysError extends Error {
  override readonly name = 'KeysError';
  readonly status: 'outdated' | 'untrusted';
  constructor(status: 'outdated' | 'untrusted') {
    super(`the directory of keys is ${status}`);
    this.status = status;
  }
}

export class ServerKeys {
  readonly #subrosa: Subrosa;
  readonly #root: Uint8Array;
  #seq = 0;

  /** `root`: its public key, in hexadecimal, from the page's configuration. */
  constructor(subrosa: Subrosa, root: string) {
    this.#subrosa = subrosa;
    this.#root = Uint8Array.from(root.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
    try {
      this.#seq = Number(localStorage.getItem(seen));
    } catch {
      // Where storage is blocked, an older directory is known in this page alone.
    }
  }

  /** The key to seal to now. Asked for before each message, so that a rotation counts at once. */
  async current(): Promise<Uint8Array> {
    const text = await (await fetch('/directory')).text();
    const { keyDirectory } = this.#subrosa;
    try {
      const directory = keyDirectory.open(text, { root: this.#root, seq: this.#seq });
      const [key] = keyDirectory.recipients(directory, ['server']) as [Uint8Array];
      this.#remember(directory.seq);
      return key;
    } catch (error) {
      if (!(error instanceof SubrosaError)) throw error;
      throw new KeysError(error.where === '/expires_at' ? 'outdated' : 'untrusted');
    }
  }

  #remember(seq: number): void {
    this.#seq = seq;
    try {
      localStorage.setItem(seen, String(seq));
    } catch {
      // As above.
    }
  }
}
