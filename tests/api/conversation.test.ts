import assert from 'node:assert/strict';
import test from 'node:test';
import { consented } from '../fixture/consented.ts';
import { Conversation, type Session, subrosa } from './api.ts';

const { sealing } = subrosa;
const keys = sealing.generateKeyPair();
const unknownSession = () => Object.assign(new Error('409'), { code: 'unknown_session' });

/** A server as a page meets it: it forgets when it is started anew. */
class Server {
  readonly sessions = new Map<string, Session>();
  readonly received: string[] = [];
  begun = 0;

  async begin(header: Uint8Array): Promise<string> {
    this.begun += 1;
    this.sessions.set(`${this.begun}`, sealing.acceptSession(header, { key: keys.secretKey, purpose: 'chat' }));
    return `${this.begun}`;
  }
  async post(name: string, message: Uint8Array): Promise<number> {
    const session = this.sessions.get(name);
    if (!session) throw unknownSession();
    return this.received.push(session.openText(message));
  }
}

function talk(server: Server) {
  const { consent, context, grounds } = consented(subrosa);
  const page = new Conversation<number>(sealing, {
    context: () => ({ recipients: [keys.publicKey], ...context(), ...grounds }),
    begin: (header) => server.begin(header),
    post: (name, message) => server.post(name, message),
  });
  return { page, consent, grounds };
}

test('a conversation begins with its first message, and goes on in the same session', async () => {
  const server = new Server();
  const { page, grounds } = talk(server);
  assert.equal(server.begun, 0);
  await Promise.all([page.send('one'), page.send('two')]);
  await page.send('three');
  assert.deepEqual([server.begun, server.received], [1, ['one', 'two', 'three']]);
  assert.equal(await page.open(server.sessions.get('1')!.seal('welcome', grounds)), 'welcome');
  page.free();
  await page.send('four');
  assert.equal(server.begun, 2);
});

test('a server that forgot the session gets the message in a new one, once', async () => {
  const server = new Server();
  const { page } = talk(server);
  await page.send('one');
  server.sessions.clear();
  await Promise.all([page.send('two'), page.send('three')]);
  assert.deepEqual([server.begun, server.received], [2, ['one', 'two', 'three']]);
  server.post = async () => {
    throw unknownSession();
  };
  await assert.rejects(page.send('four'), { code: 'unknown_session' });
  assert.equal(server.begun, 3, 'and does not go on for ever');
});

test('consent that was given anew begins another session; what else is refused is thrown', async () => {
  const server = new Server();
  const { page, consent } = talk(server);
  await page.send('one');
  consent.withdraw('chat');
  await assert.rejects(page.send('no more'), { code: 'not_permitted', where: 'withdrawn' });
  consent.noticeShown('chat', 'en');
  consent.give('chat', { deliberate: true });
  await page.send('two');
  assert.deepEqual(server.received, ['one', 'two']);
  assert.equal(server.begun, 2, 'and none while there was no consent');
  server.post = () => Promise.reject(new Error('consent_required'));
  await assert.rejects(page.send('three'), /consent_required/);
  assert.equal(server.begun, 2);
});

test('a beginning that failed is tried again with the next message', async () => {
  const server = new Server();
  const { begin } = server;
  server.begin = () => Promise.reject(new Error('down'));
  const { page } = talk(server);
  await assert.rejects(page.send('one'), /down/);
  server.begin = begin;
  await page.send('two');
  assert.deepEqual(server.received, ['two']);
});
