/** The WebAssembly backend in Node, which reads core.wasm from the disk. */

import { readFile } from 'node:fs/promises';
import type { LoadOptions, Subrosa } from '../js/src/index.ts';
import { load as loadWasm } from '../wasm/web.ts';

export * from '../js/src/index.ts';

export async function load(options: LoadOptions = {}): Promise<Subrosa> {
  return loadWasm({ ...options, wasm: options.wasm ?? (await readFile(new URL('./core.wasm', import.meta.url))) });
}
