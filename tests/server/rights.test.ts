import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { test } from 'node:test';
import { checkBundle, openSqlite, type RecipientJob, Refusal, SubrosaServer } from '../../dist/server.js';
import { origin, seed, subrosa, World } from './fixture.ts';

const code = (expected: string) => (error: unknown) => error instanceof Refusal && error.code === expected;
const demand = (type: 'access', rest: object = {}) => ({ type, regulation: 'gdpr', subject: 'ann', ...rest });

test('rows 11 to 13: who asks must be known to the host; without its word nothing is done', async () => {
  const world = await new World({ verifyIdentity: undefined as never }).open();
  await world.give('ann', 'chat');
  await assert.rejects(world.server.rights.demand(demand('access')), code('identity_not_verified'));
  await world.close();
});

test('row 11: access gives all that is held, with receipts that prove themselves, and nothing of others', async () => {
  const world = await new World().open();
  await world.give('ann', 'chat', 'share');
  await world.give('bob', 'chat');
  await world.send('ann', 'one');
  await world.send('ann', 'two');
  await world.send('bob', 'CANARY');
  await world.disclose('lab', { form: 'anonymised' });
  const { bundle, request } = await world.server.rights.demand(demand('access'));
  assert.ok(bundle);
  assert.equal(request.status, 'dpv:RequestFulfilled');
  assert.deepEqual(bundle.data.map(({ text }) => text).sort(), ['one', 'two']);
  assert.equal(bundle.data.length, await world.server.parts.store.transaction((tx) => tx.count({ kind: 'item', subject: 'ann' })));
  assert.deepEqual(bundle.recipients, ['lab']);
  assert.ok(!JSON.stringify(bundle).includes('CANARY'));
  const key = subrosa.audit.noteKey(origin, seed);
  for (const { entry, proof, index } of bundle.log.entries)
    assert.equal(subrosa.audit.openInclusion(proof, subrosa.audit.hashLeaf(entry), key).index, index);
  const own = (await world.entries()).filter(
    ({ subject_ref }) => subject_ref === JSON.parse(bundle.log.entries[0]?.entry ?? '').subject_ref,
  );
  assert.equal(own.length - 1, bundle.log.entries.length, 'every entry that is about them; the last says that this was answered');
  const nobody = (await world.server.rights.demand({ ...demand('access'), subject: 'carol' })).bundle;
  assert.deepEqual(nobody?.data, []);
  await world.close();
});

test('row 11: a bundle goes into another server whole', async () => {
  const [from, to] = [await new World().open(), await new World().open()];
  await from.give('ann', 'chat');
  await from.send('ann', 'one');
  const { bundle } = await from.server.rights.demand({ ...demand('access'), type: 'portability' });
  assert.ok(bundle?.consent);
  await to.server.rights.importBundle(JSON.parse(JSON.stringify(bundle)));
  const again = await to.server.rights.access('ann');
  assert.deepEqual(again.consent, bundle.consent);
  assert.deepEqual(
    again.data.map(({ id, text, due }) => ({ id, text, due })),
    bundle.data.map(({ id, text, due }) => ({ id, text, due })),
  );
  await Promise.all([from.close(), to.close()]);
});

test('row 12: a correction keeps the old version sealed, and every recipient is told', async () => {
  const world = await new World().open();
  await world.give('ann', 'chat', 'share');
  const { id } = await world.send('ann', 'I live in Bonn', 'share');
  for (const recipient of ['lab', 'ads']) await world.disclose(recipient);
  const { request } = await world.server.rights.demand({ ...demand('access'), type: 'rectification', item: id, text: 'I live in Berlin' });
  assert.deepEqual([request.status, request.recipients_notified], ['dpv:RequestFulfilled', ['ads', 'lab']]);
  assert.equal((await world.server.receiver.open(id, 'share', 'desk')).text, 'I live in Berlin');
  const { versions, jobs } = await world.server.parts.store.transaction(async (tx) => ({
    versions: await tx.find({ kind: 'item_version' }),
    jobs: await tx.find({ kind: 'recipient_job' }),
  }));
  assert.deepEqual(
    versions.map((row) => row.id),
    [`${id}/1`],
  );
  assert.ok(!Buffer.from(versions[0]!.body).includes('Bonn'));
  assert.deepEqual(jobs.map((row) => row.class).sort(), ['ads', 'lab']);
  await assert.rejects(
    world.server.rights.demand({ ...demand('access'), subject: 'bob', type: 'rectification', item: id, text: 'x' }),
    code('unknown_item'),
  );
  world.advance(100);
  await world.server.retention.sweep();
  assert.equal(await world.server.parts.store.transaction((tx) => tx.count({ kind: 'item_version' })), 0);
  await world.close();
});

test('row 13: erasure counts to zero, destroys the keys, tells the recipients, and is then certified', async () => {
  const world = await new World().open();
  await world.give('ann', 'chat', 'share');
  await world.send('ann', 'one');
  await world.send('ann', 'two', 'share');
  await world.disclose('lab', { form: 'anonymised' });
  const { request, log } = await world.server.rights.demand({ ...demand('access'), type: 'erasure' });
  assert.equal(request.status, 'dpv:RequestFulfilled');
  assert.ok(request.steps.every((step) => step.verified_zero && step.done === step.planned && step.planned > 0));
  assert.deepEqual(request.recipients_notified, ['lab']);
  assert.equal(await world.server.vault.count('ann'), 0);
  assert.deepEqual((await world.server.rights.access('ann')).data, []);
  const proved = subrosa.audit.openInclusion(
    log?.proof ?? '',
    subrosa.audit.hashLeaf(log?.entry ?? ''),
    subrosa.audit.noteKey(origin, seed),
  );
  assert.equal(proved.index, log?.index);
  assert.equal(JSON.parse(log?.entry ?? '').action, 'dpv:RequestFulfilled');
  await world.server.log.verify();
  await world.close();
});

test('rows 12 and 13: a request is fulfilled only once every recipient was reached, however long that takes', async () => {
  let isDown = true;
  const told: RecipientJob[] = [];
  const tellRecipient = async (job: RecipientJob) => {
    if (isDown) throw new Error('down');
    told.push(job);
  };
  const world = await new World({ tellRecipient }).open();
  await world.give('ann', 'chat', 'share');
  const { id } = await world.send('ann', 'I live in Bonn, ann@example.org', 'share');
  const disclosure = await world.disclose('lab', { form: 'anonymised' });
  const later = (await world.send('ann', 'never shared', 'share')).id;
  const correct = (item: string, text: string) => world.server.rights.demand({ ...demand('access'), type: 'rectification', item, text });
  assert.deepEqual((await correct(later, 'nor now')).request.recipients_notified, [], 'who never had it is not given it');
  const correction = (await correct(id, 'I live in Berlin, ann@example.org')).request;
  const erasure = (await world.server.rights.demand({ ...demand('access'), type: 'erasure' })).request;
  const status = async ({ subject_request_id }: typeof erasure) => (await world.server.rights.request(subject_request_id))?.status;
  assert.deepEqual([correction.status, erasure.status], ['dpv:RequestAccepted', 'dpv:RequestAccepted']);
  assert.equal(await world.server.vault.count('ann'), 0);
  await world.server.runJobs();
  assert.deepEqual(told, []);
  isDown = false;
  world.advance(1);
  await world.server.runJobs();
  assert.deepEqual([await status(correction), await status(erasure)], ['dpv:RequestFulfilled', 'dpv:RequestFulfilled']);
  const { person } = disclosure.records[0]!;
  assert.deepEqual(
    told.map(({ about, recipient, person }) => [about, recipient, person]),
    [['erasure', 'lab', person]],
    'the item that was to be corrected is gone',
  );
  await world.server.runJobs();
  assert.equal(told.length, 1);
  const entries = await world.entries();
  const at = (wanted: string) => entries.map(({ action }) => action).lastIndexOf(wanted);
  assert.ok(at('dpv:NoticeCommunicated') < at('dpv:RequestFulfilled'));
  await world.close();
});

test('row 12: a recipient is told the record that it has and what it should say, in the form that it was given', async () => {
  const world = await new World().open();
  await world.give('ann', 'share');
  const { id } = await world.send('ann', 'I live in Bonn', 'share');
  const [lab, ads] = [await world.disclose('lab', { form: 'anonymised' }), await world.disclose('ads')];
  await world.server.rights.demand({ ...demand('access'), type: 'rectification', item: id, text: 'Berlin, ann@example.org' });
  const job = (recipient: string) => world.told.find((candidate) => candidate.recipient === recipient);
  const expected = (disclosure: typeof lab, text: string) => {
    const { person, record } = disclosure.records[0]!;
    return { about: 'correction', recipient: disclosure.recipient, person, record, piiType: 'text', text };
  };
  assert.deepEqual({ ...job('lab'), id: '' }, { id: '', ...expected(lab, 'Berlin, <EMAIL_ADDRESS>') });
  assert.deepEqual({ ...job('ads'), id: '' }, { id: '', ...expected(ads, 'Berlin, ann@example.org') });
  assert.notEqual(lab.records[0]!.record, ads.records[0]!.record);
  await world.close();
});

test('row 11: the bundle has a receipt for each consent, and what the person was told, each proved', async () => {
  const world = await new World().open();
  await world.give('ann', 'chat', 'share');
  await world.withdraw('ann', 'chat');
  const request = { authority: 'Court', basis: 'Order 1', subject: 'ann', scope: ['text'], period: { from: 0, to: world.time } };
  const legal = await world.server.legal.file(request, 'desk');
  await world.server.runJobs();
  const bundle = await world.server.rights.access('ann');
  assert.equal(bundle.receipts.length, 2);
  for (const { log, record } of bundle.receipts) {
    subrosa.audit.openInclusion(log.proof, subrosa.audit.hashLeaf(log.entry), bundle.log.key);
    assert.equal(JSON.parse(log.entry).action, record.events.at(-1)?.event_state);
  }
  assert.deepEqual(
    bundle.notices.map(({ id, about }) => [id, about]),
    [[legal, 'legal_request']],
  );
  assert.ok(bundle.log.entries.some(({ entry }) => JSON.parse(entry).object.id === legal));
  await world.close();
});

test('row 13: after erasure grants are refused for ever, and a withdrawal is still recorded', async () => {
  const world = await new World().open();
  await world.give('ann', 'chat', 'improve');
  const envelope = await world.sealed('ann', 'late');
  await world.server.rights.demand({ ...demand('access'), type: 'erasure' });
  await assert.rejects(world.server.receiver.receive(envelope, { purpose: 'chat', piiType: 'text' }), code('consent_required'));
  await assert.rejects(world.give('ann', 'share'), code('erased'));
  assert.equal((await world.withdraw('ann', 'improve')).length, 1);
  world.advance(3650);
  await assert.rejects(world.server.vault.seal({ subject: 'ann', class: 'chat' }, 'x', 'x'), code('erased'));
  await world.close();
});

test('row 13: a store that fails leaves the request unfulfilled, and the keys alone', async () => {
  const failing = { name: 'search', count: async () => 3, erase: async () => Promise.reject(new Error('down')) };
  const keeping = { name: 'cache', count: async () => 1, erase: async () => {} };
  for (const holder of [failing, keeping]) {
    const world = await new World({ holders: [holder] }).open();
    await world.give('ann', 'chat');
    await world.send('ann', 'one');
    const { request } = await world.server.rights.demand({ ...demand('access'), type: 'erasure' });
    assert.equal(request.status, 'dpv:RequestUnfulfilled');
    assert.deepEqual(
      request.steps.map((step) => step.verified_zero),
      [true, false],
    );
    assert.ok((await world.server.vault.count('ann')) > 0);
    const last = (await world.entries()).at(-1);
    assert.deepEqual([last.action, last.outcome], ['dpv:RequestUnfulfilled', 'failed']);
    await world.close();
  }
});

test('row 13: a backup of the data that is restored after the erasure stays unreadable, and is seen to be old', async () => {
  const world = await new World().open();
  await world.give('ann', 'chat');
  const { id } = await world.send('ann', 'one');
  await world.close();
  copyFileSync(world.file('data.db'), world.file('backup.db'));
  await world.open();
  await world.server.rights.demand({ ...demand('access'), type: 'erasure' });
  await world.close();
  const store = await openSqlite(world.file('backup.db'));
  await assert.rejects(world.open({ store }), { name: 'LogError', fault: 'rolled_back' });
  assert.equal(world.alarms.at(-1)?.rule, 'log_fault');
  const keyStore = await openSqlite(world.file('keys.db'));
  const forced = await SubrosaServer.open({
    subrosa,
    store,
    keyStore,
    master: world.master,
    log: { origin, seed },
    keys: [world.keys.secretKey],
    controller: 'ctl',
    now: world.now,
  });
  assert.equal(await store.transaction((tx) => tx.count({ kind: 'item' })), 1);
  await assert.rejects(forced.receiver.open(id, 'chat', 'desk'), Refusal);
  await assert.rejects(forced.rights.access('ann'), code('shredded'));
  await store.close();
});

test('rows 8 and 14: restriction stops everything but storage; objection its purpose; opt-out every third party', async () => {
  const world = await new World().open();
  await world.give('ann', 'chat', 'improve', 'share');
  const { id } = await world.send('ann', 'one');
  const ask = (purpose: string, recipient = 'ctl') => world.server.consents.decide('ann', { purpose, piiType: 'text', recipient });
  await world.server.rights.demand({ ...demand('access'), type: 'objection', purpose: 'improve' });
  assert.deepEqual([(await ask('improve')).verdict, (await ask('chat')).verdict], ['deny', 'permit']);
  assert.equal((await ask('share', 'lab')).verdict, 'permit');
  await world.server.rights.demand({ ...demand('access'), type: 'opt_out_sale_share' });
  assert.equal((await ask('share', 'lab')).verdict, 'deny');
  await world.server.rights.demand({ ...demand('access'), type: 'restriction' });
  assert.equal((await ask('chat')).verdict, 'deny');
  await assert.rejects(world.server.receiver.open(id, 'chat', 'desk'), code('consent_required'));
  assert.equal((await world.server.rights.access('ann')).data.length, 1);
  await world.close();
});

test('row 17: a complaint needs no consent, has a deadline and the authority, and is overdue when that passes', async () => {
  const world = await new World().open();
  const { request, authority } = await world.server.rights.demand({
    type: 'complaint',
    regulation: 'gdpr',
    subject: 'dora',
    text: 'SECRET grievance',
  });
  assert.equal(request.status, 'dpv:RequestAccepted');
  assert.deepEqual(authority, { party_name: 'Authority', party_url: 'https://authority.example' });
  assert.equal(request.expected_completion_time, '2026-04-30T12:00:00Z');
  assert.ok(!JSON.stringify(await world.entries()).includes('SECRET'));
  world.advance(29);
  assert.equal((await world.server.rights.overdue()).length, 0);
  world.advance(2);
  assert.deepEqual(
    (await world.server.rights.overdue()).map((late) => late.subject_request_id),
    [request.subject_request_id],
  );
  await world.server.runJobs();
  assert.ok(world.alarms.some(({ rule }) => rule === 'overdue_request'));
  assert.equal(await world.server.rights.readComplaint(request.subject_request_id, 'dpo'), 'SECRET grievance');
  assert.deepEqual((await world.entries()).at(-1).actor.ref, 'dpo');
  await world.server.rights.answerComplaint(request.subject_request_id, 'dpo');
  assert.equal((await world.server.rights.overdue()).length, 0);
  await world.close();
});

test('row 17: deadlines are those of the regulation', async () => {
  const world = await new World().open();
  const due = async (regulation: string) =>
    (await world.server.rights.demand({ type: 'complaint', regulation, subject: 'dora', text: 'x' })).request.expected_completion_time;
  assert.deepEqual(
    [await due('gdpr'), await due('ccpa'), await due('pipl')],
    ['2026-04-30T12:00:00Z', '2026-05-15T12:00:00Z', '2026-04-15T12:00:00Z'],
  );
  await assert.rejects(due('none'), code('unknown_regulation'));
  await assert.rejects(world.server.rights.demand({ ...demand('access'), type: 'anything' as 'access' }), code('unknown_type'));
  await world.close();
});

test('row 11: a deadline is extended once, in time, by what the regulation gives, and the person is told', async () => {
  const world = await new World().open();
  const complain = async (regulation: string) =>
    (await world.server.rights.demand({ ...demand('access'), type: 'complaint', regulation, text: 'x' })).request.subject_request_id;
  const [gdpr, ccpa, pipl, late] = [await complain('gdpr'), await complain('ccpa'), await complain('pipl'), await complain('gdpr')];
  const extended = await world.server.rights.extend(gdpr, 'dpo');
  assert.equal(extended.expected_completion_time, '2026-06-30T12:00:00Z');
  assert.equal((await world.server.rights.extend(ccpa, 'dpo')).expected_completion_time, '2026-06-29T12:00:00Z');
  await assert.rejects(world.server.rights.extend(gdpr, 'dpo'), code('no_extension'));
  await assert.rejects(world.server.rights.extend(pipl, 'dpo'), code('no_extension'));
  const { notices } = await world.server.rights.access('ann');
  assert.deepEqual(notices.map(({ about, until }) => `${about} ${until}`).sort(), [
    'extension 2026-06-29T12:00:00Z',
    'extension 2026-06-30T12:00:00Z',
  ]);
  assert.deepEqual((await world.entries()).at(-1).reason, 'deadline_extended');
  world.advance(31);
  await assert.rejects(world.server.rights.extend(late, 'dpo'), code('no_extension'));
  assert.deepEqual((await world.server.rights.overdue()).map(({ subject_request_id }) => subject_request_id).sort(), [pipl, late].sort());
  await assert.rejects(world.server.rights.extend('unknown', 'dpo'), code('unknown_request'));
  await world.close();
});

test('row 11: a bundle has its shape, and what has another is not taken in', async () => {
  const world = await new World().open();
  await world.give('ann', 'chat', 'share');
  const { id } = await world.send('ann', 'one');
  await world.send('ann', 'two', 'share');
  await world.disclose('lab');
  const bundle = JSON.parse(JSON.stringify((await world.server.rights.demand(demand('access'))).bundle));
  assert.deepEqual(checkBundle(structuredClone(bundle)), bundle);
  const changes: [string, (copy: typeof bundle) => void][] = [
    ['another version', (copy) => (copy.schema_version = 'subrosa-access/2')],
    ['a member too many', (copy) => (copy.data[0].extra = 1)],
    ['a member missing', (copy) => delete copy.data[0].policyHash],
    ['a time that is none', (copy) => (copy.data[0].due = -1)],
    ['no list', (copy) => (copy.receipts = {})],
    ['an item of another person', (copy) => (copy.data[0].subject = 'bob')],
    ['a consent of another person', (copy) => (copy.consent.pii_principal_id = 'bob')],
    ['no log', (copy) => delete copy.log],
  ];
  for (const [what, change] of changes) {
    const copy = structuredClone(bundle);
    change(copy);
    await assert.rejects(world.server.rights.importBundle(copy), code('bad_format'), what);
  }
  await assert.rejects(world.server.rights.importBundle(null as never), code('bad_format'));
  const stolen = { ...bundle, subject: 'bob', consent: undefined, data: [{ ...bundle.data[0], subject: 'bob' }] };
  await assert.rejects(world.server.rights.importBundle(stolen), code('item_of_another'));
  assert.equal((await world.server.receiver.open(id, 'chat', 'desk')).subject, 'ann');
  await world.close();
});
