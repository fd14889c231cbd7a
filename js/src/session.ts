/**
 * A sealed conversation. Its key is wrapped once for each recipient; then a message costs one AEAD call.
 *
 *   const page = sealing.beginSession({ recipients: [publicKey], purpose: 'chat', policyHash, recordId, epoch });
 *   const server = sealing.acceptSession(page.header, { key: secretKey, purpose: 'chat' });
 *   server.openText(page.seal('hello', { epoch })); // 'hello'
 */

import { type Backend, decodeText, unwrap } from './backend.ts';

/** Seconds since 1970. */
export const now = () => Math.floor(Date.now() / 1000);

/** One end of a session, in memory alone: a page that is loaded again begins another one. Free it at the end: that wipes its keys. */
export class Session {
  readonly #backend: Backend;
  readonly #handle: number;

  constructor(backend: Backend, handle: number) {
    this.#backend = backend;
    this.#handle = handle;
  }

  /** What the recipients need to take part; `sealing.inspect` reads it. */
  get header(): Uint8Array {
    return unwrap(this.#backend.call('sr_session_header', this.#handle));
  }

  /**
   * Seals a message under the consent that stands now. Throws `not_permitted` when its epoch is not the one that the session
   * began under: consent was withdrawn or given anew since, and a new session must say so.
   */
  seal(plaintext: string | Uint8Array, { epoch }: { epoch: number }): Uint8Array {
    return unwrap(this.#backend.call('sr_session_seal', this.#handle, plaintext, epoch, now()));
  }

  /** Opens a message of the other end, once. Throws `not_authentic` for everything that is wrong with it. */
  open(message: Uint8Array): Uint8Array {
    return unwrap(this.#backend.call('sr_session_open', this.#handle, message));
  }

  openText(message: Uint8Array): string {
    return decodeText(this.open(message));
  }

  free(): void {
    this.#backend.free('sr_session_free', this.#handle);
  }
}
