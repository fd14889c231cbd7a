/** News of a policy through several channels; each delivery is logged, and tried again until it went out. */

import { createHmac, timingSafeEqual } from 'node:crypto';
import { sendDue } from './outbox.ts';
import type { Parts } from './parts.ts';
import type { Policies } from './policies.ts';
import { fromBody, never, type Transaction, toBody } from './store/store.ts';

export interface News {
  /** The same for every attempt, so that a receiver can drop what it has. */
  id: string;
  subject: string;
  policyHash: string;
  version: string;
  effective: string;
  summary: Record<string, string>;
}

export interface Channel {
  readonly name: string;
  /** Rejects when it did not go out. */
  send(news: News): Promise<void>;
}

interface Delivery {
  channel: string;
  attempts: number;
  news: News;
}

/** One piece of news on its way to one person. */
export interface DeliveryState {
  channel: string;
  subject: string;
  version: string;
  status: 'pending' | 'sent';
  attempts: number;
}

export class Announcer {
  readonly #parts: Parts;
  readonly #policies: Policies;
  readonly #channels: readonly Channel[];

  constructor(parts: Parts, policies: Policies, channels: readonly Channel[]) {
    this.#parts = parts;
    this.#policies = policies;
    this.#channels = channels;
  }

  /** Queues the news of a policy to everyone who has a consent on record, on every channel. Returns how many were queued. */
  async announce(policyHash: string): Promise<number> {
    const { document } = await this.#policies.get(policyHash);
    const { version, effective_date: effective, change } = document;
    const news = { policyHash, version, effective, summary: change?.summary ?? {} };
    return this.#parts.store.transaction(async (tx) => {
      await tx.lock();
      const erased = new Set((await tx.find({ kind: 'erasure' })).map(({ subject }) => subject));
      const people = (await tx.find({ kind: 'consent' })).filter(({ subject }) => !erased.has(subject));
      let queued = 0;
      for (const { subject } of people)
        for (const { name } of this.#channels) queued += Number(await this.#queue(tx, name, { ...news, subject }));
      return queued;
    });
  }

  /** Whether it was not queued before. */
  async #queue(tx: Transaction, channel: string, news: Omit<News, 'id'>): Promise<boolean> {
    const { policyHash, subject } = news;
    const id = `${policyHash}/${channel}/${subject}`;
    if (await tx.get('delivery', id)) return false;
    const created = this.#parts.now();
    const body = toBody({ channel, attempts: 0, news: { ...news, id } } satisfies Delivery);
    await tx.put({ kind: 'delivery', id, subject, class: channel, status: 'pending', created, due: created, body });
    return true;
  }

  /** What was queued and how it stands, the newest first. */
  async list(limit = 100): Promise<DeliveryState[]> {
    const rows = await this.#parts.store.transaction((tx) => tx.find({ kind: 'delivery' }));
    const newest = rows.sort((a, b) => b.created - a.created).slice(0, limit);
    return newest.map((row) => {
      const { channel, attempts, news } = fromBody<Delivery>(row);
      return { channel, attempts, subject: row.subject, version: news.version, status: row.status as DeliveryState['status'] };
    });
  }

  /** Tries what is due. Returns how many went out. */
  deliver(): Promise<number> {
    return sendDue<Delivery>(this.#parts, {
      kind: 'delivery',
      send: async (_row, { channel, news }) => this.#channelOf(channel).send(news),
      sent: (row, delivery) => ({
        row: { ...row, status: 'sent', due: never, body: toBody(delivery) },
        entry: {
          subject: row.subject,
          actor: { role: 'dpv:DataController' },
          action: 'dpv:NoticeCommunicated',
          outcome: 'ok',
          object: { type: 'Policy', id: delivery.news.version, hash: delivery.news.policyHash },
          reason: delivery.channel,
        },
      }),
    });
  }

  /** One that was taken away does not count as sent. */
  #channelOf(name: string): Channel {
    const found = this.#channels.find((channel) => channel.name === name);
    if (!found) throw new Error(`no channel ${name}`);
    return found;
  }
}

/** Into the inbox that the widget shows. */
export function widgetChannel(parts: Pick<Parts, 'store' | 'now'>): Channel {
  return {
    name: 'widget',
    send: (news) =>
      parts.store.transaction((tx) =>
        tx.put({ kind: 'inbox', id: news.id, subject: news.subject, status: 'unread', created: parts.now(), body: toBody(news) }),
      ),
  };
}

/** What is needed of nodemailer's transport. */
export interface MailTransport {
  sendMail(mail: { messageId: string; from: string; to: string; subject: string; text: string }): Promise<unknown>;
}

/** By e-mail through nodemailer. `address` knows where a person wants it, `write` in which words. */
export function emailChannel(options: {
  transport: MailTransport;
  from: string;
  address: (subject: string) => Promise<string | undefined>;
  write: (news: News) => { subject: string; text: string };
}): Channel {
  return {
    name: 'email',
    async send(news) {
      const to = await options.address(news.subject);
      if (to === undefined) return;
      const messageId = `<${Buffer.from(news.id).toString('base64url')}@${options.from.split('@').at(-1)?.replace('>', '')}>`;
      await options.transport.sendMail({ messageId, from: options.from, to, ...options.write(news) });
    },
  };
}

/** A signature over the time and the body, so that a receiver can refuse what is old: HMAC-SHA256 of "time.body". */
export const webhookSignature = (secret: string, time: number, body: string): string =>
  createHmac('sha256', secret).update(`${time}.${body}`).digest('hex');

/** Seconds by which a call may be late. */
const callTolerance = 300;

/** Whether a webhook's call is signed and not old; `now` in milliseconds. One that came before has the same id. */
export function isWebhookCall(secret: string, headers: { time: string; signature: string }, body: string, now: number): boolean {
  const time = Number(headers.time);
  const expected = Buffer.from(webhookSignature(secret, time, body));
  const signature = Buffer.from(headers.signature);
  const isSigned = signature.length === expected.length && timingSafeEqual(signature, expected);
  return isSigned && Math.abs(now / 1000 - time) <= callTolerance;
}

/** By HTTP POST to a host's own system. */
export function webhookChannel(options: { url: string; secret: string; now: () => number; fetch?: typeof fetch }): Channel {
  return {
    name: 'webhook',
    async send(news) {
      const time = Math.floor(options.now() / 1000);
      const body = JSON.stringify(news);
      const signature = webhookSignature(options.secret, time, body);
      const headers = { 'content-type': 'application/json', 'subrosa-time': `${time}`, 'subrosa-signature': signature };
      const response = await (options.fetch ?? fetch)(options.url, { method: 'POST', headers, body, redirect: 'error' });
      if (!response.ok) throw new Error(`the webhook answered ${response.status}`);
    },
  };
}

/** The policy's versions as a JSON Feed (jsonfeed.org, version 1.1), for everyone. */
export async function policyFeed(policies: Policies, title: string, url: string) {
  const history = await policies.history();
  return {
    version: 'https://jsonfeed.org/version/1.1',
    title,
    home_page_url: url,
    items: history.reverse().map(({ hash, version, published, effective_date }) => ({
      id: hash,
      url: `${url}/policies/${hash}`,
      title: version,
      content_text: `${version}: ${effective_date}`,
      date_published: published,
    })),
  };
}
