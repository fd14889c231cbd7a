import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type AuditExport, verifyExport } from '../../js/src/audit-export.ts';
import { load } from '../node.ts';
import { UsageError, write } from './command.ts';

export const help = `subrosa audit verify EXPORT.json --key KEY [--held CHECKPOINT --proof CONSISTENCY]

Checks an export of the audit log offline, under the verifier key that you trust. With --held and --proof also that
the log extends an older checkpoint that you kept. Ends with 0 when all is as it was signed, with 1 when it is not.
`;

export async function run(argv: string[]): Promise<number> {
  const options = { key: { type: 'string' }, held: { type: 'string' }, proof: { type: 'string' } } as const;
  const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true });
  const [action, file] = positionals;
  if (action !== 'verify' || file === undefined || values.key === undefined) throw new UsageError(help);
  if ((values.held === undefined) !== (values.proof === undefined)) throw new UsageError('--held and --proof go together');
  const subrosa = await load();
  try {
    const { from, to } = verifyExport(subrosa, JSON.parse(await readFile(file, 'utf8')) as AuditExport, values.key);
    if (values.held !== undefined && values.proof !== undefined)
      subrosa.audit.openConsistency(await readFile(values.proof, 'utf8'), await readFile(values.held, 'utf8'), values.key);
    await write(`entries ${from} to ${to}: as signed\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`refused: ${error instanceof Error ? error.message : 'unknown'}\n`);
    return 1;
  }
}
