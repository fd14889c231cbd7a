/** What the demo's operators see and do. Each has a token of their own, since some acts need two people. */

import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type Alarm, addDuration, Refusal, type SubrosaServer } from 'subrosa/server';
import type { News } from './news.ts';

const newest = 50;

export class Desk {
  /** Names with their tokens. */
  readonly operators: Readonly<Record<string, string>> = { ada: newToken(), ben: newToken() };
  readonly alarms: Alarm[] = [];
  readonly #server: () => SubrosaServer;
  readonly #news: News;
  readonly #publishNext: () => Promise<string>;

  /** `publishNext` publishes the next version of the policy, and gives its hash. */
  constructor(server: () => SubrosaServer, news: News, publishNext: () => Promise<string>) {
    this.#server = server;
    this.#news = news;
    this.#publishNext = publishNext;
  }

  /** Who asks; refused for everyone without a token. */
  operatorOf(request: IncomingMessage): string {
    const token = /^Bearer ([0-9a-f]{32})$/.exec(request.headers.authorization ?? '')?.[1];
    const found = Object.entries(this.operators).find(([, own]) => token && timingSafeEqual(Buffer.from(own), Buffer.from(token)));
    if (!found) throw new Refusal(401, 'not_an_operator');
    return found[0];
  }

  async show(operator: string): Promise<object> {
    const { rights, legal, log, monitor, parts, policies, announcer } = this.#server();
    const size = await log.size();
    const people = await parts.store.transaction((tx) => tx.find({ kind: 'consent' }));
    return {
      operator,
      requests: await rights.list(),
      legal: await legal.list(),
      versions: (await policies.history()).reverse(),
      inForce: (await policies.current()).hash,
      deliveries: await announcer.list(newest),
      mails: this.#news.mails,
      calls: [...this.#news.calls.values()],
      people: people.map(({ subject }) => subject),
      entries: (await log.entries(Math.max(0, size - newest), size)).map((entry) => JSON.parse(entry)).reverse(),
      alarms: [...this.alarms].reverse(),
      counts: monitor.counts(),
    };
  }

  /** Does what an operator asked for; what comes of it, in JSON. */
  async act(operator: string, action: string, body: Record<string, string>): Promise<unknown> {
    const { rights, legal, sharing, parts, announcer } = this.#server();
    const { id = '', subject = '' } = body;
    switch (action) {
      case 'read':
        return { text: await rights.readComplaint(id, operator) };
      case 'answer':
        return rights.answerComplaint(id, operator);
      case 'file': {
        const { authority = '', basis = '', gag } = body;
        const period = { from: 0, to: parts.now() };
        const gagUntil = gag ? { gagUntil: addDuration(parts.now(), gag) } : {};
        return { id: await legal.file({ authority, basis, subject, scope: ['text'], period, ...gagUntil }, operator) };
      }
      case 'extend':
        return rights.extend(id, operator);
      case 'publish':
        return { policy: await this.#publishNext() };
      case 'announce': {
        const queued = await announcer.announce(id);
        return { queued, sent: await announcer.deliver() };
      }
      case 'approve':
        return { approvals: await legal.approve(id, operator) };
      case 'export':
        return legal.export(id, operator);
      case 'disclose': {
        const request = { recipient: 'lab', purpose: 'research', subjects: [subject], fields: ['text'], form: 'anonymised' } as const;
        return sharing.disclose({ ...request, actor: operator });
      }
      default:
        throw new Refusal(404, 'not_found');
    }
  }
}

const newToken = (): string => randomBytes(16).toString('hex');
