import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const backend = process.env.SUBROSA_BACKEND as string;

interface Ran {
  out: string;
  err: string;
  code: number | null;
}

function run(args: string[], input: string | Iterable<string> = ''): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, ...args, '--backend', backend]);
    const ran: Ran = { out: '', err: '', code: null };
    child.stdout.setEncoding('utf8').on('data', (text) => (ran.out += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (ran.err += text));
    child.on('error', reject).on('close', (code) => resolve({ ...ran, code }));
    child.stdin.on('error', () => {}); // it may end before it has read all
    for (const piece of typeof input === 'string' ? [input] : input) child.stdin.write(piece);
    child.stdin.end();
  });
}

const folder = mkdtempSync(path.join(tmpdir(), 'subrosa-'));
test.after(() => rmSync(folder, { recursive: true }));

test('redact is a filter, and restore puts back what it kept', async () => {
  const vault = path.join(folder, 'vault');
  const text = 'to ann@example.org\nand bob@example.org 😀\n';
  const sent = await run(['redact', '--vault', vault, '--summary'], text);
  assert.deepEqual([sent.out, sent.code], ['to [EMAIL_ADDRESS_1]\nand [EMAIL_ADDRESS_2] 😀\n', 0]);
  assert.match(sent.err, /EMAIL_ADDRESS +2\nin all +2\n/);
  assert.equal(statSync(`${vault}.key`).mode & 0o777, 0o600);
  assert.equal((await run(['redact', '--vault', vault], 'bob@example.org')).out, '[EMAIL_ADDRESS_2]');
  const back = await run(['restore', '--vault', vault], sent.out);
  assert.deepEqual([back.out, back.code], [text, 0]);
  const unknown = await run(['restore', '--vault', vault], '[EMAIL_ADDRESS_9]');
  assert.deepEqual([unknown.out, unknown.err, unknown.code], ['[EMAIL_ADDRESS_9]', 'unknown: [EMAIL_ADDRESS_9]\n', 1]);
  writeFileSync(`${vault}.key`, new Uint8Array(32));
  assert.equal((await run(['restore', '--vault', vault], sent.out)).code, 2);
});

test('redact takes operators, entities, JSON and CSV', async () => {
  assert.equal((await run(['redact', '--operator', 'mask'], 'ann@example.org')).out, '***@*******.***');
  assert.equal((await run(['redact', '--entity', 'IP_ADDRESS'], 'ann@example.org')).out, 'ann@example.org');
  assert.equal((await run(['redact', '--json'], '{"ssn":"536-22-8726","n":[1]}')).out, '{"ssn":"[US_SSN_1]","n":[1]}\n');
  const csv = 'name,ssn,note\r\n"Ann, Lee",536-22-8726,"says ""hi"""\r\nx,y,"two\nlines ann@example.org"\r\n';
  assert.equal(
    (await run(['redact', '--csv', '--column', 'ssn', '--column', 'note'], csv)).out,
    'name,ssn,note\r\n"Ann, Lee",[US_SSN_1],"says ""hi"""\r\nx,y,"two\nlines [EMAIL_ADDRESS_1]"\r\n',
  );
});

test('wrong use ends with 2 and writes nothing', async () => {
  for (const args of [
    ['redact', '--operator', 'shred'],
    ['redact', '--operator', 'hash'],
    ['redact', '--entity', 'NO_SUCH'],
    ['redact', '--json', '--csv'],
    ['restore'],
    ['restore', '--vault', path.join(folder, 'none')],
    ['scan'],
  ]) {
    const { out, err, code } = await run(args, 'ann@example.org');
    assert.deepEqual([out, code], ['', 2], args.join(' '));
    assert.match(err, /^subrosa: /);
  }
});

test('scan names places and no values, leaves binaries out, and writes SARIF', async () => {
  const root = path.join(folder, 'tree');
  mkdirSync(path.join(root, 'node_modules'), { recursive: true });
  writeFileSync(path.join(root, 'a.txt'), 'first\n😀 mail ann@example.org\n');
  writeFileSync(path.join(root, 'b.bin'), 'ann@example.org\0');
  writeFileSync(path.join(root, 'node_modules', 'c.txt'), 'ann@example.org');
  const found = await run(['scan', root]);
  assert.equal(found.out, `${path.join(root, 'a.txt')}:2:9 EMAIL_ADDRESS 1\n`);
  assert.equal(found.code, 1);
  const { out } = await run(['scan', '--sarif', root]);
  const { version, runs } = JSON.parse(out);
  assert.equal(version, '2.1.0');
  assert.deepEqual(runs[0].results[0].locations[0].physicalLocation.region, { startLine: 2, startColumn: 9, charLength: 15 });
  assert.ok(!out.includes('ann@example.org'));
  assert.deepEqual(await run(['scan', path.join(root, 'b.bin')]), { out: '', err: '', code: 0 });
});

test('a long input is redacted as it comes', async () => {
  const line = 'nothing here, and then ann@example.org in the middle of a line of a log file\n';
  const block = line.repeat(10_000);
  const blocks = 8;
  const { out, code } = await run(
    ['redact'],
    Array.from({ length: blocks }, () => block),
  );
  assert.equal(code, 0);
  assert.equal(out, line.replace('ann@example.org', '[EMAIL_ADDRESS_1]').repeat(10_000 * blocks));
});

test('a long input shows on a terminal how far it has come, and only there', () => {
  const input = path.join(folder, 'long');
  const output = path.join(folder, 'redacted');
  writeFileSync(input, `${'nothing to hide here\n'.repeat(800_000)}ann@example.org\n`);
  const command = `'${process.execPath}' '${cli}' redact --backend ${backend} < '${input}' > '${output}'`;
  // `script` gives what it runs a terminal; standard output is a file.
  const shown = execFileSync('script', ['-qec', command, '/dev/null'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  assert.equal(shown, '\r16 MiB\r\x1b[K');
  assert.ok(readFileSync(output, 'utf8').endsWith('here\n[EMAIL_ADDRESS_1]\n'));
  const unseen = execFileSync('sh', ['-c', `${command} 2>&1 1>'${output}'`], { encoding: 'utf8' });
  assert.equal(unseen, '');
});
