/** Children that are killed in the middle of their work. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A thousand take some minutes: SUBROSA_CRASH_POINTS=1000. */
export const crashPoints = Number(process.env.SUBROSA_CRASH_POINTS ?? 30);

/** Starts a script of this folder and kills it after so many bytes of acknowledgements. Returns what was acknowledged. */
export async function runAndKill(script: string, args: readonly string[], after: number): Promise<string[]> {
  const child = fileURLToPath(new URL(script, import.meta.url));
  const running = spawn(process.execPath, [child, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  running.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
    if (text.length >= after) running.kill('SIGKILL');
  });
  const [, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    running.on('close', (status, signal) => resolve([status, signal])),
  );
  assert.equal(signal, 'SIGKILL', 'the child refused to start on what the last one left');
  return text.split('\n').slice(0, -1);
}
