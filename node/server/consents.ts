/**
 * The server's own record of consent. The page hands over its state, the core checks that the machine can have made it,
 * and only what adds to the stored history is taken. Each new event is logged; the person gets a receipt with its proof.
 */

import { randomUUID } from 'node:crypto';
import type { ConsentContext, ConsentRecord, ConsentState, Decision } from '../../js/src/index.ts';
import type { Appended, NewEntry } from './log.ts';
import type { Parts } from './parts.ts';
import { contentHash, type Policies } from './policies.ts';
import { Refusal } from './refusal.ts';
import { fromBody, type Transaction, toBody } from './store/store.ts';

/** What the host says of a person; what is absent counts as the strictest. */
export type PersonContext = Pick<ConsentContext, 'region' | 'age' | 'guardian'>;

export interface Question {
  purpose: string;
  piiType: string;
  recipient: string;
  /** Global Privacy Control was on in this request. */
  gpc?: boolean;
}

export interface Receipt {
  schema_version: 'https://w3id.org/dpv/schema/dpv-27560#receipt';
  receipt_id: string;
  record: ConsentRecord;
  record_hash: string;
  /** The entry of the record's last event, and the proof of it. */
  log: { index: number; entry: string; proof: string };
}

interface Stored {
  state: ConsentState;
  context: PersonContext;
}

interface Notice {
  policy_hash?: string;
}

const given = new Set(['dpv:ConsentGiven', 'dpv:RenewedConsentGiven']);
const ended = new Set(['dpv:ConsentWithdrawn', 'dpv:ConsentRevoked', 'dpv:ConsentExpired', 'dpv:ConsentInvalidated', 'dpv:ConsentRefused']);
const clockTolerance = 5 * 60_000;

/** Done in the transaction that ends a consent; what it returns is done once that is kept. */
export type Ended = (
  tx: Transaction,
  end: { subject: string; purpose: string; how: string; state: ConsentState },
) => Promise<() => Promise<unknown>>;

export class Consents {
  readonly #parts: Parts;
  readonly #policies: Policies;
  readonly #ended: Ended[] = [];

  constructor(parts: Parts, policies: Policies) {
    this.#parts = parts;
    this.#policies = policies;
  }

  /** Called, in the same transaction, when a consent is no longer given. */
  onEnded(listener: Ended): void {
    this.#ended.push(listener);
  }

  /** Takes a person's state as their page has it. Returns a receipt for each record with something new in it. */
  async record(state: ConsentState, context: PersonContext = {}): Promise<Receipt[]> {
    const { subrosa, vault, log, now } = this.#parts;
    subrosa.consent.open(await this.#policies.current(), { state, context: { ...context, storage: true } }).free();
    const subject = state.pii_principal_id;
    const erased = await vault.isErased(subject);
    const known = new Set<string | undefined>((await this.#policies.history()).map(({ hash }) => hash)).add(undefined);
    let changed: ConsentRecord[] = [];
    let afterwards: (() => Promise<unknown>)[] = [];
    const appended = await log.commit(async (tx) => {
      const before = await this.#read(tx, subject);
      changed = [];
      afterwards = [];
      const entries: NewEntry[] = [];
      for (const record of state.records) {
        const events = newEvents(
          before?.state.records.find(({ record_id }) => record_id === record.record_id),
          record,
        );
        if (events.length === 0) continue;
        for (const event of events) {
          if (Date.parse(event.event_time) > now() + clockTolerance) throw new Refusal(422, 'event_in_the_future');
          if (!known.has((event.privacy_notice as Notice | undefined)?.policy_hash)) throw new Refusal(422, 'unknown_policy');
          if (erased && given.has(event.event_state)) throw new Refusal(410, 'erased');
          entries.push(consentEntry(subject, record, event.event_state));
          if (ended.has(event.event_state))
            for (const listener of this.#ended)
              afterwards.push(await listener(tx, { subject, purpose: record.purpose, how: event.event_state, state }));
        }
        changed.push(record);
        await tx.put({ kind: 'record', id: record.record_id, subject, class: record.purpose, created: now(), body: toBody(null) });
      }
      if (before && state.records.length < before.state.records.length) throw new Refusal(409, 'consent_stale');
      await tx.put({ kind: 'consent', id: subject, subject, created: now(), body: toBody({ state, context } satisfies Stored) });
      return entries;
    });
    for (const work of afterwards) await work();
    return this.receipts(changed, appended);
  }

  async state(subject: string): Promise<ConsentState | undefined> {
    return this.#parts.store.transaction(async (tx) => (await this.#read(tx, subject))?.state);
  }

  /** Whose record this is. */
  async subjectOf(recordId: string): Promise<string | undefined> {
    return this.#parts.store.transaction(async (tx) => (await tx.get('record', recordId))?.subject);
  }

  /** The decision from the stored state under the policy in force, and from what the person has since demanded. */
  async decide(subject: string, question: Question): Promise<Decision> {
    const { store, subrosa, now } = this.#parts;
    const policy = await this.#policies.current();
    const deny = (reason: string) => ({ verdict: 'deny', reason, epoch: 0, recordId: '', noticeHash: policy.hash }) as unknown as Decision;
    if (await this.#parts.vault.isErased(subject)) return deny('erased');
    const { stored, demand } = await store.transaction(async (tx) => ({
      stored: await this.#read(tx, subject),
      demand: await demandOf(
        tx,
        subject,
        question,
        policy.document.pii_controllers.map(({ party_id }) => party_id),
      ),
    }));
    if (!stored) return deny('not_asked');
    if (demand) return deny(demand);
    const context = { ...stored.context, gpc: question.gpc ?? false, storage: true };
    const session = subrosa.consent.open(policy, { state: stored.state, context });
    try {
      return session.decide(question.purpose, question.piiType, question.recipient, now());
    } finally {
      session.free();
    }
  }

  async #read(tx: Transaction, subject: string): Promise<Stored | undefined> {
    const row = await tx.get('consent', subject);
    return row && fromBody<Stored>(row);
  }

  /** A receipt for each record whose last event is among these entries. */
  async receipts(records: readonly ConsentRecord[], entries: readonly Appended[]): Promise<Receipt[]> {
    const { log, subrosa } = this.#parts;
    const last = new Map(entries.map((appended) => [JSON.parse(appended.entry).object?.id, appended]));
    const receipts: Receipt[] = [];
    for (const record of records) {
      const found = last.get(record.record_id);
      if (!found) continue;
      receipts.push({
        schema_version: 'https://w3id.org/dpv/schema/dpv-27560#receipt',
        receipt_id: randomUUID(),
        record,
        record_hash: contentHash(subrosa.audit.canonicalize(record)),
        log: { index: found.index, entry: found.entry, proof: await log.prove(found.index, found.size) },
      });
    }
    return receipts;
  }
}

/** Whether a state says that consent to a purpose is given, as far as its last event goes. */
export function isGiven(state: ConsentState, purpose: string): boolean {
  const last = state.records.find((record) => record.purpose === purpose)?.events.at(-1);
  return last !== undefined && given.has(last.event_state);
}

/** Events that come behind those that are stored; a history that was rewritten is refused. */
function newEvents(before: ConsentRecord | undefined, record: ConsentRecord): ConsentRecord['events'] {
  const old = before?.events ?? [];
  const kept = record.events.slice(0, old.length);
  if (JSON.stringify(kept) !== JSON.stringify(old)) throw new Refusal(409, 'consent_stale');
  return record.events.slice(old.length);
}

function consentEntry(subject: string, record: ConsentRecord, state: string): NewEntry {
  const notice = record.events.filter((event) => event.privacy_notice).at(-1)?.privacy_notice as Notice | undefined;
  return {
    subject,
    actor: { role: 'dpv:DataSubject' },
    action: state,
    outcome: 'ok',
    object: { type: 'ConsentRecord', id: record.record_id },
    purpose: record.purpose,
    ...(notice?.policy_hash === undefined ? {} : { policy_hash: notice.policy_hash }),
  };
}

/** What the person demanded beyond the consent machine: restriction, objection, opt-out of sharing. */
async function demandOf(
  tx: Transaction,
  subject: string,
  { purpose, recipient }: Question,
  controllers: string[],
): Promise<string | undefined> {
  if (await tx.get('restriction', subject)) return 'restricted';
  if (await tx.get('objection', JSON.stringify([subject, purpose]))) return 'objected';
  if (!controllers.includes(recipient) && (await tx.get('opt_out', subject))) return 'opted_out';
  return undefined;
}
