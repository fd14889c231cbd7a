import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import nodemailer from 'nodemailer';
import {
  type Channel,
  contentHash,
  emailChannel,
  policyFeed,
  Refusal,
  webhookChannel,
  webhookSignature,
  widgetChannel,
} from '../../dist/server.js';
import { day, policyDocument, start, texts, World } from './fixture.ts';

const code = (expected: string) => (error: unknown) => error instanceof Refusal && error.code === expected;

/** A later version, in which the storage of one purpose moves. */
function changed(effective: string) {
  const document = policyDocument({
    version: '2.0.0',
    published: '2026-04-01T00:00:00Z',
    effective_date: effective,
    change: {
      kind: 'material',
      summary: { en: 'Data for improvement moves.', zh: '\u6570\u636e\u79fb\u52a8\u3002' },
      affects: ['improve'],
    },
  });
  document.purposes[1]!.storage_locations = ['US'];
  return document;
}

test('row 15: a change needs its grace, and without an answer only what it affects is denied', async () => {
  const world = await new World().open();
  await world.give('ann', 'chat', 'improve');
  await assert.rejects(world.server.policies.publish(changed('2026-04-10T00:00:00Z'), texts), code('grace_too_short'));
  await world.server.policies.publish(changed('2026-05-01T00:00:00Z'), texts);
  const ask = async (purpose: string) => {
    const { verdict, reason } = await world.server.consents.decide('ann', { purpose, piiType: 'text', recipient: 'ctl' });
    return [verdict, reason];
  };
  world.time = Date.parse('2026-04-30T23:59:59Z');
  assert.deepEqual([(await ask('chat'))[0], (await ask('improve'))[0]], ['permit', 'permit']);
  world.time = Date.parse('2026-05-01T00:00:00Z');
  assert.equal((await ask('chat'))[0], 'permit');
  assert.deepEqual(await ask('improve'), ['deny', 'policy_changed']);
  await assert.rejects(world.send('ann', 'x', 'improve'), code('consent_stale'));
  await world.send('ann', 'x', 'chat');
  await world.close();
});

test('row 15: a change that is dated back is no shorter: its grace is counted from now, where anyone was asked', async () => {
  const world = await new World().open();
  world.time = Date.parse('2026-04-20T00:00:00Z');
  const document = changed('2026-05-01T00:00:00Z');
  await world.give('ann', 'chat');
  await assert.rejects(world.server.policies.publish(document, texts), code('grace_too_short'));
  await world.server.policies.publish({ ...document, effective_date: '2026-05-04T00:00:00Z' }, texts);
  await world.close();
});

test('row 15: who was erased gets no news', async () => {
  const world = new World();
  const sent: string[] = [];
  await world.open({ channels: [{ name: 'test', send: async ({ subject }) => void sent.push(subject) }] });
  for (const person of ['ann', 'bob', 'carol']) await world.give(person, 'chat');
  const erase = (subject: string) => world.server.rights.demand({ type: 'erasure', regulation: 'gdpr', subject });
  await erase('ann');
  const { hash } = await world.server.policies.publish(changed('2026-05-01T00:00:00Z'), texts);
  assert.equal(await world.server.announcer.announce(hash), 2);
  await erase('bob');
  await world.server.runJobs();
  assert.deepEqual(sent, ['carol']);
  await world.close();
});

test('row 15: the news goes out on every channel, is logged, and is tried again until it went out', async () => {
  const mails: { to: string; messageId: string }[] = [];
  const transport = nodemailer.createTransport({ jsonTransport: true });
  const hooks: string[] = [];
  let down = true;
  const hook = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => {
      const time = Number(request.headers['subrosa-time']);
      const signed = request.headers['subrosa-signature'] === webhookSignature('secret', time, body);
      if (signed && !down) hooks.push(body);
      response.writeHead(signed ? (down ? 503 : 204) : 401).end();
    });
  });
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
  const world = new World();
  const channels: Channel[] = [
    { name: 'widget', send: (news) => widgetChannel(world.server.parts).send(news) },
    emailChannel({
      transport: {
        sendMail: async (mail) => {
          mails.push(JSON.parse((await transport.sendMail(mail)).message));
        },
      },
      from: 'Example <news@example.org>',
      address: async (subject) => (subject === 'ann' ? 'ann@example.org' : undefined),
      write: (news) => ({ subject: `Policy ${news.version}`, text: news.summary.en ?? '' }),
    }),
    webhookChannel({ url: `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`, secret: 'secret', now: world.now }),
  ];
  await world.open({ channels });
  await world.give('ann', 'chat');
  await world.give('bob', 'chat');
  const policy = await world.server.policies.publish(changed('2026-05-01T00:00:00Z'), texts);
  assert.equal(await world.server.announcer.announce(policy.hash), 6);
  assert.equal(await world.server.announcer.announce(policy.hash), 0, 'announcing twice sends once');
  assert.equal(await world.server.announcer.deliver(), 4);
  assert.equal(await world.server.announcer.deliver(), 0, 'not before its time');
  down = false;
  world.time += 60_000;
  assert.equal(await world.server.announcer.deliver(), 2);
  world.time += day;
  assert.equal(await world.server.announcer.deliver(), 0);
  assert.equal(mails.length, 1);
  assert.equal(hooks.length, 2);
  const inbox = await world.server.parts.store.transaction((tx) => tx.count({ kind: 'inbox' }));
  assert.equal(inbox, 2);
  assert.equal((await world.entries()).filter(({ action }) => action === 'dpv:NoticeCommunicated').length, 6);
  await new Promise((resolve) => hook.close(resolve));
  await world.close();
});

test('row 16: every version stays readable, with what changed, and one that was altered is refused', async () => {
  const world = await new World().open();
  const first = (await world.server.policies.current()).hash;
  const second = await world.server.policies.publish(changed('2026-05-01T00:00:00Z'), texts);
  const history = await world.server.policies.history();
  assert.deepEqual(
    history.map(({ hash, version }) => [hash, version]),
    [
      [first, '1.0.0'],
      [second.hash, '2.0.0'],
    ],
  );
  assert.equal(await world.server.policies.text(first, 'en'), texts.en);
  const diff = await world.server.policies.diff(first, second.hash);
  assert.deepEqual(
    diff.changes.find(({ purpose }) => purpose === 'improve'),
    { purpose: 'improve', field: 'storage_locations', before: ['DE'], after: ['US'] },
  );
  assert.deepEqual(diff.material, ['improve']);
  const feed = await policyFeed(world.server.policies, 'Policy', 'https://example.org');
  assert.deepEqual(
    feed.items.map(({ id }) => id),
    [second.hash, first],
  );
  const leaves = (await world.entries()).filter(({ action }) => action === 'dpv:Notice').map(({ object }) => object.hash);
  assert.deepEqual(leaves, [first, second.hash]);
  await world.server.parts.store.transaction(async (tx) => {
    const row = (await tx.get('policy_text', contentHash(texts.en)))!;
    await tx.put({ ...row, body: Buffer.from(texts.en.replace('90', '91')) });
    const document = (await tx.get('policy', first))!;
    await tx.put({ ...document, body: Buffer.from(Buffer.from(document.body).toString().replace('P90D', 'P91D')) });
  });
  await assert.rejects(world.server.policies.text(first, 'en'), code('policy_text_changed'));
  await world.close();
  await assert.rejects(world.open(), code('policy_changed'));
  assert.ok(start > 0);
});

test('row 16: the hash in a receipt leads to the version that was shown, whatever came after', async () => {
  const world = await new World().open();
  const [receipt] = await world.give('ann', 'chat');
  await world.server.policies.publish(changed('2026-05-01T00:00:00Z'), texts);
  world.time = Date.parse('2026-06-01T00:00:00Z');
  const { policy_hash } = JSON.parse(receipt?.log.entry ?? '');
  assert.equal((await world.server.policies.get(policy_hash)).document.version, '1.0.0');
  await world.close();
});

test('row 16: a text that is not the one the document names is not published', async () => {
  const world = await new World().open();
  await assert.rejects(world.server.policies.publish(changed('2026-05-01T00:00:00Z'), { ...texts, zh: 'x' }), code('text_differs'));
  await world.close();
});
