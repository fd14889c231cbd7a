import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { AuditLog, fileAnchor, openSqlite } from '../../dist/server.js';
import { origin, seed, subrosa } from './fixture.ts';
import { temporaryFolder } from './postgres.ts';

const child = fileURLToPath(new URL('./crash-child.mjs', import.meta.url));
// A thousand take some minutes: SUBROSA_CRASH_POINTS=1000.
const points = Number(process.env.SUBROSA_CRASH_POINTS ?? 30);

/** Starts a child on the database and kills it after so many bytes of acknowledgements. Returns what was acknowledged. */
async function runAndKill(file: string, after: number): Promise<string[]> {
  const running = spawn(process.execPath, [child, file, origin], { stdio: ['ignore', 'pipe', 'inherit'] });
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

test(`row 6: killed at ${points} random points, nothing that was acknowledged is lost and nothing is half kept`, async () => {
  const file = `${temporaryFolder()}/crash.db`;
  const acknowledged: string[] = [];
  for (let i = 0; i < points; ++i) acknowledged.push(...(await runAndKill(file, 1 + Math.floor(Math.random() * 600))));
  const store = await openSqlite(file);
  const log = await AuditLog.open({ subrosa, store, origin, seed, anchor: fileAnchor(`${file}.checkpoint`) });
  const logged = new Set((await log.entries(0, await log.size())).map((entry) => JSON.parse(entry).object.id));
  const kept = new Set((await store.transaction((tx) => tx.find({ kind: 'work' }))).map(({ id }) => id));
  assert.ok(acknowledged.length >= points);
  assert.ok(acknowledged.every((id) => logged.has(id)));
  assert.deepEqual([...kept].sort(), [...logged].sort());
  await log.append([{ actor: { role: 'test' }, action: 'test', outcome: 'ok' }]);
  await log.verify();
  await store.close();
});
