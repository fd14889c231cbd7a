/** The server's secrets, made once and kept in a file that nobody else may read. */

import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { KeyPair, Subrosa } from 'subrosa';

export interface Secrets {
  /** Wraps the keys of people. */
  master: Uint8Array;
  /** Signs the log. */
  seed: Uint8Array;
  /** Signs the directory of keys. In earnest it is kept on a machine that serves nothing. */
  root: Uint8Array;
  /** What messages are sealed to, the newest last. */
  keys: readonly KeyPair[];
  /** Makes and keeps one more. */
  addKey(): Promise<KeyPair>;
}

/** The file's form, in hexadecimal. */
interface Stored {
  master: string;
  seed: string;
  root: string;
  keys: string[];
}

export async function openSecrets({ sealing }: Subrosa, folder: string): Promise<Secrets> {
  const file = path.join(folder, 'secrets.json');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  const [master, seed, root] = [randomBytes(32), randomBytes(32), randomBytes(32)].map(hex) as [string, string, string];
  const stored: Stored = text === undefined ? { master, seed, root, keys: [] } : JSON.parse(text);
  const keys = stored.keys.map((key) => sealing.importKeyPair(bytes(key)));

  async function addKey(): Promise<KeyPair> {
    const pair = sealing.generateKeyPair({ exportable: true });
    stored.keys.push(hex(pair.secretKey.export()));
    await writeFile(`${file}.new`, JSON.stringify(stored), { mode: 0o600 });
    await rename(`${file}.new`, file);
    keys.push(pair);
    return pair;
  }
  if (keys.length === 0) await addKey();
  return { master: bytes(stored.master), seed: bytes(stored.seed), root: bytes(stored.root), keys, addKey };
}

const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));
