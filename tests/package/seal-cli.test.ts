/** keygen, seal, inspect, open and rotate, as a user types them. */

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'node:test';

const cli = new URL('../../dist/cli.js', import.meta.url).pathname;
const folder = mkdtempSync(path.join(tmpdir(), 'subrosa-'));

function subrosa(args: string, input: Buffer | string = ''): { status: number | null; stdout: Buffer; stderr: string } {
  const { status, stdout, stderr } = spawnSync('node', [cli, ...args.split(' ')], { cwd: folder, input, maxBuffer: 1 << 26 });
  return { status, stdout, stderr: stderr.toString() };
}

const context = '--purpose chat --policy-hash sha256:00 --record record-1 --epoch 3';
const plaintext = Buffer.alloc(3_000_000, 'a long text; ');

test('what is sealed on the command line opens there, for its purpose', () => {
  writeFileSync(path.join(folder, 'passphrase'), 'correct horse\n');
  assert.equal(subrosa('keygen --out server').status, 0);
  assert.equal(subrosa('keygen --out auditor --kem x25519 --passphrase-file passphrase').status, 0);
  assert.equal(statSync(path.join(folder, 'server.key')).mode & 0o077, 0);
  assert.equal(subrosa('keygen --out server').status, 2);
  const sealed = subrosa(`seal --to server.pub --to auditor.pub ${context}`, plaintext).stdout;
  assert.equal(sealed.includes('a long text'), false);
  const header = JSON.parse(subrosa('inspect', sealed).stdout.toString());
  assert.deepEqual([header.kids.length, header.purposes, header.recordId], [2, ['chat'], 'record-1']);
  assert.deepEqual(subrosa('open --key server.key --purpose chat', sealed).stdout, plaintext);
  assert.deepEqual(subrosa('open --key auditor.key --passphrase-file passphrase --purpose chat', sealed).stdout, plaintext);
  for (const [args, input] of [
    ['open --key server.key --purpose train', sealed],
    ['open --key server.key --purpose chat', sealed.subarray(0, -1)],
    ['open --key server.key --purpose chat', plaintext],
    ['inspect', plaintext],
  ] as const) {
    const { status, stderr } = subrosa(args, input);
    assert.equal(status, 1, args);
    assert.match(stderr, /^subrosa: /);
  }
  assert.equal(subrosa('open --key auditor.key --purpose chat', sealed).status, 2);
  assert.equal(subrosa('seal --to server.pub', plaintext).status, 2);
});

test('of a long stream no more is read than its header, to inspect it', async () => {
  assert.equal(subrosa('keygen --out long').status, 0);
  const sealed = subrosa(`seal --to long.pub ${context}`, plaintext).stdout;
  const inspecting = spawn('node', [cli, 'inspect'], { stdio: ['pipe', 'pipe', 'inherit'] });
  inspecting.stdin.write(sealed.subarray(0, 2));
  inspecting.stdin.write(sealed.subarray(2, 4 + sealed.readUInt32BE(0))); // and the input does not end
  const said = await inspecting.stdout.toArray();
  assert.equal(JSON.parse(Buffer.concat(said).toString()).recordId, 'record-1');
  for (const size of [0, 2, 100]) assert.equal(subrosa('inspect', sealed.subarray(0, size)).status, 1, `${size} bytes`);
});

test('metadata is taken out before sealing, and what went and what stays is told', () => {
  assert.equal(subrosa('keygen --out files').status, 0);
  const seal = (file: Buffer) => subrosa(`seal --strip-metadata --to files.pub ${context}`, file);
  const chunk = (id: string, content: string) => {
    const size = Buffer.alloc(4);
    size.writeUInt32LE(content.length);
    return Buffer.concat([Buffer.from(id), size, Buffer.from(content)]);
  };
  const format = chunk('fmt ', '\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0');
  const wav = (...chunks: Buffer[]) => chunk('RIFF', Buffer.concat([Buffer.from('WAVE'), ...chunks]).toString('latin1'));
  const voice = chunk('data', 'voices');
  const { status, stdout, stderr } = seal(wav(format, chunk('LIST', 'INFOIART\x0a\0\0\0Ann Miller'), voice));
  assert.equal(status, 0);
  assert.match(stderr, /^removed: [a-z, -]+\nkept: nothing\n$/);
  assert.deepEqual(subrosa('open --key files.key --purpose chat', stdout).stdout, wav(format, voice));
  assert.match(seal(Buffer.from('a plain text')).stderr, /kept: unknown-format/);
  const broken = seal(Buffer.from([0xff, 0xd8, 0xff, 0xe1, 0xff, 0xff]));
  assert.deepEqual([broken.status, broken.stdout.length], [1, 0]);
});

test('rotation makes a new key the one to seal to', () => {
  writeFileSync(path.join(folder, 'root'), Buffer.alloc(32, 7).toString('base64url'));
  for (const name of ['old', 'new']) {
    assert.equal(subrosa(`keygen --out ${name}`).status, 0);
    assert.equal(subrosa(`rotate --directory directory.json --root root --to ${name}.pub`).status, 0);
  }
  const directory = JSON.parse(readFileSync(path.join(folder, 'directory.json'), 'utf8'));
  assert.equal(directory.seq, 2);
  assert.deepEqual(
    directory.keys.map((key: { primary: boolean }) => key.primary),
    [false, true],
  );
});
