/**
 * What a person may demand: OpenDSR-shaped requests with a deadline each. Whether they are who they say is for the host
 * to tell; without its answer nothing is done.
 */

import { randomUUID } from 'node:crypto';
import { attemptAll, attempted } from './attempt.ts';
import { type AccessBundle, checkBundle } from './bundle.ts';
import type { Consents } from './consents.ts';
import type { NewEntry, ProvedEntry } from './log.ts';
import type { Parts } from './parts.ts';
import type { Policies } from './policies.ts';
import { readBody, readItem, withText } from './receiver.ts';
import { Refusal } from './refusal.ts';
import type { Sharing } from './sharing.ts';
import { fromBody, type NewRow, type Row, type Transaction, toBody } from './store/store.ts';
import { addDuration, isoTime } from './time.ts';
import { keyOf } from './vault.ts';

export const rightTypes = [
  'access',
  'portability',
  'rectification',
  'erasure',
  'restriction',
  'objection',
  'opt_out_sale_share',
  'complaint',
] as const;
export type RightType = (typeof rightTypes)[number];

/** How long a regulation gives: to answer, and how much more when the person is told in time. */
export const deadlines: Readonly<Record<string, { answer: string; extension: string }>> = {
  gdpr: { answer: 'P1M', extension: 'P2M' },
  ccpa: { answer: 'P45D', extension: 'P45D' },
  pipl: { answer: 'P15D', extension: 'P0D' },
};

export interface RightsRequest {
  subject_request_id: string;
  subject_request_type: RightType;
  regulation: string;
  submitted_time: string;
  expected_completion_time: string;
  status: 'dpv:RequestAccepted' | 'dpv:RequestFulfilled' | 'dpv:RequestUnfulfilled';
  steps: { store: string; planned: number; done: number; verified_zero: boolean }[];
  recipients_notified: string[];
  /** The log entry of the last status; with its proof it is the person's certificate. */
  log_index?: number;
}

export interface Demand {
  type: RightType;
  regulation: string;
  subject: string;
  /** For the host's check of who asks; not kept. */
  credential?: unknown;
  /** rectification: which item, and what it should say; objection: to which purpose; complaint: about what. */
  item?: string;
  text?: string;
  purpose?: string;
}

export interface Origin {
  id: string;
  /** Milliseconds since 1970. */
  submitted: number;
}

export interface Certificate {
  request: RightsRequest;
  log?: ProvedEntry;
}

/** Another place where the host keeps a person's data. */
export interface DataHolder {
  name: string;
  count(subject: string): Promise<number>;
  erase(subject: string): Promise<void>;
}

export interface RightsOptions {
  /** Whether who asks is the person. Denies when absent. */
  verifyIdentity?: (demand: Demand) => Promise<boolean>;
  holders?: readonly DataHolder[];
}

/** What waits for others after it was taken in, and is gone on with until it is done. */
const gradual: readonly RightType[] = ['rectification', 'erasure', 'restriction', 'objection', 'opt_out_sale_share'];
const leaseTime = 5 * 60_000;
const open: readonly RightsRequest['status'][] = ['dpv:RequestAccepted', 'dpv:RequestUnfulfilled'];

const personal = [
  'item',
  'inbox',
  'complaint',
  'delivery',
  'restriction',
  'objection',
  'opt_out',
  'trace',
  'spent',
  'stale',
  'session',
  'item_version',
] as const;

export class Rights {
  readonly #parts: Parts;
  readonly #consents: Consents;
  readonly #policies: Policies;
  readonly #sharing: Sharing;
  readonly #options: RightsOptions;

  constructor(parts: Parts, consents: Consents, policies: Policies, sharing: Sharing, options: RightsOptions = {}) {
    this.#parts = parts;
    this.#consents = consents;
    this.#policies = policies;
    this.#sharing = sharing;
    this.#options = options;
  }

  /**
   * Takes a demand and does it at once, except a complaint, which people answer. The request says how it ended. `from` is for
   * one that another system took in, under its own number; the time runs from then.
   */
  async demand(demand: Demand, from?: Origin): Promise<Certificate & { bundle?: AccessBundle; authority?: unknown }> {
    if (!(await this.#options.verifyIdentity?.(demand))) throw new Refusal(401, 'identity_not_verified');
    const { subject } = demand;
    switch (demand.type) {
      case 'access':
      case 'portability': {
        const request = await this.#accept(demand, from);
        const bundle = await this.access(subject);
        return { ...(await this.#finish(subject, request, 'dpv:RequestFulfilled')), bundle };
      }
      case 'complaint': {
        const { subject_request_id } = await this.#accept(demand, from);
        const { authority_party } = (await this.#policies.current()).document;
        return { ...(await this.certificate(subject_request_id)), authority: authority_party };
      }
      case 'erasure':
        return this.#goOn(subject, await this.#accept(demand, from, (tx) => this.#beginErasure(tx, subject)));
      case 'rectification':
        return this.#goOn(subject, await this.#accept(demand, from, (tx, request) => this.#rectify(tx, demand, request)));
      default:
        return this.#goOn(subject, await this.#accept(demand, from, (tx) => this.#mark(tx, demand)));
    }
  }

  async access(subject: string): Promise<AccessBundle> {
    const { store, log, now } = this.#parts;
    const { items, disclosures, requests, traces, inbox, size } = await store.transaction(async (tx) => ({
      items: (await tx.find({ kind: 'item', subject })).filter(({ due }) => due > now()),
      disclosures: await tx.find({ kind: 'disclosure', subject }),
      requests: await tx.find({ kind: 'request', subject }),
      traces: await tx.find({ kind: 'trace', subject }),
      inbox: await tx.find({ kind: 'inbox', subject }),
      size: (await tx.readLog()).size,
    }));
    const consent = await this.#consents.state(subject);
    const indexes = traces.map(({ id }) => Number(id)).sort((a, b) => a - b);
    const entries = [];
    for (const index of indexes) entries.push(await log.proved(index, size));
    return {
      schema_version: 'subrosa-access/1',
      subject,
      generated: isoTime(now()),
      data: await Promise.all(items.map((row) => readItem(this.#parts, row))),
      consent,
      purposes: (await this.#policies.current()).document.purposes,
      recipients: await this.#sharing.recipientsOf(subject),
      disclosures: disclosures.map((row) => ({
        recipient: row.class,
        time: isoTime(row.created),
        purpose: fromBody<{ purpose: string }>(row).purpose,
      })),
      requests: requests.map((row) => fromBody<RightsRequest>(row)),
      receipts: await this.#consents.receipts(
        consent?.records ?? [],
        entries.map(({ index, entry }) => ({ index, entry, size })),
      ),
      notices: inbox.map((row) => fromBody<{ id: string }>(row)),
      log: { key: log.key, entries },
    };
  }

  /** Takes in what another server gave the person: their data under keys of this one, and their consent. */
  async importBundle(bundle: AccessBundle): Promise<void> {
    const { vault, log, now } = this.#parts;
    const { subject, data, consent } = checkBundle(bundle);
    if (consent) await this.#consents.record(consent);
    const rows: NewRow[] = [];
    for (const { id, subject: _, created, due, text, ...facts } of data.filter((item) => item.due > now())) {
      const row = { kind: 'item', id, subject, class: facts.keptFor ?? facts.purpose, status: facts.piiType, created, due };
      rows.push(withText(row, facts, await vault.seal(keyOf(row), id, text)));
    }
    await log.commit(async (tx) => {
      if (await tx.get('erasure', subject)) throw new Refusal(410, 'erased');
      for (const row of rows) {
        if (((await tx.get('item', row.id))?.subject ?? subject) !== subject) throw new Refusal(409, 'item_of_another');
        await tx.put(row);
      }
      const actor = { role: 'dpv:DataSubject' };
      return rows.map(({ id }) => ({ subject, actor, action: 'dpv:Store', outcome: 'ok', object: { type: 'Item', id } }));
    });
  }

  /** Ends a complaint, with what was answered. */
  async answerComplaint(id: string, actor: string): Promise<void> {
    const row = await this.#parts.store.transaction((tx) => tx.get('request', id));
    if (row?.class !== 'complaint') throw new Refusal(404, 'unknown_request');
    await this.#finish(row.subject, fromBody<RightsRequest>(row), 'dpv:RequestFulfilled', actor);
  }

  /** What a complaint says, to one who is to answer it; logged. */
  async readComplaint(id: string, actor: string): Promise<string> {
    const { store, vault, log } = this.#parts;
    const row = await store.transaction((tx) => tx.get('complaint', id));
    const text = row && (await vault.open(keyOf(row), id, row.body));
    if (text === undefined) throw new Refusal(404, 'unknown_request');
    const object = { type: 'Request/complaint', id };
    await log.append([
      { subject: row?.subject ?? '', actor: { role: 'dpv:DataController', ref: actor }, action: 'dpv:Access', outcome: 'ok', object },
    ]);
    return text;
  }

  /** All requests, the one that is due first at the front. */
  async list(): Promise<RightsRequest[]> {
    const rows = await this.#parts.store.transaction((tx) => tx.find({ kind: 'request' }));
    return rows.map((row) => fromBody<RightsRequest>(row));
  }

  /** Goes on with what was cut off, has failed, or waits for recipients, and ends what is done. */
  async resume(): Promise<void> {
    const rows = await this.#parts.store.transaction((tx) => tx.find({ kind: 'request', class: gradual, status: open }));
    await attemptAll(
      rows.map(
        ({ id, subject }) =>
          () =>
            this.#resume(id, subject),
      ),
      'requests that could not be gone on with',
    );
  }

  /** Unless another process is at it. */
  async #resume(id: string, subject: string): Promise<void> {
    const { store, now } = this.#parts;
    const row = await store.transaction(async (tx) => {
      await tx.lock();
      const isTaken = ((await tx.get('lease', id))?.due ?? 0) > now();
      if (!isTaken) await tx.put(this.#lease(id));
      return isTaken ? undefined : tx.get('request', id);
    });
    if (row) await this.#goOn(subject, fromBody<RightsRequest>(row));
  }

  /** Requests whose deadline has passed and that are not fulfilled. */
  async overdue(): Promise<RightsRequest[]> {
    const rows = await this.#parts.store.transaction((tx) => tx.find({ kind: 'request', status: open, dueBy: this.#parts.now() }));
    return rows.map((row) => fromBody<RightsRequest>(row));
  }

  /** Takes the longer time that the regulation gives, once and before the first is over; the person is told. */
  async extend(id: string, actor: string): Promise<RightsRequest> {
    const { log, now } = this.#parts;
    let extended!: RightsRequest;
    await log.commit(async (tx) => {
      const row = await tx.get('request', id);
      if (!row || !open.some((status) => status === row.status)) throw new Refusal(404, 'unknown_request');
      const request = fromBody<RightsRequest>(row);
      const { answer, extension } = deadlines[request.regulation] ?? { answer: 'P0D', extension: 'P0D' };
      const submitted = Date.parse(request.submitted_time);
      const first = isoTime(addDuration(submitted, answer));
      const longer = isoTime(addDuration(addDuration(submitted, answer), extension));
      if (request.expected_completion_time !== first || longer === first || now() > row.due) throw new Refusal(409, 'no_extension');
      extended = { ...request, expected_completion_time: longer };
      await tx.put(this.#row(row.subject, extended));
      const notice = { about: 'extension', id, type: request.subject_request_type, until: longer };
      await tx.put({ kind: 'inbox', id: `extension/${id}`, subject: row.subject, status: 'unread', created: now(), body: toBody(notice) });
      return [{ ...this.#entry(row.subject, extended, actor), action: 'dpv:NoticeCommunicated', reason: 'deadline_extended' }];
    });
    return extended;
  }

  async request(id: string): Promise<RightsRequest | undefined> {
    const row = await this.#parts.store.transaction((tx) => tx.get('request', id));
    return row && fromBody<RightsRequest>(row);
  }

  /** A request with the proof of its last status, also later, for who knows its id. */
  async certificate(id: string): Promise<Certificate> {
    const { log } = this.#parts;
    const request = await this.request(id);
    if (!request) throw new Refusal(404, 'unknown_request');
    const index = request.log_index;
    if (index === undefined) return { request };
    return { request, log: await log.proved(index) };
  }

  /** Takes a request in, together with the work that needs nobody else: both are kept, or neither. */
  async #accept(demand: Demand, from?: Origin, work?: (tx: Transaction, request: RightsRequest) => Promise<void>): Promise<RightsRequest> {
    const { log, vault, now } = this.#parts;
    const limit = deadlines[demand.regulation];
    if (!limit) throw new Refusal(422, 'unknown_regulation');
    if (!rightTypes.includes(demand.type)) throw new Refusal(422, 'unknown_type');
    const submitted = Math.min(from?.submitted ?? now(), now());
    const request: RightsRequest = {
      subject_request_id: from?.id ?? randomUUID(),
      subject_request_type: demand.type,
      regulation: demand.regulation,
      submitted_time: isoTime(submitted),
      expected_completion_time: isoTime(addDuration(submitted, limit.answer)),
      status: 'dpv:RequestAccepted',
      steps: [],
      recipients_notified: [],
    };
    const id = request.subject_request_id;
    const text = demand.type === 'complaint' ? (demand.text ?? '') : undefined;
    const row = { kind: 'complaint', id, subject: demand.subject, class: 'complaint', created: now(), due: addDuration(now(), 'P3Y') };
    const sealed = text === undefined ? undefined : await vault.seal(keyOf(row), id, text);
    await log.commit(async (tx, index) => {
      if (await tx.get('request', id)) throw new Refusal(409, 'known_request');
      if (sealed) await tx.put({ ...row, body: sealed });
      await work?.(tx, request);
      if (work) await tx.put(this.#lease(id));
      request.log_index = index;
      await tx.put(this.#row(demand.subject, request));
      return [this.#entry(demand.subject, request)];
    });
    return request;
  }

  /** Gives a request a status, which is logged; one that has it already, of another process, is left as it is. */
  async #finish(subject: string, request: RightsRequest, status: RightsRequest['status'], actor?: string): Promise<Certificate> {
    const id = request.subject_request_id;
    await this.#parts.log.commit(async (tx, index) => {
      if ((await tx.get('request', id))?.status === status) return [];
      const ended = { ...request, status, log_index: index };
      await tx.put(this.#row(subject, ended));
      return [this.#entry(subject, ended, actor)];
    });
    return this.certificate(id);
  }

  async #goOn(subject: string, request: RightsRequest): Promise<Certificate> {
    try {
      return await (request.subject_request_type === 'erasure' ? this.#erase(subject, request) : this.#conclude(subject, request));
    } finally {
      await this.#parts.store.transaction((tx) => tx.remove({ kind: 'lease', id: request.subject_request_id }));
    }
  }

  /** That somebody is at a request; it runs out for one who died. */
  #lease(id: string): NewRow {
    const created = this.#parts.now();
    return { kind: 'lease', id, created, due: created + leaseTime, body: toBody(null) };
  }

  /** From here on nothing new is taken of the person: what is deleted stays deleted. */
  async #beginErasure(tx: Transaction, subject: string): Promise<void> {
    await tx.put({ kind: 'erasure', id: subject, subject, created: this.#parts.now(), body: toBody(null) });
  }

  /** The old version stays, sealed, until its retention ends; recipients get a job to correct theirs. */
  async #rectify(tx: Transaction, { subject, item, text }: Demand, request: RightsRequest): Promise<void> {
    const row = item === undefined ? undefined : await tx.get('item', item);
    if (!row || row.subject !== subject || text === undefined) throw new Refusal(404, 'unknown_item');
    if (await tx.get('erasure', subject)) throw new Refusal(410, 'erased');
    const { facts } = readBody(row);
    await tx.put({ ...row, kind: 'item_version', id: `${row.id}/${facts.version}` });
    const sealed = await this.#parts.vault.seal(keyOf(row), row.id, text);
    await tx.put(withText(row, { ...facts, version: facts.version + 1 }, sealed));
    request.recipients_notified = await this.#sharing.tellRecipients(tx, subject, request.subject_request_id, row.id);
  }

  async #mark(tx: Transaction, { type, subject, purpose }: Demand): Promise<void> {
    const row = { subject, created: this.#parts.now(), body: toBody(null) };
    if (type === 'objection') {
      if (purpose === undefined) throw new Refusal(422, 'unknown_purpose');
      await tx.put({ ...row, kind: 'objection', id: JSON.stringify([subject, purpose]), class: purpose });
    } else {
      await tx.put({ ...row, kind: type === 'restriction' ? 'restriction' : 'opt_out', id: subject });
    }
  }

  /**
   * Delete, read again, and only where nothing is left destroy the keys, tell the recipients, and call it fulfilled. Each step
   * can be done again: one who was killed anywhere in it begins anew with the first that is not done.
   */
  async #erase(subject: string, request: RightsRequest): Promise<Certificate> {
    const { log, vault } = this.#parts;
    for (const holder of [this.#ownHolder(), ...(this.#options.holders ?? [])]) await this.#eraseFrom(holder, subject, request);
    if (!request.steps.every((step) => step.verified_zero)) return this.#finish(subject, request, 'dpv:RequestUnfulfilled');
    await vault.erase(subject);
    await log.commit(async (tx) => {
      const told = await this.#sharing.tellRecipients(tx, subject, request.subject_request_id);
      request.recipients_notified = [...new Set([...request.recipients_notified, ...told])].sort();
      await tx.remove({ kind: ['disclosure', ...personal], subject }); // and what was logged of them since
      await tx.put(this.#row(subject, request));
      return [];
    });
    return this.#conclude(subject, request);
  }

  /** How much there was is written down before it goes. A store that fails has erased nothing that we could vouch for. */
  async #eraseFrom(holder: DataHolder, subject: string, request: RightsRequest): Promise<void> {
    const known = request.steps.find(({ store }) => store === holder.name);
    const step = known ?? { store: holder.name, planned: 0, done: 0, verified_zero: false };
    if (!known) request.steps.push(step);
    if (step.verified_zero) return;
    const count = await attempted(() => holder.count(subject));
    if (count === undefined) return;
    step.planned = Math.max(step.planned, count);
    await this.#save(subject, request);
    const left = await attempted(async () => {
      await holder.erase(subject);
      return holder.count(subject);
    });
    if (left === undefined) return;
    step.done = step.planned - left;
    step.verified_zero = left === 0;
    await this.#save(subject, request);
  }

  async #save(subject: string, request: RightsRequest): Promise<void> {
    await this.#parts.store.transaction((tx) => tx.put(this.#row(subject, request)));
  }

  /** Tells the recipients that the request names; fulfilled once each has been reached. */
  async #conclude(subject: string, request: RightsRequest): Promise<Certificate> {
    await this.#sharing.deliver();
    const isTold = await this.#parts.store.transaction((tx) => this.#sharing.areTold(tx, request.subject_request_id));
    return isTold ? this.#finish(subject, request, 'dpv:RequestFulfilled') : { request };
  }

  #ownHolder(): DataHolder {
    const { store } = this.#parts;
    return {
      name: 'store',
      count: (subject) => store.transaction((tx) => tx.count({ kind: personal, subject })),
      erase: (subject) => store.transaction(async (tx) => void (await tx.remove({ kind: personal, subject }))),
    };
  }

  #row(subject: string, request: RightsRequest) {
    return {
      kind: 'request',
      id: request.subject_request_id,
      subject,
      class: request.subject_request_type,
      status: request.status,
      created: this.#parts.now(),
      due: Date.parse(request.expected_completion_time),
      body: toBody(request),
    } satisfies Row;
  }

  #entry(subject: string, request: RightsRequest, actor?: string): NewEntry {
    const failed = request.status === 'dpv:RequestUnfulfilled';
    return {
      subject,
      actor: actor === undefined ? { role: 'dpv:DataSubject' } : { role: 'dpv:DataController', ref: actor },
      action: request.status,
      outcome: failed ? 'failed' : 'ok',
      object: { type: `Request/${request.subject_request_type}`, id: request.subject_request_id },
    };
  }
}
