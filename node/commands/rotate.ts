/** `subrosa rotate`: a new key becomes the one of its role in the signed key directory. */

import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type KeyDirectory, load } from '../node.ts';
import { UsageError } from './command.ts';
import { readBase64url, required } from './keys.ts';

export const help = `subrosa rotate --directory FILE --root SEED_FILE --to NEW.pub [--role server] [--days 90]

Makes NEW.pub the key of its role in a key directory, and signs it by the root's Ed25519 seed (base64url). The key
before stays in it, no longer to seal to; keep its secret half for reading. A directory that is not there is begun.
`;

const day = 86400;

export async function run(argv: string[]): Promise<number> {
  const { values } = parseArgs({
    args: argv,
    options: {
      directory: { type: 'string' },
      root: { type: 'string' },
      to: { type: 'string' },
      role: { type: 'string', default: 'server' },
      days: { type: 'string', default: '90' },
    },
  });
  const file = required(values.directory, 'directory');
  const seed = await readBase64url(required(values.root, 'root'));
  const publicKey = await readBase64url(required(values.to, 'to'));
  const days = Number(values.days);
  if (!(Number.isInteger(days) && days > 0 && days <= 3650)) throw new UsageError('--days is not a number of days');
  const { keyDirectory } = await load();
  const before: Pick<KeyDirectory, 'seq' | 'keys'> = existsSync(file) ? JSON.parse(await readFile(file, 'utf8')) : { seq: 0, keys: [] };
  const now = Math.floor(Date.now() / 1000);
  const until = now + days * day;
  const entry = keyDirectory.entry(publicKey, { role: values.role, not_before: now, not_after: until, primary: true });
  const others = before.keys.filter((key) => key.kid !== entry.kid);
  const keys = others.map((key) => (key.role === entry.role ? { ...key, primary: false } : key));
  const directory = keyDirectory.sign({ seq: before.seq + 1, expires_at: until, keys: [...keys, entry] }, seed);
  await writeFile(`${file}.new`, `${JSON.stringify(directory)}\n`);
  await rename(`${file}.new`, file);
  process.stdout.write(`${entry.kid}\n`);
  return 0;
}
