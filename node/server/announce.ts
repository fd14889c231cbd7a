/** News of a policy through several channels; each delivery is logged, and tried again until it went out. */

import { createHmac } from 'node:crypto';
import type { Parts } from './parts.ts';
import type { Policies } from './policies.ts';
import { fromBody, toBody } from './store/store.ts';
import { retryDelay } from './time.ts';

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

export class Announcer {
  readonly #parts: Parts;
  readonly #policies: Policies;
  readonly #channels: readonly Channel[];

  constructor(parts: Parts, policies: Policies, channels: readonly Channel[]) {
    this.#parts = parts;
    this.#policies = policies;
    this.#channels = channels;
  }

  /** Queues the news of a policy to everyone who has a consent on record, on every channel. */
  async announce(policyHash: string): Promise<number> {
    const { document } = await this.#policies.get(policyHash);
    const { store, now } = this.#parts;
    return store.transaction(async (tx) => {
      const people = await tx.find({ kind: 'consent' });
      for (const { subject } of people)
        for (const { name } of this.#channels) {
          const id = `${policyHash}/${name}/${subject}`;
          const { version, effective_date: effective, change } = document;
          const news = { id, subject, policyHash, version, effective, summary: change?.summary ?? {} };
          if (await tx.get('delivery', id)) continue;
          const body = toBody({ channel: name, attempts: 0, news } satisfies Delivery);
          await tx.put({ kind: 'delivery', id, subject, class: name, status: 'pending', created: now(), due: now(), body });
        }
      return people.length * this.#channels.length;
    });
  }

  /** Tries what is due. Returns how many went out. */
  async deliver(): Promise<number> {
    const { store, log, now } = this.#parts;
    const rows = await store.transaction((tx) => tx.find({ kind: 'delivery', status: 'pending', dueBy: now() }));
    let sent = 0;
    for (const row of rows) {
      const delivery = fromBody<Delivery>(row);
      delivery.attempts += 1;
      try {
        await this.#channels.find(({ name }) => name === delivery.channel)?.send(delivery.news);
      } catch {
        const due = now() + retryDelay(delivery.attempts);
        await store.transaction((tx) => tx.put({ ...row, due, body: toBody(delivery) }));
        continue;
      }
      sent += 1;
      await log.commit(async (tx) => {
        await tx.put({ ...row, status: 'sent', body: toBody(delivery) });
        const object = { type: 'Policy', id: delivery.news.version, hash: delivery.news.policyHash };
        const actor = { role: 'dpv:DataController' };
        return [{ subject: row.subject, actor, action: 'dpv:NoticeCommunicated', outcome: 'ok', object, reason: delivery.channel }];
      });
    }
    return sent;
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
