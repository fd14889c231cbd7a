/** A server on a temporary folder with a clock of its own, a policy, and a person who gives and withdraws. */

import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { type ConsentRecord, type ConsentSession, type ConsentState, type Grant, load } from '../../dist/node.js';
import {
  type Alarm,
  type DisclosureRequest,
  fileAnchor,
  openSqlite,
  type RecipientJob,
  type ServerOptions,
  SubrosaServer,
} from '../../dist/server.js';
import { policyDocument, now as start, texts } from '../fixture/policy.ts';
import { temporaryFolder } from './postgres.ts';

export { policyDocument, start, texts };

export const subrosa = await load({ backend: 'native' });
export const day = 86_400_000;
export const seed = new Uint8Array(32).fill(7);
export const origin = 'example.com/log';
const context = { region: 'DE', age: 'adult' } as const;

export class World {
  readonly folder = temporaryFolder();
  readonly alarms: Alarm[] = [];
  readonly told: RecipientJob[] = [];
  readonly keys = subrosa.sealing.generateKeyPair();
  readonly master = new Uint8Array(randomBytes(32));
  time = start;
  server!: SubrosaServer;
  readonly now = () => this.time;
  readonly #options: Partial<ServerOptions>;

  constructor(options: Partial<ServerOptions> = {}) {
    this.#options = options;
  }

  file(name: string): string {
    return path.join(this.folder, name);
  }

  async open(options: Partial<ServerOptions> = {}): Promise<this> {
    const all = { ...this.#options, ...options };
    this.server = await SubrosaServer.open({
      subrosa,
      store: all.store ?? (await openSqlite(this.file('data.db'))),
      keyStore: all.keyStore ?? (await openSqlite(this.file('keys.db'))),
      master: this.master,
      log: { origin, seed, anchor: fileAnchor(this.file('checkpoint')) },
      keys: [this.keys.secretKey],
      controller: 'ctl',
      onAlarm: (alarm) => void this.alarms.push(alarm),
      verifyIdentity: async () => true,
      tellRecipient: async (job) => void this.told.push(job),
      now: this.now,
      ...all,
    });
    if ((await this.server.policies.history()).length === 0) await this.server.policies.publish(policyDocument(), texts);
    return this;
  }

  async close(): Promise<void> {
    await this.server.log.idle();
    await this.server.parts.store.close();
  }

  advance(days: number): void {
    this.time += days * day;
  }

  /** The person's page: gives consent to these purposes and hands its state over. */
  async give(subject: string, ...purposes: string[]) {
    return this.giveCells(subject, purposes);
  }

  /** The same for some cells of the matrix. */
  giveCells(subject: string, purposes: string[], scope?: Grant[]) {
    return this.#act(subject, (session) => {
      for (const id of purposes) {
        session.noticeShown(id, 'en', this.time);
        session.give(id, { deliberate: true, now: this.time, ...(scope && { scope }) });
      }
    });
  }

  /** What a recipient is handed of a person, or of several. */
  disclose(recipient: string, change: Partial<DisclosureRequest> = {}) {
    const request = { recipient, purpose: 'share', subjects: ['ann'], fields: ['text'], form: 'plain', actor: 'desk' } as const;
    return this.server.sharing.disclose({ ...request, ...change });
  }

  withdraw(subject: string, id: string) {
    return this.#act(subject, (session) => session.withdraw(id, this.time));
  }

  /** A message as the person's page seals it. */
  async sealed(subject: string, text: string, id = 'chat', change: { epoch?: number; policyHash?: string } = {}): Promise<Uint8Array> {
    const record = (await this.#state(subject)).records.find((candidate) => candidate.purpose === id) as ConsentRecord;
    const notice = record.privacy_notice as { policy_hash: string };
    return subrosa.sealing.seal(text, {
      recipient: this.keys.publicKey,
      purpose: id,
      policyHash: change.policyHash ?? notice.policy_hash,
      recordId: record.record_id,
      epoch: change.epoch ?? record.epoch,
    });
  }

  async send(subject: string, text: string, id = 'chat') {
    return this.server.receiver.receive(await this.sealed(subject, text, id), { purpose: id, piiType: 'text' });
  }

  /** The log's entries, read. */
  async entries() {
    return (await this.server.log.entries(0, await this.server.log.size())).map((entry) => JSON.parse(entry));
  }

  /** The page's own machine, as the server knows the person. Free it at the end. */
  async consent(subject: string): Promise<ConsentSession> {
    const state = await this.#state(subject);
    return subrosa.consent.open(await this.server.policies.current(), { state, context: { ...context, storage: true } });
  }

  /** That takes the step, and its state goes to the server. */
  async #act(subject: string, act: (session: ConsentSession) => void) {
    const session = await this.consent(subject);
    act(session);
    const after = session.state;
    session.free();
    return this.server.consents.record(after, context);
  }

  async #state(subject: string): Promise<ConsentState> {
    return (await this.server.consents.state(subject)) ?? subrosa.consent.emptyState(subject, this.time);
  }
}
