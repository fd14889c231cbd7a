/**
 * The server's own record of consent. The page hands over its state, the core checks that the machine can have made it,
 * and only what adds to the stored history is taken. Each new event is logged; the person gets a receipt with its proof.
 */

import { randomUUID } from 'node:crypto';
import type { ConsentRecord, ConsentState, Decision, Policy } from '../../js/src/index.ts';
import type { Appended, NewEntry, ProvedEntry } from './log.ts';
import type { Parts } from './parts.ts';
import type { Policies } from './policies.ts';
import { Refusal } from './refusal.ts';
import { shredNow } from './shredding.ts';
import { type PersonContext, type Question, type Standing, Standings, type Stored } from './standing.ts';
import { fromBody, type Transaction, toBody } from './store/store.ts';

export interface Receipt {
  schema_version: 'https://w3id.org/dpv/schema/dpv-27560#receipt';
  receipt_id: string;
  record: ConsentRecord;
  record_hash: string;
  /** The entry of the record's last event, and the proof of it. */
  log: ProvedEntry;
}

interface Notice {
  policy_hash?: string;
}

const given = new Set(['dpv:ConsentGiven', 'dpv:RenewedConsentGiven']);
const ended = new Set(['dpv:ConsentWithdrawn', 'dpv:ConsentRevoked', 'dpv:ConsentExpired', 'dpv:ConsentInvalidated', 'dpv:ConsentRefused']);
const clockTolerance = 5 * 60_000;

/** Done in the transaction that ends a consent. */
export type Ended = (tx: Transaction, end: { subject: string; purpose: string; how: string; state: ConsentState }) => Promise<void>;

export class Consents {
  readonly #parts: Parts;
  readonly #policies: Policies;
  readonly #ended: Ended[] = [];
  readonly #standings: Standings;

  constructor(parts: Parts, policies: Policies) {
    this.#parts = parts;
    this.#policies = policies;
    this.#standings = new Standings(parts.subrosa);
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
    await shredNow(this.#parts, subject);
    const isErased = await vault.isErased(subject);
    const known = new Set<string | undefined>((await this.#policies.history()).map(({ hash }) => hash)).add(undefined);
    let changed: ConsentRecord[] = [];
    const appended = await log.commit(async (tx) => {
      const before = await this.#read(tx, subject);
      const erased = isErased || (await tx.get('erasure', subject)) !== undefined;
      changed = [];
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
            for (const listener of this.#ended) await listener(tx, { subject, purpose: record.purpose, how: event.event_state, state });
        }
        changed.push(record);
        await tx.put({ kind: 'record', id: record.record_id, subject, class: record.purpose, created: now(), body: toBody(null) });
      }
      if (before && state.records.length < before.state.records.length) throw new Refusal(409, 'consent_stale');
      await tx.put({ kind: 'consent', id: subject, subject, created: now(), body: toBody({ state, context } satisfies Stored) });
      return entries;
    });
    await shredNow(this.#parts, subject);
    return this.receipts(changed, appended);
  }

  async state(subject: string): Promise<ConsentState | undefined> {
    return this.#parts.store.transaction(async (tx) => (await this.#read(tx, subject))?.state);
  }

  /** The decision from the stored state under the policy in force, and from what the person has since demanded. */
  async decide(subject: string, question: Question): Promise<Decision> {
    const { store, vault, now } = this.#parts;
    const isErased = await vault.isErased(subject);
    const policy = await this.#policies.current();
    const standing = await store.transaction((tx) => this.#standings.read(tx, subject, policy, isErased));
    return standing.decide(question, now());
  }

  /** What decides about a person at this moment of a transaction, under a policy. */
  standing(tx: Transaction, subject: string, policy: Policy, isErased?: boolean): Promise<Standing> {
    return this.#standings.read(tx, subject, policy, isErased);
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
        record_hash: subrosa.consent.hash(record),
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
