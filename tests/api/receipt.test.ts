import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { run } from '../../node/commands/receipt.ts';
import { now, policyDocument, stateOf } from '../fixture/policy.ts';
import { subrosa } from './api.ts';

const seed = new Uint8Array(32).fill(3);
const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]); // RFC 8410
const publicKey = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }))
  .export({ format: 'der', type: 'spki' })
  .subarray(-32)
  .toString('hex');

test('receipt verify tells authentic receipts from others', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'subrosa-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const session = subrosa.consent.open(subrosa.consent.parsePolicy(policyDocument()), {
    state: stateOf(),
    context: { region: 'DE', age: 'adult', storage: true },
  });
  session.noticeShown('chat', 'en', now);
  session.give('chat', { deliberate: true, now });
  const receipt = subrosa.consent.signReceipt(session.state.records[0]!, seed);
  const good = path.join(folder, 'good.json');
  const bad = path.join(folder, 'bad.json');
  writeFileSync(good, JSON.stringify(receipt, null, 2));
  writeFileSync(bad, JSON.stringify({ ...receipt, receipt_id: 'another' }));
  const said: string[] = [];
  const write = process.stdout.write.bind(process.stdout);
  // The runner's own reports are bytes.
  t.mock.method(process.stdout, 'write', (text: string | Uint8Array) => (typeof text === 'string' ? said.push(text) > 0 : write(text)));
  const codes = [await run(['verify', '--key', publicKey, good]), await run(['verify', '--key', publicKey, good, bad])];
  t.mock.restoreAll();
  assert.deepEqual(codes, [0, 1]);
  assert.equal(said[0], `${good}: authentic, chat, dpv:ConsentGiven, 2026-03-31T12:00:00Z\n`);
  assert.equal(said[2], `${bad}: not authentic\n`);
  await assert.rejects(run(['verify', good]), /--key/);
  await assert.rejects(run(['show', good]), /receipt verify/);
});
