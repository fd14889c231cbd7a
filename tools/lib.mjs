// Shared by the tools: paths, running commands, a stopwatch for their output.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
export const inRoot = (...parts) => path.join(root, ...parts);

/** Runs a command in the project's root; ends the process with its status when it fails. */
export function run(command, args, options = {}) {
  const { quiet = false, env = {}, ...rest } = options;
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: 1 << 28,
    ...rest,
  });
  if (result.error) fail(`${command}: ${result.error.message}`);
  if (result.status !== 0) {
    if (quiet) process.stderr.write((result.stdout ?? '') + (result.stderr ?? ''));
    fail(`${command} ${args.join(' ')} ended with ${result.status ?? result.signal}`);
  }
  return result.stdout ?? '';
}

export function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

export function step(message) {
  process.stdout.write(`\n== ${message}\n`);
}

/** Where a program lies, or undefined. */
export function which(program) {
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    const file = path.join(folder, program);
    if (existsSync(file)) return file;
  }
  return undefined;
}
