/**
 * After keys are freed, nothing of them or of what they sealed is left in memory: in the module's, or for the addon in that of
 * a whole process, which is read from outside.
 */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { createInterface } from 'node:readline';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { wasmBackend } from '../../wasm/backend.ts';
import { secrets, traces, useSecrets } from '../fixture/secrets.ts';
import { backend as elsewhere } from './backend.ts';

const kems = [0x20, 0x647a];

/** A backend, and a look at its memory. */
async function observed() {
  const real = WebAssembly.instantiate;
  let memory: WebAssembly.Memory | undefined;
  WebAssembly.instantiate = (async (module: WebAssembly.Module, imports: WebAssembly.Imports) => {
    const instance = await real(module, imports);
    memory = instance.exports.memory as WebAssembly.Memory;
    return instance;
  }) as never;
  try {
    const module = await WebAssembly.compile(readFileSync(new URL('../../dist/core.wasm', import.meta.url)));
    return { backend: await wasmBackend(module), heap: () => Buffer.from((memory as WebAssembly.Memory).buffer) };
  } finally {
    WebAssembly.instantiate = real;
  }
}

/** All memory of another process that can be written, a piece at a time. */
function* memoryOf(pid: number): Generator<Buffer> {
  const file = openSync(`/proc/${pid}/mem`, 'r');
  try {
    yield* piecesOf(file, pid);
  } finally {
    closeSync(file);
  }
}

function* piecesOf(file: number, pid: number): Generator<Buffer> {
  for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
    const [, begin, end] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? [];
    if (begin === undefined || end === undefined || line.includes('[v')) continue;
    const start = Number.parseInt(begin, 16);
    const piece = Buffer.alloc(Number.parseInt(end, 16) - start);
    yield piece.subarray(0, readSync(file, piece, 0, piece.length, start));
  }
}

if (process.env.SUBROSA_BACKEND === 'wasm')
  for (const kem of kems)
    test(`WebAssembly memory holds no secret after use, KEM ${kem.toString(16)}`, async () => {
      const { backend, heap } = await observed();
      const all = secrets(elsewhere, kem);
      let inUse = 0;
      await useSecrets(backend, kem, () => {
        inUse = traces(heap(), all.secretKey);
      });
      assert.ok(inUse > 0, 'the look finds a secret while it is in use');
      for (const [name, secret] of Object.entries(all)) assert.equal(traces(heap(), secret), 0, name);
    });
else if (existsSync('/proc/self/mem'))
  for (const kem of kems)
    test(`a process holds no secret after the addon was used, KEM ${kem.toString(16)}`, async () => {
      const all = secrets(elsewhere, kem);
      const script = fileURLToPath(new URL('./hygiene-child.ts', import.meta.url));
      const child = spawn(process.execPath, ['--import', 'tsx', script, String(kem)], { stdio: ['pipe', 'pipe', 'inherit'] });
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      const look = (secret: Uint8Array) => {
        let found = 0;
        for (const piece of memoryOf(child.pid as number)) found += traces(piece, secret);
        return found;
      };
      /** A look that ends where the process gave memory back meanwhile is taken again. */
      const count = (secret: Uint8Array, tries = 10): number => {
        try {
          return look(secret);
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'EIO' || tries === 1) throw error;
          return count(secret, tries - 1);
        }
      };
      try {
        assert.equal((await lines.next()).value, 'in use');
        assert.ok(count(all.secretKey) > 0, 'the look finds a secret while it is in use');
        child.stdin.write('go on\n');
        assert.equal((await lines.next()).value, 'freed');
        for (const [name, secret] of Object.entries(all)) assert.equal(count(secret), 0, name);
      } finally {
        const ended = once(child, 'exit');
        child.stdin.end();
        await ended;
      }
    });
else console.log('not run: this system does not show the memory of a process');
