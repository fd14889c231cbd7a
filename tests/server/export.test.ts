import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type AuditExport, exportAudit, logCertificate, verifyExport } from '../../dist/server.js';
import { origin, seed, subrosa, World } from './fixture.ts';

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
  await world.server.sharing.disclose({
    recipient: 'lab',
    purpose: 'share',
    subjects: ['ann'],
    fields: ['text'],
    form: 'plain',
    actor: 'desk',
  });
  await logCertificate(world.server.log, 'ISO 27701', Buffer.from('a certificate'));
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
