/** The demo's server: opens sealed messages, refuses what was not consented, and answers by a small script. */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { ConsentSession, Decision, PolicyDocument, PolicyPurpose, Subrosa } from '../dist/node.js';

/** The one who answers, and whom the page seals to. */
const recipient = 'demo';
const maxBody = 65536;
const maxSessions = 1000;
const maxLog = 1000;

const types: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  wasm: 'application/wasm',
};

const headers = {
  'content-security-policy':
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/** One thing that reached the server, as it keeps it. */
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
}

interface Answer {
  status: number;
  body: object;
  saw: string;
}

const refused = (status: number, reason: string): Answer => ({ status, body: { reason }, saw: reason });

function purpose(id: string, level: PolicyPurpose['class'], texts: PolicyPurpose['purpose']): PolicyPurpose {
  return {
    id,
    purpose: texts,
    purpose_type: 'dpv:ServiceProvision',
    lawful_basis: 'dpv:ExpressedConsent',
    class: level,
    pii_information: [{ pii_type: 'text', pii_optional: false, sensitive_pii_category: false }],
    processing_method: ['dpv:Collect'],
    storage_locations: ['DE'],
    retention_period: { duration: 'P1D', basis: 'dpv:StorageDuration' },
    validity_duration: 'P12M',
    withdrawal_method: 'in-widget',
  };
}

async function policyDocument(folder: URL): Promise<PolicyDocument> {
  const notice = async (language: string) => {
    const uri = `notice.${language}.txt`;
    const hash = createHash('sha256').update(await readFile(new URL(uri, folder)));
    return { language, content_hash: `sha256:${hash.digest('hex')}`, uri };
  };
  return {
    schema_version: 'subrosa-policy/1',
    policy_id: 'demo',
    version: '1.0.0',
    published: '2026-01-01T00:00:00Z',
    effective_date: '2026-01-01T00:00:00Z',
    texts: [await notice('en'), await notice('zh')],
    pii_controllers: [
      { party_id: recipient, party_name: 'Subrosa demo', party_contact: 'mailto:demo@example.org', party_role: 'dpv:DataController' },
    ],
    purposes: [
      purpose('chat', 'essential', { en: 'Answer my messages', zh: '回答我的消息' }),
      purpose('improve', 'improve', { en: 'Improve the assistant', zh: '改进助手' }),
    ],
    privacy_rights: ['eu-gdpr:A7-3', 'eu-gdpr:A17'],
    authority_party: { party_name: 'Authority', party_url: 'https://authority.example' },
  };
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

/** What consent the server was told of, by the person's id. */
class Consents {
  readonly #sessions = new Map<string, ConsentSession>();
  readonly #open: (state: string) => ConsentSession;

  constructor(open: (state: string) => ConsentSession) {
    this.#open = open;
  }

  /** Takes over a page's state. A later epoch counts, so that an old state revives nothing. */
  take(state: string): void {
    const { pii_principal_id: id } = JSON.parse(state);
    const known = this.#sessions.get(id);
    if (known) known.merge(state);
    else if (this.#sessions.size < maxSessions) this.#sessions.set(id, this.#open(state));
    else throw new Error('full');
  }

  /** The decision under the record that an envelope names; undefined where none permits. */
  find(purposeId: string, recordId: string): Decision | undefined {
    for (const session of this.#sessions.values()) {
      const decision = session.decide(purposeId, 'text', recipient);
      if (decision.verdict === 'permit' && decision.recordId === recordId) return decision;
    }
    return undefined;
  }
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request) {
    size += piece.length;
    if (size > maxBody) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** `page` holds index.html and the notices, `built` the bundle and core.wasm. Not yet listening. */
export async function createDemo(subrosa: Subrosa, { page, built }: { page: URL; built: URL }): Promise<Demo> {
  const policy = subrosa.consent.parsePolicy(await policyDocument(page));
  const { publicKey, secretKey } = subrosa.sealing.generateKeyPair();
  const config = { publicKey: Buffer.from(publicKey).toString('base64'), recipient, policy: policy.document };
  const context = { region: 'DE', age: 'adult', storage: true, present: true } as const;
  const consents = new Consents((state) => subrosa.consent.open(policy, { state, context }));
  const log: LogEntry[] = [];

  const files: Record<string, URL> = { '/': new URL('index.html', page) };
  for (const name of ['style.css', 'notice.en.txt', 'notice.zh.txt']) files[`/${name}`] = new URL(name, page);
  for (const name of ['page.js', 'core.wasm']) files[`/${name}`] = new URL(name, built);

  function message(envelope: Uint8Array): Answer {
    try {
      const { purposes, recordId, ...header } = subrosa.sealing.inspect(envelope);
      const decision = purposes.length === 1 ? consents.find(purposes[0]!, recordId) : undefined;
      if (!decision) return refused(403, 'consent_required');
      if (header.epoch !== decision.epoch || header.policyHash !== decision.noticeHash) return refused(409, 'consent_stale');
      const { noticeHash: policyHash, epoch } = decision;
      const { text, missed } = subrosa.guard.open(envelope, { key: secretKey, purpose: purposes[0]!, policyHash, recordId, epoch });
      if (missed.length > 0) return refused(422, 'not_redacted');
      return { status: 200, body: { saw: text, ...(purposes[0] === 'chat' && { reply: reply(text) }) }, saw: text };
    } catch {
      return refused(400, 'not_authentic');
    }
  }

  function consent(state: Uint8Array): Answer {
    try {
      consents.take(new TextDecoder().decode(state));
      return { status: 200, body: {}, saw: 'consent' };
    } catch {
      return refused(400, 'bad_state');
    }
  }

  const posts: Record<string, (body: Uint8Array) => Answer> = { '/message': message, '/consent': consent };

  function send(response: ServerResponse, status: number, type: string, body: string | Uint8Array): void {
    response.writeHead(status, { ...headers, 'content-type': type }).end(body);
  }
  const sendJson = (response: ServerResponse, status: number, body: object) =>
    send(response, status, 'application/json', JSON.stringify(body));

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').split('?')[0]!;
    const post = request.method === 'POST' ? posts[path] : undefined;
    if (post) {
      const body = await bodyOf(request);
      const { status, body: answer, saw } = body ? post(body) : refused(413, 'too_long');
      if (log.length < maxLog) log.push({ path, bytes: body?.length ?? maxBody, status, saw });
      return sendJson(response, status, answer);
    }
    if (request.method !== 'GET') return sendJson(response, 405, { reason: 'method' });
    if (path === '/config') return sendJson(response, 200, config);
    if (path === '/log') return sendJson(response, 200, log);
    const file = files[path];
    if (!file) return sendJson(response, 404, { reason: 'not_found' });
    send(response, 200, types[file.pathname.split('.').pop()!]!, await readFile(file));
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  server.on('close', () => secretKey.free());
  return { server, log };
}
