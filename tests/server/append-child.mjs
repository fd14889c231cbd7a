// Appends so many entries to a log on PostgreSQL, some at a time, and ends.
import { load } from '../../dist/node.js';
import { AuditLog, openPostgres } from '../../dist/server.js';

const [, , connection, origin, count, name] = process.argv;
const subrosa = await load({ backend: 'native' });
const store = await openPostgres(JSON.parse(connection));
const log = await AuditLog.open({ subrosa, store, origin, seed: new Uint8Array(32).fill(7) });
let next = 0;

async function worker() {
  while (next < Number(count)) {
    const id = `${name}-${next++}`;
    const [{ index, size, entry }] = await log.append([
      { actor: { role: 'test' }, action: 'test', outcome: 'ok', object: { type: 'work', id } },
    ]);
    if (next % 500 === 0) subrosa.audit.openInclusion(await log.prove(index, size), subrosa.audit.hashLeaf(entry), log.key);
  }
}
await Promise.all(Array.from({ length: 25 }, worker));
await store.close();
