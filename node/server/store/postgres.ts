/** The store for more than one machine: PostgreSQL through the npm package `pg`. */

import type { Pool, PoolClient } from 'pg';
import { type Database, openStore, type Sql, type Value } from './sql.ts';
import type { Store } from './store.ts';

/** Options of `pg`, which need not be installed: any that it knows. */
export interface PostgresOptions {
  connectionString?: string;
  host?: string;
  port?: number;
  user?: string;
  password?: string;
  database?: string;
  max?: number;
  [option: string]: unknown;
}

/** Connects with the options of `pg`; the tables lie in the connection's schema. */
export async function openPostgres(options: PostgresOptions): Promise<Store> {
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({ ...options, types: { getTypeParser } });
  pool.on('error', () => {}); // a connection that broke while idle: the next query has a new one, or fails
  return openStore(new PostgresDatabase(pool));

  /** bigint comes as a number: none of ours is beyond 2^53. */
  function getTypeParser(oid: number, format?: 'text' | 'binary') {
    return oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format as 'text');
  }
}

class PostgresDatabase implements Database {
  readonly types = { integer: 'BIGINT', blob: 'BYTEA' };
  readonly forUpdate = ' FOR UPDATE';
  readonly lockForMigration = 'SELECT pg_advisory_xact_lock(5498236710)';
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    let broken = false;
    try {
      await client.query('BEGIN');
      const result = await work(new PostgresSql(client));
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {
        broken = true;
      });
      throw error;
    } finally {
      client.release(broken);
    }
  }

  close(): Promise<void> {
    return this.#pool.end();
  }
}

const rowsInOneInsert = 1000;

class PostgresSql implements Sql {
  readonly #client: PoolClient;

  constructor(client: PoolClient) {
    this.#client = client;
  }

  async query(statement: string, values: readonly Value[] = []): Promise<Value[][]> {
    const result = await this.#client.query({ text: numbered(statement), values: values.map(toBinary), rowMode: 'array' });
    return result.rows;
  }

  async run(statement: string, values: readonly Value[] = []): Promise<number> {
    const result = await this.#client.query(numbered(statement), values.map(toBinary));
    return result.rowCount ?? 0;
  }

  async insert(table: string, rows: readonly (readonly Value[])[]): Promise<void> {
    for (let at = 0; at < rows.length; at += rowsInOneInsert) {
      const part = rows.slice(at, at + rowsInOneInsert);
      const marks = part.map((row) => `(${row.map(() => '?').join(', ')})`).join(', ');
      await this.run(`INSERT INTO ${table} VALUES ${marks}`, part.flat());
    }
  }
}

/** `?` as PostgreSQL wants it: $1, $2. No statement of ours has a question mark elsewhere. */
function numbered(statement: string): string {
  let count = 0;
  return statement.replaceAll('?', () => `$${++count}`);
}

function toBinary(value: Value): string | number | Buffer {
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value;
}
