/** The channels by which the demo tells of a new policy, and what went out by them, for its operators to see. */

import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import nodemailer from 'nodemailer';
import { type Channel, emailChannel, isWebhookCall, type Store, webhookChannel, widgetChannel } from 'subrosa/server';

const newest = 50;

export interface Mail {
  to: string;
  subject: string;
  text: string;
}

export class News {
  /** E-mails that were written: nobody has an address here, so none is sent. */
  readonly mails: Mail[] = [];
  /** What the system at the other end of the webhook took in, by the number of the news. */
  readonly calls = new Map<string, { version: string; time: number }>();
  readonly channels: readonly Channel[];
  readonly #secret = randomBytes(32).toString('hex');

  /** `origin` is where the demo listens: its webhook calls itself. */
  constructor(store: Store, origin: () => string) {
    const written = nodemailer.createTransport({ jsonTransport: true });
    this.channels = [
      widgetChannel({ store, now: Date.now }),
      emailChannel({
        transport: {
          sendMail: async (mail) => {
            await written.sendMail(mail);
            if (this.mails.length < newest) this.mails.push(mail);
          },
        },
        from: 'Subrosa demo <privacy@demo.example>',
        address: async (person) => `${person.slice(0, 8)}@visitors.example`,
        write: ({ version, effective, summary }) => ({
          subject: `Our privacy policy changes: version ${version}`,
          text: `From ${effective.slice(0, 10)} on:\n${summary.en}\n\n${summary.zh}\n`,
        }),
      }),
      {
        name: 'webhook',
        send: (news) => webhookChannel({ url: `${origin()}/hook`, secret: this.#secret, now: Date.now }).send(news),
      },
    ];
  }

  /** The system at the other end: it takes what is signed and not old, and each piece of news once. */
  receive(headers: IncomingHttpHeaders, body: string): boolean {
    const { 'subrosa-time': time = '', 'subrosa-signature': signature = '' } = headers as Record<string, string>;
    if (!isWebhookCall(this.#secret, { time, signature }, body, Date.now())) return false;
    const { id, version } = JSON.parse(body);
    if (this.calls.size < newest) this.calls.set(id, { version, time: Date.now() });
    return true;
  }
}
