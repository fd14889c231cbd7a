import assert from 'node:assert/strict';
import { copyFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  type Anchor,
  AuditLog,
  fileAnchor,
  type LogOptions,
  type NewEntry,
  openPostgres,
  openSqlite,
  type Store,
} from '../../dist/server.js';
import { origin, seed, subrosa } from './fixture.ts';
import { startPostgres, type TestPostgres, temporaryFolder } from './postgres.ts';

const { audit } = subrosa;
const key = audit.noteKey(origin, seed);
const entry = (id: string): NewEntry => ({
  actor: { role: 'dpv:DataController' },
  action: 'dpv:Store',
  outcome: 'ok',
  object: { type: 'Item', id },
});

/** An anchor in memory. */
function memory(): Anchor & { note?: string } {
  const anchor: Anchor & { note?: string } = {
    read: async () => anchor.note,
    write: async (note) => {
      anchor.note = note;
    },
  };
  return anchor;
}

let postgres: TestPostgres;
before(async () => {
  postgres = await startPostgres();
});
after(() => postgres.stop());

const folder = temporaryFolder();
let count = 0;

/** A store, and a way to change its database behind the log's back. */
const adapters: [string, () => Promise<{ store: Store; tamper: (statement: string) => Promise<void> }>][] = [
  [
    'SQLite',
    async () => {
      const file = path.join(folder, `log${++count}.db`);
      const tamper = async (statement: string) => {
        const { default: Connection } = await import('libsql');
        const connection = new Connection(file);
        connection.exec(statement);
        connection.close();
      };
      return { store: await openSqlite(file), tamper };
    },
  ],
  [
    'PostgreSQL',
    async () => {
      const schema = `log${++count}`;
      const tamper = async (statement: string) => postgres.psql(`SET search_path = ${schema}; ${statement}`);
      return { store: await openPostgres(postgres.options(schema)), tamper };
    },
  ],
];

for (const [title, open] of adapters) {
  describe(`audit log on ${title}`, () => {
    it('proves every entry, and every older checkpoint', async () => {
      const { store } = await open();
      const log = await AuditLog.open({ subrosa, store, origin, seed });
      const checkpoints: string[] = [];
      for (let i = 0; i < 20; ++i) {
        const [appended] = await log.append([entry(`${i}`)]);
        checkpoints.push((await log.checkpoint()) as string);
        assert.equal(appended?.index, i);
        const proof = await log.prove(i, i + 1);
        assert.equal(audit.openInclusion(proof, audit.hashLeaf(appended?.entry ?? ''), key).index, i);
      }
      for (let i = 0; i < 20; ++i) {
        const [body = ''] = await log.entries(i, i + 1);
        assert.deepEqual(audit.openInclusion(await log.prove(i, 20), audit.hashLeaf(body), key).size, 20);
        assert.equal(audit.openConsistency(await log.proveConsistency(i + 1), checkpoints[i] as string, key).size, 20);
      }
      await store.close();
    });

    it('commits work that waits together, and only that which fails is refused', async () => {
      const { store } = await open();
      const log = await AuditLog.open({ subrosa, store, origin, seed });
      const outcomes = await Promise.allSettled(
        Array.from({ length: 40 }, (_, i) =>
          log.commit(async (tx) => {
            await tx.put({ kind: 'work', id: `${i}`, created: 0, body: new Uint8Array(0) });
            if (i % 10 === 3) throw new Error('refused');
            return [entry(`${i}`)];
          }),
        ),
      );
      assert.equal(outcomes.filter(({ status }) => status === 'rejected').length, 4);
      assert.equal(await log.size(), 36);
      assert.equal(await store.transaction((tx) => tx.count({ kind: 'work' })), 36);
      await log.verify();
      await store.close();
    });

    const faults: [string, string, string[]][] = [
      ['an entry that was edited', 'UPDATE log_entry SET body = replace(body, \'"7"\', \'"8"\') WHERE idx = 7', ['edited']],
      [
        'two entries that changed places',
        'UPDATE log_entry SET body = (SELECT body FROM log_entry other WHERE other.idx = 11 - log_entry.idx) WHERE idx IN (5, 6)',
        ['edited'],
      ],
      ['an entry that was cut off', 'DELETE FROM log_entry WHERE idx = 19', ['truncated']],
      ['an entry that was taken out', 'DELETE FROM log_entry WHERE idx = 4', ['truncated']],
      [
        'a node that was edited',
        'UPDATE log_node SET hash = (SELECT hash FROM log_node other WHERE other.pos = 0) WHERE pos = 9',
        ['edited'],
      ],
      ['a state that was set back', 'UPDATE log_state SET size = 10', ['truncated']],
      ['a checkpoint that was taken away', 'DELETE FROM log_checkpoint WHERE size = 20', ['bad_checkpoint']],
      [
        'a checkpoint that another key signed',
        `UPDATE log_checkpoint SET note = '${audit.signCheckpoint({ origin, size: 20, root: new Uint8Array(32) }, new Uint8Array(32))}' WHERE size = 20`,
        ['bad_checkpoint'],
      ],
    ];
    for (const [what, statement, expected] of faults) {
      it(`detects ${what}, and appends nothing more`, async () => {
        const { store, tamper } = await open();
        const options: LogOptions = { subrosa, store, origin, seed };
        const log = await AuditLog.open(options);
        for (let i = 0; i < 20; ++i) await log.append([entry(`${i}`)]);
        await log.verify();
        await tamper(statement);
        await assert.rejects(log.verify(), (error: { fault: string }) => expected.includes(error.fault));
        await assert.rejects(log.append([entry('x')]), { name: 'LogError' });
        await assert.rejects(AuditLog.open(options), { name: 'LogError' });
        await store.close();
      });
    }

    it('detects a fork: another history under the same key, as long and whole in itself', async () => {
      const anchor = memory();
      const [first, second] = [await open(), await open()];
      const log = await AuditLog.open({ subrosa, store: first.store, origin, seed, anchor });
      for (let i = 0; i < 10; ++i) await log.append([entry(`${i}`)]);
      const held = (await log.checkpoint()) as string;
      const fork = await AuditLog.open({ subrosa, store: second.store, origin, seed });
      for (let i = 0; i < 12; ++i) await fork.append([entry(`other ${i}`)]);
      await assert.rejects(AuditLog.open({ subrosa, store: second.store, origin, seed, anchor }), { name: 'LogError', fault: 'forked' });
      // A person who holds a receipt sees it without the anchor.
      assert.throws(() => audit.openConsistency('', held, key));
      const text = await fork.proveConsistency(10);
      assert.throws(() => audit.openConsistency(text, held, key), { code: 'not_authentic' });
      await Promise.all([first.store.close(), second.store.close()]);
    });

    it('does not sign on when the database changes under it while it runs', async () => {
      const { store, tamper } = await open();
      const log = await AuditLog.open({ subrosa, store, origin, seed });
      for (let i = 0; i < 8; ++i) await log.append([entry(`${i}`)]);
      await tamper('DELETE FROM log_entry WHERE idx >= 4; DELETE FROM log_node WHERE pos >= 7; DELETE FROM log_checkpoint WHERE size > 4');
      await tamper(`UPDATE log_state SET size = 4, tree = (SELECT tree FROM log_state WHERE id = 1)`);
      await assert.rejects(log.append([entry('x')]), { name: 'LogError', fault: 'rolled_back' });
      await store.close();
    });
  });
}

it('detects a database that was rolled back to an older copy', async () => {
  const file = path.join(folder, 'rollback.db');
  const anchor = fileAnchor(path.join(folder, 'rollback.checkpoint'));
  const first = await openSqlite(file);
  const log = await AuditLog.open({ subrosa, store: first, origin, seed, anchor });
  for (let i = 0; i < 5; ++i) await log.append([entry(`${i}`)]);
  await first.close();
  copyFileSync(file, `${file}.old`);
  const second = await openSqlite(file);
  const again = await AuditLog.open({ subrosa, store: second, origin, seed, anchor });
  for (let i = 5; i < 9; ++i) await again.append([entry(`${i}`)]);
  await second.close();
  for (const suffix of ['-wal', '-shm']) rmSync(file + suffix, { force: true });
  copyFileSync(`${file}.old`, file);
  const third = await openSqlite(file);
  await assert.rejects(AuditLog.open({ subrosa, store: third, origin, seed, anchor }), { name: 'LogError', fault: 'rolled_back' });
  await third.close();
});
