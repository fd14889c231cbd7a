/** The server's secrets, made once and kept in a file that nobody else may read. */

import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { KeyPair, Subrosa } from 'subrosa';

export interface Secrets {
  /** Wraps the keys of people. */
  master: Uint8Array;
  /** Signs the log. */
  seed: Uint8Array;
  /** What messages are sealed to. */
  keys: KeyPair;
}

export async function openSecrets(subrosa: Subrosa, folder: string): Promise<Secrets> {
  const file = path.join(folder, 'secrets.json');
  const stored = await readFile(file, 'utf8').catch(() => undefined);
  if (stored === undefined) {
    const keys = subrosa.sealing.generateKeyPair({ exportable: true });
    const [master, seed] = [randomBytes(32), randomBytes(32)];
    const text = JSON.stringify({ master: master.toString('hex'), seed: seed.toString('hex'), key: hex(keys.secretKey.export()) });
    await writeFile(file, text, { mode: 0o600, flag: 'wx' });
    return { master: new Uint8Array(master), seed: new Uint8Array(seed), keys };
  }
  const { master, seed, key } = JSON.parse(stored);
  return { master: bytes(master), seed: bytes(seed), keys: subrosa.sealing.importKeyPair(bytes(key)) };
}

const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));
