import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { never, openPostgres, openSqlite, type Row, type Store } from '../../dist/server.js';
import { startPostgres, type TestPostgres, temporaryFolder } from './postgres.ts';

const bytes = (...values: number[]) => new Uint8Array(values);
const plain = (row: Row | undefined) => row && { ...row, body: [...row.body] };

let postgres: TestPostgres;
before(async () => {
  postgres = await startPostgres();
});
after(() => postgres.stop());

const folder = temporaryFolder();
const adapters: [string, (name: string) => Promise<Store>][] = [
  ['SQLite', (name) => openSqlite(path.join(folder, `${name}.db`))],
  ['PostgreSQL', (name) => openPostgres(postgres.options(name))],
];

for (const [title, open] of adapters) {
  describe(`store on ${title}`, () => {
    let store: Store;
    before(async () => {
      store = await open('suite');
    });
    after(() => store.close());

    it('keeps, replaces, finds and removes rows', async () => {
      await store.transaction(async (tx) => {
        await tx.put({ kind: 'a', id: '1', created: 5, body: bytes(1, 0, 255) });
        await tx.put({ kind: 'a', id: '2', subject: 's', class: 'c', status: 'open', created: 6, due: 20, body: bytes() });
        await tx.put({ kind: 'a', id: '3', subject: 's', created: 7, due: 10, body: bytes(3) });
        await tx.put({ kind: 'b', id: '1', subject: 's', created: 8, body: bytes(4) });
      });
      const all = await store.transaction((tx) => tx.find({ kind: 'a' }));
      assert.deepEqual(
        all.map(({ id }) => id),
        ['3', '2', '1'],
      );
      assert.deepEqual(plain(await store.transaction((tx) => tx.get('a', '1'))), {
        kind: 'a',
        id: '1',
        subject: '',
        class: '',
        status: '',
        created: 5,
        due: never,
        body: [1, 0, 255],
      });
      await store.transaction(async (tx) => {
        assert.equal(await tx.count({ kind: 'a', subject: 's' }), 2);
        assert.equal(await tx.count({ kind: 'a', subject: 's', class: 'c', status: 'open' }), 1);
        assert.deepEqual(
          (await tx.find({ kind: 'a', dueBy: 10 })).map(({ id }) => id),
          ['3'],
        );
        assert.deepEqual(
          (await tx.find({ kind: 'a' }, 1)).map(({ id }) => id),
          ['3'],
        );
        await tx.put({ kind: 'a', id: '2', created: 99, status: 'done', body: bytes(9) });
        assert.deepEqual(plain(await tx.get('a', '2')), {
          kind: 'a',
          id: '2',
          subject: '',
          class: '',
          status: 'done',
          created: 6,
          due: never,
          body: [9],
        });
        assert.equal(await tx.remove({ kind: 'a', subject: 's' }), 1);
        assert.equal(await tx.remove({ kind: 'a', id: 'none' }), 0);
        assert.equal(await tx.get('a', '3'), undefined);
        assert.equal(await tx.count({ kind: 'b' }), 1);
      });
    });

    it('keeps nothing of a transaction that fails', async () => {
      const failed = store.transaction(async (tx) => {
        await tx.put({ kind: 'c', id: '1', created: 1, body: bytes(1) });
        throw new Error('no');
      });
      await assert.rejects(failed, /no/);
      assert.equal(await store.transaction((tx) => tx.count({ kind: 'c' })), 0);
    });

    it('runs transactions that are begun together, each whole', async () => {
      await store.transaction((tx) => tx.put({ kind: 'sum', id: '1', created: 0, body: bytes(0) }));
      await Promise.all(
        Array.from({ length: 20 }, () =>
          store.transaction(async (tx) => {
            await tx.lockLog();
            const row = (await tx.get('sum', '1')) as Row;
            await tx.put({ ...row, body: bytes((row.body[0] as number) + 1) });
          }),
        ),
      );
      assert.deepEqual([...((await store.transaction((tx) => tx.get('sum', '1'))) as Row).body], [20]);
    });

    it('keeps the log: entries, nodes, checkpoints and state', async () => {
      const hash = (value: number) => new Uint8Array(32).fill(value);
      const empty = await store.transaction((tx) => tx.lockLog());
      assert.deepEqual([empty.size, [...empty.tree]], [0, [0, 0, 0, 0, 0, 0, 0, 0]]);
      await store.transaction((tx) =>
        tx.appendLog({
          index: 0,
          time: 1,
          bodies: ['a', 'b'],
          position: 0,
          nodes: Buffer.concat([hash(1), hash(2), hash(3)]),
          tree: bytes(7),
          checkpoint: 'two',
        }),
      );
      await store.transaction((tx) =>
        tx.appendLog({ index: 2, time: 2, bodies: ['\u00e7'], position: 3, nodes: hash(4), tree: bytes(8), checkpoint: 'three' }),
      );
      await store.transaction(async (tx) => {
        assert.deepEqual(await tx.entries(0, 2), ['a', 'b']);
        assert.deepEqual(await tx.entries(2, 9), ['\u00e7']);
        assert.deepEqual([...(await tx.nodes([3, 0]))], [...hash(4), ...hash(1)]);
        assert.equal((await tx.nodes([1, 77])).length, 32);
        assert.equal((await tx.nodes([])).length, 0);
        assert.equal(await tx.checkpoint(), 'three');
        assert.equal(await tx.checkpoint(2), 'two');
        assert.equal(await tx.checkpoint(1), undefined);
        assert.deepEqual(await tx.checkpoints(0, 3), ['two', 'three']);
        assert.deepEqual(await tx.checkpoints(2, 3), ['three']);
        const { size, tree } = await tx.readLog();
        assert.deepEqual([size, [...tree]], [3, [8]]);
      });
    });

    it('refuses an entry where one lies already', async () => {
      const again = store.transaction((tx) =>
        tx.appendLog({ index: 2, time: 3, bodies: ['x'], position: 9, nodes: new Uint8Array(32), tree: bytes(9), checkpoint: 'x' }),
      );
      await assert.rejects(again);
      assert.equal((await store.transaction((tx) => tx.readLog())).size, 3);
    });

    it('opens what is there again, and refuses a schema of a newer release', async () => {
      const first = await open('versions');
      await first.transaction((tx) => tx.put({ kind: 'a', id: '1', created: 1, body: bytes(1) }));
      await first.close();
      const second = await open('versions');
      assert.equal(await second.transaction((tx) => tx.count({ kind: 'a' })), 1);
      await second.close();
      await assert.rejects(
        second.transaction((tx) => tx.count({ kind: 'a' })),
        'what comes after the end is refused',
      );
      await raise(title, 'versions');
      await assert.rejects(open('versions'), { name: 'StoreError', message: /newer release/ });
    });
  });
}

/** Sets the version of a schema as a later release would. */
async function raise(title: string, name: string): Promise<void> {
  const statement = `UPDATE ${title === 'SQLite' ? '' : `${name}.`}schema_version SET version = 99`;
  if (title !== 'SQLite') return postgres.psql(statement);
  const { default: Connection } = await import('libsql');
  const connection = new Connection(path.join(folder, `${name}.db`));
  connection.exec(statement);
  connection.close();
}

it('processes that open an empty PostgreSQL store together migrate it once', async () => {
  const options = postgres.options('together');
  const stores = await Promise.all(Array.from({ length: 5 }, () => openPostgres(options)));
  assert.equal((await (stores[0] as Store).transaction((tx) => tx.readLog())).size, 0);
  await Promise.all(stores.map((store) => store.close()));
});
