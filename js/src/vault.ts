/** The vault of a session: which placeholder stands for which value. It stays in the core's memory and is wiped there. */

import type { DataKey } from './at-rest.ts';
import { type Backend, decodeText, u32, unwrap, unwrapNumber } from './backend.ts';
import { withEntropy } from './entropy.ts';

export interface Restored {
  text: string;
  /** How many placeholders were restored. */
  restored: number;
  /** Placeholders that are not known, as they are written; they are left alone. */
  unknown: string[];
}

/** Give it to `redact`, and the same value gets the same placeholder; `restore` puts the values back. */
export class Vault {
  readonly #backend: Backend;
  /** The core's handle, for functions that take a vault. */
  readonly handle: number;

  /** A new one, or one that was exported under this key: anything else throws `not_authentic`. */
  constructor(backend: Backend, from: 'new' | 'one-way' | { sealed: Uint8Array; key: DataKey } = 'new') {
    this.#backend = backend;
    this.handle = unwrapNumber(
      typeof from === 'object'
        ? backend.call('sr_vault_import', from.key.handle, from.sealed)
        : backend.call('sr_vault_new', from === 'one-way' ? 1 : 0),
    );
  }

  /** Puts the values back, also where a language model has changed the placeholders: docs/redaction.md says how far. */
  restore(text: string): Restored {
    return readRestored(unwrap(this.#backend.call('sr_restore', this.handle, text)), text);
  }

  /** Sealed under a key, to be kept; the values leave the core in no other form. */
  export(key: DataKey): Uint8Array {
    return withEntropy(nonceSize, (entropy) => unwrap(this.#backend.call('sr_vault_export', this.handle, key.handle, entropy)));
  }

  /** Wipes it. */
  free(): void {
    this.#backend.free('sr_vault_free', this.handle);
  }
}

const headBytes = 12;
const nonceSize = 24;

/** The core's answer; `text` is what stands where it gives none. */
export function readRestored(bytes: Uint8Array, text = ''): Restored {
  if (bytes.length === 0) return { text, restored: 0, unknown: [] };
  const unknown: string[] = [];
  let at = headBytes;
  for (let left = u32(bytes, 8); left > 0; left--) {
    const end = at + 4 + u32(bytes, at);
    unknown.push(decodeText(bytes.subarray(at + 4, end)));
    at = end;
  }
  const restored = u32(bytes, 4);
  return { text: at < bytes.length || restored > 0 ? decodeText(bytes.subarray(at)) : text, restored, unknown };
}
