/** What a backend must do; the Node addon and the WebAssembly module are the two that there are. */

import { SubrosaError } from './errors.ts';

/** A number is a u32 or a handle; a string is given to the core as UTF-8. */
export type Argument = number | string | Uint8Array;

/** What a call gives: bytes, nothing, or a failure as [code, at, where]. */
export type Outcome = Uint8Array | undefined | readonly [code: number, at: number, where: string];

export interface Backend {
  readonly name: 'native' | 'wasm';
  call(name: string, ...args: Argument[]): Outcome;
  /** A question that cannot fail: the answer is one number. */
  ask(name: string, ...args: Argument[]): number;
  /** Gives a handle back; `name` is one of the ABI's sr_*_free. */
  free(name: string, handle: number): void;
}

const empty = new Uint8Array(0);

/**
 * The bytes of a call, or a throw: the only place where the core's failures become exceptions. They are a plain
 * Uint8Array on every backend: a slice of Node's Buffer would not be a copy.
 */
export function unwrap(outcome: Outcome): Uint8Array {
  if (outcome === undefined) return empty;
  if (outcome instanceof Uint8Array)
    return outcome.constructor === Uint8Array ? outcome : new Uint8Array(outcome.buffer, outcome.byteOffset, outcome.byteLength);
  throw new SubrosaError(...outcome);
}

/** The u32 of a call that gives one. */
export function unwrapNumber(outcome: Outcome): number {
  const bytes = unwrap(outcome);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
}

const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });

export function decodeText(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
