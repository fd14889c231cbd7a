/** The embedded store: SQLite through the npm package `libsql`. One process writes to a file at a time. */

import type Libsql from 'libsql';
import { type Database, openStore, type Sql, type Value } from './sql.ts';
import { type Store, StoreError } from './store.ts';

/** The write-ahead log holds what was written before, be it deleted since. */
const emptyWal = 'wal_checkpoint(TRUNCATE)';

/** Opens or creates a database file. A commit is on the disk before it is acknowledged, and what it deleted is on it no more. */
export async function openSqlite(file: string): Promise<Store> {
  const { default: Connection } = await import('libsql');
  const connection = new Connection(file);
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = FULL');
  connection.pragma('busy_timeout = 10000');
  connection.pragma('secure_delete = ON'); // what is erased is overwritten
  return openStore(new SqliteDatabase(connection));
}

class SqliteDatabase implements Database {
  readonly types = { integer: 'INTEGER', blob: 'BLOB' };
  readonly forUpdate = '';
  readonly #connection: Libsql.Database;
  readonly #prepared: Prepared = new Map();
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(connection: Libsql.Database) {
    this.#connection = connection;
  }

  /** One after another: there is one connection. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    if (this.#isClosed) return Promise.reject(new StoreError('the store is closed')); // libsql would end the process
    const run = this.#last.then(() => this.#run(work));
    this.#last = run.catch(() => {});
    return run;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#last;
    this.#connection.pragma(emptyWal); // the file alone is then the whole database
    this.#connection.close();
  }

  async #run<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    try {
      const sql = new SqliteSql(this.#connection, this.#prepared);
      const result = await work(sql);
      if (this.#connection.inTransaction) this.#connection.exec('COMMIT');
      if (sql.hasDeleted) this.#connection.pragma(emptyWal);
      return result;
    } catch (error) {
      if (this.#connection.inTransaction) this.#connection.exec('ROLLBACK');
      throw error;
    }
  }
}

type Prepared = Map<string, Libsql.Statement<unknown[]>>;

/**
 * Work that only reads has no transaction in SQLite, since nothing else uses the connection; the first write begins one.
 * Statements are prepared once. Values go in as one array: libsql takes a lone Uint8Array for named parameters.
 */
class SqliteSql implements Sql {
  hasDeleted = false;
  readonly #connection: Libsql.Database;
  readonly #prepared: Prepared;

  constructor(connection: Libsql.Database, prepared: Prepared) {
    this.#connection = connection;
    this.#prepared = prepared;
  }

  async lock(): Promise<void> {
    if (!this.#connection.inTransaction) this.#connection.exec('BEGIN IMMEDIATE');
  }

  async query(statement: string, values: readonly Value[] = []): Promise<Value[][]> {
    return this.#prepare(statement).all([...values]) as Value[][];
  }

  async run(statement: string, values: readonly Value[] = []): Promise<number> {
    await this.lock();
    const { changes } = this.#prepare(statement).run([...values]);
    if (changes > 0 && statement.startsWith('DELETE')) this.hasDeleted = true;
    return changes;
  }

  async insert(table: string, rows: readonly (readonly Value[])[]): Promise<void> {
    await this.lock();
    const marks = rows[0]?.map(() => '?').join(', ');
    for (const row of rows) this.#prepare(`INSERT INTO ${table} VALUES (${marks})`).run([...row]);
  }

  #prepare(statement: string): Libsql.Statement<unknown[]> {
    let prepared = this.#prepared.get(statement);
    if (!prepared) {
      prepared = this.#connection.prepare(statement);
      if (prepared.reader) prepared.raw();
      this.#prepared.set(statement, prepared);
    }
    return prepared;
  }
}
