/**
 * What a page remembers of a conversation: texts in IndexedDB, sealed under a key of their own. That key is kept under a
 * passphrase; without one, under a key of the browser's that no script can read out.
 *
 *   const history = await subrosa.history({ name: 'chat', passphrase });
 *   await history.add('hello');
 *   await history.read(); // [{ id: 0, text: 'hello' }]
 *
 * Under the browser's key it is safe from whoever gets at a backup of the data alone, but not from whoever uses this browser.
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

/** How the key of a history is kept. */
type StoredKey = { kind: 'passphrase'; locked: string } | { kind: 'device'; device: CryptoKey; iv: Uint8Array; wrapped: ArrayBuffer };

const keys = 'keys';
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
      const kept = stored ?? (await keepKey(database, name, await newKey(atRest, passphrase, cost)));
      return new LocalHistory(atRest, database, name, await openKey(atRest, kept, passphrase));
    } catch (error) {
      database.close();
      throw error;
    }
  }

  /** Adds a text at the end; gives its id. */
  async add(text: string): Promise<number> {
    const transaction = this.#database.transaction(entries, 'readwrite');
    const store = transaction.objectStore(entries);
    const last = await settled(store.openKeyCursor(this.#range, 'prev'));
    const id = last ? idOf(last.key) + 1 : 0;
    store.add(this.#atRest.seal(text, { key: this.#key, label: this.#label(id) }), [this.#name, id]);
    await written(transaction);
    return id;
  }

  /**
   * All of it, the oldest first. Throws `not_authentic` for an entry that was changed or moved, or where one is missing between
   * others; that the first or the last are missing is not seen.
   */
  async read(): Promise<HistoryEntry[]> {
    const store = this.#database.transaction(entries).objectStore(entries);
    const [ids, sealed] = await Promise.all([settled(store.getAllKeys(this.#range)), settled(store.getAll(this.#range))]);
    const first = ids.length > 0 ? idOf(ids[0]) : 0;
    return sealed.map((bytes: Uint8Array, i) => {
      const id = first + i;
      if (idOf(ids[i]) !== id) throw new SubrosaError('not_authentic', 0, `/${id}`);
      return { id, text: this.#atRest.openText(bytes, { key: this.#key, label: this.#label(id) }) };
    });
  }

  /** Forgets all but the newest so many. */
  async keepLast(count: number): Promise<void> {
    const transaction = this.#database.transaction(entries, 'readwrite');
    const store = transaction.objectStore(entries);
    const ids = await settled(store.getAllKeys(this.#range));
    for (const id of ids.slice(0, Math.max(0, ids.length - count))) store.delete(id);
    await written(transaction);
  }

  /** Destroys the key with all that it sealed, and closes. What was copied before opens no more. */
  async erase(): Promise<void> {
    const transaction = this.#database.transaction([keys, entries], 'readwrite');
    transaction.objectStore(keys).delete(this.#name);
    transaction.objectStore(entries).delete(this.#range);
    await written(transaction);
    this.close();
  }

  /** Wipes the key from memory. */
  close(): void {
    this.#key.free();
    this.#database.close();
  }

  #label(id: number): string {
    return `history/${this.#name}/${id}`;
  }
}

const idOf = (key: unknown): number => (key as [string, number])[1];

function openDatabase(): Promise<IDBDatabase> {
  const opening = indexedDB.open('subrosa-history', 1);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore(keys);
    opening.result.createObjectStore(entries);
  };
  return settled(opening);
}

/** Keeps the key, unless another tab was first: gives the one that is kept. */
async function keepKey(database: IDBDatabase, name: string, made: StoredKey): Promise<StoredKey> {
  const transaction = database.transaction(keys, 'readwrite');
  const store = transaction.objectStore(keys);
  const stored: StoredKey | undefined = await settled(store.get(name));
  if (!stored) store.add(made, name);
  await written(transaction);
  return stored ?? made;
}

async function newKey(atRest: AtRest, passphrase?: string, cost?: PassphraseCost): Promise<StoredKey> {
  const key = atRest.generateKey({ exportable: passphrase === undefined });
  try {
    if (passphrase !== undefined) return { kind: 'passphrase', locked: atRest.lockKey(key, passphrase, cost) };
    const bytes = key.export();
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const device = await crypto.subtle.generateKey({ name: deviceCipher, length: 256 }, false, ['encrypt', 'decrypt']);
    const wrapped = await crypto.subtle.encrypt({ name: deviceCipher, iv }, device, bytes as Uint8Array<ArrayBuffer>);
    bytes.fill(0);
    return { kind: 'device', device, iv, wrapped };
  } finally {
    key.free();
  }
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
