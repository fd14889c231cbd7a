import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { load, type Redaction, type Subrosa } from '../node.ts';
import { UsageError, write } from './command.ts';

export const help = `subrosa scan PATH... [--entity NAME]... [--min-score N] [--sarif] [--backend native|wasm]

Looks for personal data and secrets in files and folders, and names places, never values: PATH:LINE:COLUMN ENTITY SCORE.
Binary files, .git and node_modules are left out. Ends with 1 when something was found.
  --sarif    SARIF 2.1.0 for code hosts
`;

interface Place {
  file: string;
  line: number;
  column: number;
  length: number;
  entity: string;
  score: number;
}

const ignored = new Set(['.git', 'node_modules']);
const chunkSize = 1 << 20;

export async function run(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      entity: { type: 'string', multiple: true },
      'min-score': { type: 'string' },
      sarif: { type: 'boolean' },
      backend: { type: 'string' },
    },
  });
  if (positionals.length === 0) throw new UsageError('scan needs a path');
  if (values.backend !== undefined && values.backend !== 'native' && values.backend !== 'wasm')
    throw new UsageError('--backend is native or wasm');
  const subrosa = await load(values.backend ? { backend: values.backend } : {});
  const call = {
    ...(values.entity && { entities: values.entity }),
    ...(values['min-score'] !== undefined && { minScore: Number(values['min-score']) }),
  };
  const places: Place[] = [];
  for (const root of positionals) {
    for await (const file of filesOf(root)) {
      for await (const place of placesIn(subrosa, file, call)) {
        places.push(place);
        if (!values.sarif) await write(`${place.file}:${place.line}:${place.column} ${place.entity} ${place.score}\n`);
      }
    }
  }
  if (values.sarif) await write(`${JSON.stringify(sarif(places), null, 1)}\n`);
  return places.length > 0 ? 1 : 0;
}

async function* filesOf(root: string): AsyncGenerator<string> {
  let entries: import('node:fs').Dirent[];
  try {
    entries = await readdir(root, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOTDIR') throw error;
    yield root;
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (ignored.has(entry.name)) continue;
    const file = path.join(root, entry.name);
    if (entry.isDirectory()) yield* filesOf(file);
    else if (entry.isFile()) yield file;
  }
}

/** A file's findings, read in pieces; the lines are counted on the way. */
async function* placesIn(subrosa: Subrosa, file: string, call: object): AsyncGenerator<Place> {
  const handle = await open(file);
  const pieces = subrosa.pieceRedactor(call);
  try {
    const decoder = new TextDecoder();
    const lines = new LineCounter();
    const buffer = Buffer.alloc(chunkSize);
    for (let isFirst = true; ; isFirst = false) {
      const { bytesRead } = await handle.read(buffer, 0, chunkSize);
      const bytes = buffer.subarray(0, bytesRead);
      if (isFirst && bytes.includes(0)) return; // binary
      const text = decoder.decode(bytes, { stream: bytesRead > 0 });
      lines.add(text);
      yield* pieces.push(text).findings.map((finding) => lines.place(file, finding));
      if (bytesRead === 0) break;
    }
    yield* pieces.end().findings.map((finding) => lines.place(file, finding));
  } finally {
    pieces.free();
    await handle.close();
  }
}

/** Offsets to lines and columns, from 1; offsets do not decrease. */
class LineCounter {
  #units = 0;
  #ends: number[] = []; // offsets behind each line end that was not passed yet
  #line = 1;
  #lineStart = 0;

  add(text: string): void {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#ends.push(this.#units + at + 1);
    this.#units += text.length;
  }

  place(file: string, { start, end, entity, score }: Redaction): Place {
    let passed = 0;
    while (passed < this.#ends.length && (this.#ends[passed] as number) <= start) this.#lineStart = this.#ends[passed++] as number;
    this.#line += passed;
    this.#ends.splice(0, passed);
    return { file, line: this.#line, column: start - this.#lineStart + 1, length: end - start, entity, score };
  }
}

/** SARIF 2.1.0 (OASIS), the parts that code hosts show. */
function sarif(places: readonly Place[]): object {
  const entities = [...new Set(places.map(({ entity }) => entity))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'subrosa', rules: entities.map((id) => ({ id, shortDescription: { text: `${id} in a file` } })) } },
        columnKind: 'utf16CodeUnits',
        results: places.map(({ file, line, column, length, entity }) => ({
          ruleId: entity,
          ruleIndex: entities.indexOf(entity),
          level: 'warning',
          message: { text: `This looks like ${entity}.` },
          locations: [
            {
              physicalLocation: {
                artifactLocation: {
                  uri: path.isAbsolute(file) ? pathToFileURL(file).href : file.split(path.sep).map(encodeURIComponent).join('/'),
                },
                region: { startLine: line, startColumn: column, charLength: length },
              },
            },
          ],
        })),
      },
    ],
  };
}
