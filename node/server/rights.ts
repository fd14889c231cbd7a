/**
 * What a person may demand: OpenDSR-shaped requests with a deadline each. Whether they are who they say is for the host
 * to tell; without its answer nothing is done.
 */

import { randomUUID } from 'node:crypto';
import type { ConsentState } from '../../js/src/index.ts';
import type { Consents, Receipt } from './consents.ts';
import type { NewEntry } from './log.ts';
import type { Parts } from './parts.ts';
import type { Policies } from './policies.ts';
import { type Item, readBody, readItem, withText } from './receiver.ts';
import { Refusal } from './refusal.ts';
import type { Sharing } from './sharing.ts';
import { fromBody, type Row, type Transaction, toBody } from './store/store.ts';
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
  status: 'dpv:RequestAccepted' | 'dpv:RequestFulfilled' | 'dpv:RequestUnfulfilled' | 'dpv:RequestRejected';
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

export interface Certificate {
  request: RightsRequest;
  log?: { index: number; entry: string; proof: string };
}

/** All that is held of a person: what an access request answers, and another system imports. */
export interface AccessBundle {
  schema_version: 'subrosa-access/1';
  subject: string;
  generated: string;
  data: Item[];
  consent: ConsentState | undefined;
  purposes: unknown[];
  recipients: string[];
  disclosures: { recipient: string; time: string; purpose: string }[];
  requests: RightsRequest[];
  /** One for each consent record, with the proof of its last event. */
  receipts: Receipt[];
  /** What the person was told: of a legal request, of a new policy. */
  notices: { id: string; [key: string]: unknown }[];
  log: { key: string; entries: { index: number; entry: string; proof: string }[] };
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

const personal = ['item', 'inbox', 'complaint', 'delivery', 'restriction', 'objection', 'opt_out', 'trace', 'spent', 'session'] as const;

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

  /** Takes a demand and does it at once, except a complaint, which people answer. The request says how it ended. */
  async demand(demand: Demand): Promise<Certificate & { bundle?: AccessBundle; authority?: unknown }> {
    if (!(await this.#options.verifyIdentity?.(demand))) throw new Refusal(401, 'identity_not_verified');
    const request = await this.#accept(demand);
    switch (demand.type) {
      case 'access':
      case 'portability': {
        const bundle = await this.access(demand.subject);
        return { ...(await this.#finish(demand.subject, request, 'dpv:RequestFulfilled')), bundle };
      }
      case 'rectification':
        return this.#reachingRecipients(demand, request, (tx) => this.#rectify(tx, demand, request));
      case 'erasure':
        return this.#erase(demand, request);
      case 'complaint': {
        const { authority_party } = (await this.#policies.current()).document;
        return { request, authority: authority_party };
      }
      default:
        return this.#finish(demand.subject, request, 'dpv:RequestFulfilled', (tx) => this.#mark(tx, demand));
    }
  }

  async access(subject: string): Promise<AccessBundle> {
    const { store, log, now } = this.#parts;
    const size = await log.size();
    const { items, disclosures, requests, traces, inbox } = await store.transaction(async (tx) => ({
      items: (await tx.find({ kind: 'item', subject })).filter(({ due }) => due > now()),
      disclosures: await tx.find({ kind: 'disclosure', subject }),
      requests: await tx.find({ kind: 'request', subject }),
      traces: await tx.find({ kind: 'trace', subject }),
      inbox: await tx.find({ kind: 'inbox', subject }),
    }));
    const consent = await this.#consents.state(subject);
    const indexes = traces.map(({ id }) => Number(id)).sort((a, b) => a - b);
    const entries = [];
    for (const index of indexes) {
      const [entry = ''] = await log.entries(index, index + 1);
      entries.push({ index, entry, proof: await log.prove(index, size) });
    }
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
    const { vault, log } = this.#parts;
    if (bundle.schema_version !== 'subrosa-access/1') throw new Refusal(422, 'bad_format');
    if (bundle.consent) await this.#consents.record(bundle.consent);
    const rows = await Promise.all(
      bundle.data.map(async ({ id, subject: _, created, due, text, ...facts }) => {
        const row = {
          kind: 'item',
          id,
          subject: bundle.subject,
          class: facts.keptFor ?? facts.purpose,
          status: facts.piiType,
          created,
          due,
        };
        return withText(row, facts, await vault.seal(keyOf(row), id, text));
      }),
    );
    await log.commit(async (tx) => {
      for (const row of rows) await tx.put(row);
      return rows.map(({ id }) => ({
        subject: bundle.subject,
        actor: { role: 'dpv:DataSubject' },
        action: 'dpv:Store',
        outcome: 'ok',
        object: { type: 'Item', id },
      }));
    });
  }

  /** Ends a complaint, with what was answered. */
  async answerComplaint(id: string, actor: string): Promise<void> {
    const row = await this.#parts.store.transaction((tx) => tx.get('request', id));
    if (row?.class !== 'complaint') throw new Refusal(404, 'unknown_request');
    await this.#finish(row.subject, fromBody<RightsRequest>(row), 'dpv:RequestFulfilled', undefined, actor);
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

  /** Tells recipients that were not reached yet, and ends the requests that waited for it. */
  async tellRecipients(): Promise<void> {
    for (const id of await this.#sharing.deliver()) {
      const row = await this.#parts.store.transaction((tx) => tx.get('request', id));
      if (row?.status === 'dpv:RequestAccepted') await this.#conclude(row.subject, fromBody<RightsRequest>(row));
    }
  }

  /** Requests whose deadline has passed and that are not ended. */
  async overdue(): Promise<RightsRequest[]> {
    const rows = await this.#parts.store.transaction((tx) =>
      tx.find({ kind: 'request', status: 'dpv:RequestAccepted', dueBy: this.#parts.now() }),
    );
    return rows.map((row) => fromBody<RightsRequest>(row));
  }

  async request(id: string): Promise<RightsRequest | undefined> {
    const row = await this.#parts.store.transaction((tx) => tx.get('request', id));
    return row && fromBody<RightsRequest>(row);
  }

  async #accept(demand: Demand): Promise<RightsRequest> {
    const { log, vault, now } = this.#parts;
    const limit = deadlines[demand.regulation];
    if (!limit) throw new Refusal(422, 'unknown_regulation');
    if (!rightTypes.includes(demand.type)) throw new Refusal(422, 'unknown_type');
    const request: RightsRequest = {
      subject_request_id: randomUUID(),
      subject_request_type: demand.type,
      regulation: demand.regulation,
      submitted_time: isoTime(now()),
      expected_completion_time: isoTime(addDuration(now(), limit.answer)),
      status: 'dpv:RequestAccepted',
      steps: [],
      recipients_notified: [],
    };
    const id = request.subject_request_id;
    const text = demand.type === 'complaint' ? (demand.text ?? '') : undefined;
    const row = { kind: 'complaint', id, subject: demand.subject, class: 'complaint', created: now(), due: addDuration(now(), 'P3Y') };
    const sealed = text === undefined ? undefined : await vault.seal(keyOf(row), id, text);
    await log.commit(async (tx) => {
      if (sealed) await tx.put({ ...row, body: sealed });
      await tx.put(this.#row(demand.subject, request));
      return [await this.#entry(demand.subject, request)];
    });
    return request;
  }

  async #finish(
    subject: string,
    request: RightsRequest,
    status: RightsRequest['status'],
    work?: (tx: Transaction) => Promise<void>,
    actor?: string,
  ): Promise<Certificate> {
    const { log } = this.#parts;
    const [appended] = await log.commit(async (tx) => {
      await work?.(tx);
      request.status = status;
      await tx.put(this.#row(subject, request));
      return [await this.#entry(subject, request, actor)];
    });
    if (!appended) return { request };
    request.log_index = appended.index;
    return { request, log: { index: appended.index, entry: appended.entry, proof: await log.prove(appended.index, appended.size) } };
  }

  /** The old version stays, sealed, until its retention ends; recipients get a job to correct theirs. */
  async #rectify(tx: Transaction, { subject, item, text }: Demand, request: RightsRequest): Promise<void> {
    const row = item === undefined ? undefined : await tx.get('item', item);
    if (!row || row.subject !== subject || text === undefined) throw new Refusal(404, 'unknown_item');
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

  /** Delete, read again, and only where nothing is left destroy the keys and call it fulfilled. */
  async #erase(demand: Demand, request: RightsRequest): Promise<Certificate> {
    const { subject } = demand;
    for (const holder of [this.#ownHolder(), ...(this.#options.holders ?? [])]) request.steps.push(await eraseFrom(holder, subject));
    if (!request.steps.every((step) => step.verified_zero)) return this.#finish(demand.subject, request, 'dpv:RequestUnfulfilled');
    await this.#parts.vault.erase(subject);
    return this.#reachingRecipients(demand, request, async (tx) => {
      request.recipients_notified = await this.#sharing.tellRecipients(tx, subject, request.subject_request_id);
      await tx.remove({ kind: 'disclosure', subject });
    });
  }

  /** Does the work and tells the recipients that it names; fulfilled once each has been reached. */
  async #reachingRecipients(demand: Demand, request: RightsRequest, work: (tx: Transaction) => Promise<void>): Promise<Certificate> {
    await this.#parts.log.commit(async (tx) => {
      await work(tx);
      await tx.put(this.#row(demand.subject, request));
      return [];
    });
    await this.#sharing.deliver();
    return this.#conclude(demand.subject, request);
  }

  async #conclude(subject: string, request: RightsRequest): Promise<Certificate> {
    const isTold = await this.#parts.store.transaction((tx) => this.#sharing.areTold(tx, request.subject_request_id));
    return isTold ? this.#finish(subject, request, 'dpv:RequestFulfilled') : { request };
  }

  #ownHolder(): DataHolder {
    const { store } = this.#parts;
    const kinds = [...personal, 'item_version'];
    return {
      name: 'store',
      count: (subject) =>
        store.transaction(async (tx) => {
          let count = 0;
          for (const kind of kinds) count += await tx.count({ kind, subject });
          return count;
        }),
      erase: (subject) =>
        store.transaction(async (tx) => {
          for (const kind of kinds) await tx.remove({ kind, subject });
        }),
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

  async #entry(subject: string, request: RightsRequest, actor?: string): Promise<NewEntry> {
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

async function eraseFrom(holder: DataHolder, subject: string): Promise<RightsRequest['steps'][number]> {
  const step = { store: holder.name, planned: 0, done: 0, verified_zero: false };
  try {
    step.planned = await holder.count(subject);
    await holder.erase(subject);
    const left = await holder.count(subject);
    return { ...step, done: step.planned - left, verified_zero: left === 0 };
  } catch {
    return step; // a store that fails has erased nothing that we could vouch for
  }
}
