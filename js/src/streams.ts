/**
 * Files and voice, sealed as they come: a header for the recipients, then chunks of 16 KiB. What was cut, reordered or repeated
 * does not open; any part can be opened alone.
 *
 *   file.stream().pipeThrough(sealing.sealStream({ recipients: [publicKey], purpose: 'chat', policyHash, recordId, epoch }))
 *   sealed.pipeThrough(sealing.openStream({ key: secretKey, purpose: 'chat' }))
 *
 * Node's streams: `stream.Duplex.fromWeb(sealing.sealStream(...))`.
 */

import { type Backend, unwrap } from './backend.ts';
import { SubrosaError } from './errors.ts';

const chunkSize = 16384;
const tagSize = 16;
const sealedChunkSize = chunkSize + tagSize;
const lengthSize = 4; // of the header, big-endian
const largestHeader = 65536;

export interface StreamOptions {
  /** Called with the number of bytes that went in so far. */
  onProgress?: (bytes: number) => void;
}

/** Collects bytes and gives them out in pieces of the wanted size. */
class Collector {
  #rest = new Uint8Array(0);

  push(part: Uint8Array): void {
    if (this.#rest.length === 0) {
      this.#rest = part as Uint8Array<ArrayBuffer>;
      return;
    }
    const joined = new Uint8Array(this.#rest.length + part.length);
    joined.set(this.#rest);
    joined.set(part, this.#rest.length);
    this.#rest = joined;
  }

  /** The next `size` bytes, when there are so many. */
  take(size: number): Uint8Array | undefined {
    if (this.#rest.length < size) return undefined;
    const piece = this.#rest.subarray(0, size);
    this.#rest = this.#rest.subarray(size);
    return piece;
  }

  /** As many whole pieces of `size` as there are. What is left is kept as a copy: the rest belongs to whoever pushed it. */
  takeWhole(size: number): Uint8Array {
    const whole = this.take(this.#rest.length - (this.#rest.length % size)) as Uint8Array;
    this.#rest = this.#rest.slice();
    return whole;
  }

  takeRest(): Uint8Array {
    return this.take(this.#rest.length) as Uint8Array;
  }
}

export function sealTransform(backend: Backend, sealer: number, { onProgress }: StreamOptions): TransformStream<Uint8Array, Uint8Array> {
  const collector = new Collector();
  const seal = (part: Uint8Array, isLast: boolean) => unwrap(backend.call('sr_sealer_seal', sealer, part, Number(isLast)));
  let bytes = 0;
  return new TransformStream({
    start(controller) {
      const header = unwrap(backend.call('sr_sealer_header', sealer));
      const length = new Uint8Array(lengthSize);
      new DataView(length.buffer).setUint32(0, header.length);
      controller.enqueue(length);
      controller.enqueue(header);
    },
    transform(part, controller) {
      collector.push(part);
      const whole = collector.takeWhole(chunkSize);
      if (whole.length > 0) controller.enqueue(seal(whole, false));
      bytes += part.length;
      onProgress?.(bytes);
    },
    flush(controller) {
      controller.enqueue(seal(collector.takeRest(), true));
      backend.free('sr_sealer_free', sealer);
    },
  });
}

/** `begin` makes the opener of a header. */
export function openTransform(
  backend: Backend,
  begin: (header: Uint8Array) => number,
  { onProgress }: StreamOptions,
): TransformStream<Uint8Array, Uint8Array> {
  const collector = new Collector();
  let headerSize: number | undefined;
  let opener: number | undefined;
  let chunk = 0;
  let bytes = 0;
  const open = (sealed: Uint8Array, isLast: boolean) => {
    const plaintext = unwrap(backend.call('sr_opener_open', opener as number, chunk, sealed, Number(isLast)));
    chunk += sealed.length / sealedChunkSize;
    return plaintext;
  };
  return new TransformStream({
    transform(part, controller) {
      collector.push(part);
      if (headerSize === undefined) {
        const length = collector.take(lengthSize);
        if (length) headerSize = headerSizeOf(length);
      }
      if (headerSize !== undefined && opener === undefined) {
        const header = collector.take(headerSize);
        if (header) opener = begin(header);
      }
      if (opener !== undefined) {
        const whole = collector.takeWhole(sealedChunkSize);
        if (whole.length > 0) controller.enqueue(open(whole, false));
      }
      bytes += part.length;
      onProgress?.(bytes);
    },
    flush(controller) {
      if (opener === undefined) throw new SubrosaError('not_authentic');
      try {
        const rest = open(collector.takeRest(), true);
        if (rest.length > 0) controller.enqueue(rest);
      } finally {
        backend.free('sr_opener_free', opener);
      }
    },
  });
}

function headerSizeOf(length: Uint8Array): number {
  const size = new DataView(length.buffer, length.byteOffset).getUint32(0);
  if (size > largestHeader) throw new SubrosaError('not_authentic');
  return size;
}

/** Bytes of a sealed file, from `start` to before `end`. Of a Blob: `new Uint8Array(await blob.slice(start, end).arrayBuffer())`. */
export type ReadAt = (start: number, end: number) => Promise<Uint8Array>;

/** A sealed file that is opened where it is read. */
export class SealedFile {
  readonly #backend: Backend;
  readonly #opener: number;
  readonly #read: ReadAt;
  readonly #start: number;
  /** Of the plaintext. */
  readonly size: number;

  private constructor(backend: Backend, opener: number, read: ReadAt, start: number, size: number) {
    this.#backend = backend;
    this.#opener = opener;
    this.#read = read;
    this.#start = start;
    this.size = size;
  }

  /** Reads the header and the last chunk, which proves the length. */
  static async open(backend: Backend, read: ReadAt, sealedSize: number, begin: (header: Uint8Array) => number): Promise<SealedFile> {
    const headerSize = headerSizeOf(await exactly(read, 0, lengthSize));
    const start = lengthSize + headerSize;
    const opener = begin(await exactly(read, lengthSize, start));
    const chunks = Math.floor((sealedSize - start) / sealedChunkSize);
    const file = new SealedFile(backend, opener, read, start, sealedSize - start - (chunks + 1) * tagSize);
    try {
      await file.#open(chunks, sealedSize, true);
    } catch (error) {
      file.free();
      throw error;
    }
    return file;
  }

  /** The plaintext from `start` to before `end`. */
  async read(start = 0, end = this.size): Promise<Uint8Array> {
    const last = Math.min(end, this.size);
    if (!(start >= 0 && start < last)) return new Uint8Array(0);
    const first = Math.floor(start / chunkSize);
    const after = Math.ceil(last / chunkSize);
    const isLast = after * chunkSize > this.size;
    const sealedEnd = isLast ? this.size + (Math.floor(this.size / chunkSize) + 1) * tagSize : after * sealedChunkSize;
    const plaintext = await this.#open(first, this.#start + sealedEnd, isLast);
    return plaintext.subarray(start - first * chunkSize, last - first * chunkSize);
  }

  free(): void {
    this.#backend.free('sr_opener_free', this.#opener);
  }

  async #open(first: number, sealedEnd: number, isLast: boolean): Promise<Uint8Array> {
    const sealed = await exactly(this.#read, this.#start + first * sealedChunkSize, sealedEnd);
    return unwrap(this.#backend.call('sr_opener_open', this.#opener, first, sealed, Number(isLast)));
  }
}

async function exactly(read: ReadAt, start: number, end: number): Promise<Uint8Array> {
  const bytes = end >= start ? await read(start, end) : undefined;
  if (bytes?.length !== end - start) throw new SubrosaError('not_authentic');
  return bytes;
}
