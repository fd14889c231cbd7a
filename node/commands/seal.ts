/** `subrosa seal`: standard input, of any size, sealed to public keys. */

import { parseArgs } from 'node:util';
import { load, SubrosaError, stripMetadata } from '../node.ts';
import { UsageError } from './command.ts';
import { filter, readAll, readBase64url, required } from './keys.ts';

export const help = `subrosa seal --to FILE.pub... --purpose NAME... --policy-hash HASH --record ID --epoch N [--strip-metadata]

Seals standard input to one or more public keys and writes it to standard output. It opens for the purposes alone.
--strip-metadata takes out first what a JPEG, PNG, WAV, MP3, WebM or PDF says beside its content, and tells on standard
error what went and what stays. The whole file is in memory then. A broken file is not sealed; the exit code is 1.
`;

export async function run(argv: string[]): Promise<number> {
  const { values } = parseArgs({
    args: argv,
    options: {
      to: { type: 'string', multiple: true },
      purpose: { type: 'string', multiple: true },
      'policy-hash': { type: 'string' },
      record: { type: 'string' },
      epoch: { type: 'string' },
      'strip-metadata': { type: 'boolean' },
    },
  });
  const epoch = required(values.epoch, 'epoch');
  if (!/^\d{1,10}$/.test(epoch)) throw new UsageError('--epoch is not a number');
  const context = {
    purpose: required(values.purpose, 'purpose'),
    policyHash: required(values['policy-hash'], 'policy-hash'),
    recordId: required(values.record, 'record'),
    epoch: Number(epoch),
  };
  const recipients = await Promise.all(required(values.to, 'to').map(readBase64url));
  const { sealing } = await load();
  const seal = () => sealing.sealStream({ recipients, ...context });
  if (!values['strip-metadata']) {
    await filter(seal());
    return 0;
  }
  try {
    const { bytes, removed, kept } = stripMetadata(await readAll(process.stdin));
    process.stderr.write(`removed: ${removed.join(', ') || 'nothing'}\nkept: ${kept.join(', ') || 'nothing'}\n`);
    await filter(seal(), [bytes]);
    return 0;
  } catch (error) {
    if (!(error instanceof SubrosaError)) throw error;
    process.stderr.write(`subrosa: ${error.message}\n`);
    return 1;
  }
}
