import { parseArgs } from 'node:util';
import { load } from '../node.ts';
import { UsageError, write } from './command.ts';
import { openVaultFile } from './vault-file.ts';

export const help = `subrosa restore --vault FILE [--vault-key FILE] [--backend native|wasm] < text > restored text

Puts the values of a vault back for their placeholders. Ends with 1 when there were placeholders that it does not know;
they stay, and are listed on standard error.
`;

export async function run(argv: string[]): Promise<number> {
  const { values } = parseArgs({
    args: argv,
    options: { vault: { type: 'string' }, 'vault-key': { type: 'string' }, backend: { type: 'string' } },
  });
  if (values.vault === undefined) throw new UsageError('restore needs --vault');
  if (values.backend !== undefined && values.backend !== 'native' && values.backend !== 'wasm')
    throw new UsageError('--backend is native or wasm');
  const subrosa = await load(values.backend ? { backend: values.backend } : {});
  const file = openVaultFile(subrosa, values.vault, values['vault-key']);
  const pieces = subrosa.pieceRestorer(file.vault);
  const unknown = new Set<string>();
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const put = async (result: { text: string; unknown: string[] }) => {
    for (const placeholder of result.unknown) unknown.add(placeholder);
    if (result.text) await write(result.text);
  };
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) await put(pieces.push(decoder.decode(chunk, { stream: true })));
  await put(pieces.push(decoder.decode()));
  await put(pieces.end());
  pieces.free();
  file.free();
  for (const placeholder of unknown) process.stderr.write(`unknown: ${placeholder}\n`);
  return unknown.size > 0 ? 1 : 0;
}
