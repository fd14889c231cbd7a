/** The WebAssembly module as a Backend. Its exports are the C ABI, so this is all the binding there is. */

import { type Argument, type Backend, type Failure, type Outcome, type Reader, unwrap } from '../js/src/backend.ts';

interface Exports {
  memory: WebAssembly.Memory;
  _initialize?: () => void;
  sr_alloc(size: number): number;
  sr_free(data: number, size: number): void;
  sr_init(): void;
  [name: string]: unknown;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const outSize = 12;
const scratchSize = 4096;

/** A backend over a compiled module; nothing is imported but what reports memory growth. */
export async function wasmBackend(module: WebAssembly.Module): Promise<Backend> {
  const imports: Record<string, Record<string, () => void>> = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    imports[from] ??= {};
    // Growth needs no notice, since memory is looked at anew in each call; anything else ends the core.
    imports[from][name] =
      name === 'emscripten_notify_memory_growth'
        ? () => {}
        : () => {
            throw new Error('the core stopped');
          };
  }
  const instance = await WebAssembly.instantiate(module, imports);
  return new WasmBackend(instance.exports as unknown as Exports);
}

class WasmBackend implements Backend {
  readonly name = 'wasm';
  readonly #exports: Exports;
  /** Where a call puts its outcome: the address of the bytes, their size, and a failure's offset. */
  readonly #out: number;
  /** Where a call's small arguments lie, wiped after it: most calls allocate nothing. */
  readonly #scratch: number;
  #used = 0;
  #heap = new Uint8Array(0);
  #words!: Uint32Array;
  /** The scratch block by itself. */
  #block!: Uint8Array;

  constructor(exports: Exports) {
    this.#exports = exports;
    exports._initialize?.();
    exports.sr_init();
    this.#out = exports.sr_alloc(outSize);
    this.#scratch = exports.sr_alloc(scratchSize);
  }

  call(name: string, ...args: Argument[]): Outcome {
    return this.#take<Outcome>(
      name,
      args,
      (bytes, from, end) => (end > from ? bytes.slice(from, end) : undefined),
      (failure) => failure,
    );
  }

  read<T>(read: Reader<T>, name: string, ...args: Argument[]): T {
    return this.#take(name, args, read, unwrap as (failure: Failure) => never);
  }

  ask(name: string, ...args: Argument[]): number {
    return this.#run(name, args, []) >>> 0;
  }

  #run(name: string, args: Argument[], out: number[]): number {
    const flat: number[] = [];
    const blocks: number[] = [];
    for (const argument of args) {
      if (typeof argument === 'number') flat.push(argument);
      else this.#push(argument, flat, blocks);
    }
    const status = (this.#exports[name] as (...args: number[]) => number)(...flat, ...out);
    for (let i = 0; i < blocks.length; i += 2) this.#exports.sr_free(blocks[i] as number, blocks[i + 1] as number);
    if (this.#used > 0) {
      this.#bytes();
      this.#block.fill(0, 0, this.#used);
      this.#used = 0;
    }
    return status;
  }

  free(name: string, handle: number): void {
    (this.#exports[name] as (handle: number) => void)(handle);
  }

  #bytes(): Uint8Array {
    if (this.#heap.byteLength === 0) {
      const { buffer } = this.#exports.memory; // new, or it grew
      this.#heap = new Uint8Array(buffer);
      this.#words = new Uint32Array(buffer);
      this.#block = this.#heap.subarray(this.#scratch, this.#scratch + scratchSize);
    }
    return this.#heap;
  }

  #push(argument: string | Uint8Array | undefined, flat: number[], blocks: number[]): void {
    if (!argument?.length) {
      flat.push(0, 0);
      return;
    }
    const room = typeof argument === 'string' ? argument.length * 3 : argument.length;
    const used = this.#used;
    const isSmall = room <= scratchSize - used;
    const data = isSmall ? this.#scratch + used : this.#exports.sr_alloc(room);
    if (isSmall) this.#used += room;
    else blocks.push(data, room);
    let size = room;
    const heap = this.#bytes();
    if (typeof argument !== 'string') heap.set(argument, data);
    else size = encoder.encodeInto(argument, isSmall && used === 0 ? this.#block : heap.subarray(data, data + room)).written;
    flat.push(data, size);
  }

  /** Makes a call. Gives what `read` makes of its bytes, where they lie, or `fail` of its failure. */
  #take<T>(name: string, args: Argument[], read: Reader<T>, fail: (failure: Failure) => T): T {
    const status = this.#run(name, args, [this.#out]);
    const heap = this.#bytes();
    const words = this.#words;
    const out = this.#out / 4;
    const data = words[out] as number;
    const size = words[out + 1] as number;
    const at = words[out + 2] as number;
    words[out] = words[out + 1] = words[out + 2] = 0;
    try {
      return status === 0 ? read(heap, data, data + size) : fail([status, at, decoder.decode(heap.subarray(data, data + size))]);
    } finally {
      this.#exports.sr_free(data, size);
    }
  }
}
