import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { AuditLog, openPostgres } from '../../dist/server.js';
import { origin, seed, subrosa } from './fixture.ts';
import { startPostgres, type TestPostgres } from './postgres.ts';

const child = fileURLToPath(new URL('./append-child.mjs', import.meta.url));
const processes = 4;
const appends = 5000;

let postgres: TestPostgres;
before(async () => {
  postgres = await startPostgres();
});
after(() => postgres.stop());

test(`row 6: ${processes} processes append ${processes * appends} entries to one log, one after another`, async () => {
  const options = postgres.options('processes');
  const run = (name: string) =>
    new Promise<number | null>((resolve) => {
      const args = [child, JSON.stringify(options), origin, `${appends}`, name];
      spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] }).on('close', resolve);
    });
  const statuses = await Promise.all(Array.from({ length: processes }, (_, i) => run(`${i}`)));
  assert.deepEqual(statuses, Array(processes).fill(0));
  const store = await openPostgres(options);
  const log = await AuditLog.open({ subrosa, store, origin, seed });
  const entries = (await log.entries(0, await log.size())).map((entry) => JSON.parse(entry));
  assert.equal(entries.length, processes * appends);
  assert.ok(entries.every(({ seq }, i) => seq === i));
  assert.equal(new Set(entries.map(({ object }) => object.id)).size, entries.length);
  const writers = entries.map(({ object }) => object.id.split('-')[0]);
  assert.equal(new Set(writers).size, processes);
  assert.ok(
    writers.some((writer, i) => i > 0 && writer !== writers[i - 1] && writers.lastIndexOf(writers[i - 1]) > i),
    'they took turns',
  );
  const notes = await store.transaction((tx) => tx.checkpoints(0, entries.length));
  for (let i = 1; i < notes.length; i += Math.ceil(notes.length / 50)) {
    const { size } = log.open(notes[i] as string);
    assert.equal(subrosa.audit.openConsistency(await log.proveConsistency(size), notes[i] as string, log.key).size, entries.length);
  }
  await store.close();
});
