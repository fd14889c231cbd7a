import { parseArgs } from 'node:util';
import { type DetectOptions, load, type Scanner } from '../node.ts';
import { lines, UsageError, write } from './command.ts';

export const help = `subrosa detect --jsonl [--backend native|wasm]

Reads one JSON object a line: {"id", "text", "entities"?, "minScore"?, "region"?, "language"?, "previous"?}
and writes one a line, in the same order: {"id", "findings": [{"entity", "start", "end", "score"}]}, with spans in
UTF-16 code units. A line that is wrong gets {"id"?, "error": {"code", "at"}}; the run goes on and ends with 1.
`;

export async function run(argv: string[]): Promise<number> {
  const { values } = parseArgs({ args: argv, options: { jsonl: { type: 'boolean' }, backend: { type: 'string' } } });
  if (!values.jsonl) throw new UsageError('detect needs --jsonl');
  if (values.backend !== undefined && values.backend !== 'native' && values.backend !== 'wasm')
    throw new UsageError('--backend is native or wasm');
  const subrosa = await load(values.backend ? { backend: values.backend } : {});
  const scanner = subrosa.scanner();
  let wrong = false;
  for await (const line of lines(process.stdin)) {
    if (!line.trim()) continue;
    const answer = answerTo(line, scanner);
    wrong ||= 'error' in answer;
    await write(`${JSON.stringify(answer)}\n`);
  }
  return wrong ? 1 : 0;
}

function answerTo(
  line: string,
  scanner: Scanner,
): { id?: unknown; findings: unknown[] } | { id?: unknown; error: { code: string; at: number } } {
  let row: unknown;
  try {
    row = JSON.parse(line);
  } catch {
    return { error: { code: 'bad_format', at: 0 } };
  }
  if (typeof row !== 'object' || row === null || typeof (row as { text?: unknown }).text !== 'string')
    return { error: { code: 'bad_format', at: 0 } };
  const { id, text, ...rest } = row as { id?: unknown; text: string };
  const options: Record<string, unknown> = {};
  for (const key of ['entities', 'minScore', 'region', 'language', 'previous']) {
    if (key in rest) options[key] = (rest as Record<string, unknown>)[key];
  }
  try {
    return { id, findings: scanner.detect(text, Object.keys(options).length > 0 ? (options as DetectOptions) : undefined) };
  } catch (error) {
    const { code, at } = error as { code?: string; at?: number };
    if (!code) throw error;
    return { id, error: { code, at: at ?? 0 } };
  }
}
