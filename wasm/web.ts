/** The entry for pages, workers and anything that has WebAssembly: core.wasm is a file beside this one. */

import { type LoadOptions, type Subrosa, subrosaOver } from '../js/src/index.ts';
import { wasmBackend } from './backend.ts';

export * from '../js/src/index.ts';

/** Loads the core. Without options it is fetched from beside this module, compiled as it streams. */
export async function load(options: LoadOptions = {}): Promise<Subrosa> {
  return subrosaOver(await wasmBackend(await compile(options.wasm ?? new URL('./core.wasm', import.meta.url))));
}

async function compile(wasm: NonNullable<LoadOptions['wasm']>): Promise<WebAssembly.Module> {
  if (wasm instanceof WebAssembly.Module) return wasm;
  if (typeof wasm !== 'string' && !(wasm instanceof URL)) return WebAssembly.compile(wasm);
  const url = new URL(wasm, import.meta.url);
  const response = await fetch(url);
  if (!response.ok) throw new Error(`core.wasm could not be fetched: ${response.status}`);
  if (response.headers.get('content-type')?.startsWith('application/wasm')) return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}
