/** A vault in a file: sealed under a key that lies in a file of its own, readable by its owner alone. */

import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { DataKey, Subrosa, Vault } from '../node.ts';
import { UsageError } from './command.ts';

const keySize = 32;
const ownerOnly = 0o600;

export interface VaultFile {
  vault: Vault;
  save(): void;
  free(): void;
}

/** Opens FILE, or begins it when `isNew` allows that. The key is FILE.key unless another is named. */
export function openVaultFile(subrosa: Subrosa, file: string, keyFile = `${file}.key`, isNew = false): VaultFile {
  if (!isNew && !existsSync(file)) throw new UsageError(`there is no vault ${file}`);
  const key = readKey(subrosa, keyFile, isNew && !existsSync(file));
  const vault = existsSync(file) ? subrosa.vault({ sealed: readFileSync(file), key }) : subrosa.vault();
  return {
    vault,
    save() {
      writeFileSync(`${file}.new`, vault.export(key), { mode: ownerOnly });
      renameSync(`${file}.new`, file);
    },
    free() {
      vault.free();
      key.free();
    },
  };
}

function readKey(subrosa: Subrosa, file: string, mayCreate: boolean): DataKey {
  if (!existsSync(file)) {
    if (!mayCreate) throw new UsageError(`there is no key ${file}`);
    writeFileSync(file, randomBytes(keySize), { mode: ownerOnly, flag: 'wx' });
  }
  const bytes = readFileSync(file);
  try {
    return subrosa.atRest.importKey(bytes);
  } finally {
    bytes.fill(0);
  }
}
