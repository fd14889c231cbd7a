import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileAnchor, openSqlite, type RecipientJob, type ServerOptions, type Store } from '../../dist/server.js';
import { World } from './fixture.ts';

/** Lets so many steps be done, and then none, as when the process is killed there. */
class Fuse {
  left = Number.POSITIVE_INFINITY;
  step(): void {
    if (this.left <= 0) throw new Error('killed');
    this.left -= 1;
  }
  /** A store of which each transaction is a step. */
  store(store: Store): Store {
    return {
      close: () => store.close(),
      transaction: async (work) => {
        this.step();
        return store.transaction(work);
      },
    };
  }
}

/** A place of the host's own. */
class Search {
  readonly name = 'search';
  #held = 3;
  readonly #fuse: Fuse;

  constructor(fuse: Fuse) {
    this.#fuse = fuse;
  }
  async count(): Promise<number> {
    this.#fuse.step();
    return this.#held;
  }
  async erase(): Promise<void> {
    this.#fuse.step();
    this.#held = 0;
  }
}

const erasure = { type: 'erasure', regulation: 'gdpr', subject: 'ann' } as const;

/** A person whose data two recipients have, on a server that can be killed, and what starts it again on what is left. */
async function disclosed() {
  const fuse = new Fuse();
  const told: RecipientJob[] = [];
  const tellRecipient = async (job: RecipientJob) => {
    fuse.step();
    told.push(job);
  };
  const world = new World();
  const [data, keys] = [await openSqlite(world.file('data.db')), await openSqlite(world.file('keys.db'))];
  const anchor = fileAnchor(world.file('checkpoint'));
  const write = async (note: string) => {
    fuse.step();
    await anchor.write(note);
  };
  const holders = [new Search(fuse)];
  const log = { origin: 'example.com/log', seed: new Uint8Array(32).fill(7) };
  const common: Partial<ServerOptions> = { holders, tellRecipient };
  await world.open({
    ...common,
    store: fuse.store(data),
    keyStore: fuse.store(keys),
    log: { ...log, anchor: { read: anchor.read, write } },
  });
  await world.give('ann', 'chat', 'share');
  await world.give('bob', 'chat');
  await world.send('ann', 'one');
  await world.send('ann', 'two', 'share');
  await world.send('bob', 'of another person');
  for (const recipient of ['lab', 'ads']) await world.disclose(recipient);
  const restart = () => {
    fuse.left = Number.POSITIVE_INFINITY;
    return world.open({ ...common, store: data, keyStore: keys, log: { ...log, anchor } });
  };
  const held = (subject: string) => data.transaction((tx) => tx.count({ kind: ['item', 'trace', 'inbox'], subject }));
  return { world, fuse, told, restart, held };
}

type Disclosed = Awaited<ReturnType<typeof disclosed>>;

/** All that must hold of an erasure that is fulfilled. */
async function requireErased({ world, told, held }: Disclosed, id: string): Promise<void> {
  const request = await world.server.rights.request(id);
  assert.equal(request?.status, 'dpv:RequestFulfilled');
  assert.ok(request.steps.every((step) => step.verified_zero && step.planned > 0 && step.done === step.planned));
  assert.deepEqual(request.recipients_notified, ['ads', 'lab']);
  assert.deepEqual([await held('ann'), await world.server.vault.count('ann')], [0, 0]);
  assert.ok((await held('bob')) > 0 && (await world.server.vault.count('bob')) > 0);
  assert.deepEqual([...new Set(told.map((job) => job.id))].sort(), [`${id}/ads`, `${id}/lab`]);
  const entries = (await world.entries()).filter(({ object }) => object?.id === id);
  const places = (action: string) => entries.filter((entry) => entry.action === action).map(({ seq }) => seq);
  assert.deepEqual([places('dpv:RequestAccepted').length, places('dpv:RequestFulfilled').length], [1, 1]);
  assert.equal(places('dpv:NoticeCommunicated').length, 2);
  assert.ok(Math.max(...places('dpv:NoticeCommunicated')) < (places('dpv:RequestFulfilled')[0] ?? 0));
  await world.server.log.verify();
}

test('row 13: an erasure that is killed at any step is finished after the next start, and not called fulfilled before', async () => {
  let isDone = false;
  let resumed = 0;
  for (let steps = 0; !isDone; ++steps) {
    const here = await disclosed();
    const { world, fuse, told, restart, held } = here;
    fuse.left = steps;
    isDone = await world.server.rights.demand(erasure).then(
      ({ request }) => request.status === 'dpv:RequestFulfilled',
      () => false,
    );
    await restart();
    const [request] = await world.server.rights.list();
    if (!request) {
      assert.ok((await held('ann')) > 0 && (await world.server.vault.count('ann')) > 0, 'what was not taken in was not begun');
    } else {
      const wasFulfilled = request.status === 'dpv:RequestFulfilled';
      assert.ok(!wasFulfilled || told.length === 2, `killed after ${steps} steps`);
      if (!wasFulfilled) await assert.rejects(world.send('ann', 'late'), { code: 'consent_required' });
      world.advance(1);
      await world.server.runJobs();
      await requireErased(here, request.subject_request_id);
      const entries = (await world.entries()).length;
      await world.server.runJobs();
      assert.equal((await world.entries()).length, entries, 'and then there is no more to do');
      assert.ok(told.length <= 3, 'twice at most, under one id, where it was killed between telling and noting it');
      resumed += Number(!wasFulfilled);
    }
    await world.close();
  }
  assert.ok(resumed > 15, `${resumed} places to be killed at`);
});

test('row 13: a store that fails leaves the request unfulfilled; once it is up, the next jobs finish it', async () => {
  const here = await disclosed();
  const { world, told } = here;
  let isDown = true;
  const search = { name: 'cache', count: async () => (isDown ? 1 : 0), erase: async () => {} };
  const { store, vault } = world.server.parts;
  await world.open({
    store,
    keyStore: await openSqlite(world.file('keys.db')),
    holders: [search],
    tellRecipient: async (job) => void told.push(job),
  });
  const { request } = await world.server.rights.demand(erasure);
  const id = request.subject_request_id;
  assert.equal(request.status, 'dpv:RequestUnfulfilled');
  assert.ok((await vault.count('ann')) > 0, 'the keys stay until all is deleted');
  world.advance(40);
  await world.server.runJobs();
  assert.equal((await world.server.rights.request(id))?.status, 'dpv:RequestUnfulfilled');
  assert.deepEqual(told, []);
  assert.ok(
    world.alarms.some(({ rule }) => rule === 'overdue_request'),
    'its deadline runs on',
  );
  isDown = false;
  await world.server.runJobs();
  await requireErased(here, id);
  const statuses = (await world.entries()).filter(({ object }) => object?.id === id).map(({ action }) => action);
  assert.equal(statuses.filter((action) => action === 'dpv:RequestUnfulfilled').length, 1, 'failing again is not logged again');
  await world.close();
});

test('row 13: the certificate can be had later, by the number of the request, with a proof of its end', async () => {
  const { world } = await disclosed();
  const { request } = await world.server.rights.demand(erasure);
  await world.give('bob', 'improve');
  const { request: again, log } = await world.server.rights.certificate(request.subject_request_id);
  assert.deepEqual(again, request);
  const { index } = world.server.parts.subrosa.audit.openInclusion(
    log?.proof ?? '',
    world.server.parts.subrosa.audit.hashLeaf(log?.entry ?? ''),
    world.server.log.key,
  );
  assert.deepEqual([index, JSON.parse(log?.entry ?? '').action], [request.log_index, 'dpv:RequestFulfilled']);
  await assert.rejects(world.server.rights.certificate('unknown'), { code: 'unknown_request' });
  await world.close();
});
