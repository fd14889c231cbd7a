/** Where one person's consent is kept: IndexedDB, with the epochs mirrored in localStorage; or memory where neither may be used. */

import { settled, written } from '../indexed-db.ts';

/** Epochs by purpose. */
export type Epochs = Record<string, number>;

export interface ConsentStorage {
  /** `memory`: nothing outlives the page. */
  readonly kind: 'persistent' | 'memory';
  /** The state as it was written last. Rejects when it cannot be read, which is not the same as absent. */
  read(): Promise<string | undefined>;
  /** Reads, and writes what `change` makes of it, as one step that no other tab can come between. */
  update(change: (stored: string | undefined) => string): Promise<void>;
  /** Puts unreadable bytes aside, so that they are neither used nor lost. */
  quarantine(bytes: string): Promise<void>;
  /** The epochs that any tab has announced. Synchronous, for the check just before a message leaves. */
  epochs(): Epochs;
  announce(epochs: Epochs): void;
}

export class MemoryStorage implements ConsentStorage {
  readonly kind = 'memory';
  #state: string | undefined;
  #epochs: Epochs = {};

  async read(): Promise<string | undefined> {
    return this.#state;
  }
  async update(change: (stored: string | undefined) => string): Promise<void> {
    this.#state = change(this.#state);
  }
  async quarantine(): Promise<void> {
    this.#state = undefined;
  }
  epochs(): Epochs {
    return this.#epochs;
  }
  announce(epochs: Epochs): void {
    this.#epochs = { ...epochs };
  }
}

const store = 'state';

class PersistentStorage implements ConsentStorage {
  readonly kind = 'persistent';
  readonly #database: IDBDatabase;
  readonly #name: string;

  constructor(database: IDBDatabase, name: string) {
    this.#database = database;
    this.#name = name;
  }

  async read(): Promise<string | undefined> {
    const value: unknown = await settled(this.#database.transaction(store).objectStore(store).get(this.#name));
    return typeof value === 'string' ? value : undefined;
  }

  async update(change: (stored: string | undefined) => string): Promise<void> {
    const transaction = this.#database.transaction(store, 'readwrite');
    const states = transaction.objectStore(store);
    const value: unknown = await settled(states.get(this.#name));
    states.put(change(typeof value === 'string' ? value : undefined), this.#name);
    await written(transaction);
  }

  async quarantine(bytes: string): Promise<void> {
    const states = this.#database.transaction(store, 'readwrite').objectStore(store);
    states.put(bytes, `${this.#name}:unreadable`);
    await settled(states.delete(this.#name));
  }

  epochs(): Epochs {
    const epochs: unknown = JSON.parse(localStorage.getItem(this.#key) ?? '{}');
    if (Object(epochs) !== epochs) throw new TypeError('epochs');
    return epochs as Epochs;
  }

  announce(epochs: Epochs): void {
    localStorage.setItem(this.#key, JSON.stringify(epochs));
  }

  get #key(): string {
    return `subrosa-epochs:${this.#name}`;
  }
}

/** The page's own storage, or memory where it is blocked. */
export async function openStorage(name: string): Promise<ConsentStorage> {
  try {
    const probe = `subrosa-epochs:${name}:probe`;
    localStorage.setItem(probe, '1');
    localStorage.removeItem(probe);
    const opening = indexedDB.open('subrosa-consent', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(store);
    return new PersistentStorage(await settled(opening), name);
  } catch {
    return new MemoryStorage();
  }
}
