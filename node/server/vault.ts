/**
 * Keys of people: one for each person, retention class and day of expiry, wrapped under the master key, in a store of
 * their own. A backup of the data without that store stays unreadable once a key is shredded; so the key store's own
 * backups must not live longer than the deadline of an erasure.
 */

import { createHmac } from 'node:crypto';
import type { DataKey, Subrosa } from '../../js/src/index.ts';
import { Refusal } from './refusal.ts';
import type { Filter, Row, Store, Transaction } from './store/store.ts';
import { never } from './store/store.ts';

/** Which key: `due` is when it expires with all that it sealed. */
export interface KeyName {
  subject: string;
  class: string;
  due?: number;
}

const referenceClass = 'reference';

export class Vault {
  readonly #subrosa: Subrosa;
  readonly #store: Store;
  readonly #master: DataKey;
  readonly #now: () => number;

  /** `master`: 32 secret bytes, which the caller wipes. */
  constructor({ subrosa, keyStore, master, now }: { subrosa: Subrosa; keyStore: Store; master: Uint8Array; now: () => number }) {
    this.#subrosa = subrosa;
    this.#store = keyStore;
    this.#master = subrosa.atRest.importKey(master);
    this.#now = now;
  }

  /** Seals a text under a key that is made when there is none; refused for a person who was erased. */
  async seal(name: KeyName, label: string, text: string): Promise<Uint8Array> {
    const key = await this.#store.transaction((tx) => this.#key(tx, name, true));
    return use(key as DataKey, (dataKey) => this.#subrosa.atRest.seal(text, { key: dataKey, label }));
  }

  /** The text, or undefined when its key was shredded. */
  async open(name: KeyName, label: string, sealed: Uint8Array): Promise<string | undefined> {
    const key = await this.#store.transaction((tx) => this.#key(tx, name, false));
    return key && use(key, (dataKey) => this.#subrosa.atRest.openText(sealed, { key: dataKey, label }));
  }

  /** A person's name in the log: linked to them as long as their keys live, and to nobody after. */
  async reference(subject: string): Promise<string | undefined> {
    return this.commit(subject, subject);
  }

  /** A keyed hash of a detail of a person, under the same key. */
  async commit(subject: string, detail: string): Promise<string | undefined> {
    const key = await this.#store.transaction(async (tx) => {
      const isErased = (await tx.get('erased', subject)) !== undefined;
      return this.#key(tx, { subject, class: referenceClass }, !isErased);
    });
    return (
      key &&
      use(key, (dataKey) => {
        const bytes = dataKey.export();
        const code = createHmac('sha256', bytes).update(detail).digest('hex');
        bytes.fill(0);
        return `hmac:${code}`;
      })
    );
  }

  /** Destroys keys; all of a person's, or those of a class, or those that expired. */
  async shred(filter: Omit<Filter, 'kind'>): Promise<number> {
    return this.#store.transaction((tx) => tx.remove({ kind: 'key', ...filter }));
  }

  /** Destroys every key of a person, for ever: none is made again. */
  async erase(subject: string): Promise<void> {
    await this.#store.transaction(async (tx) => {
      await tx.lock();
      await tx.put({ kind: 'erased', id: subject, created: this.#now(), body: new Uint8Array(0) });
      await tx.remove({ kind: 'key', subject });
    });
  }

  async isErased(subject: string): Promise<boolean> {
    return this.#store.transaction(async (tx) => (await tx.get('erased', subject)) !== undefined);
  }

  /** Closes the key store, and wipes the master key. */
  async close(): Promise<void> {
    await this.#store.close();
    this.#master.free();
  }

  /** How many keys a person has, or has of a class. */
  async count(subject: string, className?: string): Promise<number> {
    const filter = { kind: 'key', subject, ...(className === undefined ? {} : { class: className }) };
    return this.#store.transaction((tx) => tx.count(filter));
  }

  async #key(tx: Transaction, { subject, class: className, due = never }: KeyName, create: boolean): Promise<DataKey | undefined> {
    const id = JSON.stringify([subject, className, due]);
    const exportable = className === referenceClass;
    const unwrap = ({ body }: Row) => this.#subrosa.atRest.unwrapKey(body, { under: this.#master, label: id, exportable });
    const row = await tx.get('key', id);
    if (row) return unwrap(row);
    if (!create) return undefined;
    await tx.lock(); // another process may make the same key, or erase the person
    const other = await tx.get('key', id);
    if (other) return unwrap(other);
    if (await tx.get('erased', subject)) throw new Refusal(410, 'erased');
    const key = this.#subrosa.atRest.generateKey({ exportable });
    const body = this.#subrosa.atRest.wrapKey(key, { under: this.#master, label: id });
    await tx.put({ kind: 'key', id, subject, class: className, created: this.#now(), due, body });
    return key;
  }
}

function use<T>(key: DataKey, work: (key: DataKey) => T): T {
  try {
    return work(key);
  } finally {
    key.free();
  }
}

/** Which key sealed a row. */
export const keyOf = (row: Pick<Row, 'subject' | 'class' | 'due'>): KeyName => ({ subject: row.subject, class: row.class, due: row.due });
