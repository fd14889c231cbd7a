import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AuditLog, fileAnchor, openSqlite } from '../../dist/server.js';
import { crashPoints as points, runAndKill } from './crash.ts';
import { origin, seed, subrosa } from './fixture.ts';
import { temporaryFolder } from './postgres.ts';

test(`row 6: killed at ${points} random points, nothing that was acknowledged is lost and nothing is half kept`, async () => {
  const file = `${temporaryFolder()}/crash.db`;
  const acknowledged: string[] = [];
  for (let i = 0; i < points; ++i)
    acknowledged.push(...(await runAndKill('crash-child.mjs', [file, origin], 1 + Math.floor(Math.random() * 600))));
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
