/** The vault of a session: which placeholder stands for which value. It stays in the core's memory and is wiped there. */

import { type Backend, decodeText, unwrap, unwrapNumber } from './backend.ts';

export interface Restored {
  text: string;
  /** How many placeholders were restored. */
  restored: number;
  /** Placeholders that this vault did not give out, as they are written; they are left alone. */
  unknown: string[];
}

const headBytes = 12;

/** Give it to `redact`, and the same value gets the same placeholder; `restore` puts the values back. */
export class Vault {
  readonly #backend: Backend;
  /** The core's handle, for functions that take a vault. */
  readonly handle: number;

  constructor(backend: Backend) {
    this.#backend = backend;
    this.handle = unwrapNumber(backend.call('sr_vault_new'));
  }

  /** Puts the values back, also where a language model has changed the placeholders: docs/redaction.md says how far. */
  restore(text: string): Restored {
    const bytes = unwrap(this.#backend.call('sr_restore', this.handle, text));
    if (bytes.length === 0) return { text, restored: 0, unknown: [] };
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const isChanged = view.getUint32(0, true) === 1;
    const textAt = headBytes + 8 * view.getUint32(8, true);
    const unknown: string[] = [];
    for (let at = headBytes; at < textAt; at += 8) unknown.push(text.slice(view.getUint32(at, true), view.getUint32(at + 4, true)));
    return { text: isChanged ? decodeText(bytes.subarray(textAt)) : text, restored: view.getUint32(4, true), unknown };
  }

  /** Wipes it. */
  free(): void {
    this.#backend.free('sr_vault_free', this.handle);
  }
}
