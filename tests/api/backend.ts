/** The backend of a test run without the API over it, for what the API does not offer: fixed entropy, primitives. */

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Backend } from '../../js/src/backend.ts';
import { nativeBackend } from '../../node/native.ts';
import { wasmBackend } from '../../wasm/backend.ts';

async function native(): Promise<Backend> {
  const file = new URL(`../../prebuilds/${process.platform}-${process.arch}.node`, import.meta.url).pathname;
  return nativeBackend(createRequire(import.meta.url)(file));
}

async function wasm(): Promise<Backend> {
  return wasmBackend(await WebAssembly.compile(new Uint8Array(await readFile(new URL('../../dist/core.wasm', import.meta.url)))));
}

/** The module that dist/inline.js carries, caught as it compiles it. */
async function inline(): Promise<Backend> {
  const { compile } = WebAssembly;
  let bytes: BufferSource | undefined;
  WebAssembly.compile = (source) => {
    bytes = source;
    return compile(source);
  };
  try {
    await (await import(new URL('../../dist/inline.js', import.meta.url).href)).load();
  } finally {
    WebAssembly.compile = compile;
  }
  return wasmBackend(await compile(bytes as BufferSource));
}

const backends = { native, wasm, inline };
export const backend: Backend = await backends[process.env.SUBROSA_BACKEND as keyof typeof backends]();
