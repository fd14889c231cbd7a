// The server under load: sealed messages through HTTP, consent, rescan, store and log on one thread with SQLite, sent by
// another thread, and how the log's append and proof times grow with its size.
//   node --import tsx tests/bench/server.bench.mjs [messages] [largest log]        e.g. 5000 1000000
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { load } from '../../dist/node.js';
import { AuditLog, fileAnchor, openSqlite, SubrosaServer, subrosaHttp } from '../../dist/server.js';
import { policyDocument, texts } from '../fixture/policy.ts';

const messages = Number(process.argv[2] ?? 2000);
const largest = Number(process.argv[3] ?? 100_000);
const connections = 32;
const quantile = (values, q) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))];
const ms = (value) => `${value.toFixed(2)} ms`;

async function timed(work) {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

const subrosa = await load({ backend: 'native' });
const folder = mkdtempSync(path.join(tmpdir(), 'subrosa-bench-'));
const seed = new Uint8Array(32).fill(7);
const person = { region: 'DE', age: 'adult' };
const text = 'Good morning, I have a question about the order that I placed last week: when will it be delivered?';

/** A person's state with the consent given. */
function consentOf(subject, policy) {
  const session = subrosa.consent.open(policy, { state: subrosa.consent.emptyState(subject), context: { ...person, storage: true } });
  session.noticeShown('chat', 'en');
  session.give('chat', { deliberate: true });
  const { state } = session;
  session.free();
  return state;
}

async function underLoad() {
  const keys = subrosa.sealing.generateKeyPair();
  const server = await SubrosaServer.open({
    subrosa,
    store: await openSqlite(path.join(folder, 'data.db')),
    keyStore: await openSqlite(path.join(folder, 'keys.db')),
    master: crypto.getRandomValues(new Uint8Array(32)),
    log: { origin: 'example.com/bench', seed, anchor: fileAnchor(path.join(folder, 'checkpoint')) },
    keys: [keys.secretKey],
    controller: 'ctl',
  });
  const current = await server.policies.publish(policyDocument(), texts);
  const people = await Promise.all(
    Array.from({ length: 50 }, async (_, i) => {
      const state = consentOf(`person-${i}`, current);
      await server.consents.record(state, person);
      return state.records[0].record_id;
    }),
  );
  const context = { recipient: keys.publicKey, purpose: 'chat', policyHash: current.hash, epoch: 0 };
  const envelopes = Array.from({ length: messages }, (_, i) =>
    subrosa.sealing.seal(`${text} ${i}`, { ...context, recordId: people[i % people.length] }),
  );
  const http = createServer(subrosaHttp(server, { purpose: 'chat', piiType: 'text' }));
  await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address();
  const sender = new Worker(new URL('./server-sender.mjs', import.meta.url), { workerData: { port, envelopes, connections } });
  const { total, latencies } = await new Promise((resolve, reject) => sender.once('message', resolve).once('error', reject));
  console.log(
    `${messages} sealed messages over HTTP, ${connections} connections: ${Math.round((messages / total) * 1000)} a second, p50 ${ms(quantile(latencies, 0.5))}, p99 ${ms(quantile(latencies, 0.99))}`,
  );
  http.close();
  await server.parts.store.close();
}

const entry = (i) => ({ actor: { role: 'dpv:DataController' }, action: 'dpv:Store', outcome: 'ok', object: { type: 'Item', id: `${i}` } });

/** How long work takes of the processor, in milliseconds: what else runs on the machine does not show in it. */
async function processorTime(work) {
  const begin = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1000;
}

/**
 * Median times of one append (a commit, with its write to the disk) and of one proof, and what they take of the processor, at
 * growing sizes.
 */
async function asItGrows() {
  const store = await openSqlite(path.join(folder, 'log.db'));
  const log = await AuditLog.open({ subrosa, store, origin: 'example.com/bench', seed });
  let size = 0;
  for (let target = 10_000; target <= largest; target *= 10) {
    for (; size < target - 200; size += Math.min(5000, target - 200 - size))
      await log.append(Array.from({ length: Math.min(5000, target - 200 - size) }, (_, i) => entry(size + i)));
    const appends = [];
    const proofs = [];
    const appending = await processorTime(async () => {
      for (let i = 0; i < 200; ++i) appends.push(await timed(() => log.append([entry(size++)])));
    });
    const proving = await processorTime(async () => {
      for (let i = 0; i < 200; ++i) proofs.push(await timed(() => log.prove(Math.floor(Math.random() * size), size)));
    });
    const line = (name, times, processor) => `${name} ${ms(quantile(times, 0.5))} (${ms(processor / times.length)} of the processor)`;
    console.log(`log of ${size}: ${line('append', appends, appending)}, ${line('proof', proofs, proving)}; medians of 200`);
  }
  console.log(`check of the whole log at start: ${ms(await timed(() => log.verify()))}`);
  await store.close();
}

await underLoad();
await asItGrows();
rmSync(folder, { recursive: true, force: true });
