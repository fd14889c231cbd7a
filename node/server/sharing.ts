/** The only way out: to a recipient that the notice names, for a purpose, what each person allows it, and logged. */

import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { stamp } from '../../build/generated/tables.ts';
import type { Consents } from './consents.ts';
import type { NewEntry } from './log.ts';
import { sendDue } from './outbox.ts';
import type { Parts } from './parts.ts';
import { contentHash, type Policies } from './policies.ts';
import { type Receiver, readItem } from './receiver.ts';
import { Refusal } from './refusal.ts';
import type { Question, Standing } from './standing.ts';
import { fromBody, never, type Row, type Transaction, toBody } from './store/store.ts';

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
  /** As a table: a row a person, a column a field, with what the person gave last. */
  table?: TableOptions;
  /** Who asked, as the host names them. */
  actor: string;
}

/** What makes a table hold no row that could be one person alone. */
export interface TableOptions {
  /** The fields by which somebody could be known from elsewhere, as age band and city. */
  quasi: readonly string[];
  /** How many people at least share their values. At least, and by default, `SharingOptions.k`. */
  k?: number;
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
  /** One a piece of data. `person` is a pseudonym that only this recipient has for them, `record` one for the piece. */
  records: { person: string; record: string; piiType: string; created: string; text: string }[];
  /** In place of the records, where a table was asked for: of each person the pseudonym, as `person`, and the fields. */
  table?: Record<string, string>[];
  report?: RedactionReport;
  /** People who do not permit it: left out. */
  leftOut: number;
}

/** What a recipient is told of data that it was given: correct this record, or erase all that you have of this person. */
export type RecipientJob = { id: string; recipient: string; person: string } & (
  | { about: 'correction'; record: string; piiType: string; text: string }
  | { about: 'erasure' }
);

export interface SharingOptions {
  /** Tells a recipient; rejects when it was not reached. Without it no recipient is, and no such request is fulfilled. */
  tellRecipient?: (job: RecipientJob) => Promise<void>;
  /** How many people must be alike in a table that goes out: 5 without it, and never fewer than 2. */
  k?: number;
}

const defaultK = 5;

/** A disclosure, as it is kept of each person. */
interface Kept {
  id: string;
  purpose: string;
  form: DisclosureRequest['form'];
  fields: readonly string[];
  items: string[];
  report?: RedactionReport;
}

/** A job, as it is kept; once done, all that is left is which request it was for. */
interface Job {
  request: string;
  attempts: number;
  about: RecipientJob['about'];
  person?: string;
  record?: string;
  item?: string;
  form?: DisclosureRequest['form'];
}

export class Sharing {
  readonly #parts: Parts;
  readonly #consents: Consents;
  readonly #policies: Policies;
  readonly #receiver: Receiver;
  readonly #options: SharingOptions;

  constructor(parts: Parts, consents: Consents, policies: Policies, receiver: Receiver, options: SharingOptions = {}) {
    this.#parts = parts;
    this.#options = options;
    this.#consents = consents;
    this.#policies = policies;
    this.#receiver = receiver;
  }

  /** Gathers what may go, logs it, and returns it for the host to send. 422 not_k_anonymous for a table that tells of too few. */
  async disclose(request: DisclosureRequest): Promise<Disclosure> {
    const { recipient, purpose, form, table, actor } = request;
    await this.#checkRecipient(recipient);
    if (table) this.#checkTable(request, table);
    const disclosure: Disclosure = { id: randomUUID(), recipient, purpose, records: [], leftOut: 0 };
    const shared = new Map<string, string[]>();
    for (const subject of new Set(request.subjects)) {
      const { records, items } = await this.#gather(subject, request);
      if (items.length > 0) shared.set(subject, items);
      else disclosure.leftOut += 1;
      disclosure.records.push(...records);
    }
    if (shared.size === 0) throw new Refusal(403, 'consent_required');
    if (form === 'anonymised') disclosure.report = this.#anonymise(disclosure);
    const count = disclosure.records.length;
    if (table) this.#tabulate(disclosure, request, table);
    await this.#log(disclosure, request, shared);
    this.#parts.emit({ type: 'disclosed', actor, purpose, count });
    return disclosure;
  }

  /** Nobody can ask for a table that is not checked: by no column, by one that is not in it, or for groups that are too small. */
  #checkTable({ fields }: DisclosureRequest, { quasi, k }: TableOptions): void {
    const isAsked = quasi.length > 0 && quasi.every((column) => fields.includes(column)) && !fields.includes('person');
    if (!isAsked || (k !== undefined && !(Number.isInteger(k) && k >= this.#k))) throw new Refusal(422, 'bad_table');
  }

  get #k(): number {
    return Math.max(2, this.#options.k ?? defaultK);
  }

  #tabulate(disclosure: Disclosure, { fields }: DisclosureRequest, { quasi, k = this.#k }: TableOptions): void {
    const empty = Object.fromEntries(fields.map((field) => [field, '']));
    const rows = new Map<string, Record<string, string>>();
    for (const { person, piiType, text } of disclosure.records) {
      const row = rows.get(person) ?? { ...empty, person };
      row[piiType] = text;
      rows.set(person, row);
    }
    try {
      disclosure.table = [...checkedTable(k, quasi, [...rows.values()])];
    } catch (error) {
      if (error instanceof Refusal) this.#parts.emit({ type: 'refused', purpose: disclosure.purpose, code: error.code });
      throw error;
    }
    disclosure.records = [];
  }

  /** To whom a person's data went: what they are told, and who is told of a correction or an erasure. */
  async recipientsOf(subject: string): Promise<string[]> {
    const rows = await this.#parts.store.transaction((tx) => tx.find({ kind: 'disclosure', subject }));
    return [...new Set(rows.map((row) => row.class))].sort();
  }

  /** Queues a job for each recipient that has data of the person; of one item, where one is named. */
  async tellRecipients(tx: Transaction, subject: string, request: string, item?: string): Promise<string[]> {
    const { now } = this.#parts;
    const rows = (await tx.find({ kind: 'disclosure', subject })).map((row) => ({ recipient: row.class, kept: fromBody<Kept>(row) }));
    const told = new Map(
      rows.filter(({ kept }) => item === undefined || kept.items.includes(item)).map((row) => [row.recipient, row.kept]),
    );
    for (const [recipient, { form }] of told) {
      const person = await pseudonym(tx, recipient, subject, now());
      const about = item === undefined ? 'erasure' : 'correction';
      const detail = item === undefined ? {} : { item, form, record: await pseudonym(tx, recipient, item, now()) };
      const body = toBody({ request, attempts: 0, about, person, ...detail } satisfies Job);
      const id = `${request}/${recipient}`;
      await tx.put({ kind: 'recipient_job', id, class: recipient, status: 'pending', created: now(), due: now(), body });
    }
    return [...told.keys()].sort();
  }

  /** Tells the recipients that are due. */
  async deliver(): Promise<void> {
    await sendDue<Job>(this.#parts, {
      kind: 'recipient_job',
      send: (row, job) => this.#tell(row, job),
      sent: (row, { request, attempts, about }) => ({
        row: { ...row, status: 'told', due: never, body: toBody({ request, attempts, about } satisfies Job) },
        entry: {
          actor: { role: 'dpv:DataController' },
          action: 'dpv:NoticeCommunicated',
          outcome: 'ok',
          object: { type: `Request/${about}`, id: request },
          recipient: row.class,
        },
      }),
    });
  }

  /** Whether every recipient that a request is to reach was told. */
  async areTold(tx: Transaction, request: string): Promise<boolean> {
    const pending = await tx.find({ kind: 'recipient_job', status: 'pending' });
    return pending.every((row) => fromBody<Job>(row).request !== request);
  }

  async #tell(row: Row, { about, person = '', record = '', item = '', form }: Job): Promise<void> {
    if (!this.#options.tellRecipient) throw new Refusal(500, 'no_way_to_tell');
    const to = { id: row.id, recipient: row.class, person };
    if (about === 'erasure') return this.#options.tellRecipient({ ...to, about });
    const stored = await this.#parts.store.transaction((tx) => tx.get('item', item));
    if (!stored) return; // expired or erased meanwhile, which is told by itself
    const { text, piiType } = await readItem(this.#parts, stored);
    return this.#options.tellRecipient({ ...to, about, record, piiType, text: form === 'plain' ? text : this.#receiver.rescan(text).text });
  }

  async #checkRecipient(recipient: string): Promise<void> {
    const { parties = [], pii_controllers } = (await this.#policies.current()).document;
    if (![...parties, ...pii_controllers].some(({ party_id }) => party_id === recipient)) throw new Refusal(403, 'unknown_recipient');
  }

  async #gather(
    subject: string,
    { recipient, purpose, fields }: DisclosureRequest,
  ): Promise<{ records: Disclosure['records']; items: string[] }> {
    const { store, vault, now } = this.#parts;
    if (await vault.isErased(subject)) return { records: [], items: [] };
    const policy = await this.#policies.current();
    const rows = await store.transaction(async (tx) => {
      const standing = await this.#consents.standing(tx, subject, policy);
      const isAllowed = ({ status, due }: Row) => due > now() && permits(standing, { purpose, piiType: status, recipient }, now());
      const allowed = (await tx.find({ kind: 'item', subject })).filter((row) => fields.includes(row.status) && isAllowed(row));
      return allowed.sort((a, b) => a.created - b.created);
    });
    const name = (id: string) => store.transaction((tx) => pseudonym(tx, recipient, id, now()));
    const records: Disclosure['records'] = [];
    for (const row of rows) {
      const { piiType, text, created } = await readItem(this.#parts, row);
      const names = { person: await name(subject), record: await name(row.id) };
      records.push({ ...names, piiType, created: new Date(created).toISOString().slice(0, 10), text });
    }
    return { records, items: rows.map(({ id }) => id) };
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
    shared: ReadonlyMap<string, string[]>,
  ): Promise<void> {
    const { log, now } = this.#parts;
    const policy = await this.#policies.current();
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
      for (const [subject, items] of shared) {
        const standing = await this.#consents.standing(tx, subject, policy);
        for (const { status: piiType } of await found(tx, items))
          if (!permits(standing, { purpose, piiType, recipient }, now())) throw new Refusal(409, 'consent_stale');
        const body = toBody({ id, purpose, fields, form, items, ...(report && { report }) } satisfies Kept);
        await tx.put({ kind: 'disclosure', id: `${id}/${subject}`, subject, class: recipient, created: now(), body });
      }
      return [...shared.keys()].map((subject) => ({ ...entry, subject }));
    });
  }
}

const permits = (standing: Standing, question: Question, now: number): boolean => standing.decide(question, now).verdict === 'permit';

/** The items of these ids. One that is gone was erased, or taken back, since it was gathered. */
async function found(tx: Transaction, ids: readonly string[]): Promise<Row[]> {
  const rows = [];
  for (const id of ids) rows.push(await tx.get('item', id));
  if (rows.includes(undefined)) throw new Refusal(409, 'consent_stale');
  return rows as Row[];
}

/** A name, of a person or an item, for one recipient; two recipients cannot tell that theirs are of the same. */
async function pseudonym(tx: Transaction, recipient: string, id: string, created: number): Promise<string> {
  const row = (await tx.get('pseudonym_key', recipient)) ?? (await makePseudonymKey(tx, recipient, created));
  return createHmac('sha256', Buffer.from(fromBody<string>(row), 'hex'))
    .update(id)
    .digest('hex')
    .slice(0, 32);
}

async function makePseudonymKey(tx: Transaction, recipient: string, created: number): Promise<Pick<Row, 'body'>> {
  await tx.lock(); // another process may make one for the same recipient
  const other = await tx.get('pseudonym_key', recipient);
  if (other) return other;
  const body = toBody(randomBytes(32).toString('hex'));
  await tx.put({ kind: 'pseudonym_key', id: recipient, created, body });
  return { body };
}

/** Groups of rows that share the values of these columns and are fewer than k: each could be one person. */
export function groupsBelow<T extends Record<string, unknown>>(k: number, columns: readonly (keyof T)[], rows: readonly T[]): T[][] {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = JSON.stringify(columns.map((column) => row[column]));
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
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
