import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addDuration, openSqlite, Refusal, type Store } from '../../dist/server.js';
import { World } from './fixture.ts';

const items = (world: World) => world.server.parts.store.transaction((tx) => tx.count({ kind: 'item' }));

test('durations go by the calendar', () => {
  const at = (text: string) => Date.parse(text);
  assert.equal(addDuration(at('2026-01-31T10:00:00Z'), 'P1M'), at('2026-02-28T10:00:00Z'));
  assert.equal(addDuration(at('2024-02-29T00:00:00Z'), 'P1Y'), at('2025-02-28T00:00:00Z'));
  assert.equal(addDuration(at('2026-03-31T12:00:00Z'), 'P90D'), at('2026-06-29T12:00:00Z'));
  assert.equal(addDuration(at('2026-03-31T12:00:00Z'), 'P1Y2M1W3DT4H5M6S'), at('2027-06-10T16:05:06Z'));
  for (const wrong of ['', 'P', '1D', 'P1', 'P-1D', 'P1.5D', 'PT']) assert.throws(() => addDuration(0, wrong), TypeError, wrong);
});

test('row 5: what has expired is gone, key first, and not a day later than the policy allows', async () => {
  const world = await new World().open();
  await world.give('ann', 'chat');
  const { id } = await world.send('ann', 'hello');
  world.advance(88);
  assert.equal(await world.server.retention.sweep(), 0);
  assert.equal((await world.server.receiver.open(id, 'chat', 'desk')).text, 'hello');
  world.advance(2);
  assert.equal(await world.server.retention.sweep(), 1);
  assert.equal(await items(world), 0);
  await assert.rejects(world.server.receiver.open(id, 'chat', 'desk'), Refusal);
  assert.equal((await world.entries()).at(-1).action, 'dpv:Delete');
  await world.close();
});

test('row 5: a sweep that is cut off after the keys is finished by the next', async () => {
  const world = await new World().open();
  await world.give('ann', 'chat');
  const { id } = await world.send('ann', 'hello');
  world.advance(100);
  assert.equal(await world.server.vault.shred({ dueBy: world.time }), 1);
  await assert.rejects(world.server.receiver.open(id, 'chat', 'desk'), (error: Refusal) => error.code === 'shredded');
  assert.equal(await world.server.retention.sweep(), 1);
  assert.equal(await items(world), 0);
  assert.equal(await world.server.retention.sweep(), 0);
  await world.close();
});

test('row 5: the key to keep longer exists only under an explicit consent, and goes with it', async () => {
  const world = await new World().open();
  await world.give('ann', 'chat');
  await world.send('ann', 'short');
  const longKeys = async () => (await world.server.vault.count('ann', 'keep')) > 0;
  assert.equal(await longKeys(), false);
  await world.give('ann', 'keep');
  const { id } = await world.send('ann', 'long');
  assert.equal(await longKeys(), true);
  world.advance(200);
  await world.server.retention.sweep();
  assert.equal(await items(world), 1);
  assert.equal((await world.server.receiver.open(id, 'chat', 'desk')).text, 'long');
  await world.withdraw('ann', 'keep');
  assert.equal(await longKeys(), false);
  assert.equal(await items(world), 0, 'its time without that consent is long past');
  await world.close();
});

test('row 5: withdrawn before the base period is over, an item lives until then and no longer', async () => {
  const world = await new World().open();
  await world.give('ann', 'chat', 'keep');
  const { id } = await world.send('ann', 'hello');
  world.advance(30);
  await world.withdraw('ann', 'keep');
  assert.equal((await world.server.receiver.open(id, 'chat', 'desk')).text, 'hello');
  world.advance(60);
  assert.equal(await world.server.retention.sweep(), 1);
  await world.close();
});

test('row 5: a server that is killed between a withdrawal and the end of its keys destroys them after the next start', async () => {
  const world = new World();
  const keyStore = await openSqlite(world.file('keys.db'));
  let isDead = false;
  const transaction: Store['transaction'] = (work) => (isDead ? Promise.reject(new Error('killed')) : keyStore.transaction(work));
  await world.open({ keyStore: { transaction, close: () => keyStore.close() } });
  await world.give('ann', 'chat');
  await world.send('ann', 'hello');
  const { store } = world.server.parts;
  const killed: Store['transaction'] = (work) =>
    store.transaction(async (tx) => {
      const result = await work(tx);
      isDead ||= (await tx.count({ kind: 'shred' })) > 0;
      return result;
    });
  await world.open({
    keyStore: { transaction, close: () => keyStore.close() },
    store: { transaction: killed, close: () => store.close() },
  });
  await assert.rejects(world.withdraw('ann', 'chat'), /killed/);
  isDead = false;
  await world.open({ keyStore, store });
  assert.deepEqual([await items(world), await world.server.vault.count('ann', 'chat')], [0, 1]);
  await world.server.retention.sweep();
  assert.equal(await world.server.vault.count('ann', 'chat'), 0);
  await world.give('ann', 'chat');
  const { id } = await world.send('ann', 'anew');
  await world.server.retention.sweep();
  assert.equal((await world.server.receiver.open(id, 'chat', 'desk')).text, 'anew');
  await world.close();
});

test('row 5: over years, at no time is there an item past its due time after a sweep', async () => {
  const world = await new World().open();
  await world.give('ann', 'chat');
  await world.give('bob', 'chat', 'keep');
  for (let step = 0; step < 36; ++step) {
    for (const person of ['ann', 'bob']) if (step < 11) await world.send(person, `message ${step}`);
    world.advance(30);
    await world.server.runJobs();
    const rows = await world.server.parts.store.transaction((tx) => tx.find({ kind: 'item' }));
    assert.ok(rows.every(({ due }) => due > world.time));
    assert.ok(rows.every(({ subject }) => step < 13 || subject === 'bob'));
  }
  await world.close();
});

test('row 5: what was kept under a consent goes when the person takes it back, and nothing else does', async () => {
  const world = await new World().open();
  await world.give('ann', 'chat', 'improve');
  await world.send('ann', 'one');
  const { id } = await world.send('ann', 'two', 'improve');
  await world.withdraw('ann', 'chat');
  assert.equal(await world.server.vault.count('ann', 'chat'), 0);
  const { bundle } = await world.server.rights.demand({ type: 'access', regulation: 'gdpr', subject: 'ann' });
  assert.deepEqual(
    bundle?.data.map((item) => item.id),
    [id],
  );
  await world.close();
});
