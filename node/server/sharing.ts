/** The only way out: to a recipient that the notice names, for a purpose, what each person allows it, and logged. */

import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { stamp } from '../../build/generated/tables.ts';
import type { Consents } from './consents.ts';
import type { NewEntry } from './log.ts';
import type { Parts } from './parts.ts';
import { contentHash, type Policies } from './policies.ts';
import { type Receiver, readItem } from './receiver.ts';
import { Refusal } from './refusal.ts';
import { fromBody, type Transaction, toBody } from './store/store.ts';

export interface DisclosureRequest {
  /** A party_id of the policy. */
  recipient: string;
  purpose: string;
  /** Whose data, by principal id. */
  subjects: readonly string[];
  /** Kinds of data. */
  fields: readonly string[];
  /** `anonymised`: what identifies is replaced, and the report is bound to the entry. Both go under pseudonyms. */
  form: 'plain' | 'anonymised';
  /** Who asked, as the host names them. */
  actor: string;
}

/** How much was replaced, and with which rules (the stamp of the core). */
export interface RedactionReport {
  engine: string;
  replaced: number;
  left: 0;
}

export interface Disclosure {
  id: string;
  recipient: string;
  purpose: string;
  /** One a piece of data. `person` is a pseudonym that only this recipient has for them. */
  records: { person: string; piiType: string; created: string; text: string }[];
  report?: RedactionReport;
  /** People who do not permit it: left out. */
  leftOut: number;
}

export class Sharing {
  readonly #parts: Parts;
  readonly #consents: Consents;
  readonly #policies: Policies;
  readonly #receiver: Receiver;

  constructor(parts: Parts, consents: Consents, policies: Policies, receiver: Receiver) {
    this.#parts = parts;
    this.#consents = consents;
    this.#policies = policies;
    this.#receiver = receiver;
  }

  /** Gathers what may go, logs it, and returns it for the host to send. */
  async disclose(request: DisclosureRequest): Promise<Disclosure> {
    await this.#checkRecipient(request.recipient);
    const disclosure: Disclosure = { id: randomUUID(), recipient: request.recipient, purpose: request.purpose, records: [], leftOut: 0 };
    const shared: string[] = [];
    for (const subject of request.subjects) {
      const records = await this.#gather(subject, request);
      if (records.length > 0) shared.push(subject);
      else disclosure.leftOut += 1;
      disclosure.records.push(...records);
    }
    if (shared.length === 0) throw new Refusal(403, 'consent_required');
    if (request.form === 'anonymised') disclosure.report = this.#anonymise(disclosure);
    await this.#log(disclosure, request, shared);
    this.#parts.emit({ type: 'disclosed', actor: request.actor, purpose: request.purpose, count: disclosure.records.length });
    return disclosure;
  }

  /** To whom a person's data went: what they are told, and who is told of a correction or an erasure. */
  async recipientsOf(subject: string): Promise<string[]> {
    const rows = await this.#parts.store.transaction((tx) => tx.find({ kind: 'disclosure', subject }));
    return [...new Set(rows.map((row) => row.class))].sort();
  }

  /** Queues a job for each recipient that has data of the person. */
  async tellRecipients(tx: Transaction, subject: string, about: 'correction' | 'erasure', detail: unknown): Promise<string[]> {
    const rows = await tx.find({ kind: 'disclosure', subject });
    const recipients = [...new Set(rows.map((row) => row.class))].sort();
    for (const recipient of recipients) {
      const person = await pseudonym(tx, recipient, subject, this.#parts.now());
      await tx.put({
        kind: 'recipient_job',
        id: randomUUID(),
        class: recipient,
        status: 'pending',
        created: this.#parts.now(),
        due: this.#parts.now(),
        body: toBody({ about, person, detail }),
      });
    }
    return recipients;
  }

  async #checkRecipient(recipient: string): Promise<void> {
    const { parties = [], pii_controllers } = (await this.#policies.current()).document;
    if (![...parties, ...pii_controllers].some(({ party_id }) => party_id === recipient)) throw new Refusal(403, 'unknown_recipient');
  }

  async #gather(subject: string, { recipient, purpose, fields }: DisclosureRequest): Promise<Disclosure['records']> {
    const { store, now } = this.#parts;
    const allowed: string[] = [];
    for (const piiType of fields)
      if ((await this.#consents.decide(subject, { purpose, piiType, recipient })).verdict === 'permit') allowed.push(piiType);
    if (allowed.length === 0) return [];
    const rows = await store.transaction((tx) => tx.find({ kind: 'item', subject }));
    const person = await store.transaction((tx) => pseudonym(tx, recipient, subject, now()));
    const records: Disclosure['records'] = [];
    for (const row of rows) {
      if (!allowed.includes(row.status) || row.due <= now()) continue;
      const { piiType, text, created } = await readItem(this.#parts, row);
      records.push({ person, piiType, created: new Date(created).toISOString().slice(0, 10), text });
    }
    return records;
  }

  /** Replaces what identifies, and looks again: nothing may be left. */
  #anonymise(disclosure: Disclosure): RedactionReport {
    let replaced = 0;
    for (const record of disclosure.records) {
      const { text, residual } = this.#receiver.rescan(record.text);
      if (this.#receiver.rescan(text).residual > 0) throw new Refusal(500, 'not_anonymous');
      record.text = text;
      replaced += residual;
    }
    return { engine: stamp, replaced, left: 0 };
  }

  async #log(
    { id, recipient, purpose, report }: Disclosure,
    { actor, fields, form }: DisclosureRequest,
    subjects: readonly string[],
  ): Promise<void> {
    const { log, now } = this.#parts;
    const object = { type: 'Disclosure', id, ...(report ? { hash: contentHash(JSON.stringify(report)) } : {}) };
    const entry: NewEntry = {
      actor: { role: 'dpv:DataController', ref: actor },
      action: 'dpv:DiscloseByTransmission',
      outcome: 'ok',
      object,
      purpose,
      recipient,
    };
    await log.commit(async (tx) => {
      for (const subject of subjects) {
        const body = toBody({ id, purpose, fields, form, report });
        await tx.put({ kind: 'disclosure', id: `${id}/${subject}`, subject, class: recipient, created: now(), body });
      }
      return subjects.map((subject) => ({ ...entry, subject }));
    });
  }
}

/** A person's name for one recipient; two recipients cannot tell that theirs are of the same person. */
async function pseudonym(tx: Transaction, recipient: string, subject: string, created: number): Promise<string> {
  let row = await tx.get('pseudonym_key', recipient);
  if (!row) {
    await tx.put({ kind: 'pseudonym_key', id: recipient, created, body: toBody(randomBytes(32).toString('hex')) });
    row = await tx.get('pseudonym_key', recipient);
  }
  if (!row) throw new Refusal(500, 'no_pseudonym_key');
  return createHmac('sha256', Buffer.from(fromBody<string>(row), 'hex'))
    .update(subject)
    .digest('hex')
    .slice(0, 32);
}

/** Groups of rows that share the values of these columns and are fewer than k: each could be one person. */
export function groupsBelow<T extends Record<string, unknown>>(k: number, columns: readonly (keyof T)[], rows: readonly T[]): T[][] {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = JSON.stringify(columns.map((column) => row[column]));
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].filter((group) => group.length < k);
}

/** A table as it may be exported: refused while any group of alike rows has fewer than k. */
export function checkedTable<T extends Record<string, unknown>>(
  k: number,
  columns: readonly (keyof T)[],
  rows: readonly T[],
): readonly T[] {
  if (groupsBelow(k, columns, rows).length > 0) throw new Refusal(422, 'not_k_anonymous');
  return rows;
}
