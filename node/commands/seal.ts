/** `subrosa seal`: standard input, of any size, sealed to public keys. */

import { parseArgs } from 'node:util';
import { load } from '../node.ts';
import { UsageError } from './command.ts';
import { filter, readBase64url, required } from './keys.ts';

export const help = `subrosa seal --to FILE.pub... --purpose NAME... --policy-hash HASH --record ID --epoch N

Seals standard input to one or more public keys and writes it to standard output. It opens for the purposes alone.
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
  await filter(sealing.sealStream({ recipients, ...context }));
  return 0;
}
