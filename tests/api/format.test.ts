/** The example of docs/format.md is what the core writes, and opens with docs/opener.mjs. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { openMessage } from '../../docs/opener.mjs';
import { unwrap, unwrapNumber } from '../../js/src/backend.ts';
import { backend } from './backend.ts';

const page = readFileSync(new URL('../../docs/format.md', import.meta.url), 'utf8');
const example = /```hex\n([^`]+)```/.exec(page)?.[1]?.replaceAll(/\s/g, '');
const context = JSON.stringify({ purposes: ['chat'], policy_hash: 'sha256:00', record_id: 'record-1', epoch: 3 });

test('the worked example', async () => {
  const key = unwrapNumber(backend.call('sr_key_new', 0x20, new Uint8Array(32).fill(1), 1));
  const publicKey = unwrap(backend.call('sr_key_public', key));
  const envelope = unwrap(backend.call('sr_seal', context, 'hello', publicKey, new Uint8Array(64).fill(2)));
  assert.equal(Buffer.from(envelope).toString('hex'), example);
  const secret = unwrap(backend.call('sr_key_export', key)).slice(-32);
  assert.equal(new TextDecoder().decode(await openMessage(envelope, secret, 'chat')), 'hello');
});
