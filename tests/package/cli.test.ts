/** Every command of node/commands can be reached from the command line. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

const folder = new URL('../../node/commands/', import.meta.url);
const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const commands = readdirSync(folder)
  .filter((file) => readFileSync(new URL(file, folder), 'utf8').includes('export const help'))
  .map((file) => file.replace('.ts', ''));

for (const command of commands) {
  test(`subrosa ${command} --help`, () => {
    const { status, stdout } = spawnSync('node', [cli, command, '--help'], { encoding: 'utf8' });
    assert.equal(status, 0);
    assert.match(stdout, new RegExp(`^subrosa ${command}\\b`));
  });
}
