/** The embedded store: SQLite through the npm package `libsql`. One process writes to a file at a time. */

import type Libsql from 'libsql';
import { type Database, openStore, type Sql, type Value } from './sql.ts';
import type { Store } from './store.ts';

/** Opens or creates a database file. A commit is on the disk before it is acknowledged. */
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
  readonly forUpdate = ''; // a transaction that writes has the whole file
  readonly #connection: Libsql.Database;
  readonly #sql: Sql;
  #last: Promise<unknown> = Promise.resolve();

  constructor(connection: Libsql.Database) {
    this.#connection = connection;
    this.#sql = new SqliteSql(connection);
  }

  /** One after another: there is one connection. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    const run = this.#last.then(() => this.#run(work));
    this.#last = run.catch(() => {});
    return run;
  }

  async close(): Promise<void> {
    await this.#last;
    this.#connection.pragma('wal_checkpoint(TRUNCATE)'); // the file alone is then the whole database
    this.#connection.close();
  }

  async #run<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    this.#connection.exec('BEGIN IMMEDIATE');
    try {
      const result = await work(this.#sql);
      this.#connection.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#connection.inTransaction) this.#connection.exec('ROLLBACK');
      throw error;
    }
  }
}

/** Statements are prepared once. Values go in as one array: libsql takes a lone Uint8Array for named parameters. */
class SqliteSql implements Sql {
  readonly #connection: Libsql.Database;
  readonly #prepared = new Map<string, Libsql.Statement<unknown[]>>();

  constructor(connection: Libsql.Database) {
    this.#connection = connection;
  }

  async query(statement: string, values: readonly Value[] = []): Promise<Value[][]> {
    return this.#prepare(statement)
      .raw()
      .all([...values]) as Value[][];
  }

  async run(statement: string, values: readonly Value[] = []): Promise<number> {
    return this.#prepare(statement).run([...values]).changes;
  }

  async insert(table: string, rows: readonly (readonly Value[])[]): Promise<void> {
    const marks = rows[0]?.map(() => '?').join(', ');
    for (const row of rows) this.#prepare(`INSERT INTO ${table} VALUES (${marks})`).run([...row]);
  }

  #prepare(statement: string): Libsql.Statement<unknown[]> {
    let prepared = this.#prepared.get(statement);
    if (!prepared) {
      prepared = this.#connection.prepare(statement);
      this.#prepared.set(statement, prepared);
    }
    return prepared;
  }
}
