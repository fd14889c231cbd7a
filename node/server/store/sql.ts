/** The store over SQL that SQLite and PostgreSQL both speak. An adapter brings a connection and its types' names. */

import type { Filter, LogAppend, LogState, NewRow, Row, Store, Transaction } from './store.ts';
import { never, StoreError } from './store.ts';

export type Value = string | number | Uint8Array;

/** One connection inside a transaction. `?` stands for a value. */
export interface Sql {
  /** Where a transaction is not locked from its beginning: locks it now. */
  lock?(): Promise<void>;
  query(statement: string, values?: readonly Value[]): Promise<Value[][]>;
  /** How many rows it changed. */
  run(statement: string, values?: readonly Value[]): Promise<number>;
  /** Inserts rows into a table, all columns. */
  insert(table: string, rows: readonly (readonly Value[])[]): Promise<void>;
}

export interface Database {
  readonly types: { integer: string; blob: string };
  /** Where two processes share it: locks the row that is selected. */
  readonly forUpdate: string;
  /** Where two processes may open it at once: what lets one of them migrate at a time. */
  readonly lockForMigration?: string;
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Each brings the schema one version further; what was published is never changed. */
const migrations: ((types: Database['types']) => string[])[] = [
  ({ integer, blob }) => [
    `CREATE TABLE record (kind TEXT NOT NULL, id TEXT NOT NULL, subject TEXT NOT NULL, class TEXT NOT NULL, status TEXT NOT NULL,
      created ${integer} NOT NULL, due ${integer} NOT NULL, body ${blob} NOT NULL, PRIMARY KEY (kind, id))`,
    'CREATE INDEX record_subject ON record (subject, kind)',
    'CREATE INDEX record_due ON record (kind, due)',
    `CREATE TABLE log_entry (idx ${integer} PRIMARY KEY, time ${integer} NOT NULL, body TEXT NOT NULL)`,
    `CREATE TABLE log_node (pos ${integer} PRIMARY KEY, hash ${blob} NOT NULL)`,
    `CREATE TABLE log_checkpoint (size ${integer} PRIMARY KEY, note TEXT NOT NULL)`,
    `CREATE TABLE log_state (id ${integer} PRIMARY KEY, size ${integer} NOT NULL, tree ${blob} NOT NULL)`,
  ],
];

/** Brings the schema up to date. A newer one is left alone and refused. */
export async function openStore(database: Database): Promise<Store> {
  try {
    await database.transaction((sql) => migrate(sql, database));
  } catch (error) {
    await database.close();
    throw error;
  }
  return {
    transaction: (work) => database.transaction((sql) => work(new SqlTransaction(sql, database.forUpdate))),
    close: () => database.close(),
  };
}

async function migrate(sql: Sql, { types, lockForMigration }: Database): Promise<void> {
  if (lockForMigration) await sql.query(lockForMigration);
  await sql.run(`CREATE TABLE IF NOT EXISTS schema_version (id ${types.integer} PRIMARY KEY, version ${types.integer} NOT NULL)`);
  await sql.run('INSERT INTO schema_version VALUES (1, 0) ON CONFLICT (id) DO NOTHING');
  const [[version = 0] = []] = await sql.query('SELECT version FROM schema_version WHERE id = 1');
  if (Number(version) > migrations.length)
    throw new StoreError(`the schema has version ${version}, and this release knows ${migrations.length}: use a newer release`);
  for (const migration of migrations.slice(Number(version))) for (const statement of migration(types)) await sql.run(statement);
  await sql.run('UPDATE schema_version SET version = ? WHERE id = 1', [migrations.length]);
  await sql.run('INSERT INTO log_state VALUES (1, 0, ?) ON CONFLICT (id) DO NOTHING', [new Uint8Array(8)]);
}

const columns = 'kind, id, subject, class, status, created, due, body';

function readRow([kind, id, subject, className, status, created, due, body]: Value[]): Row {
  return { kind, id, subject, class: className, status, created, due, body } as Row;
}

function where(filter: Filter & { id?: string }): [string, Value[]] {
  const parts: string[] = [];
  const values: Value[] = [];
  for (const name of ['kind', 'id', 'subject', 'class', 'status'] as const) {
    const value = filter[name];
    if (value === undefined) continue;
    const any = typeof value === 'string' ? [value] : value;
    parts.push(any.length === 1 ? `${name} = ?` : `${name} IN (${any.map(() => '?').join(', ')})`);
    values.push(...any);
  }
  if (filter.dueBy !== undefined) {
    parts.push('due <= ?');
    values.push(filter.dueBy);
  }
  return [parts.join(' AND '), values];
}

class SqlTransaction implements Transaction {
  readonly #sql: Sql;
  readonly #forUpdate: string;

  constructor(sql: Sql, forUpdate: string) {
    this.#sql = sql;
    this.#forUpdate = forUpdate;
  }

  async put({ kind, id, subject = '', class: className = '', status = '', created, due = never, body }: NewRow): Promise<void> {
    await this.#sql.run(
      `INSERT INTO record (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET
       subject = excluded.subject, class = excluded.class, status = excluded.status, due = excluded.due, body = excluded.body`,
      [kind, id, subject, className, status, created, due, body],
    );
  }

  async get(kind: string, id: string): Promise<Row | undefined> {
    const [row] = await this.#sql.query(`SELECT ${columns} FROM record WHERE kind = ? AND id = ?`, [kind, id]);
    return row && readRow(row);
  }

  async find(filter: Filter, limit = Number.MAX_SAFE_INTEGER): Promise<Row[]> {
    const [condition, values] = where(filter);
    const rows = await this.#sql.query(`SELECT ${columns} FROM record WHERE ${condition} ORDER BY due, id LIMIT ?`, [...values, limit]);
    return rows.map(readRow);
  }

  async count(filter: Filter): Promise<number> {
    const [condition, values] = where(filter);
    const [[count = 0] = []] = await this.#sql.query(`SELECT count(*) FROM record WHERE ${condition}`, values);
    return Number(count);
  }

  async remove(filter: Filter & { id?: string }): Promise<number> {
    const [condition, values] = where(filter);
    return this.#sql.run(`DELETE FROM record WHERE ${condition}`, values);
  }

  async lock(): Promise<void> {
    await this.lockLog();
  }

  async lockLog(): Promise<LogState> {
    await this.#sql.lock?.();
    return this.#state(this.#forUpdate);
  }

  readLog(): Promise<LogState> {
    return this.#state('');
  }

  async appendLog({ index, time, bodies, position, nodes, tree, checkpoint }: LogAppend): Promise<void> {
    await this.#sql.insert(
      'log_entry',
      bodies.map((body, i) => [index + i, time, body]),
    );
    const rows: Value[][] = [];
    for (let at = 0; at < nodes.length; at += 32) rows.push([position + at / 32, nodes.subarray(at, at + 32)]);
    await this.#sql.insert('log_node', rows);
    const size = index + bodies.length;
    await this.#sql.run('INSERT INTO log_checkpoint VALUES (?, ?)', [size, checkpoint]);
    await this.#sql.run('UPDATE log_state SET size = ?, tree = ? WHERE id = 1', [size, tree]);
  }

  async entries(from: number, to: number): Promise<string[]> {
    const rows = await this.#sql.query('SELECT body FROM log_entry WHERE idx >= ? AND idx < ? ORDER BY idx', [from, to]);
    return rows.map(([body]) => body as string);
  }

  async nodes(positions: readonly number[]): Promise<Uint8Array> {
    if (positions.length === 0) return new Uint8Array(0);
    const marks = positions.map(() => '?').join(', ');
    const rows = await this.#sql.query(`SELECT pos, hash FROM log_node WHERE pos IN (${marks})`, positions);
    const found = new Map(rows.map(([position, hash]) => [Number(position), hash as Uint8Array]));
    return new Uint8Array(Buffer.concat(positions.map((position) => found.get(position) ?? new Uint8Array(0))));
  }

  async checkpoint(size = never): Promise<string | undefined> {
    const [row] = await this.#sql.query('SELECT note FROM log_checkpoint WHERE size <= ? ORDER BY size DESC LIMIT 1', [size]);
    return row?.[0] as string | undefined;
  }

  async checkpoints(from: number, to: number): Promise<string[]> {
    const rows = await this.#sql.query('SELECT note FROM log_checkpoint WHERE size > ? AND size <= ? ORDER BY size', [from, to]);
    return rows.map(([note]) => note as string);
  }

  async #state(forUpdate: string): Promise<LogState> {
    const [row] = await this.#sql.query(`SELECT size, tree FROM log_state WHERE id = 1${forUpdate}`);
    if (!row) throw new StoreError('the log has no state: the database was changed by hand');
    return { size: Number(row[0]), tree: row[1] as Uint8Array };
  }
}
