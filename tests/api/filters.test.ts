import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import test from 'node:test';
import express from 'express';
import fastify from 'fastify';
import pino from 'pino';
import { type JsonFinding, redactBody, redactBodyHook, redactLine, redactTransform, restoreTransform, subrosa } from './api.ts';

const body = { ssn: '536-22-8726', messages: [{ text: 'I am ann@example.org' }] };
const expected = { ssn: '[US_SSN_1]', messages: [{ text: 'I am [EMAIL_ADDRESS_1]' }] };

test('Express: the handlers see the redacted body, of JSON and of forms', async () => {
  const found: JsonFinding[] = [];
  const app = express();
  app.use(
    express.json(),
    express.urlencoded({ extended: true }),
    redactBody(subrosa, { onFindings: (findings) => found.push(...findings) }),
  );
  app.post('/', (request, response) => void response.json(request.body ?? null));
  const server = app.listen(0, '127.0.0.1');
  try {
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const post = async (init: RequestInit) => (await fetch(url, { method: 'POST', ...init })).json();
    assert.deepEqual(await post({ body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }), expected);
    assert.deepEqual(
      found.map(({ pointer }) => pointer),
      ['/ssn', '/messages/0/text'],
    );
    assert.deepEqual(await post({ body: new URLSearchParams({ mail: 'ann@example.org' }) }), { mail: '[EMAIL_ADDRESS_1]' });
    assert.equal(await post({}), null);
  } finally {
    server.close();
  }
});

test('Express: what cannot be redacted goes no further', () => {
  let told: unknown;
  redactBody(subrosa, { entities: ['NO_SUCH'] })({ body: { a: 'x' } }, {}, (error) => (told = error));
  assert.equal((told as { code?: string }).code, 'unknown_id');
});

test('Fastify: the handlers see the redacted body', async () => {
  const app = fastify();
  app.addHook('preHandler', redactBodyHook(subrosa));
  app.post('/', async (request) => request.body);
  const answer = await app.inject({ method: 'POST', url: '/', payload: body });
  assert.deepEqual(answer.json(), expected);
  await app.close();
});

test('pino: messages, objects, errors and bindings are redacted, its own fields are not', () => {
  let written = '';
  const sink = new Writable({
    write(chunk, _encoding, done) {
      written += chunk;
      done();
    },
  });
  const log = pino({ hooks: { streamWrite: redactLine(subrosa) } }, sink).child({ user: 'ann@example.org' });
  log.error({ err: new Error('no mailbox bob@example.org') }, 'sent to %s', 'eve@example.org');
  log.info('nothing');
  assert.ok(!written.includes('example.org'), written);
  const [first, second] = written
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(first.user, '[EMAIL_ADDRESS_1]');
  assert.equal(first.level, 50);
  assert.equal(typeof first.time, 'number');
  assert.equal(second.msg, 'nothing');
});

test("Node's streams: bytes cut anywhere, findings and unknown placeholders as events", async () => {
  const vault = subrosa.vault();
  const given = 'Schöne Grüße 😀 von ann@example.org\n'.repeat(50);
  const bytes = Buffer.from(given);
  const pieces = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, i) => bytes.subarray(i * 7, i * 7 + 7));
  let found = 0;
  const redacting = redactTransform(subrosa, { vault }).on('findings', (findings) => (found += findings.length));
  const sent = await text(Readable.from(pieces).pipe(redacting));
  assert.equal(sent, given.replaceAll('ann@example.org', '[EMAIL_ADDRESS_1]'));
  assert.equal(found, 50);
  const unknown: string[] = [];
  const restoring = restoreTransform(subrosa, vault).on('unknown', (more) => unknown.push(...more));
  assert.equal(await text(Readable.from([sent, '[EMAIL_ADDRESS_2]']).pipe(restoring)), `${given}[EMAIL_ADDRESS_2]`);
  assert.deepEqual(unknown, ['[EMAIL_ADDRESS_2]']);
  vault.free();
});
