// Appends for as long as it lives, each entry together with a row, and says of each when it is acknowledged.
import { load } from '../../dist/node.js';
import { AuditLog, fileAnchor, openSqlite } from '../../dist/server.js';

const [, , file, origin] = process.argv;
const subrosa = await load({ backend: 'native' });
const store = await openSqlite(file);
const log = await AuditLog.open({ subrosa, store, origin, seed: new Uint8Array(32).fill(7), anchor: fileAnchor(`${file}.checkpoint`) });

async function appendForEver() {
  for (;;) {
    const id = `${process.pid}-${Math.random()}`;
    await log.commit(async (tx) => {
      await tx.put({ kind: 'work', id, created: 0, body: new Uint8Array(100) });
      return [{ actor: { role: 'test' }, action: 'test', outcome: 'ok', object: { type: 'work', id } }];
    });
    process.stdout.write(`${id}\n`);
  }
}
await Promise.all([appendForEver(), appendForEver(), appendForEver()]);
