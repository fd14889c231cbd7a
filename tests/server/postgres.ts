/** A PostgreSQL server of our own for one test file: in a temporary folder, on a loopback port, as a user that is not root. */

import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface TestPostgres {
  /** Options of `pg` for a schema of its own, empty at first. */
  options(schema: string): { host: string; port: number; user: string; database: string; options: string; max: number };
  psql(statement: string): void;
  stop(): void;
}

const versions = '/usr/lib/postgresql';

function binary(name: string): string {
  const newest = readdirSync(versions).sort((a, b) => Number(b) - Number(a))[0] as string;
  return path.join(versions, newest, 'bin', name);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export async function startPostgres(): Promise<TestPostgres> {
  if (!existsSync(versions)) throw new Error('PostgreSQL is not installed: npm run setup');
  const folder = mkdtempSync(path.join(tmpdir(), 'subrosa-postgres-'));
  const asRoot = process.getuid?.() === 0;
  const as = (program: string, ...args: string[]) => {
    const [command, ...rest] = asRoot ? ['runuser', '-u', 'postgres', '--', program, ...args] : [program, ...args];
    return execFileSync(command as string, rest, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  };
  if (asRoot) {
    const [user, group] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' })));
    chownSync(folder, user as number, group as number);
  }
  const data = path.join(folder, 'data');
  const port = await freePort();
  as(binary('initdb'), '-D', data, '-U', 'postgres', '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C');
  const settings = `-h 127.0.0.1 -p ${port} -k ${folder} -c fsync=on -c max_connections=60`;
  as(binary('pg_ctl'), '-D', data, '-o', settings, '-l', path.join(folder, 'log'), '-w', 'start');
  const psql = (statement: string) =>
    void as(binary('psql'), '-h', '127.0.0.1', '-p', `${port}`, '-U', 'postgres', '-v', 'ON_ERROR_STOP=1', '-q', '-c', statement);
  return {
    options(schema) {
      psql(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
      return { host: '127.0.0.1', port, user: 'postgres', database: 'postgres', options: `-c search_path=${schema}`, max: 8 };
    },
    psql,
    stop() {
      as(binary('pg_ctl'), '-D', data, '-m', 'immediate', '-w', 'stop');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const folders: string[] = [];
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A temporary folder that is removed when the process ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'subrosa-server-'));
  folders.push(folder);
  return folder;
}
