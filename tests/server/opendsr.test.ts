import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { checkOpenDsr, type OpenDsrOptions, Refusal, subrosaHttp } from '../../dist/server.js';
import { World } from './fixture.ts';

const id = 'a7551968-d5d6-44b2-9831-815ac9017798';
const identity = { identity_type: 'email', identity_value: 'ann@example.org', identity_format: 'raw' };
const request = {
  regulation: 'gdpr',
  subject_request_id: id,
  subject_request_type: 'erasure',
  submitted_time: '2026-03-20T12:00:00Z',
  subject_identities: [identity],
  api_version: '1.0',
  status_callback_urls: ['https://controller.example/opendsr_callbacks'],
  extensions: { 'processor.example': { customer: 1 } },
};

const named = (field?: string) => (error: unknown) =>
  error instanceof Refusal && error.status === 400 && error.code === 'bad_format' && error.reason === field;

test('row 11: a request has the fields that OpenDSR publishes, each of its kind', () => {
  assert.deepEqual(checkOpenDsr(structuredClone(request)), request);
  const { api_version: _, status_callback_urls: __, extensions: ___, ...least } = request;
  assert.deepEqual(checkOpenDsr(least), least);
  for (const type of ['access', 'portability', 'erasure']) checkOpenDsr({ ...least, subject_request_type: type });
  for (const format of ['raw', 'sha1', 'md5', 'sha256'])
    checkOpenDsr({ ...least, subject_identities: [{ ...identity, identity_format: format }] });
  for (const field of Object.keys(least)) {
    assert.throws(() => checkOpenDsr({ ...least, [field]: undefined }), named(field), `without ${field}`);
    assert.throws(() => checkOpenDsr({ ...least, [field]: 7 }), named(field), `${field} is a number`);
  }
  const wrong: [string, unknown][] = [
    ['regulation', 'none'],
    ['subject_request_id', id.toUpperCase()],
    ['subject_request_id', 'a7551968-d5d6-14b2-9831-815ac9017798'],
    ['subject_request_type', 'rectification'],
    ['submitted_time', '2026-03-20'],
    ['submitted_time', '2026-13-20T12:00:00Z'],
    ['subject_identities', []],
    ['subject_identities', [{ ...identity, identity_type: 'shoe_size' }]],
    ['subject_identities', [{ ...identity, identity_format: 'rot13' }]],
    ['subject_identities', [{ ...identity, identity_value: undefined }]],
    ['status_callback_urls', 'https://controller.example'],
    ['extensions', []],
  ];
  for (const [field, value] of wrong) assert.throws(() => checkOpenDsr({ ...least, [field]: value }), named(field));
  assert.throws(() => checkOpenDsr({ ...least, password: 'x' }), named('unknown_field'));
  for (const value of [null, [], 'text', 7]) assert.throws(() => checkOpenDsr(value), named());
});

test('row 13: a controller asks as OpenDSR says, over HTTP: receipt, status, discovery, signed answers', async () => {
  let isUp = false;
  const asked: unknown[] = [];
  const world = await new World({
    verifyIdentity: async ({ credential }) => asked.push(credential) > 0 && credential === 'controller token',
    tellRecipient: async () => {
      if (!isUp) throw new Error('down');
    },
  }).open();
  await world.give('ann', 'share');
  await world.send('ann', 'hello', 'share');
  await world.disclose('lab');
  const digest = (body: string) => createHash('sha256').update(body).digest('base64');
  const openDsr: OpenDsrOptions = {
    controllerId: 'controller',
    identities: [{ identity_type: 'email', identity_format: 'raw' }],
    subjectOf: async ([first]) => (first?.identity_value === 'ann@example.org' ? 'ann' : undefined),
    domain: 'processor.example',
    certificate: 'https://processor.example/cert.pem',
    sign: async (body) => digest(body),
  };
  const options = {
    purpose: 'chat',
    piiType: 'text',
    openDsr,
    credential: ({ headers }: IncomingMessage) => headers.authorization,
  };
  const http = createServer(subrosaHttp(world.server, options));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/subrosa`;
  const post = (body: object, authorization = 'controller token') =>
    fetch(`${url}/opendsr_requests`, { method: 'POST', body: JSON.stringify(body), headers: { authorization } });
  const status = async () => (await fetch(`${url}/opendsr_requests/${id}`)).json() as Promise<{ request_status: string }>;

  assert.equal((await post(request, 'of a stranger')).status, 401);
  assert.equal((await post({ ...request, subject_identities: [{ ...identity, identity_value: 'bob@example.org' }] })).status, 400);
  assert.equal((await post({ ...request, regulation: undefined })).status, 400);
  assert.equal((await fetch(`${url}/opendsr_requests/${id}`)).status, 404, 'what was refused left nothing');
  const answer = await post(request);
  const body = await answer.text();
  assert.equal(answer.status, 201);
  assert.deepEqual(
    [answer.headers.get('x-opendsr-processor-domain'), answer.headers.get('x-opendsr-signature')],
    ['processor.example', digest(body)],
  );
  const receipt = JSON.parse(body);
  assert.deepEqual(Object.keys(receipt).sort(), [
    'controller_id',
    'encoded_request',
    'expected_completion_time',
    'received_time',
    'subject_request_id',
  ]);
  assert.deepEqual(JSON.parse(Buffer.from(receipt.encoded_request, 'base64').toString()), request);
  assert.equal(receipt.expected_completion_time, '2026-04-20T12:00:00Z', 'a month from when the person asked');
  assert.equal((await status()).request_status, 'pending');
  assert.equal((await post(request)).status, 409, 'the same number is one request');
  isUp = true;
  world.advance(1);
  await world.server.runJobs();
  assert.deepEqual(await status(), {
    controller_id: 'controller',
    expected_completion_time: '2026-04-20T12:00:00Z',
    subject_request_id: id,
    request_status: 'completed',
    api_version: '1.0',
  });
  assert.deepEqual(await (await fetch(`${url}/discovery`)).json(), {
    api_version: '1.0',
    supported_identities: openDsr.identities,
    supported_subject_request_types: ['access', 'portability', 'erasure'],
    processor_certificate: openDsr.certificate,
  });
  assert.ok(!JSON.stringify(await world.entries()).includes('ann@example.org'));
  assert.equal(asked.length, 3, 'each that was well formed and of a known person was asked about');
  await new Promise((resolve) => http.close(resolve));
  await world.close();
});
