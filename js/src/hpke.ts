/**
 * HPKE (RFC 9180) by itself, modes Base and PSK, for formats of your own. Sealing is built on it; prefer that.
 *
 *   const sender = hpke.send({ recipient: publicKey, info });
 *   const receiver = hpke.receive({ key: secretKey, encapsulated: sender.encapsulated, info });
 *   receiver.open(sender.seal(plaintext, aad), aad);
 */

import { type Backend, unwrap, unwrapNumber } from './backend.ts';
import { withEntropy } from './entropy.ts';
import type { SecretKey } from './sealing.ts';

const none = new Uint8Array(0);
const sendEntropy = 64;

export interface HpkeOptions {
  info?: Uint8Array;
  /** A pre-shared key of 32 bytes or more, and its name. */
  psk?: { key: Uint8Array; id: Uint8Array };
}

/** One end of a context. The sender seals, the receiver opens, in the same order. */
export class HpkeContext {
  readonly #backend: Backend;
  readonly #handle: number;

  constructor(backend: Backend, handle: number) {
    this.#backend = backend;
    this.#handle = handle;
  }

  /** What the receiver needs, of the sender's end. */
  get encapsulated(): Uint8Array {
    return unwrap(this.#backend.call('sr_hpke_encapsulated', this.#handle));
  }

  seal(plaintext: Uint8Array, aad: Uint8Array = none): Uint8Array {
    return unwrap(this.#backend.call('sr_hpke_seal', this.#handle, aad, plaintext));
  }

  open(ciphertext: Uint8Array, aad: Uint8Array = none): Uint8Array {
    return unwrap(this.#backend.call('sr_hpke_open', this.#handle, aad, ciphertext));
  }

  /** A secret that both ends have, bound to the context; at most 8160 bytes. */
  export(exporterContext: Uint8Array, size: number): Uint8Array {
    return unwrap(this.#backend.call('sr_hpke_export', this.#handle, exporterContext, size));
  }

  free(): void {
    this.#backend.free('sr_hpke_free', this.#handle);
  }
}

export class Hpke {
  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  send({ recipient, info = none, psk }: HpkeOptions & { recipient: Uint8Array }): HpkeContext {
    return withEntropy(sendEntropy, (entropy) =>
      this.#end(this.#backend.call('sr_hpke_send', recipient, info, psk?.key ?? none, psk?.id ?? none, entropy)),
    );
  }

  receive({ key, encapsulated, info = none, psk }: HpkeOptions & { key: SecretKey; encapsulated: Uint8Array }): HpkeContext {
    return this.#end(this.#backend.call('sr_hpke_receive', key.handle, encapsulated, info, psk?.key ?? none, psk?.id ?? none));
  }

  #end(outcome: ReturnType<Backend['call']>): HpkeContext {
    return new HpkeContext(this.#backend, unwrapNumber(outcome));
  }
}
