/**
 * What the server needs of a database: rows of one shape, and the audit log. SQLite and PostgreSQL are the two adapters,
 * and a test suite holds for both.
 *
 *   const store = await openSqlite('subrosa.db');
 *   await store.transaction(async (tx) => tx.put({ kind: 'policy', id: hash, body }));
 */

/** Whatever is kept, personal data sealed. `due` is when something is to be done with it: to expire, to answer, to retry. */
export interface Row {
  kind: string;
  id: string;
  subject: string;
  class: string;
  status: string;
  /** Milliseconds since 1970. */
  created: number;
  /** Milliseconds since 1970; `never` where nothing is due. */
  due: number;
  body: Uint8Array;
}

export const never = Number.MAX_SAFE_INTEGER;

/** A row to write; what is left out is empty, and never due. */
export type NewRow = Pick<Row, 'kind' | 'id' | 'created' | 'body'> & Partial<Row>;

/** Every given condition must hold; of several values any one. `dueBy` includes the moment itself. */
export interface Filter {
  kind: string | readonly string[];
  subject?: string;
  class?: string | readonly string[];
  status?: string | readonly string[];
  dueBy?: number;
}

/** The log's tree (subrosa.audit), and how many entries lie in it. */
export interface LogState {
  size: number;
  tree: Uint8Array;
}

/** What an append adds: entries from `index` on, nodes from `position` on, the tree after it and its checkpoint. */
export interface LogAppend {
  index: number;
  time: number;
  bodies: readonly string[];
  position: number;
  nodes: Uint8Array;
  tree: Uint8Array;
  checkpoint: string;
}

/** One unit of work: all of it is kept, or none. */
export interface Transaction {
  /** Adds or replaces the row of this kind and id. */
  put(row: NewRow): Promise<void>;
  get(kind: string, id: string): Promise<Row | undefined>;
  /** By due time, then id. */
  find(filter: Filter, limit?: number): Promise<Row[]>;
  count(filter: Filter): Promise<number>;
  /** How many were removed. */
  remove(filter: Filter & { id?: string }): Promise<number>;

  /** Until the end of this transaction nobody else who locks, or appends to the log, goes on. */
  lock(): Promise<void>;
  /** The log's state, under that lock. */
  lockLog(): Promise<LogState>;
  readLog(): Promise<LogState>;
  appendLog(append: LogAppend): Promise<void>;
  /** Bodies of the entries [from, to). */
  entries(from: number, to: number): Promise<string[]>;
  /** The hashes at these positions, in their order; shorter where one is missing. */
  nodes(positions: readonly number[]): Promise<Uint8Array>;
  /** The signed checkpoint of the greatest size up to `size`. */
  checkpoint(size?: number): Promise<string | undefined>;
  /** Signed checkpoints of sizes from > `from` up to `to`, in order. */
  checkpoints(from: number, to: number): Promise<string[]>;
}

export interface Store {
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** A store that cannot be used as it is. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

export const toBody = (value: unknown): Uint8Array => encoder.encode(JSON.stringify(value));
export const fromBody = <T>(row: Pick<Row, 'body'>): T => JSON.parse(decoder.decode(row.body)) as T;
