import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Finding, load, type Operator, type RedactOptions, type Redactor, type RedactorOptions, type Subrosa } from '../node.ts';
import { UsageError, write } from './command.ts';
import { csvRecords, parseRecord, writeRecord } from './csv.ts';
import { openVaultFile } from './vault-file.ts';

export const help = `subrosa redact [options] < text > redacted text

  --operator NAME     replace (default), mask, redact, hash, encrypt, surrogate, generalize
  --key FILE          32 bytes, for hash and encrypt
  --session NAME      what encrypted values are bound to
  --entity NAME       only this one; may be given again
  --min-score N       0 to 1, 0.4 by default
  --region CC         whose telephone numbers may go without a country code
  --json              the input is one JSON value
  --csv               the input is CSV with a header; a column's name is context for its values
  --column NAME       with --csv: only this one; may be given again
  --vault FILE        keep what placeholders stand for, sealed under FILE.key; made when it is not there
  --vault-key FILE    another key file
  --summary           how much of what was found, on standard error
  --backend NAME      native or wasm

Text is redacted as it comes, in bounded memory. Bytes that are not UTF-8 become U+FFFD.
`;

const options = {
  operator: { type: 'string' },
  key: { type: 'string' },
  session: { type: 'string' },
  entity: { type: 'string', multiple: true },
  'min-score': { type: 'string' },
  region: { type: 'string' },
  json: { type: 'boolean' },
  csv: { type: 'boolean' },
  column: { type: 'string', multiple: true },
  vault: { type: 'string' },
  'vault-key': { type: 'string' },
  summary: { type: 'boolean' },
  backend: { type: 'string' },
} as const;

const progressEvery = 16 << 20; // bytes

export async function run(argv: string[]): Promise<number> {
  const { values } = parseArgs({ args: argv, options });
  if (values.json && values.csv) throw new UsageError('--json or --csv, not both');
  if (values.column && !values.csv) throw new UsageError('--column goes with --csv');
  if (values.backend !== undefined && values.backend !== 'native' && values.backend !== 'wasm')
    throw new UsageError('--backend is native or wasm');
  const subrosa = await load(values.backend ? { backend: values.backend } : {});
  const redactor = subrosa.redactor(operatorOf(values.operator, values.key, values.session));
  const file = values.vault ? openVaultFile(subrosa, values.vault, values['vault-key'], true) : undefined;
  const vault = file?.vault ?? subrosa.oneWayVault();
  const counts = new Map<string, number>();
  const note = (findings: readonly Finding[]) => {
    for (const { entity } of findings) counts.set(entity, (counts.get(entity) ?? 0) + 1);
  };
  const call: RedactOptions = { vault, ...(values.entity && { entities: values.entity }), ...(values.region && { region: values.region }) };
  if (values['min-score'] !== undefined) call.minScore = Number(values['min-score']);

  if (values.json) await redactJsonInput(subrosa, redactor, call, note);
  else if (values.csv) await redactCsv(redactor, call, values.column, note);
  else await redactText(subrosa, redactor, call, note);

  file?.save();
  file?.free();
  if (values.summary) process.stderr.write(summaryOf(counts));
  return 0;
}

type Note = (findings: readonly Finding[]) => void;

function operatorOf(name = 'replace', keyFile?: string, session?: string): RedactorOptions {
  if (name !== 'hash' && name !== 'encrypt') return { operator: name as Operator };
  if (keyFile === undefined) throw new UsageError(`${name} needs --key`);
  const key = readFileSync(keyFile);
  return { operator: name === 'hash' ? { operator: name, key } : { operator: name, key, ...(session !== undefined && { session }) } };
}

/** Standard input as text, with the progress on a terminal. */
async function* input(): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let bytes = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    const before = Math.floor(bytes / progressEvery);
    bytes += chunk.length;
    if (process.stderr.isTTY && Math.floor(bytes / progressEvery) > before) process.stderr.write(`\r${bytes >> 20} MiB`);
    yield decoder.decode(chunk, { stream: true });
  }
  if (process.stderr.isTTY && bytes >= progressEvery) process.stderr.write('\r\x1b[K');
  yield decoder.decode();
}

async function redactText(subrosa: Subrosa, redactor: Redactor, call: RedactOptions, note: Note): Promise<void> {
  const pieces = subrosa.pieceRedactor({ ...call, redactor });
  for await (const piece of input()) {
    const { text, findings } = pieces.push(piece);
    note(findings);
    if (text) await write(text);
  }
  const { text, findings } = pieces.end();
  note(findings);
  await write(text);
  pieces.free();
}

async function redactJsonInput(subrosa: Subrosa, redactor: Redactor, call: RedactOptions, note: Note): Promise<void> {
  let text = '';
  for await (const piece of input()) text += piece;
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    throw new UsageError('the input is not JSON');
  }
  const { value, findings } = subrosa.redactJson(given, { ...call, redactor });
  note(findings);
  await write(`${JSON.stringify(value)}\n`);
}

async function redactCsv(redactor: Redactor, call: RedactOptions, columns: string[] | undefined, note: Note): Promise<void> {
  let header: string[] | undefined;
  for await (const record of csvRecords(input())) {
    const { fields, end } = parseRecord(record);
    if (!header) {
      header = fields;
      const missing = columns?.find((column) => !fields.includes(column));
      if (missing !== undefined) throw new UsageError(`there is no column ${missing}`);
      await write(record);
      continue;
    }
    const names = header;
    let isChanged = false;
    const out = fields.map((field, i) => {
      const name = names[i] ?? '';
      if (columns && !columns.includes(name)) return field;
      const { text, findings } = redactor.redact(field, { ...call, previous: `${name}:` });
      note(findings);
      isChanged ||= text !== field;
      return text;
    });
    await write(isChanged ? writeRecord({ fields: out, end }) : record);
  }
}

function summaryOf(counts: ReadonlyMap<string, number>): string {
  const rows = [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
  const width = Math.max(7, ...rows.map(([entity]) => entity.length));
  const total = rows.reduce((sum, [, count]) => sum + count, 0);
  return [...rows, ['in all', total] as const].map(([entity, count]) => `${entity.padEnd(width)} ${count}\n`).join('');
}
