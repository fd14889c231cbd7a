/** `subrosa open`: what `subrosa seal` sealed, of any size. */

import { parseArgs } from 'node:util';
import { load, SubrosaError } from '../node.ts';
import { filter, readKeyPair, required } from './keys.ts';

export const help = `subrosa open --key FILE.key --purpose NAME [--passphrase-file FILE]

Opens what \`subrosa seal\` sealed, from standard input to standard output. What comes out is authentic; that it is
complete is known at the end: use the output only when the exit code is 0. It is 1 when the input does not open.
`;

export async function run(argv: string[]): Promise<number> {
  const { values } = parseArgs({
    args: argv,
    options: { key: { type: 'string' }, purpose: { type: 'string' }, 'passphrase-file': { type: 'string' } },
  });
  const purpose = required(values.purpose, 'purpose');
  const file = required(values.key, 'key');
  const subrosa = await load();
  try {
    const { secretKey } = await readKeyPair(subrosa, file, values['passphrase-file']);
    await filter(subrosa.sealing.openStream({ key: secretKey, purpose }));
    return 0;
  } catch (error) {
    if (!(error instanceof SubrosaError)) throw error;
    process.stderr.write(`subrosa: ${error.message}\n`);
    return 1;
  }
}
