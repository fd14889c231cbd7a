import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkedTable, contentHash, groupsBelow, Refusal } from '../../dist/server.js';
import { World } from './fixture.ts';

const code = (expected: string) => (error: unknown) => error instanceof Refusal && error.code === expected;
test('row 8: data goes to recipients that the notice names, of people who permit it, and every time is logged', async () => {
  const world = await new World().open();
  await world.give('ann', 'share');
  await world.give('bob', 'chat');
  await world.send('ann', 'for research', 'share');
  await assert.rejects(world.disclose('stranger'), code('unknown_recipient'));
  await assert.rejects(world.disclose('lab', { subjects: ['bob'] }), code('consent_required'));
  const disclosure = await world.disclose('lab', { subjects: ['ann', 'bob'] });
  assert.deepEqual(
    disclosure.records.map(({ text }) => text),
    ['for research'],
  );
  assert.equal(disclosure.leftOut, 1);
  await world.disclose('ads');
  const logged = (await world.entries()).filter(({ action }) => action === 'dpv:DiscloseByTransmission');
  const told = await world.server.sharing.recipientsOf('ann');
  assert.deepEqual(told, [...new Set(logged.map(({ recipient }) => recipient))].sort());
  await world.withdraw('ann', 'share');
  await assert.rejects(world.disclose('lab'), code('consent_required'));
  await world.close();
});

test('row 10: anonymised means that no canary is left, and the report is bound to the entry by its hash', async () => {
  const world = await new World().open();
  await world.give('ann', 'share');
  // As a page without detection would have let it through: the rescan of the server is taken out of the way.
  const canaries = ['canary@example.org', '4111 1111 1111 1111'];
  const scan = world.server.receiver.rescan;
  world.server.receiver.rescan = (text) => ({ text, residual: 0 });
  await world.send('ann', `write to ${canaries[0]}, card ${canaries[1]}`, 'share');
  world.server.receiver.rescan = scan;
  const plain = await world.disclose('lab');
  assert.ok(canaries.every((canary) => plain.records[0]?.text.includes(canary)));
  const disclosure = await world.disclose('lab', { form: 'anonymised' });
  assert.ok(canaries.every((canary) => !JSON.stringify(disclosure).includes(canary)));
  assert.deepEqual([disclosure.report?.replaced, disclosure.report?.left], [2, 0]);
  const entry = (await world.entries()).at(-1);
  assert.equal(entry.object.hash, contentHash(JSON.stringify(disclosure.report)));
  await world.close();
});

test('row 10: nothing goes out as anonymised while a second look still finds something', async () => {
  const world = await new World().open();
  await world.give('ann', 'share');
  await world.send('ann', 'hello', 'share');
  world.server.receiver.rescan = (text) => ({ text, residual: 1 });
  await assert.rejects(world.disclose('lab', { form: 'anonymised' }), code('not_anonymous'));
  await world.close();
});

test('row 10: two recipients cannot tell that theirs are of the same person; one can, over time', async () => {
  const world = await new World().open();
  const people = ['ann', 'bob', 'carol'];
  for (const person of people) {
    await world.give(person, 'share');
    await world.send(person, `of ${person}`, 'share');
  }
  const names = async (recipient: string) => (await world.disclose(recipient, { subjects: people })).records.map(({ person }) => person);
  const [lab, ads, again] = [await names('lab'), await names('ads'), await names('lab')];
  assert.deepEqual(lab, again);
  assert.equal(new Set([...lab, ...ads]).size, 6);
  assert.ok([...lab, ...ads].every((name) => !people.some((person) => name.includes(person))));
  await world.close();
});

test('row 10: a table with a group of fewer than k alike is not exported', () => {
  const rows = [
    { age: '30-39', city: 'Bonn', answer: 1 },
    { age: '30-39', city: 'Bonn', answer: 2 },
    { age: '40-49', city: 'Bonn', answer: 3 },
  ];
  assert.equal(checkedTable(2, ['city'], rows), rows);
  assert.throws(() => checkedTable(2, ['age', 'city'], rows), code('not_k_anonymous'));
  assert.deepEqual(groupsBelow(2, ['age', 'city'], rows), [[rows[2]]]);
});

/** People of whom each gave the fields of a survey; the rescan does not take dates of birth and towns for personal data here. */
async function survey(people: [name: string, age: string, city: string, answer: string][], options = {}) {
  const world = await new World({ k: 2, ...options }).open();
  world.server.receiver.rescan = (text) => ({ text, residual: 0 });
  for (const [name, age, city, answer] of people) {
    await world.give(name, 'share');
    for (const [piiType, text] of [
      ['voice', age],
      ['image', city],
      ['text', answer],
    ] as const)
      await world.server.receiver.receive(await world.sealed(name, text, 'share'), { purpose: 'share', piiType });
  }
  const table = (quasi: string[], k?: number, fields = ['voice', 'image', 'text']) =>
    world.disclose('lab', { subjects: people.map(([name]) => name), fields, table: { quasi, ...(k !== undefined && { k }) } });
  return { world, table };
}

test('row 10: a table goes out only where nobody is alone in it, by the columns that could be known from elsewhere', async () => {
  const { world, table } = await survey([
    ['ann', '30-39', 'Bonn', 'yes'],
    ['bob', '30-39', 'Bonn', 'no'],
    ['carol', '40-49', 'Bonn', 'yes'],
  ]);
  const logged = async () => (await world.entries()).filter(({ action }) => action === 'dpv:DiscloseByTransmission').length;
  await assert.rejects(table(['voice', 'image']), code('not_k_anonymous'));
  await assert.rejects(table(['image'], 4), code('not_k_anonymous'));
  assert.deepEqual([await logged(), await world.server.sharing.recipientsOf('ann')], [0, []], 'what is refused is not given');
  assert.equal(world.server.monitor.counts()['refused/not_k_anonymous'], 2);
  const disclosure = await table(['image']);
  assert.deepEqual(disclosure.records, []);
  assert.deepEqual(
    disclosure.table?.map(({ voice, image, text }) => [voice, image, text]),
    [
      ['30-39', 'Bonn', 'yes'],
      ['30-39', 'Bonn', 'no'],
      ['40-49', 'Bonn', 'yes'],
    ],
  );
  assert.ok(!JSON.stringify(disclosure).includes('ann'));
  assert.equal(await logged(), 3);
  await world.close();
});

test('row 10: nobody can ask for a table that is not checked', async () => {
  const { world, table } = await survey([
    ['ann', '30-39', 'Bonn', 'yes'],
    ['bob', '30-39', 'Bonn', 'no'],
  ]);
  for (const [quasi, k] of [
    [[], 2],
    [['ip'], 2],
    [['voice'], 1],
    [['voice'], 2.5],
    [['voice'], Number.NaN],
  ] as const)
    await assert.rejects(table([...quasi], k), code('bad_table'));
  await assert.rejects(table(['voice'], 2, ['voice', 'person']), code('bad_table'));
  assert.equal((await table(['voice'], 2)).table?.length, 2);
  await world.close();
});

test('row 10: without an option five must be alike, and an erased person is in no table', async () => {
  const people = Array.from({ length: 5 }, (_, i) => [`p${i}`, '30-39', 'Bonn', 'yes'] as [string, string, string, string]);
  const { world, table } = await survey(people, { k: undefined });
  assert.equal((await table(['voice', 'image'])).table?.length, 5);
  await world.server.rights.demand({ type: 'erasure', regulation: 'gdpr', subject: 'p0' });
  await assert.rejects(table(['voice', 'image']), code('not_k_anonymous'));
  await world.close();
});
