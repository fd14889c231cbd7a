/** What a command of the command line is, and what they share. */

export interface Command {
  /** Exit code: 0 done, 1 done but something was found or wrong in the data, 2 not done. */
  run(argv: string[]): Promise<number>;
}

/** Wrong use: told on standard error with exit code 2. */
export class UsageError extends Error {}

/** Lines of standard input, however long, without their ends. */
export async function* lines(input: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const parts: string[] = [];
  for await (const chunk of input) {
    let text = decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
      yield parts.splice(0).join('') + text.slice(0, end);
      text = text.slice(end + 1);
    }
    if (text) parts.push(text);
  }
  const rest = parts.join('') + decoder.decode();
  if (rest) yield rest;
}

/** Writes to standard output and waits when the reader is slow. */
export function write(text: string | Uint8Array): Promise<void> | undefined {
  if (process.stdout.write(text)) return undefined;
  return new Promise((resolve) => process.stdout.once('drain', resolve));
}
