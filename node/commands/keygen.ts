/** `subrosa keygen`: a recipient's key pair in two files. */

import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { toBase64url } from '../../js/src/base64.ts';
import { load } from '../node.ts';
import { UsageError } from './command.ts';
import { readLine, required } from './keys.ts';

export const help = `subrosa keygen --out NAME [--kem xwing|x25519] [--passphrase-file FILE]

Makes a key pair: NAME.pub to give to everyone, NAME.key to keep. With a passphrase (the file's first line)
NAME.key is locked by it. A file that is there is not overwritten.
`;

export async function run(argv: string[]): Promise<number> {
  const { values } = parseArgs({
    args: argv,
    options: { out: { type: 'string' }, kem: { type: 'string', default: 'xwing' }, 'passphrase-file': { type: 'string' } },
  });
  const out = required(values.out, 'out');
  const { kem } = values;
  if (kem !== 'xwing' && kem !== 'x25519') throw new UsageError(`unknown kem: ${kem}`);
  const { sealing } = await load();
  const passphraseFile = values['passphrase-file'];
  const { publicKey, secretKey } = sealing.generateKeyPair({ kem, exportable: !passphraseFile });
  const secret = passphraseFile ? sealing.lockKey(secretKey, await readLine(passphraseFile)) : toBase64url(secretKey.export());
  await writeFile(`${out}.key`, `${secret}\n`, { mode: 0o600, flag: 'wx' });
  await writeFile(`${out}.pub`, `${toBase64url(publicKey)}\n`, { flag: 'wx' });
  process.stdout.write(`${sealing.keyId(publicKey)}\n`);
  return 0;
}
