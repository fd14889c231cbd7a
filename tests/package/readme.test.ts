/** The two examples of README.md, run together: the widget's message arrives at the server. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { policyDocument } from '../fixture/policy.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const examples = [...readFileSync(`${root}README.md`, 'utf8').matchAll(/```js\n([\s\S]*?)```/g)].map((match) => match[1] as string);

/** Runs an example as a module inside the package, so that it finds it by its name; what the text around it names is global. */
async function run<T>(name: string, code: string, names: string, globals: object): Promise<T> {
  Object.assign(globalThis, globals);
  const folder = path.join(root, 'build', 'readme');
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${name}.mjs`);
  writeFileSync(file, `${code}\nexport { ${names} };\n`);
  return (await import(file)) as T;
}

test('the examples of README.md work with each other', async () => {
  assert.equal(examples.length, 2);
  const [widget, server] = examples as [string, string];
  process.chdir(mkdtempSync(path.join(tmpdir(), 'subrosa-readme-')));
  const { contentHash } = await import('../../dist/server.js');
  const texts = { en: 'We keep what you write for 90 days.\n' };
  const only = ({ en }: Record<string, string>) => ({ en: en as string });
  const whole = policyDocument();
  const document = {
    ...whole,
    texts: [{ language: 'en', content_hash: contentHash(texts.en), uri: 'policy/1.en.html' }],
    purposes: whole.purposes.map((purpose) => ({ ...purpose, purpose: only(purpose.purpose) })),
  };
  const secret = (byte: number) => new Uint8Array(32).fill(byte);
  const running = await run<{ listener: Server; publicKey: Uint8Array; store: Closable; keyStore: Closable }>(
    'server',
    server.replace('8080', '0'),
    'listener, publicKey, store, keyStore',
    { policyDocument: document, texts, master: secret(1), seed: secret(2) },
  );
  if (!running.listener.listening) await new Promise((resolve) => running.listener.once('listening', resolve));
  const base = `http://localhost:${(running.listener.address() as AddressInfo).port}/subrosa`;
  let envelope = new Uint8Array();
  const { client } = await run<{ client: { session: { save(): string }; close(): void } }>('widget', widget, 'client', {
    recipient: running.publicKey,
    post: (bytes: Uint8Array<ArrayBuffer>) => {
      envelope = bytes;
    },
  });
  try {
    const message = () => fetch(`${base}/messages`, { method: 'POST', body: envelope });
    assert.equal((await message()).status, 403, 'the server has no consent yet');
    assert.equal((await fetch(`${base}/consent`, { method: 'POST', body: client.session.save() })).status, 200);
    assert.equal((await message()).status, 200);
    assert.equal(Buffer.from(envelope).includes('ann@example.org'), false);
  } finally {
    client.close();
    running.listener.closeAllConnections();
    running.listener.close();
    await running.store.close();
    await running.keyStore.close();
  }
});

interface Closable {
  close(): Promise<void>;
}
