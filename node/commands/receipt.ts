import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { load, type Receipt, type Subrosa } from '../node.ts';
import { UsageError, write } from './command.ts';

export const help = `subrosa receipt verify --key HEX FILE...

Checks consent receipts against the controller's Ed25519 public key (64 hexadecimal digits), without a network.
Writes a line for each: its purpose, state and time where it is authentic. Ends with 1 when one of them is not.
`;

export async function run(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: argv, options: { key: { type: 'string' } }, allowPositionals: true });
  const [verb, ...files] = positionals;
  if (verb !== 'verify' || files.length === 0) throw new UsageError('receipt verify needs at least one file');
  if (!/^[0-9a-f]{64}$/i.test(values.key ?? '')) throw new UsageError('--key is a public key of 64 hexadecimal digits');
  const key = Buffer.from(values.key ?? '', 'hex');
  const subrosa = await load();
  let wrong = false;
  for (const file of files) {
    const line = verified(subrosa, await readFile(file, 'utf8'), key);
    wrong ||= line === undefined;
    await write(`${file}: ${line ?? 'not authentic'}\n`);
  }
  return wrong ? 1 : 0;
}

/** What an authentic receipt says in one line; nothing is read from one that is not. */
function verified(subrosa: Subrosa, text: string, key: Uint8Array): string | undefined {
  if (!subrosa.consent.verifyReceipt(text, key)) return undefined;
  const { record } = JSON.parse(text) as Receipt;
  const last = record.events.at(-1);
  return `authentic, ${record.purpose}, ${last?.event_state ?? 'no event'}, ${last?.event_time ?? ''}`;
}
