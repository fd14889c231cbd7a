import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { test } from 'node:test';
import express from 'express';
import fastify from 'fastify';
import { Registry } from 'prom-client';
import {
  browserFamily,
  coarseAddress,
  granted,
  strip,
  subrosaExpress,
  subrosaFastify,
  subrosaHttp,
  type WithDevice,
} from '../../dist/server.js';
import { origin, seed, subrosa, World } from './fixture.ts';

const options = { purpose: 'chat', piiType: 'text' };
const canary = '203.0.113.77';
const telling = {
  'user-agent': 'Mozilla/5.0 CANARY-UA Firefox/130.0',
  'x-forwarded-for': canary,
  'x-real-ip': canary,
  forwarded: `for=${canary}`,
  'sec-ch-ua': '"CANARY";v="1"',
  'sec-ch-ua-platform': '"CANARY-OS"',
  'device-memory': '8',
};

/** What an application can see of a request, in every form that Node and the framework have it. */
function seen(request: IncomingMessage): string {
  const {
    headers,
    headersDistinct,
    rawHeaders,
    socket,
    subrosa: _,
    ...rest
  } = request as IncomingMessage & WithDevice & { ip?: string; ips?: string[]; hostname?: string };
  const framework = rest as { ip?: string; ips?: string[] };
  const extra = 'ip' in request ? [(request as { ip?: string }).ip, (request as { ips?: string[] }).ips] : [framework.ip, framework.ips];
  return JSON.stringify([headers, headersDistinct, rawHeaders, socket.remoteAddress, socket.remotePort, ...extra]);
}

interface Running {
  url: string;
  close(): Promise<unknown>;
}

async function listening(server: Server): Promise<Running> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

const adapters: [string, (world: World) => Promise<Running>][] = [
  [
    'node:http',
    (world) => {
      const app = (request: IncomingMessage, response: ServerResponse) => void response.end(seen(request));
      return listening(createServer(subrosaHttp(world.server, options, app)));
    },
  ],
  [
    'Express',
    (world) => {
      const app = express();
      app.set('trust proxy', true);
      app.use(subrosaExpress(world.server, options));
      app.get('/app', (request, response) => void response.send(seen(request)));
      return listening(createServer(app));
    },
  ],
  [
    'Fastify',
    async (world) => {
      const app = fastify({ trustProxy: true });
      subrosaFastify(app, world.server, options);
      app.get('/app', async (request) => seen(request.raw) + JSON.stringify([request.ip, request.ips, request.headers]));
      const url = await app.listen({ host: '127.0.0.1', port: 0 });
      return { url, close: () => app.close() };
    },
  ],
];

for (const [name, start] of adapters) {
  test(`row 2, ${name}: the application sees nothing that tells of the device`, async () => {
    const world = await new World().open();
    const { url, close } = await start(world);
    for (let i = 0; i < 2; ++i) {
      const text = await (await fetch(`${url}/app`, { headers: telling })).text();
      assert.ok(text.length > 20);
      for (const trace of ['CANARY', canary, '127.0.0.1"', 'device-memory']) assert.ok(!text.includes(trace), `${trace} in ${text}`);
    }
    await close();
    await world.close();
  });

  test(`row 1, ${name}: from the page's consent and sealed message to the receipt, over HTTP`, async () => {
    const world = await new World().open();
    const { url, close } = await start(world);
    const post = (path: string, body: BodyInit) => fetch(`${url}/subrosa/${path}`, { method: 'POST', body, headers: telling });
    await world.give('ann', 'chat');
    const accepted = await post('messages', new Blob([Buffer.from(await world.sealed('ann', 'hello'))]));
    assert.equal(accepted.status, 200);
    const { log } = (await accepted.json()) as { log: { entry: string; proof: string } };
    const key = await (await fetch(`${url}/subrosa/key`)).text();
    assert.equal(key, subrosa.audit.noteKey(origin, seed));
    subrosa.audit.openInclusion(log.proof, subrosa.audit.hashLeaf(log.entry), key);
    const held = await (await fetch(`${url}/subrosa/checkpoint`)).text();
    const { size } = subrosa.audit.openCheckpoint(held, key);
    const stale = await post('messages/chat/text', new Blob([Buffer.from(await world.sealed('ann', 'x', 'chat', { epoch: 3 }))]));
    assert.deepEqual([stale.status, ((await stale.json()) as { error: string }).error], [409, 'consent_stale']);
    const newest = subrosa.audit.openCheckpoint(await (await fetch(`${url}/subrosa/checkpoint`)).text(), key).size;
    assert.equal((await fetch(`${url}/subrosa/consistency?from=${size}&to=${newest}`)).status, 200);
    assert.equal((await fetch(`${url}/subrosa/consistency?from=x`)).status, 400);
    const rights = await post('rights', JSON.stringify({ type: 'access', regulation: 'gdpr', subject: 'ann' }));
    assert.equal(((await rights.json()) as { bundle: { data: unknown[] } }).bundle.data.length, 1);
    await world.withdraw('ann', 'chat');
    const refused = await post('messages', new Blob([Buffer.from(await world.sealed('ann', 'late'))]));
    assert.deepEqual([refused.status, ((await refused.json()) as { error: string }).error], [403, 'consent_required']);
    const consistency = await (await fetch(`${url}/subrosa/consistency?from=${size}`)).text();
    assert.ok(subrosa.audit.openConsistency(consistency, held, key).size > size);
    const history = (await (await fetch(`${url}/subrosa/policies`)).json()) as { hash: string }[];
    assert.equal((await fetch(`${url}/subrosa/policies/${history[0]?.hash}/en`)).status, 200);
    assert.equal((await post('consent', 'not json')).status, 400);
    assert.equal((await post('messages', 'x'.repeat((1 << 20) + 1))).status, 413);
    assert.equal((await fetch(`${url}/subrosa/nothing`)).status, 404);
    const logged = JSON.stringify(await world.entries());
    for (const trace of ['CANARY', canary]) assert.ok(!logged.includes(trace));
    await close();
    await world.close();
  });
}

test('row 2: what is granted comes back, that kind and no other', async () => {
  const world = await new World().open();
  await world.give('ann', 'chat');
  const device = { ip: canary, ip_coarse: coarseAddress(canary), user_agent: 'UA', browser_family: 'Firefox', fingerprint: 'x' };
  assert.deepEqual(await granted(device, world.server.consents, { subject: 'ann', purpose: 'chat', controller: 'ctl' }), {
    ip: canary,
    ip_coarse: '203.0.113.0/24',
    user_agent: 'UA',
    browser_family: 'Firefox',
  });
  assert.deepEqual(await granted(device, world.server.consents, { subject: 'bob', purpose: 'chat', controller: 'ctl' }), {});
  await world.close();
});

test('row 2: Global Privacy Control is honoured also when a proxy sends it twice', async () => {
  const world = await new World().open();
  await world.give('ann', 'share');
  const ask = (gpc: boolean) => world.server.consents.decide('ann', { purpose: 'share', piiType: 'text', recipient: 'lab', gpc });
  assert.deepEqual([(await ask(false)).verdict, (await ask(true)).verdict], ['permit', 'deny']);
  const { hasGpc } = await import('../../dist/server.js');
  const { url, close } = await listening(createServer((request, response) => void response.end(`${hasGpc(request)}`)));
  const send = (...lines: string[]) =>
    new Promise<string>((resolve) => {
      const { port } = new URL(url);
      const socket = connect(Number(port), '127.0.0.1');
      let text = '';
      socket.on('data', (part) => (text += part));
      socket.on('end', () => resolve(text.slice(text.indexOf('\r\n\r\n') + 4)));
      socket.write(`GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`);
    });
  const answers = [
    await send('Sec-GPC: 1'),
    await send('Sec-GPC: 0', 'Sec-GPC: 1'),
    await send('Sec-GPC:  1'),
    await send('Sec-GPC: 1, 0'),
    await send('Sec-GPC: 0'),
    await send('Sec-GPC: true'),
    await send(),
  ];
  assert.deepEqual(
    answers.map((answer) => answer.includes('true')),
    [true, true, true, true, false, false, false],
  );
  await close();
  await world.close();
});

test('row 2: coarse forms: the network and the family alone', () => {
  const cases: [string, string][] = [
    ['203.0.113.77', '203.0.113.0/24'],
    ['::ffff:203.0.113.77', '203.0.113.0/24'],
    ['2001:db8:abcd:12::1', '2001:db8:abcd::/48'],
    ['2001:db8::1', '2001:db8:0::/48'],
    ['::1', '0:0:0::/48'],
    ['fe80::1%eth0', 'fe80:0:0::/48'],
    ['not an address', ''],
  ];
  for (const [ip, coarse] of cases) assert.equal(coarseAddress(ip), coarse);
  assert.equal(browserFamily('Mozilla/5.0 (X11) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0'), 'Edge');
  assert.equal(browserFamily('Mozilla/5.0 (Macintosh) AppleWebKit/605 Version/17 Safari/605'), 'Safari');
  assert.equal(browserFamily('curl/8'), 'Other');
});

test('row 2: a request that was stripped on a kept-alive connection stays stripped', async () => {
  const addresses: unknown[] = [];
  const { url, close } = await listening(
    createServer((request, response) => {
      const device = strip(request);
      addresses.push([device.ip, request.socket.remoteAddress]);
      response.end();
    }),
  );
  for (let i = 0; i < 3; ++i) await (await fetch(url)).text();
  assert.deepEqual(addresses, Array(3).fill(['127.0.0.1', undefined]));
  await close();
});

test('row 1: a request that is malformed is answered, and what went wrong inside is told to the host alone', async () => {
  const world = await new World().open();
  const errors: unknown[] = [];
  const { url, close } = await listening(createServer(subrosaHttp(world.server, { ...options, onError: (error) => errors.push(error) })));
  const { port } = new URL(url);
  const raw = (target: string) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), '127.0.0.1');
      let text = '';
      socket.on('data', (part) => (text += part)).on('end', () => resolve(text.slice(9, 12)));
      socket.on('error', reject);
      socket.write(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    });
  const answers = [];
  for (const target of ['//', '/subrosa/policies/%zz', '/subrosa', '/subrosa/', '/subrosa/rights/none', '/subrosa/checkpoint?%'])
    answers.push(await raw(target));
  assert.deepEqual(answers, ['404', '400', '404', '404', '404', '200']);
  const post = (path: string, body: string) => fetch(`${url}/subrosa/${path}`, { method: 'POST', body });
  for (const body of ['null', '{}', '[]', '{"records": 7}']) assert.equal((await post('consent', body)).status, 400, body);
  assert.deepEqual(errors, []);
  world.server.consents.record = () => Promise.reject(new Error('inside'));
  const failed = await post('consent', '{}');
  assert.deepEqual([failed.status, await failed.json()], [500, { error: 'internal' }]);
  assert.match(String(errors[0]), /inside/);
  await close();
  await world.close();
});

test('rows 1 and 7: a sealed conversation over HTTP, and counters for Prometheus only where the host says so', async () => {
  const world = await new World({ now: Date.now }).open();
  world.time = Date.now();
  const [receipt] = await world.give('ann', 'chat');
  const registry = new Registry();
  await world.server.monitor.register(registry);
  const { url, close } = await listening(createServer(subrosaHttp(world.server, { ...options, metrics: registry })));
  const post = async (path: string, body: Uint8Array) => {
    const response = await fetch(`${url}/subrosa/${path}`, { method: 'POST', body: new Blob([Buffer.from(body)]) });
    return { status: response.status, body: (await response.json()) as { session?: string; error?: string; log?: object } };
  };
  const page = subrosa.sealing.beginSession({
    recipients: [world.keys.publicKey],
    purpose: 'chat',
    policyHash: (await world.server.policies.current()).hash,
    recordId: receipt!.record.record_id,
    epoch: receipt!.record.epoch,
  });
  const { status, body } = await post('sessions/chat/text', page.header);
  assert.equal(status, 200);
  assert.deepEqual((await post('sessions', page.header)).body.error, 'replayed');
  const consent = await world.consent('ann');
  const message = page.seal('hello', { consent, piiType: 'text', recipient: 'ctl' });
  consent.free();
  assert.ok((await post(`session/${body.session}`, message)).body.log);
  assert.equal((await post('session/unknown', message)).status, 409);
  assert.match(await (await fetch(`${url}/subrosa/metrics`)).text(), /subrosa_events_total\{type="received",code=""\} 1/);
  await close();
  const without = await listening(createServer(subrosaHttp(world.server, options)));
  assert.equal((await fetch(`${without.url}/subrosa/metrics`)).status, 404);
  await without.close();
  page.free();
  await world.close();
});
