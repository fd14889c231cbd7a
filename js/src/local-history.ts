/**
 * What a page remembers of a conversation: texts in IndexedDB, sealed under a key of their own. That key is kept under a
 * passphrase; without one, under a key of the browser's that no script can read out.
 *
 *   const history = await subrosa.history({ name: 'chat', passphrase });
 *   await history.add('hello');
 *   await history.read(); // [{ id: 0, text: 'hello' }]
 *
 * Under the browser's key it is safe from whoever gets at a backup of the data alone, but not from whoever uses this browser.
 * A sealed head says which entries there are, so that none can be taken out unnoticed; a whole history that is put back as it
 * once was, head and all, is not noticed.
 */

import type { AtRest, DataKey, PassphraseCost } from './at-rest.ts';
import { SubrosaError } from './errors.ts';
import { settled, written } from './indexed-db.ts';

export interface HistoryOptions {
  /** Which history of this origin. */
  name: string;
  /** What it is kept under. Without it: a key of the browser's, for which the page must be in a secure context. */
  passphrase?: string;
  /** For a history that is not there yet. */
  cost?: PassphraseCost;
}

export interface HistoryEntry {
  /** Grows by one with each entry. */
  id: number;
  text: string;
}

/** Which entries there are: from `first` on, and before `next`. */
interface Head {
  first: number;
  next: number;
}

/** How the key of a history is kept. */
type StoredKey = { kind: 'passphrase'; locked: string } | { kind: 'device'; device: CryptoKey; iv: Uint8Array; wrapped: ArrayBuffer };

const keys = 'keys';
const heads = 'heads';
const entries = 'entries';
const deviceCipher = 'AES-GCM';

export class LocalHistory {
  readonly #atRest: AtRest;
  readonly #database: IDBDatabase;
  readonly #name: string;
  readonly #key: DataKey;
  readonly #range: IDBKeyRange;

  private constructor(atRest: AtRest, database: IDBDatabase, name: string, key: DataKey) {
    this.#atRest = atRest;
    this.#database = database;
    this.#name = name;
    this.#key = key;
    this.#range = IDBKeyRange.bound([name], [name, []]);
  }

  /** Opens a history or begins one. Throws `not_authentic` for another passphrase, for none, or for one where none was used. */
  static async open(atRest: AtRest, { name, passphrase, cost }: HistoryOptions): Promise<LocalHistory> {
    const database = await openDatabase();
    try {
      const stored: StoredKey | undefined = await settled(database.transaction(keys).objectStore(keys).get(name));
      const kept = stored ?? (await begin(database, name, await newHistory(atRest, name, passphrase, cost)));
      return new LocalHistory(atRest, database, name, await openKey(atRest, kept, passphrase));
    } catch (error) {
      database.close();
      throw error;
    }
  }

  /** Adds a text at the end; gives its id. */
  async add(text: string): Promise<number> {
    const transaction = this.#database.transaction([heads, entries], 'readwrite');
    const { first, next } = await this.#head(transaction);
    transaction.objectStore(entries).add(this.#atRest.seal(text, { key: this.#key, label: labelOf(this.#name, next) }), [this.#name, next]);
    this.#keep(transaction, { first, next: next + 1 });
    await written(transaction);
    return next;
  }

  /** All of it, the oldest first. Throws `not_authentic` for an entry that was changed, moved, taken out or put in. */
  async read(): Promise<HistoryEntry[]> {
    const transaction = this.#database.transaction([heads, entries]);
    const { first, next } = await this.#head(transaction);
    const store = transaction.objectStore(entries);
    const [ids, sealed] = await Promise.all([settled(store.getAllKeys(this.#range)), settled(store.getAll(this.#range))]);
    const size = Math.max(next - first, ids.length);
    return Array.from({ length: size }, (_, i) => {
      const id = first + i;
      if (id >= next || i >= ids.length || idOf(ids[i]) !== id) throw new SubrosaError('not_authentic', 0, `/${id}`);
      return { id, text: this.#atRest.openText(sealed[i], { key: this.#key, label: labelOf(this.#name, id) }) };
    });
  }

  /** Forgets all but the newest so many. */
  async keepLast(count: number): Promise<void> {
    const transaction = this.#database.transaction([heads, entries], 'readwrite');
    const { first, next } = await this.#head(transaction);
    const kept = Math.max(first, next - count);
    transaction.objectStore(entries).delete(IDBKeyRange.bound([this.#name], [this.#name, kept], false, true));
    this.#keep(transaction, { first: kept, next });
    await written(transaction);
  }

  /** Destroys the key with all that it sealed, and closes. What was copied before opens no more. */
  async erase(): Promise<void> {
    const transaction = this.#database.transaction([keys, heads, entries], 'readwrite');
    for (const store of [keys, heads]) transaction.objectStore(store).delete(this.#name);
    transaction.objectStore(entries).delete(this.#range);
    await written(transaction);
    this.close();
  }

  /** Wipes the key from memory. */
  close(): void {
    this.#key.free();
    this.#database.close();
  }

  /** Throws `not_authentic` where there is none: each history begins with one. */
  async #head(transaction: IDBTransaction): Promise<Head> {
    const sealed: Uint8Array | undefined = await settled(transaction.objectStore(heads).get(this.#name));
    if (!sealed) throw new SubrosaError('not_authentic', 0, '/head');
    return JSON.parse(this.#atRest.openText(sealed, { key: this.#key, label: labelOf(this.#name, 'head') }));
  }

  #keep(transaction: IDBTransaction, head: Head): void {
    transaction.objectStore(heads).put(sealHead(this.#atRest, this.#key, this.#name, head), this.#name);
  }
}

const labelOf = (name: string, part: number | 'head'): string => `history/${name}/${part}`;

const sealHead = (atRest: AtRest, key: DataKey, name: string, head: Head): Uint8Array =>
  atRest.seal(JSON.stringify(head), { key, label: labelOf(name, 'head') });

const idOf = (key: unknown): number => (key as [string, number])[1];

function openDatabase(): Promise<IDBDatabase> {
  const opening = indexedDB.open('subrosa-history', 1);
  opening.onupgradeneeded = () => {
    for (const name of [keys, heads, entries]) opening.result.createObjectStore(name);
  };
  return settled(opening);
}

/** What a history begins with. */
interface Beginning {
  key: StoredKey;
  head: Uint8Array;
}

/** Begins a history, unless another tab was first: gives the key that is kept. */
async function begin(database: IDBDatabase, name: string, { key, head }: Beginning): Promise<StoredKey> {
  const transaction = database.transaction([keys, heads], 'readwrite');
  const stored: StoredKey | undefined = await settled(transaction.objectStore(keys).get(name));
  if (!stored) {
    transaction.objectStore(keys).add(key, name);
    transaction.objectStore(heads).put(head, name);
  }
  await written(transaction);
  return stored ?? key;
}

async function newHistory(atRest: AtRest, name: string, passphrase?: string, cost?: PassphraseCost): Promise<Beginning> {
  const key = atRest.generateKey({ exportable: passphrase === undefined });
  try {
    const head = sealHead(atRest, key, name, { first: 0, next: 0 });
    if (passphrase === undefined) return { key: await wrapOnDevice(key), head };
    return { key: { kind: 'passphrase', locked: atRest.lockKey(key, passphrase, cost) }, head };
  } finally {
    key.free();
  }
}

async function wrapOnDevice(key: DataKey): Promise<StoredKey> {
  const bytes = key.export();
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const device = await crypto.subtle.generateKey({ name: deviceCipher, length: 256 }, false, ['encrypt', 'decrypt']);
  const wrapped = await crypto.subtle.encrypt({ name: deviceCipher, iv }, device, bytes as Uint8Array<ArrayBuffer>);
  bytes.fill(0);
  return { kind: 'device', device, iv, wrapped };
}

async function openKey(atRest: AtRest, stored: StoredKey, passphrase?: string): Promise<DataKey> {
  if (stored.kind === 'passphrase' && passphrase !== undefined) return atRest.unlockKey(stored.locked, passphrase);
  if (stored.kind !== 'device' || passphrase !== undefined) throw new SubrosaError('not_authentic');
  const parameters = { name: deviceCipher, iv: stored.iv as Uint8Array<ArrayBuffer> };
  const bytes = await crypto.subtle.decrypt(parameters, stored.device, stored.wrapped).then(
    (opened) => new Uint8Array(opened),
    () => undefined,
  );
  if (!bytes) throw new SubrosaError('not_authentic');
  const key = atRest.importKey(bytes);
  bytes.fill(0);
  return key;
}
