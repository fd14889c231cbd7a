/** What a backend must do; the Node addon and the WebAssembly module are the two that there are. */

import { SubrosaError } from './errors.ts';

/** A number is a u32 or a handle; a string is given to the core as UTF-8; undefined is no bytes. */
export type Argument = number | string | Uint8Array | undefined;

/** What a call gives: bytes that are the caller's own, nothing, or a failure as [code, at, where]. */
export type Outcome = Uint8Array | undefined | Failure;
export type Failure = readonly [code: number, at: number, where: string];

/** What reads the bytes of a call from `from` to `end`, and keeps none of them. */
export type Reader<T> = (bytes: Uint8Array, from: number, end: number) => T;

export interface Backend {
  readonly name: 'native' | 'wasm';
  call(name: string, ...args: Argument[]): Outcome;
  /** What `read` makes of a call's bytes where they lie; without a copy, they are gone when it returns. Throws on failure. */
  read<T>(read: Reader<T>, name: string, ...args: Argument[]): T;
  /** A question that cannot fail: the answer is one number. */
  ask(name: string, ...args: Argument[]): number;
  /** Gives a handle back; `name` is one of the ABI's sr_*_free. */
  free(name: string, handle: number): void;
}

const empty = new Uint8Array(0);

/** The bytes of a call, or a throw: the only place where the core's failures become exceptions. */
export function unwrap(outcome: Outcome): Uint8Array {
  if (outcome === undefined) return empty;
  if (outcome instanceof Uint8Array) return outcome;
  throw new SubrosaError(...outcome);
}

/** The u32 at an offset of the core's bytes. A DataView would cost more than the few numbers that are read. */
export function u32(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24)) >>> 0
  );
}

/** The u32 of a call that gives one. */
export function unwrapNumber(outcome: Outcome): number {
  return u32(unwrap(outcome), 0);
}

const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });

export function decodeText(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
