/** A key that lives in the core. */

import { type Backend, unwrap } from './backend.ts';

export interface KeyOptions {
  /** Whether `export` gives the key. Default: false. */
  exportable?: boolean;
}

/** Free it when it is no longer used: that wipes it. */
export abstract class HeldKey {
  protected abstract readonly prefix: 'sr_key' | 'sr_data_key';
  protected readonly backend: Backend;
  /** For the core. */
  readonly handle: number;

  constructor(backend: Backend, handle: number) {
    this.backend = backend;
    this.handle = handle;
  }

  /** Its bytes, when the key is exportable; else it throws `not_permitted`. */
  export(): Uint8Array {
    return unwrap(this.backend.call(`${this.prefix}_export`, this.handle));
  }

  free(): void {
    this.backend.free(`${this.prefix}_free`, this.handle);
  }
}
