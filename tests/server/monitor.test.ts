import assert from 'node:assert/strict';
import { test } from 'node:test';
import Connection from 'libsql';
import { Registry } from 'prom-client';
import { LogError, Monitor, Refusal } from '../../dist/server.js';
import { World } from './fixture.ts';

test('row 7: scripted abuse fires each rule', async () => {
  const world = await new World({ monitor: { opens: 10, exports: 5, wrongPurposes: 3, residuals: 4 } }).open();
  const fired = () => world.alarms.map(({ rule, actor }) => (actor === undefined ? rule : `${rule} by ${actor}`));
  await world.give('ann', 'chat', 'share');
  const { id } = await world.send('ann', 'hello');
  for (let i = 0; i < 10; ++i) await world.server.receiver.open(id, 'chat', 'mallory');
  assert.deepEqual(fired(), []);
  await world.server.receiver.open(id, 'chat', 'mallory');
  assert.deepEqual(fired(), ['open_spike by mallory']);
  for (let i = 0; i < 4; ++i) await assert.rejects(world.server.receiver.open(id, 'improve', 'trainer'), Refusal);
  assert.equal(fired().at(-1), 'wrong_purpose');
  await world.send('ann', 'a@example.org b@example.org c@example.org d@example.org e@example.org');
  assert.equal(fired().at(-1), 'residual_findings');
  const request = { recipient: 'lab', purpose: 'share', subjects: ['ann'], fields: ['text'], form: 'plain', actor: 'mallory' } as const;
  for (let i = 0; i < 3; ++i) await world.server.sharing.disclose(request);
  assert.equal(fired().at(-1), 'bulk_export by mallory');
  world.advance(2);
  world.server.monitor.tick();
  assert.equal(fired().at(-1), 'checkpoint_gap');
  world.server.monitor.tick();
  assert.equal(fired().length, 5, 'one spike is one alarm');
  await world.close();
});

test('row 7: a day of normal traffic fires none', async () => {
  const world = await new World().open();
  for (const person of ['ann', 'bob', 'carol']) await world.give(person, 'chat');
  for (let hour = 0; hour < 24; ++hour) {
    for (const person of ['ann', 'bob', 'carol']) {
      const { id } = await world.send(person, `hour ${hour}, all is well`);
      await world.server.receiver.open(id, 'chat', 'desk');
    }
    world.time += 3_600_000;
    await world.server.runJobs();
  }
  assert.deepEqual(world.alarms, []);
  await world.close();
});

test('row 7: what is counted has no content, and Prometheus can read it', async () => {
  const world = await new World().open();
  await world.give('ann', 'chat');
  await world.send('ann', 'CANARY');
  await assert.rejects(world.server.receiver.receive(new Uint8Array(9), { purpose: 'chat', piiType: 'text' }), Refusal);
  const registry = new Registry();
  await world.server.monitor.register(registry);
  const text = await registry.metrics();
  assert.match(text, /^subrosa_events_total\{type="received",code=""\} 1$/m);
  assert.match(text, /^subrosa_events_total\{type="refused",code="not_authentic"\} 1$/m);
  assert.ok(!text.includes('CANARY') && !text.includes('ann'));
  await world.close();
});

test('row 7: what lies outside the window does not count', () => {
  let time = 0;
  const rules: string[] = [];
  const monitor = new Monitor({ now: () => time, onAlarm: ({ rule }) => void rules.push(rule), window: 1000, opens: 2 });
  for (let i = 0; i < 20; ++i) {
    monitor.observe({ type: 'opened', actor: 'desk' });
    time += 600;
  }
  assert.deepEqual(rules, []);
  for (let i = 0; i < 3; ++i) monitor.observe({ type: 'opened', actor: 'desk' });
  assert.deepEqual(rules, ['open_spike']);
});

const faults: [string, string][] = [
  ['edited', `UPDATE log_entry SET body = replace(body, 'dpv:Store', 'dpv:Stare') WHERE idx = 3`],
  ['truncated', 'DELETE FROM log_entry WHERE idx = (SELECT max(idx) FROM log_entry)'],
  ['reordered', 'UPDATE log_entry SET body = (SELECT body FROM log_entry other WHERE other.idx = 5 - log_entry.idx) WHERE idx IN (2, 3)'],
  ['without its checkpoint', 'DELETE FROM log_checkpoint WHERE size = (SELECT max(size) FROM log_checkpoint)'],
];
for (const [what, statement] of faults)
  test(`row 7: a log that was ${what} raises the alarm, once, at the start and while it runs`, async () => {
    const world = await new World().open();
    await world.give('ann', 'chat');
    for (let i = 0; i < 3; ++i) await world.send('ann', `message ${i}`);
    const connection = new Connection(world.file('data.db'));
    connection.exec(statement);
    connection.close();
    const raised = () => world.alarms.filter(({ rule }) => rule === 'log_fault').length;
    await assert.rejects(world.server.log.verify(), LogError);
    assert.equal(raised(), 1);
    for (let i = 0; i < 2; ++i) await assert.rejects(world.server.log.verify(), LogError);
    assert.equal(raised(), 1);
    await assert.rejects(world.give('bob', 'chat'), LogError, 'nothing more is signed');
    await world.close();
    await assert.rejects(world.open(), LogError);
    assert.equal(raised(), 2);
  });

test('row 7: a database that is rolled back under a server that runs raises the alarm with the next entry', async () => {
  const world = await new World().open();
  await world.give('ann', 'chat');
  const [, , size] = [await world.send('ann', 'one'), await world.send('ann', 'two'), await world.server.log.size()];
  const connection = new Connection(world.file('data.db'));
  connection.exec(`DELETE FROM log_entry WHERE idx = ${size - 1}; DELETE FROM log_checkpoint WHERE size = ${size}`);
  connection.exec(`UPDATE log_state SET size = ${size - 1}`);
  connection.close();
  await assert.rejects(world.send('ann', 'three'), (error: LogError) => error.fault === 'rolled_back');
  assert.deepEqual(
    world.alarms.map(({ rule }) => rule),
    ['log_fault'],
  );
  await world.close();
});
