import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Conversation } from '../../dist/node.js';
import { fileAnchor, openPostgres, type Received, type RecipientJob, Refusal, type ServerOptions } from '../../dist/server.js';
import { origin, seed, subrosa, World } from './fixture.ts';
import { startPostgres, type TestPostgres } from './postgres.ts';

let postgres: TestPostgres;
before(async () => {
  postgres = await startPostgres();
});
after(() => postgres.stop());

const declared = { purpose: 'chat', piiType: 'text' };
let count = 0;

/** Two servers as two machines have them: each with connections of its own to one PostgreSQL, and the same keys. */
async function pair(options: Partial<ServerOptions> = {}) {
  const [data, keys] = [postgres.options(`data${++count}`), postgres.options(`keys${count}`)];
  const world = new World({ now: Date.now, ...options });
  world.time = Date.now();
  const start = async (name: string) => {
    const log = { origin, seed, anchor: fileAnchor(world.file(name)) };
    await world.open({ store: await openPostgres(data), keyStore: await openPostgres(keys), log });
    return world.server;
  };
  const stop = async ({ log, parts, vault }: typeof world.server) => {
    await log.idle();
    await Promise.all([parts.store.close(), vault.close()]);
  };
  const [one, other] = [await start('one'), await start('other')];
  const close = () => Promise.all([stop(one), stop(other)]);
  return { world, one, other, close };
}

test('row 1: a conversation that another process does not know is begun anew by the page, and nothing of it is lost', async () => {
  const { world, one, other, close } = await pair();
  const [receipt] = await world.give('ann', 'chat');
  const { record_id: recordId, epoch } = receipt!.record;
  const policyHash = (await one.policies.current()).hash;
  const grounds = { consent: await world.consent('ann'), piiType: 'text', recipient: 'ctl' };
  let server = one;
  const headers: Uint8Array[] = [];
  const page = new Conversation<Received>(subrosa.sealing, {
    context: () => ({ recipients: [world.keys.publicKey], purpose: 'chat', policyHash, recordId, epoch, ...grounds }),
    begin: async (header) => {
      headers.push(header);
      return (await server.receiver.begin(header, declared)).session;
    },
    post: (session, message) => server.receiver.receiveIn(session, message),
  });
  const { id } = await page.send('to the first');
  server = other; // the first one ends, or a load balancer sends the next request elsewhere
  const [second, third] = await Promise.all([page.send('to the second'), page.send('at the same time')]);
  assert.equal(headers.length, 2, 'begun anew once');
  const texts = [];
  for (const received of [id, second.id, third.id]) texts.push((await other.receiver.open(received, 'chat', 'desk')).text);
  assert.deepEqual(texts, ['to the first', 'to the second', 'at the same time']);
  await assert.rejects(one.receiver.begin(headers[1]!, declared), { status: 409, code: 'replayed' }, 'a header is taken by one alone');
  server = one;
  await page.send('back at the first, whose session the page has left');
  await world.withdraw('ann', 'chat');
  await assert.rejects(page.send('late'), { code: 'consent_required' });
  page.free();
  grounds.consent.free();
  await close();
});

test('row 1: an envelope that reaches two processes at once is kept and logged once; both have the keys to read it', async () => {
  const { world, one, other, close } = await pair();
  for (let i = 0; i < 5; ++i) {
    await world.give(`ann ${i}`, 'chat');
    const envelope = await world.sealed(`ann ${i}`, 'hello');
    const envelopes = [envelope, envelope, await world.sealed(`ann ${i}`, 'another')];
    const received = await Promise.all([one, other].flatMap(({ receiver }) => envelopes.map((bytes) => receiver.receive(bytes, declared))));
    assert.equal(received.filter(({ log }) => log).length, 2);
    for (const { id } of received) for (const { receiver } of [one, other]) await receiver.open(id, 'chat', 'desk');
  }
  const stored = (await world.entries()).filter(({ action }) => action === 'dpv:Store');
  assert.equal(stored.length, 10);
  await close();
});

test('row 13: whatever arrives at one process while another erases, nothing is left of the person and no key is made again', async () => {
  const { world, one, other, close } = await pair();
  for (let i = 0; i < 5; ++i) {
    const subject = `ann ${i}`;
    await world.give(subject, 'chat', 'share');
    const envelopes = await Promise.all(Array.from({ length: 8 }, (_, n) => world.sealed(subject, `message ${n}`)));
    const [erased] = await Promise.all([
      one.rights.demand({ type: 'erasure', regulation: 'gdpr', subject }),
      ...envelopes.map((bytes) =>
        other.receiver.receive(bytes, declared).catch((error) => assert.ok(error instanceof Refusal, String(error))),
      ),
    ]);
    assert.equal(erased.request.status, 'dpv:RequestFulfilled');
    const kinds = ['item', 'trace', 'session', 'spent'];
    assert.equal(await other.parts.store.transaction((tx) => tx.count({ kind: kinds, subject })), 0);
    assert.equal(await other.vault.count(subject), 0);
    await assert.rejects(other.receiver.receive(await world.sealed(subject, 'late'), declared), { code: 'consent_required' });
  }
  await one.log.verify();
  await close();
});

test('rows 12 and 13: of two processes that do the jobs, one tells each recipient and ends the request', async () => {
  let isDown = true;
  let time = Date.now();
  const told: RecipientJob[] = [];
  const tellRecipient = async (job: RecipientJob) => {
    await new Promise(setImmediate);
    if (isDown) throw new Error('down');
    told.push(job);
  };
  const { world, one, other, close } = await pair({ tellRecipient, now: () => time });
  await world.give('ann', 'share');
  await world.send('ann', 'hello', 'share');
  for (const recipient of ['lab', 'ads'])
    await one.sharing.disclose({ recipient, purpose: 'share', subjects: ['ann'], fields: ['text'], form: 'plain', actor: 'desk' });
  const { request } = await one.rights.demand({ type: 'erasure', regulation: 'gdpr', subject: 'ann' });
  assert.equal(request.status, 'dpv:RequestAccepted');
  isDown = false;
  time += 3_600_000;
  await Promise.all([one.runJobs(), other.runJobs(), one.runJobs(), other.runJobs()]);
  time += 3_600_000;
  await Promise.all([one.runJobs(), other.runJobs()]);
  assert.deepEqual(told.map(({ recipient }) => recipient).sort(), ['ads', 'lab']);
  const ends = (await world.entries()).filter(({ action }) => action === 'dpv:RequestFulfilled');
  assert.equal(ends.length, 1);
  await close();
});
