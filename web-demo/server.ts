/** The demo's server: the package's own receiver on SQLite, the pages, and an assistant that answers by a small script. */

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type ConsentState, type Subrosa, SubrosaError } from 'subrosa';
import { type DataHolder, exportAudit, fileAnchor, hasGpc, openSqlite, Refusal, SubrosaServer, subrosaHttp } from 'subrosa/server';
import { Desk } from './desk.ts';
import { KeyRing } from './key-ring.ts';
import { News } from './news.ts';
import { controller, publishNext, publishPolicies } from './policy.ts';
import { openSecrets } from './secrets.ts';
import { Visitors } from './visitors.ts';
import { maxVoice, Voices } from './voices.ts';

const maxBody = 65536;
const maxLog = 1000;
const jobInterval = 5000;
const replyPause = 20; // ms between pieces of a reply
const context = { region: 'DE', age: 'adult' } as const;

const pages = [
  ...['catalogue.html', 'privacy.html', 'operator.html', 'auditor.html', 'style.css', 'centre.css'],
  ...['notice.en.txt', 'notice.zh.txt', 'notice-1.0.0.en.txt', 'notice-1.0.0.zh.txt'],
];
const bundles = ['page.js', 'catalogue.js', 'privacy.js', 'operator.js', 'auditor.js', 'catalogue.json', 'core.wasm'];

const types: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
  txt: 'text/plain; charset=utf-8',
  wasm: 'application/wasm',
};

const headers = {
  'content-security-policy':
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; media-src blob:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/** One thing that reached the server. */
export interface LogEntry {
  path: string;
  bytes: number;
  status: number;
  /** What the server saw of a message, or why it refused. */
  saw: string;
}

export interface Demo {
  server: Server;
  log: readonly LogEntry[];
  /** What receives, keeps and answers for it. */
  receiver: SubrosaServer;
  /** A new key to seal to; what comes sealed to the old ones is still read. */
  rotateKey(): Promise<void>;
  /** The operators' names, with the tokens that open their page. */
  operators: Readonly<Record<string, string>>;
  /** Ends it and closes its files. */
  close(): Promise<void>;
}

export interface DemoOptions {
  /** index.html, the other pages, and the notices. */
  page: URL;
  /** The bundles and core.wasm. */
  built: URL;
  /** Where data, keys and secrets are kept; without it in a folder that is removed at the end. */
  data?: string;
  /** Milliseconds since 1970; the time of this machine without it. */
  now?: () => number;
}

interface Answer {
  status: number;
  body: object;
  saw: string;
  /** Whose message it was. */
  subject?: string;
  /** Streamed behind the body, as events. */
  reply?: string;
}

/** Quotes the placeholders that it was sent: it knows no more. */
export function reply(text: string): string {
  const placeholders = [...new Set(text.match(/\[[A-Z][A-Z_]*_\d+\]/g) ?? [])];
  const isChinese = /\p{Script=Han}/u.test(text.replace(/\[[^\]]*\]/g, ''));
  if (isChinese)
    return placeholders.length > 0 ? `好的，我记下了${placeholders.join('、')}。还需要什么吗？` : '好的，我收到了。请告诉我怎么联系您。';
  return placeholders.length > 0
    ? `Noted: ${placeholders.join(', ')}. Is there anything else I should know?`
    : 'Thank you. How can I reach you? Try an e-mail address or a telephone number.';
}

/** What arrived lately, in memory; a person's texts go with their erasure. */
class Arrivals implements DataHolder {
  readonly name = 'arrivals';
  readonly log: LogEntry[] = [];
  readonly #subjects = new Map<LogEntry, string>();

  add(entry: LogEntry, subject: string | undefined): void {
    if (this.log.length >= maxLog) return;
    this.log.push(entry);
    if (subject !== undefined) this.#subjects.set(entry, subject);
  }

  async count(subject: string): Promise<number> {
    return this.#of(subject).length;
  }

  async erase(subject: string): Promise<void> {
    for (const entry of this.#of(subject)) {
      entry.saw = 'erased';
      this.#subjects.delete(entry);
    }
  }

  #of(subject: string): LogEntry[] {
    return this.log.filter((entry) => this.#subjects.get(entry) === subject);
  }
}

async function bodyOf(request: IncomingMessage, most = maxBody): Promise<Uint8Array | undefined> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request) {
    size += piece.length;
    if (size > most) return undefined;
    pieces.push(piece);
  }
  return new Uint8Array(Buffer.concat(pieces));
}

/** Not yet listening. */
export async function createDemo(subrosa: Subrosa, { page, built, data, now }: DemoOptions): Promise<Demo> {
  const folder = data ?? (await mkdtemp(path.join(tmpdir(), 'subrosa-demo-')));
  const secrets = await openSecrets(subrosa, folder);
  const keys = new KeyRing(subrosa, secrets, now);
  const stores = { store: await openSqlite(path.join(folder, 'data.db')), keyStore: await openSqlite(path.join(folder, 'keys.db')) };
  const visitors = new Visitors(stores.store);
  const arrivals = new Arrivals();
  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const news = new News(stores.store, origin);
  const desk = new Desk(
    () => receiver,
    news,
    () => publishNext(receiver, page),
  );
  const voices = new Voices(subrosa, keys, () => receiver);
  const receiver: SubrosaServer = await SubrosaServer.open({
    subrosa,
    ...stores,
    master: secrets.master,
    ...(now && { now }),
    log: { origin: 'demo.example/log', seed: secrets.seed, anchor: fileAnchor(path.join(folder, 'checkpoint')) },
    keys: keys.secretKeys,
    controller,
    verifyIdentity: async ({ subject, credential }) =>
      !(await receiver.vault.isErased(subject)) && (await visitors.admit(subject, credential)),
    holders: [visitors, arrivals, voices],
    tellRecipient: async () => {}, // the laboratory is made up: it is told by being named
    channels: news.channels,
    monitor: { window: 60_000 },
    onAlarm: (alarm) => void desk.alarms.push(alarm),
  });
  await publishPolicies(receiver, page);
  receiver.consents.onEnded(async (_tx, { subject, purpose }) => {
    if (purpose === 'chat') await voices.erase(subject);
  });
  const config = async () => ({
    recipient: controller,
    policy: (await receiver.policies.current()).document,
  });

  /** The page with its configuration: the root that it trusts for keys. */
  const home = async () => (await readFile(new URL('index.html', page), 'utf8')).replace('data-root=""', `data-root="${keys.root}"`);

  const files: Record<string, URL> = {};
  for (const name of pages) files[`/${name}`] = new URL(name, page);
  for (const name of bundles) files[`/${name}`] = new URL(name, built);

  /** The assistant reads what was kept, for the purpose it came for, under its own name in the log. */
  async function message(envelope: Uint8Array, request: IncomingMessage): Promise<Answer> {
    const [purpose = ''] = subrosa.sealing.inspect(envelope).purposes;
    const { id, log } = await receiver.receiver.receive(envelope, { purpose, piiType: 'text', gpc: hasGpc(request) });
    const { text, subject } = await receiver.receiver.open(id, purpose, 'assistant');
    return { status: 200, body: { saw: text, log }, saw: text, subject, ...(purpose === 'chat' && { reply: reply(text) }) };
  }

  async function voice(sealed: Uint8Array): Promise<Answer> {
    const { id, subject, saw } = await voices.take(sealed);
    return { status: 200, body: { id, saw }, saw, subject };
  }

  /** What is sealed goes back to the browser that it came from. */
  async function giveVoice(id: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const found = voices.get(id);
    if (!found || !(await visitors.admit(found.subject, visitors.tokenOf(request))))
      return sendJson(response, 404, { reason: 'not_found' });
    send(response, 200, 'application/octet-stream', found.sealed);
  }

  async function consent(body: Uint8Array, request: IncomingMessage): Promise<Answer> {
    const state: ConsentState = JSON.parse(new TextDecoder().decode(body));
    const { pii_principal_id: subject } = state;
    const mayTell = (await receiver.vault.isErased(subject)) || (await visitors.admit(subject, visitors.tokenOf(request)));
    if (!mayTell) throw new Refusal(401, 'identity_not_verified');
    const receipts = await receiver.consents.record(state, context);
    return { status: 200, body: { receipts, policy: (await receiver.policies.current()).hash }, saw: 'consent' };
  }

  /** What operators see is for those who have a token; what they may not do is refused by the server itself. */
  async function atDesk(pathname: string, request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    try {
      const operator = desk.operatorOf(request);
      if (request.method === 'GET') return { status: 200, body: await desk.show(operator) };
      const body = JSON.parse(new TextDecoder().decode(await bodyOf(request)));
      return { status: 200, body: (await desk.act(operator, pathname.slice('/desk/'.length), body)) ?? {} };
    } catch (error) {
      if (error instanceof Refusal) return { status: error.status, body: { reason: error.code } };
      if (error instanceof SyntaxError) return { status: 400, body: { reason: 'bad_format' } };
      throw error;
    }
  }

  /** All of the log, for whoever wants to check it: no entry tells of a person. */
  const wholeLog = async () => exportAudit(receiver.parts, receiver.policies, 0, await receiver.log.size(), 'auditor');

  const posts: Record<string, { work: typeof message; malformed: string; most?: number }> = {
    '/message': { work: message, malformed: 'not_authentic' },
    '/voice': { work: voice, malformed: 'not_authentic', most: maxVoice },
    '/consent': { work: consent, malformed: 'bad_state' },
  };

  async function post(pathname: string, request: IncomingMessage): Promise<Answer> {
    const { work, malformed, most = maxBody } = posts[pathname]!;
    const body = await bodyOf(request, most);
    const refused = (status: number, reason: string): Answer => ({ status, body: { reason }, saw: reason });
    const answer = await (body ? work(body, request) : Promise.resolve(refused(413, 'too_long'))).catch((error) => {
      if (error instanceof Refusal) return refused(error.status, error.code);
      if (error instanceof SubrosaError || error instanceof SyntaxError) return refused(400, malformed);
      throw error;
    });
    const { status, saw, subject } = answer;
    arrivals.add({ path: pathname, bytes: body?.length ?? most, status, saw }, subject);
    return answer;
  }

  function send(response: ServerResponse, status: number, type: string, body: string | Uint8Array): void {
    response.writeHead(status, { ...headers, 'content-type': type }).end(body);
  }
  const sendJson = (response: ServerResponse, status: number, body: object) =>
    send(response, status, 'application/json', JSON.stringify(body));

  /** A reply as a language model's interface streams it: the deltas of a chat completion, a few characters each. */
  async function stream(response: ServerResponse, body: object, text: string): Promise<void> {
    const write = (event: object) => response.write(`data: ${JSON.stringify(event)}\n\n`);
    response.writeHead(200, { ...headers, 'content-type': 'text/event-stream' });
    write(body);
    for (const content of text.match(/.{1,5}/gsu) ?? []) {
      await setTimeout(replyPause);
      if (response.destroyed) return;
      write({ choices: [{ index: 0, delta: { content }, finish_reason: null }] });
    }
    write({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
    response.end();
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pathname = (request.url ?? '/').split('?')[0]!;
    if (request.method === 'POST' && posts[pathname]) {
      const { status, body, reply } = await post(pathname, request);
      return reply === undefined ? sendJson(response, status, body) : stream(response, body, reply);
    }
    if (request.method === 'POST' && pathname === '/hook') {
      const isTaken = news.receive(request.headers, new TextDecoder().decode(await bodyOf(request)));
      return sendJson(response, isTaken ? 200 : 401, {});
    }
    if (pathname === '/desk' || pathname.startsWith('/desk/')) {
      const { status, body } = await atDesk(pathname, request);
      return sendJson(response, status, body as object);
    }
    if (request.method !== 'GET') return sendJson(response, 405, { reason: 'method' });
    if (pathname === '/config') return sendJson(response, 200, await config());
    if (pathname === '/') return send(response, 200, types.html!, await home());
    if (pathname === '/directory') return sendJson(response, 200, keys.directory());
    if (pathname === '/export.json') return sendJson(response, 200, await wholeLog());
    if (pathname === '/log') return sendJson(response, 200, arrivals.log);
    if (pathname.startsWith('/voice/')) return giveVoice(pathname.slice('/voice/'.length), request, response);
    const file = files[pathname];
    if (!file) return sendJson(response, 404, { reason: 'not_found' });
    send(response, 200, types[file.pathname.split('.').pop()!]!, await readFile(file));
  }

  const endpoints = subrosaHttp(
    receiver,
    { purpose: 'chat', piiType: 'text', credential: (request) => visitors.tokenOf(request) },
    (request, response) => void serve(request, response).catch(() => response.destroy()),
  );
  const server = createServer((request, response) => {
    visitors.token(request, response);
    // Messages and consent come in by the demo's own paths, which know the visitor.
    const isClosed = request.method !== 'GET' && request.url?.startsWith('/subrosa/') && request.url !== '/subrosa/rights';
    if (isClosed) sendJson(response, 404, { reason: 'not_found' });
    else endpoints(request, response);
  });
  let working: Promise<void> = Promise.resolve();
  const jobs = setInterval(() => {
    working = receiver.runJobs().catch(console.error);
  }, jobInterval).unref();

  async function close(): Promise<void> {
    clearInterval(jobs);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await working;
    await receiver.log.idle();
    await Promise.all([stores.store.close(), stores.keyStore.close()]);
    keys.free();
    if (data === undefined) await rm(folder, { recursive: true });
  }
  const rotateKey = async () => receiver.receiver.addKey(await keys.rotate());
  return { server, log: arrivals.log, receiver, rotateKey, operators: desk.operators, close };
}
