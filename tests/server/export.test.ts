import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type AuditExport, type CertificateOf, contentHash, exportAudit, subrosaHttp, verifyExport } from '../../dist/server.js';
import { origin, policyDocument, seed, subrosa, texts, World } from './fixture.ts';

const key = subrosa.audit.noteKey(origin, seed);
const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const run = (...args: string[]) => spawnSync('node', [cli, 'audit', ...args], { encoding: 'utf8' }).status;
const independent = fileURLToPath(new URL('../../tools/audit-verifier.mjs', import.meta.url));

/** The verifier that has no code of ours, as an auditor runs it. */
function verifyIndependently(world: World, exported: unknown, with_key = key) {
  const file = world.file('export.json');
  writeFileSync(file, JSON.stringify(exported));
  const { status, stdout } = spawnSync('node', [independent, file, with_key], { encoding: 'utf8' });
  return { accepted: status === 0, stdout };
}

async function traffic(): Promise<World> {
  const world = await new World().open();
  for (const person of ['ann', 'bob']) await world.give(person, 'chat', 'share');
  for (let i = 0; i < 9; ++i) await world.send(i % 2 ? 'ann' : 'bob', `message ${i}`);
  await world.disclose('lab');
  await world.server.certificates.add('ISO 27701', Buffer.from('a certificate'));
  await world.server.rights.demand({ type: 'erasure', regulation: 'gdpr', subject: 'ann' });
  return world;
}

test('row 18: an export of any range is accepted by the core and by the independent verifier', async () => {
  const world = await traffic();
  const size = await world.server.log.size();
  for (let from = 0; from < size; ++from) {
    const exported = await exportAudit(world.server.parts, world.server.policies, from, Math.min(size, from + 3), 'auditor');
    const covered = verifyExport(subrosa, exported, key);
    assert.ok(covered.from === from && covered.to >= Math.min(size, from + 3));
    if (from % 5 === 0) assert.ok(verifyIndependently(world, exported).accepted);
  }
  const whole = await exportAudit(world.server.parts, world.server.policies, 0, size, 'auditor');
  assert.equal(whole.entries.length, size);
  assert.match(verifyIndependently(world, whole).stdout, /"dpv:Certification": 1/);
  assert.equal(whole.policies.length, 1);
  await world.close();
});

test('row 18: no change to an export is accepted, by either', async () => {
  const world = await traffic();
  const exported = await exportAudit(world.server.parts, world.server.policies, 3, await world.server.log.size(), 'auditor');
  const changes: [string, (copy: AuditExport) => void][] = [
    ['an entry edited', (copy) => (copy.entries[2] = (copy.entries[2] as string).replace('"ok"', '"no"'))],
    ['white space added', (copy) => (copy.entries[2] += ' ')],
    ['two entries swapped', (copy) => copy.entries.splice(1, 2, copy.entries[2] as string, copy.entries[1] as string)],
    ['the first cut off', (copy) => copy.entries.shift()],
    ['the last cut off', (copy) => copy.entries.pop()],
    ['one taken out', (copy) => copy.entries.splice(4, 1)],
    ['one put in', (copy) => copy.entries.splice(4, 0, copy.entries[4] as string)],
    ['another start', (copy) => (copy.from += 1)],
    ['a peak changed', (copy) => (copy.peaks[0] = Buffer.alloc(32).toString('base64'))],
    ['a peak missing', (copy) => copy.peaks.pop()],
    ['the size changed', (copy) => (copy.checkpoint = copy.checkpoint.replace(/\n\d+\n/, '\n7\n'))],
    [
      'another key',
      (copy) => (copy.checkpoint = subrosa.audit.signCheckpoint({ origin, size: 9, root: new Uint8Array(32) }, new Uint8Array(32))),
    ],
    ['a policy changed', (copy) => ((copy.policies[0] as { version: string }).version = '9.9.9')],
    ['a policy missing', (copy) => copy.policies.pop()],
    ['a policy twice', (copy) => copy.policies.push(copy.policies[0]!)],
    ['another format', (copy) => Object.assign(copy, { format: 'x' })],
  ];
  for (const [what, change] of changes) {
    const copy = structuredClone(exported);
    change(copy);
    assert.throws(() => verifyExport(subrosa, copy, key), Error, what);
    assert.equal(verifyIndependently(world, copy).accepted, false, what);
  }
  const bytes = Buffer.from(JSON.stringify(exported));
  for (let at = 0; at < bytes.length; at += 1) {
    bytes[at]! ^= 1;
    assert.throws(() => verifyExport(subrosa, JSON.parse(bytes.toString()), key), Error, `byte ${at}: ${bytes.subarray(at - 20, at + 20)}`);
    bytes[at]! ^= 1;
  }
  const other = subrosa.audit.noteKey(origin, new Uint8Array(32));
  assert.throws(() => verifyExport(subrosa, exported, other));
  assert.equal(verifyIndependently(world, exported, other).accepted, false);
  await world.close();
});

test('row 18: `subrosa audit verify` works offline, also from an older checkpoint', async () => {
  const world = await traffic();
  const file = world.file('export.json');
  const held = world.file('held');
  const proof = world.file('proof');
  writeFileSync(held, (await world.server.log.checkpoint()) as string);
  const { size } = subrosa.audit.openCheckpoint((await world.server.log.checkpoint()) as string, key);
  await world.give('carol', 'chat');
  const exported = await exportAudit(world.server.parts, world.server.policies, 0, await world.server.log.size(), 'auditor');
  writeFileSync(file, JSON.stringify(exported));
  writeFileSync(proof, await world.server.log.proveConsistency(size));
  assert.equal(run('verify', file, '--key', key), 0);
  assert.equal(run('verify', file, '--key', key, '--held', held, '--proof', proof), 0);
  writeFileSync(proof, await world.server.log.proveConsistency(size - 1));
  assert.equal(run('verify', file, '--key', key, '--held', held, '--proof', proof), 1);
  writeFileSync(file, JSON.stringify({ ...exported, entries: exported.entries.slice(1) }));
  assert.equal(run('verify', file, '--key', key), 1);
  assert.equal(run('verify', file), 2);
  await world.close();
});

test('row 6: no entry holds personal data, a free text, or a hash of either', async () => {
  const world = await new World().open();
  await world.give('ann-CANARY', 'chat');
  await world.send('ann-CANARY', 'CANARY text');
  await world.server.rights.demand({ type: 'access', regulation: 'gdpr', subject: 'ann-CANARY' });
  const text = JSON.stringify(await world.entries());
  assert.ok(!text.includes('CANARY'));
  const { createHash } = await import('node:crypto');
  for (const secret of ['ann-CANARY', 'CANARY text']) assert.ok(!text.includes(createHash('sha256').update(secret).digest('hex')));
  await world.close();
});

test('row 6: a decision, a disclosure, a right, a policy and a read each leave their entry', async () => {
  const world = await traffic();
  const { id } = await world.send('bob', 'hello');
  await world.server.receiver.open(id, 'chat', 'desk');
  const actions = new Set((await world.entries()).map(({ action }) => action));
  for (const action of [
    'dpv:ConsentRequested',
    'dpv:ConsentGiven',
    'dpv:Store',
    'dpv:Access',
    'dpv:DiscloseByTransmission',
    'dpv:RequestAccepted',
    'dpv:RequestFulfilled',
    'dpv:Notice',
    'dpv:Certification',
  ])
    assert.ok(actions.has(action), action);
  await world.close();
});

test('row 18: a certificate is named by the policy, bound into the log by its hash, and its document can be compared', async () => {
  const world = await new World().open();
  const document = Buffer.from('An example certificate.\n\u0000\u00ff', 'latin1');
  const doc_hash = contentHash(document);
  const named = { type: 'dpv:Certification', name: 'Example 27701', valid_until: '2027-01-01T00:00:00Z', doc_hash };
  const next = policyDocument({ version: '1.1.0', effective_date: '2026-03-01T00:00:00Z', codes_of_conduct: [named] });
  await world.server.policies.publish(next, texts);
  assert.deepEqual(await world.server.certificates.list(), [named], 'named, but not bound yet');
  assert.equal(await world.server.certificates.add(named.name, document), doc_hash);
  const size = await world.server.log.size();
  await world.server.certificates.add(named.name, document);
  assert.equal(await world.server.log.size(), size);
  await world.give('ann', 'chat');
  const http = createServer(subrosaHttp(world.server, { purpose: 'chat', piiType: 'text' }));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/subrosa/certificates`;
  const [listed] = (await (await fetch(url)).json()) as CertificateOf[];
  const { index, entry, proof } = listed!.log!;
  assert.equal(subrosa.audit.openInclusion(proof, subrosa.audit.hashLeaf(entry), key).index, index);
  assert.deepEqual(JSON.parse(entry).object, { type: 'Certification', id: named.name, hash: doc_hash });
  assert.deepEqual(Buffer.from(await (await fetch(`${url}/${doc_hash}`)).arrayBuffer()), document);
  assert.equal((await fetch(`${url}/sha256:00`)).status, 404);
  await world.server.parts.store.transaction(async (tx) => {
    const row = (await tx.get('certificate', doc_hash))!;
    await tx.put({ ...row, body: Buffer.from(Buffer.from(row.body).toString().replace('QW4g', 'QW5g')) });
  });
  assert.deepEqual([(await fetch(`${url}/${doc_hash}`)).status], [500], 'one that was changed is not handed out');
  await new Promise((resolve) => http.close(resolve));
  await world.close();
});
