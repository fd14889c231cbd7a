/**
 * A sealed conversation. Its key is wrapped once for each recipient; then a message costs one AEAD call.
 *
 *   const page = sealing.beginSession({ recipients: [publicKey], purpose: 'chat', policyHash, recordId, epoch });
 *   const server = sealing.acceptSession(page.header, { key: secretKey, purpose: 'chat' });
 *   server.openText(page.seal('hello', { consent, piiType: 'text', recipient: 'ctl' })); // 'hello'
 */

import { type Backend, decodeText, unwrap } from './backend.ts';
import type { ConsentSession } from './consent/session.ts';

/** Seconds since 1970. */
export const now = () => Math.floor(Date.now() / 1000);

/** What a message of a session goes under: the consent as it stands, and what the message is in its terms. */
export interface Grounds {
  /** The person's: `client.session` in a page. */
  consent: ConsentSession;
  piiType: string;
  /** A party of the policy. */
  recipient: string;
}

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
   * Seals a message. Throws `not_permitted`, with the reason as `where`, unless consent permits it at this moment for every
   * purpose of the session, under the record, epoch and policy that the header names. Where one of these has changed the
   * reason is `superseded`: a new session must say so.
   */
  seal(plaintext: string | Uint8Array, { consent, piiType, recipient }: Grounds): Uint8Array {
    return unwrap(this.#backend.call('sr_session_seal', this.#handle, plaintext, consent.handle, piiType, recipient, now()));
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
