/** Key files: a public key or a secret one is one line of text, base64url, or for a locked one what `lockKey` gives. */

import { readFile } from 'node:fs/promises';
import { fromBase64url } from '../../js/src/base64.ts';
import type { KeyPair, Subrosa } from '../node.ts';
import { UsageError, write } from './command.ts';

export async function readLine(file: string): Promise<string> {
  return (await readFile(file, 'utf8')).split('\n')[0]?.trim() ?? '';
}

export async function readBase64url(file: string): Promise<Uint8Array> {
  const bytes = fromBase64url(await readLine(file));
  if (!bytes?.length) throw new UsageError(`${file} holds no key`);
  return bytes;
}

/** The key pair of a file; a locked one needs a passphrase. */
export async function readKeyPair({ sealing }: Subrosa, file: string, passphraseFile?: string): Promise<KeyPair> {
  const line = await readLine(file);
  if (!line.startsWith('$')) return sealing.importKeyPair(await readBase64url(file));
  if (!passphraseFile) throw new UsageError(`${file} is locked: --passphrase-file FILE opens it`);
  return sealing.unlockKey(line, await readLine(passphraseFile));
}

/** A value that must be there. */
export function required<T>(value: T | undefined, option: string): T {
  if (value === undefined) throw new UsageError(`--${option} is missing`);
  return value;
}

export async function readAll(input: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of input) parts.push(part);
  return new Uint8Array(Buffer.concat(parts));
}

const lengthSize = 4;

/** The header of a sealed stream, of which no more is read; of a sealed thing without a length before it, all. */
export async function readHeader(input: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let [size, end] = [0, lengthSize];
  for await (const part of input) {
    parts.push(part);
    size += part.length;
    if (end === lengthSize && size >= lengthSize) end = endOfHeader(Buffer.concat(parts));
    if (size >= end) break;
  }
  const bytes = new Uint8Array(Buffer.concat(parts));
  return Number.isFinite(end) ? bytes.subarray(lengthSize, end) : bytes;
}

/** A header is far shorter than 16 MiB, so its length begins with a zero; what has none begins with a CBOR tag. */
function endOfHeader(head: Buffer): number {
  return head[0] === 0 ? lengthSize + head.readUInt32BE(0) : Number.POSITIVE_INFINITY;
}

type Bytes = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** Standard input, or another one, through a stream to standard output. */
export async function filter({ readable, writable }: TransformStream<Uint8Array, Uint8Array>, input: Bytes = process.stdin): Promise<void> {
  const writer = writable.getWriter();
  const feed = async () => {
    for await (const part of input) await writer.write(part);
    await writer.close();
  };
  const drain = async () => {
    const reader = readable.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) await write(part.value);
  };
  await Promise.all([feed(), drain()]);
}
