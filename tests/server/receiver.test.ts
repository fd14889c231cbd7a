import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type Entry, Refusal } from '../../dist/server.js';
import { day, origin, seed, subrosa, World } from './fixture.ts';

const refusal = (status: number, code: string, reason?: string) => (error: unknown) => {
  assert.ok(error instanceof Refusal, String(error));
  assert.deepEqual([error.status, error.code], [status, code]);
  if (reason !== undefined) assert.equal(error.reason, reason);
  return true;
};

test('row 1: a sealed message is opened, kept, logged and answered with a proof', async () => {
  const world = await new World().open();
  await world.give('ann', 'chat');
  const received = await world.send('ann', 'hello, my mail is ann@example.org');
  const key = subrosa.audit.noteKey(origin, seed);
  const proved = subrosa.audit.openInclusion(received.log?.proof ?? '', subrosa.audit.hashLeaf(received.log?.entry ?? ''), key);
  assert.equal(proved.index, received.log?.index);
  assert.equal(JSON.parse(received.log?.entry ?? '').action, 'dpv:Store');
  assert.equal(received.residual, 1);
  const item = await world.server.receiver.open(received.id, 'chat', 'desk');
  assert.equal(item.text, 'hello, my mail is <EMAIL_ADDRESS>');
  await world.close();
});

test('row 1: without consent nothing is opened or kept: 403, and 409 where it is out of date', async () => {
  const world = await new World().open();
  await world.give('ann', 'chat');
  const old = await world.sealed('ann', 'before');
  const wrongEpoch = await world.sealed('ann', 'x', 'chat', { epoch: 7 });
  const wrongNotice = await world.sealed('ann', 'x', 'chat', { policyHash: `sha256:${'ab'.repeat(32)}` });
  const declared = { purpose: 'chat', piiType: 'text' };
  await assert.rejects(world.server.receiver.receive(wrongEpoch, declared), refusal(409, 'consent_stale'));
  await assert.rejects(world.server.receiver.receive(wrongNotice, declared), refusal(409, 'consent_stale'));
  await assert.rejects(
    world.server.receiver.receive(old, { purpose: 'chat', piiType: 'thoughts' }),
    refusal(403, 'consent_required', 'unknown_pii_type'),
  );
  await world.withdraw('ann', 'chat');
  await assert.rejects(world.server.receiver.receive(old, declared), refusal(403, 'consent_required'));
  await world.give('ann', 'chat');
  await assert.rejects(
    world.server.receiver.receive(old, declared),
    refusal(409, 'consent_stale'),
    'a new grant does not revive what was sealed before',
  );
  assert.equal(await world.server.parts.store.transaction((tx) => tx.count({ kind: 'item' })), 0);
  await world.close();
});

test('F3: what was sealed under another consent is discarded and logged, once for as long as the consent stands', async () => {
  const world = await new World().open();
  await world.give('ann', 'chat');
  const declared = { purpose: 'chat', piiType: 'text' };
  const entries: Entry[] = [];
  world.server.log.onEntry((entry) => entries.push(entry));
  const discard = async (envelope: Uint8Array) =>
    assert.rejects(world.server.receiver.receive(envelope, declared), refusal(409, 'consent_stale'));
  const earlier = await world.sealed('ann', 'before');
  await discard(await world.sealed('ann', 'x', 'chat', { epoch: 7 }));
  await discard(await world.sealed('ann', 'x', 'chat', { policyHash: `sha256:${'ab'.repeat(32)}` }));
  const { action, outcome, reason, object } = entries[0]!;
  const recordId = (await world.server.consents.state('ann'))!.records[0]!.record_id;
  assert.deepEqual([action, outcome, reason, object], ['dpv:Store', 'refused', 'consent_stale', { type: 'ConsentRecord', id: recordId }]);
  assert.equal(entries.length, 1);
  await world.withdraw('ann', 'chat');
  await world.give('ann', 'chat');
  await discard(earlier);
  assert.equal(entries.filter((entry) => entry.reason === 'consent_stale').length, 2);
  assert.doesNotMatch(JSON.stringify(entries), /before|ann/);
  await world.close();
});

test('row 1: the server believes its own record, not a page that rewrites history', async () => {
  const world = await new World().open();
  await world.give('ann', 'chat');
  await world.withdraw('ann', 'chat');
  const state = structuredClone(await world.server.consents.state('ann'));
  assert.ok(state);
  const record = state.records[0]!;
  record.events.pop();
  record.epoch = 0;
  await assert.rejects(world.server.consents.record(state), refusal(409, 'consent_stale'));
  state.records = [];
  await assert.rejects(world.server.consents.record(state), refusal(409, 'consent_stale'));
  await world.close();
});

test('row 16: a consent to a policy that was never published is refused', async () => {
  const world = await new World().open();
  await world.give('ann', 'chat');
  const state = structuredClone((await world.server.consents.state('ann'))!);
  const record = state.records[0]!;
  const notice = { ...(record.privacy_notice as object), policy_hash: `sha256:${'0'.repeat(64)}` };
  record.events.push({ ...record.events.at(-1)!, seq: 3, event_state: 'dpv:RenewedConsentGiven', privacy_notice: notice });
  record.privacy_notice = notice;
  await assert.rejects(world.server.consents.record(state, { region: 'DE', age: 'adult' }), refusal(422, 'unknown_policy'));
  await world.close();
});

test('row 1: an event from the future is refused', async () => {
  const world = await new World().open();
  await world.give('ann', 'chat');
  world.time += 10 * 60_000;
  const ahead = world.time;
  world.time -= 10 * 60_000;
  const state = structuredClone(await world.server.consents.state('ann'));
  assert.ok(state);
  const record = state.records[0]!;
  record.epoch = 1;
  record.events.push({
    seq: record.events.length + 1,
    event_time: `${new Date(ahead).toISOString().slice(0, 19)}Z`,
    event_type: 'dpv:ExplicitlyExpressedConsent',
    entity_id: 'dpv:DataSubject',
    event_state: 'dpv:ConsentWithdrawn',
    epoch: 1,
    gpc: false,
  });
  await assert.rejects(world.server.consents.record(state), refusal(422, 'event_in_the_future'));
  await world.close();
});

test('row 3: an envelope for another purpose fails authentication, not just policy', async () => {
  const world = await new World().open();
  await world.give('ann', 'chat', 'improve');
  const envelope = await world.sealed('ann', 'for the chat alone');
  for (const purpose of ['improve', 'share', 'keep', 'marketing']) {
    await assert.rejects(world.server.receiver.receive(envelope, { purpose, piiType: 'text' }), Refusal);
    assert.throws(() => subrosa.sealing.open(envelope, { key: world.keys.secretKey, purpose }), { code: 'not_authentic' });
  }
  const received = await world.server.receiver.receive(envelope, { purpose: 'chat', piiType: 'text' });
  await assert.rejects(world.server.receiver.open(received.id, 'improve', 'trainer'), refusal(403, 'wrong_purpose'));
  await world.close();
});

test('row 4: at rest there is ciphertext, under a key of the person; the keys lie elsewhere, wrapped', async () => {
  const world = await new World().open();
  await world.give('ann', 'chat');
  await world.send('ann', 'CANARY in the chat');
  await world.close();
  for (const name of ['data.db', 'data.db-wal', 'keys.db', 'keys.db-wal']) {
    let bytes: Buffer;
    try {
      bytes = readFileSync(world.file(name));
    } catch {
      continue; // SQLite removes the write-ahead log on close
    }
    assert.ok(!bytes.includes('CANARY'), name);
    assert.ok(!bytes.includes(Buffer.from(world.master)), name);
  }
});

test('row 4: a changed envelope is not authentic, in any byte', async () => {
  const world = await new World().open();
  await world.give('ann', 'chat');
  const envelope = await world.sealed('ann', 'hello');
  for (let i = 0; i < envelope.length; ++i) {
    const changed = envelope.slice();
    changed[i]! ^= 1;
    await assert.rejects(world.server.receiver.receive(changed, { purpose: 'chat', piiType: 'text' }), Refusal, `byte ${i}`);
  }
  await world.close();
});

test('row 1: a message that comes twice is kept and logged once', async () => {
  const world = await new World().open();
  await world.give('ann', 'chat');
  const envelope = await world.sealed('ann', 'hello');
  const declared = { purpose: 'chat', piiType: 'text' };
  const first = await world.server.receiver.receive(envelope, declared);
  const size = await world.server.log.size();
  const second = await world.server.receiver.receive(envelope, declared);
  assert.deepEqual([second.id, second.log], [first.id, undefined]);
  assert.equal(await world.server.log.size(), size);
  await world.close();
});

test('row 1: consent that ran out by time denies, and the clock cannot be set back', async () => {
  const world = await new World().open();
  await world.give('ann', 'chat');
  world.advance(400);
  await assert.rejects(world.send('ann', 'late'), refusal(403, 'consent_required'));
  assert.ok(world.time > Date.UTC(2027, 2, 31) && day > 0);
  await world.close();
});

test('row 14: the matrix of purpose, kind and recipient is what is enforced: every cell changes the decision', async () => {
  const world = await new World().open();
  const policy = await world.server.policies.current();
  const types = policy.document.purposes[0]!.pii_information.map(({ pii_type }) => pii_type);
  const cells = policy.purposes.flatMap(({ id, recipients }) =>
    recipients.flatMap((recipient) => types.map((piiType) => [id, piiType, recipient] as const)),
  );
  const permitted = async (subject: string) => {
    const all = [];
    for (const [purpose, piiType, recipient] of cells) {
      const { verdict } = await world.server.consents.decide(subject, { purpose, piiType, recipient });
      if (verdict === 'permit') all.push(`${purpose}/${piiType}/${recipient}`);
    }
    return all;
  };
  assert.deepEqual(await permitted('nobody'), []);
  for (const [purpose, piiType, recipient] of cells) {
    const subject = `${purpose}/${piiType}/${recipient}`;
    await world.giveCells(subject, [purpose], [{ recipient, pii_types: [piiType] }]);
    assert.deepEqual(await permitted(subject), [subject]);
  }
  await world.close();
});

test('rows 1 and 5: a message that comes again after its time is a replay', async () => {
  const world = await new World().open();
  await world.give('ann', 'chat');
  const envelope = await world.sealed('ann', 'once');
  const declared = { purpose: 'chat', piiType: 'text' };
  await world.server.receiver.receive(envelope, declared);
  world.advance(91);
  await world.server.retention.sweep();
  assert.equal(await world.server.parts.store.transaction((tx) => tx.count({ kind: 'item' })), 0);
  await assert.rejects(world.server.receiver.receive(envelope, declared), { status: 409, code: 'replayed' });
  assert.equal(await world.server.parts.store.transaction((tx) => tx.count({ kind: 'item' })), 0);
  await world.close();
});

test('row 1: a sealed conversation: its header once, each message once, an answer, and an end with the consent', async () => {
  const world = await new World({ now: Date.now }).open();
  const { receiver } = world.server;
  world.time = Date.now();
  const [receipt] = await world.give('ann', 'chat');
  const record = receipt!.record;
  const page = subrosa.sealing.beginSession({
    recipients: [world.keys.publicKey],
    purpose: 'chat',
    policyHash: (await world.server.policies.current()).hash,
    recordId: record.record_id,
    epoch: 0,
  });
  const declared = { purpose: 'chat', piiType: 'text' };
  const { header } = page;
  await assert.rejects(receiver.begin(header, { ...declared, purpose: 'improve' }), { code: 'consent_required' });
  const { session } = await receiver.begin(header, declared);
  await assert.rejects(receiver.begin(header, declared), { status: 409, code: 'replayed' });
  await assert.rejects(receiver.receive(header, declared), { code: 'not_authentic' });

  const grounds = { consent: await world.consent('ann'), piiType: 'text', recipient: 'ctl' };
  const [first, second] = [page.seal('hello', grounds), page.seal('a@example.org is my address', grounds)];
  const { id, log } = await receiver.receiveIn(session, first);
  subrosa.audit.openInclusion(log!.proof, subrosa.audit.hashLeaf(log!.entry), world.server.log.key);
  assert.equal((await receiver.open(id, 'chat', 'desk')).text, 'hello');
  assert.equal(page.openText(await receiver.answer(session, 'welcome')), 'welcome');
  assert.equal((await receiver.receiveIn(session, first)).log, undefined, 'a retry is neither kept nor logged');
  const changed = second.slice();
  changed[changed.length - 1]! ^= 1;
  await assert.rejects(receiver.receiveIn(session, changed), { code: 'not_authentic' });
  assert.equal((await receiver.receiveIn(session, second)).residual, 1);
  await assert.rejects(receiver.receiveIn('unknown', second), { status: 409, code: 'unknown_session' });

  await world.withdraw('ann', 'chat');
  await assert.rejects(
    receiver.receiveIn(session, page.seal('late', grounds)),
    { code: 'consent_required' },
    'of a page that does not know',
  );
  await assert.rejects(receiver.answer(session, 'late'), { code: 'consent_required' });
  page.free();
  grounds.consent.free();
  await world.close();
});

test('a receipt proves that the log holds its last event, and no other', async () => {
  const world = await new World().open();
  const [receipt] = await world.give('ann', 'chat');
  const { key } = world.server.log;
  const { consent } = subrosa;
  assert(receipt && consent.verifyLogged(receipt, key));
  const { record, log } = receipt;
  const [withdrawn] = await world.withdraw('ann', 'chat');
  const elsewhere = subrosa.audit.noteKey(origin, new Uint8Array(32).fill(9));
  assert(withdrawn && consent.verifyLogged(withdrawn, key));
  assert.equal(consent.verifyLogged(receipt, elsewhere), false);
  assert.equal(consent.verifyLogged({ record }, key), false);
  assert.equal(consent.verifyLogged({ record, log: withdrawn.log }, key), false);
  assert.equal(consent.verifyLogged({ record: { ...record, record_id: 'another' }, log }, key), false);
  assert.equal(consent.verifyLogged({ record, log: { ...log, index: log.index + 1 } }, key), false);
  assert.equal(consent.verifyLogged({ record, log: { ...log, entry: log.entry.replace('Given', 'Withdrawn') } }, key), false);
  await world.close();
});
