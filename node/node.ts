/** The entry for Node: the addon where there is one for this platform, else WebAssembly. */

import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type LoadOptions, type Subrosa, subrosaOver } from '../js/src/index.ts';
import { nativeBackend } from './native.ts';
import { load as loadWasm } from './wasm.ts';

export * from '../js/src/index.ts';
export * from './filters.ts';
export * from './streams.ts';

/**
 * Loads the core. `backend: 'native'` takes the addon or fails, `'wasm'` takes WebAssembly, and without it the
 * addon is tried first. `backend` of the result says which it is.
 */
export async function load(options: LoadOptions = {}): Promise<Subrosa> {
  if (options.backend === 'wasm') return loadWasm(options);
  const file = new URL(`../prebuilds/${process.platform}-${process.arch}.node`, import.meta.url);
  try {
    return subrosaOver(nativeBackend(createRequire(import.meta.url)(fileURLToPath(file))));
  } catch (error) {
    if (options.backend !== 'native') return loadWasm(options);
    throw new Error(`No addon for ${process.platform}-${process.arch}: use the WebAssembly backend, or build it (npm run build).`, {
      cause: error,
    });
  }
}
