/** `subrosa inspect`: what a sealed thing says without a key. */

import { load, SubrosaError } from '../node.ts';
import { readHeader } from './keys.ts';

export const help = `subrosa inspect

Prints, as JSON, what the sealed thing on standard input says to everyone: keys, purposes, consent record. Never its
content; and none of it is checked.
`;

export async function run(_argv: string[]): Promise<number> {
  const { sealing } = await load();
  const header = await readHeader(process.stdin);
  try {
    process.stdout.write(`${JSON.stringify(sealing.inspect(header), null, 2)}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof SubrosaError)) throw error;
    process.stderr.write(`subrosa: ${error.message}\n`);
    return 1;
  }
}
