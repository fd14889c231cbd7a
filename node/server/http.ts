/**
 * The server's endpoints for node:http, Express and Fastify alike: all three hand over Node's own request and response.
 *
 *   createServer(subrosaHttp(server, { purpose: 'chat', piiType: 'text' }))
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { SubrosaError } from '../../js/src/index.ts';
import { policyFeed } from './announce.ts';
import { type Device, hasGpc, strip } from './device.ts';
import type { MetricsRegistry } from './monitor.ts';
import { type OpenDsrOptions, openDsrDiscovery, openDsrHeaders, openDsrStatus, receiveOpenDsr } from './opendsr.ts';
import { Refusal } from './refusal.ts';
import type { Demand } from './rights.ts';
import type { SubrosaServer } from './server.ts';

export interface HttpOptions {
  /** Where the endpoints lie. Default: /subrosa */
  path?: string;
  /** Largest body, in bytes. Default: 1 MiB. */
  limit?: number;
  /** What messages are for, and of which kind, where the request's path does not say: /messages/<purpose>/<kind>. */
  purpose: string;
  piiType: string;
  /** What the host knows of a person who sends their consent: region, age. */
  context?: (request: IncomingMessage) => { region?: string; age?: 'unknown' | 'minor' | 'adult'; guardian?: boolean };
  /** What `verifyIdentity` is to know of who makes a demand: a cookie, a token. Without it, what the demand itself says. */
  credential?: (request: IncomingMessage) => unknown;
  /** prom-client's registry, to answer `GET metrics` from; see Monitor.register. */
  metrics?: MetricsRegistry;
  /** Where another controller's requests come in as OpenDSR writes them: opendsr_requests, discovery. */
  openDsr?: OpenDsrOptions;
  /** Gets what went wrong where the answer was 500. */
  onError?: (error: unknown) => void;
}

/** What the application gets in place of what was taken out of the request. */
export interface WithDevice {
  subrosa: { device: Device };
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
/** A body with a type of its own goes out as it is. */
type Answer = { status: number; body: unknown; type?: string; headers?: Record<string, string> };

/** A request listener for node:http. What is not one of the endpoints is answered with 404, or by `next`. */
export function subrosaHttp(server: SubrosaServer, options: HttpOptions, next?: Handler): Handler {
  const base = options.path ?? '/subrosa';
  return (request, response) => {
    const device = request as IncomingMessage & Partial<WithDevice>;
    device.subrosa ??= { device: strip(request) };
    const [pathname = '', query] = (request.url ?? '').split('?', 2);
    if (!pathname.startsWith(`${base}/`) && next) return next(request, response);
    const path = pathname.startsWith(`${base}/`) ? pathname.slice(base.length) : '';
    void answer(server, options, request, path, new URLSearchParams(query)).then(({ status, body, type, headers }) => {
      response.writeHead(status, { 'content-type': type ?? 'application/json', 'cache-control': 'no-store', ...headers });
      response.end(type === undefined ? JSON.stringify(body) : body);
    });
  };
}

/** The same as Express middleware: `app.use(subrosaExpress(server, options))`, before anything that reads the request. */
export function subrosaExpress(server: SubrosaServer, options: HttpOptions) {
  return (request: IncomingMessage, response: ServerResponse, next: () => void) =>
    subrosaHttp(server, options, () => next())(request, response);
}

/** What is needed of Fastify. */
interface FastifyLike {
  addHook(
    name: 'onRequest',
    hook: (request: { raw: IncomingMessage }, reply: { raw: ServerResponse; hijack(): void }, done: () => void) => void,
  ): unknown;
}

/** The same as a Fastify hook: `subrosaFastify(app, server, options)`, before other hooks. */
export function subrosaFastify(app: FastifyLike, server: SubrosaServer, options: HttpOptions): void {
  const base = options.path ?? '/subrosa';
  const handle = subrosaHttp(server, options);
  app.addHook('onRequest', (request, reply, done) => {
    const raw = request.raw as IncomingMessage & Partial<WithDevice>;
    raw.subrosa = { device: strip(raw) };
    if (!raw.url?.startsWith(`${base}/`)) return done();
    reply.hijack();
    handle(raw, reply.raw);
  });
}

async function answer(
  server: SubrosaServer,
  options: HttpOptions,
  request: IncomingMessage,
  path: string,
  query: URLSearchParams,
): Promise<Answer> {
  try {
    return (await route(server, options, request, path, query)) ?? { status: 404, body: { error: 'not_found' } };
  } catch (error) {
    if (error instanceof Refusal) return { status: error.status, body: { error: error.code, reason: error.reason } };
    if (error instanceof SubrosaError) return { status: 400, body: { error: error.code, reason: error.where || undefined } };
    options.onError?.(error);
    return { status: 500, body: { error: 'internal' } };
  }
}

async function route(
  server: SubrosaServer,
  { purpose, piiType, limit = 1 << 20, context, credential, metrics, openDsr }: HttpOptions,
  request: IncomingMessage,
  path: string,
  query: URLSearchParams,
): Promise<Answer | undefined> {
  const [head, first, second] = path.split('/').slice(1).map(decoded);
  const ok = (body: unknown, type?: string): Answer => ({ status: 200, body, ...(type === undefined ? {} : { type }) });
  switch (`${request.method} ${head}`) {
    case 'POST messages': {
      const declared = { purpose: first ?? purpose, piiType: second ?? piiType, gpc: hasGpc(request) };
      return ok(await server.receiver.receive(await readBody(request, limit), declared));
    }
    case 'POST sessions': {
      const declared = { purpose: first ?? purpose, piiType: second ?? piiType, gpc: hasGpc(request) };
      return ok(await server.receiver.begin(await readBody(request, limit), declared));
    }
    case 'POST session':
      return ok(await server.receiver.receiveIn(first ?? '', await readBody(request, limit), hasGpc(request)));
    case 'POST consent':
      return ok(await server.consents.record(await readJson(request, limit), context?.(request) ?? {}));
    case 'POST rights':
      return ok(
        await server.rights.demand({ ...(await readJson<Demand>(request, limit)), ...(credential && { credential: credential(request) }) }),
      );
    case 'POST opendsr_requests': {
      if (!openDsr) return undefined;
      const receipt = await receiveOpenDsr(server, openDsr, await readText(request, limit), credential?.(request));
      return signed(openDsr, 201, receipt);
    }
    case 'GET opendsr_requests':
      return openDsr && signed(openDsr, 200, await openDsrStatus(server.rights, openDsr, first ?? ''));
    case 'GET discovery':
      return openDsr && ok(openDsrDiscovery(openDsr));
    case 'GET rights':
      return ok(await server.rights.certificate(first ?? ''));
    case 'GET checkpoint':
      return ok((await server.log.checkpoint()) ?? '', 'text/plain; charset=utf-8');
    case 'GET consistency':
      return ok(await server.log.proveConsistency(sizeIn(query, 'from') ?? 0, sizeIn(query, 'to')), 'text/plain; charset=utf-8');
    case 'GET key':
      return ok(server.log.key, 'text/plain; charset=utf-8');
    case 'GET metrics':
      return metrics && ok(await metrics.metrics(), metrics.contentType);
    case 'GET policies':
      if (first === undefined) return ok(await server.policies.history());
      if (second === undefined) return ok((await server.policies.get(first)).document);
      if (second === 'diff') return ok(await server.policies.diff(first, query.get('to') ?? ''));
      return ok(await server.policies.text(first, second), 'text/plain; charset=utf-8');
    case 'GET certificates':
      if (first === undefined) return ok(await server.certificates.list());
      return ok(await server.certificates.document(first), 'application/octet-stream');
    case 'GET feed':
      return ok(await policyFeed(server.policies, server.log.origin, `https://${server.log.origin}`));
    default:
      return undefined;
  }
}

/** A tree's size in a query. */
function sizeIn(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new Refusal(400, 'bad_format');
  return Number(text);
}

async function readBody(request: IncomingMessage, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > limit) throw new Refusal(413, 'too_long');
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

async function readText(request: IncomingMessage, limit: number): Promise<string> {
  const bytes = await readBody(request, limit);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal(400, 'bad_format');
  }
}

async function readJson<T>(request: IncomingMessage, limit: number): Promise<T> {
  const text = await readText(request, limit);
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new Refusal(400, 'bad_format');
  }
}

async function signed(openDsr: OpenDsrOptions, status: number, answer: object): Promise<Answer> {
  const body = JSON.stringify(answer);
  return { status, body, type: 'application/json', headers: await openDsrHeaders(openDsr, body) };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Refusal(400, 'bad_format');
  }
}
