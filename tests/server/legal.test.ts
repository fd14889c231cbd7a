import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refusal } from '../../dist/server.js';
import { day, World } from './fixture.ts';

const code = (expected: string) => (error: unknown) => error instanceof Refusal && error.code === expected;

async function filed(gag?: number) {
  const world = await new World().open();
  await world.give('ann', 'chat');
  await world.give('bob', 'chat');
  const before = await world.send('ann', 'too early');
  world.advance(2);
  const within = await world.send('ann', 'within');
  const voice = await world.server.receiver.receive(await world.sealed('ann', 'a voice note'), { purpose: 'chat', piiType: 'voice' });
  await world.send('bob', 'of another person');
  const id = await world.server.legal.file(
    {
      authority: 'Court of Bonn',
      basis: 'StPO 100j',
      subject: 'ann',
      scope: ['text', 'location'],
      period: { from: world.time - day, to: world.time + day },
      ...(gag === undefined ? {} : { gagUntil: world.time + gag * day }),
    },
    'clerk',
  );
  return { world, id, before, within, voice };
}

test('row 9: two different people must approve', async () => {
  const { world, id } = await filed();
  await assert.rejects(world.server.legal.export(id, 'clerk'), code('approval_required'));
  assert.equal(await world.server.legal.approve(id, 'judge'), 1);
  await assert.rejects(world.server.legal.approve(id, 'judge'), code('already_approved'));
  await assert.rejects(world.server.legal.export(id, 'clerk'), code('approval_required'));
  assert.equal(await world.server.legal.approve(id, 'dpo'), 2);
  await world.server.legal.export(id, 'clerk');
  const actions = (await world.entries())
    .filter(({ object }) => object?.type === 'LegalRequest')
    .map(({ action, actor }) => [action, actor.ref]);
  assert.deepEqual(actions, [
    ['dpv:LegalObligation', 'clerk'],
    ['dpv:Approve', 'judge'],
    ['dpv:Approve', 'dpo'],
    ['dpv:DiscloseByTransmission', 'clerk'],
  ]);
  await world.close();
});

test('row 9: what is exported is what was asked for and is held: one person, kinds, period', async () => {
  const { world, id, within } = await filed();
  await world.server.legal.approve(id, 'judge');
  await world.server.legal.approve(id, 'dpo');
  const { items } = await world.server.legal.export(id, 'clerk');
  assert.deepEqual(
    items.map((item) => [item.id, item.text]),
    [[within.id, 'within']],
  );
  await world.close();
});

test('row 9: the person is told at once, exactly once', async () => {
  const { world, id } = await filed();
  await world.server.runJobs();
  await world.server.runJobs();
  const inbox = await world.server.parts.store.transaction((tx) => tx.find({ kind: 'inbox', subject: 'ann' }));
  assert.deepEqual(
    inbox.map((row) => row.id),
    [id],
  );
  assert.equal((await world.entries()).filter(({ action }) => action === 'dpv:NoticeCommunicated').length, 1);
  await world.close();
});

test('row 9: a gag ends on its day, also when the server was restarted in between, with one notice', async () => {
  const { world, id } = await filed(30);
  const inbox = () => world.server.parts.store.transaction((tx) => tx.find({ kind: 'inbox', subject: 'ann' }));
  await world.server.runJobs();
  world.advance(29);
  await world.server.runJobs();
  assert.deepEqual(await inbox(), []);
  await world.close();
  await world.open();
  world.advance(1);
  await world.server.runJobs();
  assert.deepEqual(
    (await inbox()).map((row) => row.id),
    [id],
  );
  await world.close();
  await world.open();
  await world.server.runJobs();
  assert.equal((await inbox()).length, 1);
  assert.equal((await world.entries()).filter(({ action }) => action === 'dpv:NoticeCommunicated').length, 1);
  await world.close();
});
