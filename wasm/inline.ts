/** The entry with the WebAssembly inside: one file, no second request. */

import { type LoadOptions, type Subrosa, subrosaOver } from '../js/src/index.ts';
import { wasmBackend } from './backend.ts';

export * from '../js/src/index.ts';

declare const SUBROSA_WASM_BASE64: string;

/** Loads the core from this file itself; `options.wasm` is not looked at. */
export async function load(_options: LoadOptions = {}): Promise<Subrosa> {
  const bytes = Uint8Array.from(atob(SUBROSA_WASM_BASE64), (character) => character.charCodeAt(0));
  return subrosaOver(await wasmBackend(await WebAssembly.compile(bytes)));
}
