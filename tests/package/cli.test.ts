/** Every command of node/commands can be reached from the command line. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

const folder = new URL('../../node/commands/', import.meta.url);
const rules: { id: string; kind?: string }[] = JSON.parse(
  readFileSync(new URL('../../build/generated/rules.json', import.meta.url), 'utf8'),
);
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

function entities(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync('node', [cli, 'entities', ...args], { encoding: 'utf8', maxBuffer: 1 << 24 });
}

test('subrosa entities prints every rule', () => {
  const { status, stdout } = entities();
  assert.equal(status, 0);
  const rows = stdout.trimEnd().split('\n');
  assert.deepEqual(
    rows.map((row) => row.split('\t')[0]),
    rules.map(({ id, kind }) => (kind === undefined ? id : `${id}/${kind}`)),
  );
  assert.ok(rows.every((row) => row.split('\t').length === 5));
});

test('subrosa entities of one name, with its examples', () => {
  const { status, stdout } = entities('IBAN_CODE', '--json', '--examples');
  assert.equal(status, 0);
  const { entity, label, regions, category, validator, finds, ignores } = JSON.parse(stdout);
  assert.deepEqual([entity, category], ['IBAN_CODE', 'financial']);
  assert.ok(label.length > 0 && regions.length > 0 && typeof validator === 'string');
  assert.ok(finds.length >= 3 && ignores.length >= 3);
  for (const { text, match } of finds) assert.ok(text.includes(match));
  assert.equal('finds' in JSON.parse(entities('IBAN_CODE', '--json').stdout), false);
  assert.match(entities('IBAN_CODE', '--examples').stdout, /^IBAN_CODE\t.*\tchecked\t.*\n( {2}\+ .*\n){3,}( {2}- .*\n){3,}$/);
});

test('subrosa entities of a region, of a kind, and of none', () => {
  const german = entities('--region', 'DE', '--json')
    .stdout.trimEnd()
    .split('\n')
    .map((row) => JSON.parse(row));
  assert.ok(german.length > 3 && german.every(({ regions }) => regions.includes('DE')));
  assert.equal(entities('SECRET/github_pat').stdout.split('\n').length, 2);
  const { status, stderr } = entities('NO_SUCH');
  assert.equal(status, 2);
  assert.match(stderr, /unknown entity: NO_SUCH/);
});
