import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { now, policyDocument } from '../fixture/policy.ts';
import {
  type ConsentCell,
  ConsentClient,
  type ConsentClientOptions,
  ConsentError,
  type ConsentStorage,
  type Decision,
  guardFetch,
  MemoryStorage,
  secGpc,
  subrosa,
} from './api.ts';

const chat: ConsentCell = { purpose: 'chat', piiType: 'text', recipient: 'ctl' };
const share: ConsentCell = { purpose: 'share', piiType: 'text', recipient: 'lab' };

/** What two tabs of an origin share. */
class SharedStorage implements ConsentStorage {
  readonly kind = 'persistent';
  readonly log: string[] = [];
  state: string | undefined;
  aside: string | undefined;
  broken = false;
  #epochs: Record<string, number> = {};

  async read() {
    if (this.broken) throw new Error('blocked');
    return this.state;
  }
  async update(change: (stored: string | undefined) => string) {
    if (this.broken) throw new Error('blocked');
    this.log.push('update');
    this.state = change(this.state);
  }
  async quarantine(bytes: string) {
    this.aside = bytes;
    this.state = undefined;
  }
  epochs() {
    return this.#epochs;
  }
  announce(epochs: Record<string, number>) {
    this.#epochs = epochs;
  }
}

let names = 0;

/** Opens clients and closes them after the test. */
function opener(t: TestContext, storage: ConsentStorage = new MemoryStorage()) {
  const name = `test-${names++}`;
  return async (rest: Partial<ConsentClientOptions> = {}): Promise<ConsentClient> => {
    const client = new ConsentClient(subrosa.consent, {
      policy: subrosa.consent.parsePolicy(policyDocument()),
      context: { region: 'DE', age: 'adult' },
      storage: async () => storage,
      now: () => now,
      name,
      ...rest,
    });
    t.after(() => client.close());
    await client.open();
    return client;
  };
}

async function give(client: ConsentClient, purpose: string) {
  await client.noticeShown(purpose, 'en');
  return client.give(purpose, { deliberate: true });
}

const reasonOf = async (promise: Promise<unknown>): Promise<string> => {
  try {
    await promise;
  } catch (error) {
    assert(error instanceof ConsentError);
    return error.reason;
  }
  return 'done';
};

test('F5: signals and stored state are read before the first event, and every change has two phases', async (t) => {
  const seen: string[] = [];
  const storage = new SharedStorage();
  const client = new ConsentClient(subrosa.consent, {
    policy: subrosa.consent.parsePolicy(policyDocument()),
    storage: async () => storage,
    name: 'two-phases',
    now: () => now,
  });
  t.after(() => client.close());
  client.addEventListener('ready', () => seen.push(`ready ${client.status} ${client.decide(chat).reason}`));
  client.addEventListener('notready', () => seen.push(client.status));
  assert.equal(client.decide(chat).verdict, 'deny');
  await client.open();
  await client.noticeShown('chat', 'en');
  assert.deepEqual(seen, ['ready ready not_asked', 'not ready', 'ready ready asked']);
});

test('F7: nothing is stored or asked before the person opens the widget', async () => {
  let touched = false;
  const client = new ConsentClient(subrosa.consent, {
    policy: subrosa.consent.parsePolicy(policyDocument()),
    storage: async () => {
      touched = true;
      return new MemoryStorage();
    },
  });
  client.decide(chat);
  assert.equal(touched, false);
  assert.equal(await reasonOf(client.send(chat, () => assert.fail('sent'))), 'storage_unverified');
  assert.equal(touched, false);
});

test('F8: without storage it works in memory, and says so', async (t) => {
  const client = new ConsentClient(subrosa.consent, {
    policy: subrosa.consent.parsePolicy(policyDocument()),
    context: { region: 'DE', age: 'adult' },
    name: 'blocked',
    now: () => now,
  });
  t.after(() => client.close());
  await client.open(); // Node has neither IndexedDB nor localStorage
  assert.equal(client.storage, 'memory');
  await give(client, 'chat');
  assert.equal(await client.send(chat, () => 'sent'), 'sent');
});

test('F9: a held message is sent once after a give', async (t) => {
  const client = await opener(t)();
  const sent: Decision[] = [];
  const sending = client.send(chat, (decision) => sent.push(decision));
  while (client.held === 0) await new Promise(setImmediate);
  await client.noticeShown('chat', 'en');
  assert.deepEqual([client.held, sent.length], [1, 0]);
  await client.give('chat', { deliberate: true });
  await sending;
  await client.give('chat', { deliberate: true });
  assert.deepEqual([client.held, sent.length], [0, 1]);
  assert.equal(sent[0]?.noticeHash, client.policy.hash);
});

test('F9: a held message is dropped on a refusal', async (t) => {
  const client = await opener(t)();
  const sending = reasonOf(client.send(chat, () => assert.fail('sent')));
  while (client.held === 0) await new Promise(setImmediate);
  await client.refuse('chat');
  assert.equal(await sending, 'refused');
  assert.equal(client.held, 0);
});

test('a held message that its sender cancels is dropped', async (t) => {
  const client = await opener(t)();
  const cancel = new AbortController();
  const sending = client.send(chat, () => assert.fail('sent'), cancel.signal);
  while (client.held === 0) await new Promise(setImmediate);
  cancel.abort();
  await assert.rejects(sending, { name: 'AbortError' });
  assert.equal(client.held, 0);
  await give(client, 'chat');
});

test('F4: a withdrawal aborts what is on its way and flushes nothing', async (t) => {
  const client = await opener(t)();
  await give(client, 'share');
  let aborted: unknown;
  const sending = reasonOf(
    client.send(
      share,
      (_decision, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            aborted = signal.reason;
            reject(signal.reason);
          });
        }),
    ),
  );
  await new Promise(setImmediate);
  const withdrawing = client.withdraw('share');
  assert(aborted instanceof ConsentError, 'aborted before anything is awaited');
  await withdrawing;
  assert.equal(await sending, 'superseded');
  assert.equal(await reasonOf(client.send(share, () => assert.fail('sent'))), 'withdrawn');
});

test('F6: a withdrawal in one tab stops a message in another before it leaves', async (t) => {
  const storage = new SharedStorage();
  const open = opener(t, storage);
  const one = await open();
  await give(one, 'share');
  const other = await open();
  assert.equal(other.decide(share).verdict, 'permit');
  await one.withdraw('share');
  // The announced epoch alone says so, before the channel or the stored state have arrived.
  assert.equal(other.decide(share).verdict, 'deny');
  assert.equal(await reasonOf(other.send(share, () => assert.fail('sent'))), 'withdrawn');
});

test('F2: a store that cannot be read stops everything and loses nothing', async (t) => {
  const storage = new SharedStorage();
  const client = await opener(t, storage)();
  await give(client, 'chat');
  const before = storage.state;
  storage.broken = true;
  assert.equal(await reasonOf(client.send(chat, () => assert.fail('sent'))), 'storage_unverified');
  assert.equal(storage.state, before);
  storage.broken = false;
  assert.equal(await client.send(chat, () => 'sent'), 'sent');
});

test('F2: bytes that cannot be understood are put aside, and the person is asked anew', async (t) => {
  const storage = new SharedStorage();
  storage.state = '{"records": "lost"';
  const client = await opener(t, storage)();
  assert.equal(storage.aside, '{"records": "lost"');
  assert.equal(client.decide(chat).reason, 'not_asked');
  await give(client, 'chat');
  assert.equal(client.decide(chat).verdict, 'permit');
});

test('what was given is there when the widget opens again', async (t) => {
  const open = opener(t, new SharedStorage());
  const client = await open();
  await give(client, 'chat');
  client.close();
  const again = await open();
  assert.equal(again.decide(chat).verdict, 'permit');
  assert.equal(again.decide(share).reason, 'not_asked');
});

test('guardFetch lets nothing through that is not permitted, and other origins alone', async (t) => {
  const client = await opener(t)();
  const asked: string[] = [];
  const inner: typeof fetch = async (input, init) => {
    init?.signal?.throwIfAborted();
    asked.push((input as Request).url);
    return new Response(null, { status: asked.length === 2 ? 409 : 200 });
  };
  const guarded = guardFetch(client, { origins: ['https://chat.example'], cell: chat }, inner);
  await guarded('https://other.example/x');
  await client.refuse('chat');
  assert.equal(await reasonOf(guarded('https://chat.example/message', { method: 'POST', body: 'text' })), 'refused');
  assert.deepEqual(asked, ['https://other.example/x']);
  await give(client, 'chat');
  let refused = 0;
  client.addEventListener('refused', () => refused++);
  await guarded('https://chat.example/message', { method: 'POST', body: 'text' });
  assert.equal(asked.length, 2);
  assert.equal(refused, 1);
  const unknown = guardFetch(client, { origins: ['https://chat.example'], cell: () => undefined }, inner);
  assert.equal(await reasonOf(unknown('https://chat.example/message')), 'unknown_purpose');
});

test('F9: a message that the server answers with 409 is held until the newer notice is answered, and sent once more', async (t) => {
  const client = await opener(t)();
  await give(client, 'chat');
  const next = policyDocument();
  next.version = '2.0.0';
  next.purposes[0]!.storage_locations = ['US'];
  const bodies: string[] = [];
  const inner: typeof fetch = async (input) => {
    bodies.push(await (input as Request).text());
    return new Response(null, { status: bodies.length === 1 ? 409 : 200 });
  };
  const asked: unknown[] = [];
  let isWithdrawing = false;
  const settle = async (status: 403 | 409, cell: ConsentCell) => {
    if (isWithdrawing) return void (await client.withdraw('chat'));
    asked.push([status, cell]);
    await client.setPolicy(subrosa.consent.parsePolicy(next));
    await client.noticeShown('chat', 'en');
  };
  const guarded = guardFetch(client, { origins: ['https://chat.example'], cell: chat, settle }, inner);
  const sending = guarded('https://chat.example/', { method: 'POST', body: 'hello' });
  while (client.held === 0) await new Promise(setImmediate);
  assert.deepEqual([asked, bodies], [[[409, chat]], ['hello']]);
  await client.give('chat', { deliberate: true });
  assert.equal((await sending).status, 200);
  assert.deepEqual(bodies, ['hello', 'hello']);

  bodies.length = 0;
  isWithdrawing = true;
  assert.equal(await reasonOf(guarded('https://chat.example/', { method: 'POST', body: 'secret' })), 'withdrawn');
  assert.deepEqual(bodies, ['secret']);
});

test('guardFetch refuses the unencrypted twin of a guarded origin; this machine needs no encryption', async (t) => {
  const client = await opener(t)();
  await give(client, 'chat');
  const asked: string[] = [];
  const inner: typeof fetch = async (input) => {
    asked.push((input as Request).url);
    return new Response();
  };
  const origins = ['https://chat.example', 'http://plain.example', 'http://localhost:8080', 'http://127.0.0.1:81', 'http://[::1]:81'];
  const guarded = guardFetch(client, { origins, cell: chat }, inner);
  for (const url of ['http://chat.example/', 'http://plain.example/']) assert.equal(await reasonOf(guarded(url)), 'not_encrypted', url);
  assert.deepEqual(asked, []);
  const fine = ['https://chat.example/', 'http://localhost:8080/', 'http://127.0.0.1:81/', 'http://[::1]:81/'];
  for (const url of fine) await guarded(url);
  assert.deepEqual(asked, fine);
});

test('a page counts what became of messages: sent, held, denied, discarded and redacted, and nothing else', async (t) => {
  const client = await opener(t)();
  let events = 0;
  client.addEventListener('counted', () => events++);
  const held = client.send(chat, () => 'sent');
  const dropped = reasonOf(client.send(share, () => assert.fail('sent')));
  while (client.held < 2) await new Promise(setImmediate);
  await client.refuse('share');
  await give(client, 'chat');
  await Promise.all([held, dropped]);
  const captured = client.decide(chat);
  await reasonOf(client.send(share, () => assert.fail('sent')));
  const aborted = client.send(
    chat,
    (_decision, signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  );
  await new Promise(setImmediate);
  await client.withdraw('chat');
  await reasonOf(aborted);
  await give(client, 'chat');
  assert.equal(client.recheck(captured, chat).reason, 'superseded');
  assert.equal(client.recheck(client.decide(chat), chat).verdict, 'permit');
  client.redacted(3);
  const counts = { sent: 2, held: 2, denied: { refused: 1 }, discarded: { refused: 1, superseded: 2 }, redacted: 3 };
  assert.deepEqual(client.counts, counts);
  assert.equal(events, 9);
});

test('Google Consent Mode follows what is permitted, and what is not mapped stays denied', async (t) => {
  const client = await opener(t)();
  const map = { analytics_storage: { purpose: 'improve', piiType: 'text', recipient: 'ctl' }, ad_storage: share };
  assert(Object.values(client.consentMode(map)).every((value) => value === 'denied'));
  await give(client, 'improve');
  assert.deepEqual(client.consentMode(map), {
    ad_storage: 'denied',
    ad_user_data: 'denied',
    ad_personalization: 'denied',
    analytics_storage: 'granted',
    functionality_storage: 'denied',
    personalization_storage: 'denied',
    security_storage: 'denied',
  });
});

test('Sec-GPC: exactly 1 counts, also among several', () => {
  const cases: [string | string[], boolean][] = [
    ['1', true],
    ['0', false],
    ['true', false],
    [' 1', true],
    ['', false],
    ['11', false],
    ['1, 1', true],
    ['1, 0', true],
    ['0, true', false],
    [['1', '0'], true],
    [['0', '1'], true],
    [['0', '0'], false],
  ];
  for (const [value, expected] of cases) assert.equal(secGpc({ 'Sec-GPC': value }), expected, JSON.stringify(value));
  assert.equal(secGpc({}), false);
  const twice = new Headers([
    ['sec-gpc', '0'],
    ['sec-gpc', '1'],
  ]);
  assert.equal(secGpc(twice), true);
});
