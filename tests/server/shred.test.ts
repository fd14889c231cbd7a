import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { openSqlite, Vault } from '../../dist/server.js';
import { crashPoints as points, runAndKill } from './crash.ts';
import { subrosa } from './fixture.ts';
import { temporaryFolder } from './postgres.ts';

const master = new Uint8Array(32).fill(9);
const bytes = (base64 = '') => Buffer.from(base64, 'base64');

test(`killed at ${points} random points, a key that was destroyed is nowhere, and every other one opens what it sealed`, async () => {
  const file = `${temporaryFolder()}/keys.db`;
  const sealed = new Map<string, { text: Buffer; wrapped: Buffer }>();
  const shredded = new Set<string>();
  const isOnDisk = (wrapped: Buffer) =>
    [file, `${file}-wal`].some((name) => existsSync(name) && readFileSync(name).includes(wrapped.subarray(-32)));
  for (let i = 0; i < points; i++) {
    const said = await runAndKill('shred-child.mjs', [file, Buffer.from(master).toString('hex')], 1 + Math.floor(Math.random() * 4000));
    for (const [word, subject = '', text, wrapped] of said.map((line) => line.split(' '))) {
      if (word === 'shredded') shredded.add(subject);
      else sealed.set(subject, { text: bytes(text), wrapped: bytes(wrapped) });
    }
    for (const subject of shredded) assert.equal(isOnDisk(sealed.get(subject)!.wrapped), false, 'not even after the kill');
  }
  assert.ok(shredded.size >= points && sealed.size > 2 * shredded.size - points);
  assert.ok(isOnDisk(sealed.get([...sealed.keys()].find((subject) => subject.endsWith('-0'))!)!.wrapped), 'the look finds a key');

  const vault = new Vault({ subrosa, keyStore: await openSqlite(file), master, now: Date.now });
  let pending = 0;
  for (const [subject, { text }] of sealed) {
    const opened = await vault.open({ subject, class: 'chat' }, 'message', text);
    const isOdd = Number(subject.split('-')[1]) % 2 === 1;
    if (shredded.has(subject)) assert.equal(opened, undefined);
    else if (isOdd && opened === undefined)
      pending++; // destroyed, and killed before it was said
    else assert.equal(opened, `text of ${subject}`);
  }
  assert.ok(pending <= points);
  const [subject] = shredded;
  await vault.seal({ subject: subject!, class: 'chat' }, 'other', 'a new key under the same name');
  await assert.rejects(vault.open({ subject: subject!, class: 'chat' }, 'message', sealed.get(subject!)!.text), { code: 'not_authentic' });
  await vault.close();
});
