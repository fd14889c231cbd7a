/** `subrosa entities`: the table of what is found. */

import { parseArgs } from 'node:util';
import { entityTable } from '../../build/generated/entities.ts';
import { UsageError, write } from './command.ts';

export const help = `subrosa entities [--region CC] [--examples] [--json] [NAME...]

Prints what is found, one a line: the entity (and kind), its regions, its category, whether a check digit or the like
confirms it, and what it is. NAME is an entity, or one kind of it as SECRET/github_pat; a region is an ISO 3166-1 code,
and * stands for all. --examples adds texts in which it is found, and texts in which it is not. --json writes one object
a line.
`;

type Row = (typeof entityTable)[number];

export async function run(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { region: { type: 'string' }, examples: { type: 'boolean' }, json: { type: 'boolean' } },
  });
  for (const name of positionals) {
    if (!entityTable.some((row) => isNamed(row, name))) throw new UsageError(`unknown entity: ${name}`);
  }
  const rows = entityTable
    .filter((row) => positionals.length === 0 || positionals.some((name) => isNamed(row, name)))
    .filter((row) => values.region === undefined || row.regions.includes(values.region));
  const format = values.json ? asJson : asText;
  for (const row of rows) await write(format(row, values.examples === true));
  return 0;
}

const nameOf = ({ entity, kind }: Row): string => (kind === undefined ? entity : `${entity}/${kind}`);
const isNamed = (row: Row, name: string): boolean => row.entity === name || nameOf(row) === name;

function asJson({ finds, ignores, ...row }: Row, withExamples: boolean): string {
  return `${JSON.stringify(withExamples ? { ...row, finds, ignores } : row)}\n`;
}

function asText(row: Row, withExamples: boolean): string {
  const columns = [nameOf(row), row.regions.join(','), row.category, row.validator === undefined ? '-' : 'checked', row.label];
  const examples = [
    ...row.finds.map(({ text, match }) => `  + ${JSON.stringify(text)} -> ${JSON.stringify(match)}\n`),
    ...row.ignores.map((text) => `  - ${JSON.stringify(text)}\n`),
  ];
  return `${columns.join('\t')}\n${withExamples ? examples.join('') : ''}`;
}
