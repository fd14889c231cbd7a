import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import test, { after, before, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launch } from '../fixture/browser.ts';
import { policyDocument } from '../fixture/policy.ts';

const root = new URL('../../', import.meta.url);

/** The page: the package as a user bundles it, a client on `window`, and nothing else. */
const script = `
  import * as subrosa from './dist/web.js';
  import { defineElements } from './dist/elements.js';
  const core = await subrosa.load({ wasm: '/core.wasm' });
  const documentOf = (version) => ({ ...${JSON.stringify(policyDocument())}, ...version });
  window.make = async (options = {}) => {
    const policy = core.consent.parsePolicy(documentOf(options.policy ?? {}));
    const now = () => Date.now() + (window.ahead ?? 0);
    const client = new subrosa.ConsentClient(core.consent, { policy, now, context: { region: 'DE', age: 'adult', ...options.context } });
    Object.assign(window, { client, policy, core, subrosa, documentOf });
  };
  window.give = async (purpose, options) => {
    await client.noticeShown(purpose, 'en');
    return (await client.give(purpose, { deliberate: true, ...options })).reason;
  };
  defineElements();
  window.show = async (tag, lang = 'en', dir = 'ltr', properties = {}) => {
    document.documentElement.lang = lang;
    document.documentElement.dir = dir;
    const element = document.createElement(tag);
    Object.assign(element, { client }, properties);
    const shown = new Promise((resolve) => element.addEventListener('shown', resolve, { once: true }));
    document.querySelector('main').replaceChildren(element);
    await shown;
  };
  window.isLoaded = true;
`;
const html =
  '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Chat</title><script type="module" src="/page.js"></script></head><body><main></main></body></html>';

let server: Server;
let browser: Browser;
let origin: string;
/** What the chat endpoint has been sent. */
let arrived: string[] = [];

before(async () => {
  const bundle = await build({
    stdin: { contents: script, resolveDir: fileURLToPath(root) },
    bundle: true,
    format: 'esm',
    write: false,
    logLevel: 'silent',
  });
  const files: Record<string, [string, string | Uint8Array]> = {
    '/': ['text/html', html],
    '/page.js': ['text/javascript', bundle.outputFiles[0]!.text],
    '/core.wasm': ['application/wasm', readFileSync(new URL('dist/core.wasm', root))],
    '/axe.js': ['text/javascript', readFileSync(new URL('node_modules/axe-core/axe.min.js', root))],
  };
  server = createServer(async (request, response) => {
    const file = files[request.url ?? ''];
    if (file) return response.writeHead(200, { 'content-type': file[0] }).end(file[1]);
    if (!request.url?.startsWith('/chat')) return response.writeHead(404).end();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    arrived.push(Buffer.concat(chunks).toString());
    if (request.url.startsWith('/chat/events')) return response.writeHead(200, { 'content-type': 'text/event-stream' }).write('\n');
    return response.writeHead(200).end('ok');
  });
  server.on('upgrade', (request, socket) => {
    arrived.push('');
    const key = createHash('sha1').update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`); // RFC 6455, 1.3
    const answer = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
    socket.write([...answer, `Sec-WebSocket-Accept: ${key.digest('base64')}`, '\r\n'].join('\r\n'));
    socket.on('data', (bytes: Buffer) => hear(socket, bytes)).on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await launch();
});

after(async () => {
  await browser?.close();
  server?.close();
});

/** A short masked frame of a page (RFC 6455, 5.2): text is noted, a close is answered. */
function hear(socket: Duplex, bytes: Buffer): void {
  const mask = bytes.subarray(2, 6);
  const body = bytes.subarray(6, 6 + (bytes[1]! & 0x7f)).map((byte, i) => byte ^ mask[i % 4]!);
  if ((bytes[0]! & 0xf) === 1) arrived.push(`frame ${Buffer.from(body)}`);
  else socket.end(Buffer.from([0x88, 0]));
}

/** A context of its own, so that tests share no storage. */
async function contextOf(t: TestContext, init?: string): Promise<BrowserContext> {
  arrived = [];
  const context = await browser.newContext();
  t.after(() => context.close());
  if (init) await context.addInitScript(init);
  return context;
}

async function open(context: BrowserContext, options: object = {}): Promise<Page> {
  const page = await context.newPage();
  await page.goto(origin);
  await page.waitForFunction('window.isLoaded');
  await page.evaluate(`make(${JSON.stringify(options)})`);
  return page;
}

/**
 * Tries to send a message of each cell by every way out of the page; gives what each said. A request that is held is given
 * up once all others have been answered.
 */
const sendAll = (cells: readonly object[]): string => `(async () => {
  const cells = ${JSON.stringify(cells)};
  const remove = subrosa.guardNetwork(client, { origins: [location.origin], cell: (url) => cells[url.searchParams.get('cell')] });
  const giveUp = new AbortController();
  const ways = {
    fetch: async (to) => { await fetch('/chat/fetch' + to, { method: 'POST', body: 'fetch', signal: giveUp.signal }); },
    beacon: async (to) => { if (!navigator.sendBeacon('/chat/beacon' + to, 'beacon')) throw new Error('not queued'); },
    xhr: (to) => new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.onload = resolve; request.onerror = reject;
      request.open('POST', '/chat/xhr' + to);
      request.send('xhr');
    }),
    eventSource: async (to) => { new EventSource('/chat/events' + to).close(); },
    webSocket: async (to) => { new WebSocket(location.origin.replace('http', 'ws') + '/chat/socket' + to).close(); },
  };
  let waiting = 0;
  const said = Promise.all(cells.flatMap((cell, i) => Object.entries(ways).map(async ([way, send]) => {
    waiting++;
    const answer = await send('?cell=' + i).then(() => 'sent', (error) => error.reason ?? error.name);
    waiting--;
    return way + ' ' + answer;
  })));
  while (waiting > client.held) await new Promise((resolve) => setTimeout(resolve));
  giveUp.abort();
  return said.finally(remove);
})()`;

interface Cell {
  purpose: string;
  piiType: string;
  recipient: string;
}

const cells: Cell[] = policyDocument().purposes.flatMap((purpose) =>
  purpose.pii_information.flatMap(({ pii_type }) =>
    ['ctl', ...(purpose.recipient_third_parties ?? [])].map((recipient) => ({ purpose: purpose.id, piiType: pii_type, recipient })),
  ),
);
const isShare = ({ purpose }: Cell): boolean => purpose === 'share';
const eachPurpose = (act: string): string => `(async () => { for (const { id } of policy.document.purposes) await ${act}; })()`;
const giveEach = eachPurpose('give(id)');

/** What does not permit, and how it comes about. */
interface Ending {
  act: string;
  /** Without it nothing was given before. */
  isGiven?: boolean;
  /** Without shared storage other tabs learn of it as well. */
  isTold?: boolean;
  /** The cells that it ends; without it all. */
  ends?: (cell: Cell) => boolean;
}
const endings: Record<string, Ending> = {
  not_asked: { act: '' },
  asked: { act: eachPurpose("client.noticeShown(id, 'en')") },
  deferred: { act: eachPurpose("client.noticeShown(id, 'en').then(() => client.dismiss(id))") },
  refused: { act: eachPurpose('client.refuse(id)'), isTold: true },
  withdrawn: { isGiven: true, act: eachPurpose('client.withdraw(id)'), isTold: true },
  revoked: { isGiven: true, act: eachPurpose("client.revoke(id, 'guardian')"), isTold: true },
  erased: { isGiven: true, act: 'client.eraseSubject()', isTold: true },
  expired: { isGiven: true, act: '((window.ahead = 400 * 86400000), client.setContext({}))' },
  minor: { isGiven: true, act: "client.setContext({ age: 'minor' })" },
  policy_changed: {
    isGiven: true,
    act: `client.setPolicy(core.consent.parsePolicy(documentOf({ version: '2.0.0',
      purposes: policy.document.purposes.map((purpose) => ({ ...purpose, storage_locations: ['US'] })) })))`,
  },
  gpc: { isGiven: true, act: 'client.setContext({ gpc: true })', ends: isShare },
  not_in_scope: {
    isGiven: true,
    act: eachPurpose("give(id, { scope: [{ recipient: 'ctl', pii_types: ['text'] }] })"),
    ends: ({ piiType, recipient }) => piiType !== 'text' || recipient !== 'ctl',
  },
};
const blocked = `for (const name of ['localStorage', 'indexedDB'])
  Object.defineProperty(window, name, { get() { throw new DOMException('blocked', 'SecurityError'); } });`;

for (const storage of ['persistent', 'memory'])
  for (const tabs of [1, 2])
    test(`no state without consent lets a byte out, by any way, for any cell: ${storage} storage, tabs: ${tabs}`, async (t) => {
      for (const [name, { isGiven, act, isTold, ends = () => true }] of Object.entries(endings)) {
        const context = await contextOf(t, storage === 'memory' ? blocked : undefined);
        const sender = await open(context);
        await sender.evaluate('client.open()');
        assert.equal(await sender.evaluate('client.storage'), storage);
        if (isGiven) await sender.evaluate(giveEach);
        const other = tabs === 2 ? await open(context) : sender;
        await other.evaluate('client.open()');
        if (storage === 'persistent' || isTold) await other.evaluate(act);
        else {
          if (tabs === 2) await other.evaluate(giveEach); // what another tab permits is of no use
          await sender.evaluate(act);
        }
        const ended = cells.filter(ends);
        // Without shared storage the news takes the time of a message between tabs.
        if (storage === 'memory')
          await sender.waitForFunction(`${JSON.stringify(ended)}.every((cell) => client.decide(cell).verdict !== 'permit')`);
        const said = (await sender.evaluate(sendAll(ended))) as string[];
        assert.equal(said.length, ended.length * 5);
        assert.deepEqual(
          said.filter((answer) => answer.endsWith('sent')),
          [],
          name,
        );
        assert.deepEqual(arrived, [], name);
        await context.close();
      }
    });

test('an open socket and an open stream end with consent, and nothing more goes through the socket', async (t) => {
  const page = await open(await contextOf(t));
  await page.evaluate("client.open().then(() => give('chat'))");
  const ready = await page.evaluate(`(async () => {
    const remove = subrosa.guardNetwork(client, { origins: [location.origin], cell: { purpose: 'chat', piiType: 'text', recipient: 'ctl' } });
    window.socket = new WebSocket(location.origin.replace('http', 'ws') + '/chat/socket');
    window.stream = new EventSource('/chat/events');
    await Promise.all([socket, stream].map((way) => new Promise((resolve) => way.addEventListener('open', resolve))));
    socket.send('hello');
    return [socket.readyState, stream.readyState];
  })()`);
  assert.deepEqual(ready, [1, 1]);
  const frames = await page.evaluate(`(async () => {
    const closed = new Promise((resolve) => socket.addEventListener('close', resolve));
    const withdrawing = client.withdraw('chat'); // nothing is awaited before it holds
    const said = (() => { try { socket.send('secret'); return 'sent'; } catch (error) { return error.reason; } })();
    await withdrawing;
    await closed;
    return [said, socket.readyState, stream.readyState];
  })()`);
  assert.deepEqual(frames, ['withdrawn', 3, 2]);
  assert.deepEqual(
    arrived.filter((text) => text.startsWith('frame')),
    ['frame hello'],
  );
});

test('what is permitted goes, by every way that the server hears', async (t) => {
  const page = await open(await contextOf(t));
  await page.evaluate("client.open().then(() => give('chat'))");
  const said = (await page.evaluate(sendAll([{ purpose: 'chat', piiType: 'text', recipient: 'ctl' }]))) as string[];
  assert.deepEqual(said, ['fetch sent', 'beacon sent', 'xhr sent', 'eventSource sent', 'webSocket sent']);
  assert.deepEqual(arrived.filter(Boolean).sort(), ['beacon', 'fetch', 'xhr']);
});

test('F7: nothing is stored or asked before the person opens the widget, in a page', async (t) => {
  const page = await open(await contextOf(t));
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  const stored = 'indexedDB.databases().then((found) => [found.length, localStorage.length])';
  assert.deepEqual(await page.evaluate(stored), [0, 0]);
  await page.evaluate('client.open()');
  assert.deepEqual(await page.evaluate(stored), [1, 0]);
  assert.deepEqual(requests, []);
});

test('F2: corrupt storage is put aside, the person is told and asked anew, and it works again', async (t) => {
  const context = await contextOf(t);
  const first = await open(context);
  await first.evaluate("client.open().then(() => give('chat')).then(() => client.close())");
  const chat = "{ purpose: 'chat', piiType: 'text', recipient: 'ctl' }";
  // The mirror alone: it follows from the records, which are whole.
  await first.evaluate("localStorage.setItem('subrosa-epochs:default', 'not JSON')");
  const mended = await open(context);
  await mended.evaluate('client.open()');
  assert.deepEqual(await mended.evaluate(`[client.decide(${chat}).reason, client.isUnreadable]`), ['given', false]);
  await mended.evaluate('client.close()');
  const put = (value: string) => `new Promise((resolve) => {
    const opening = indexedDB.open('subrosa-consent', 1);
    opening.onsuccess = () => {
      const writing = opening.result.transaction('state', 'readwrite');
      writing.objectStore('state').put(${value}, 'default');
      writing.oncomplete = () => resolve(opening.result.close());
    };
  })`;
  await mended.evaluate(put('\'{"records": "lost"\''));
  const page = await open(context);
  await page.evaluate("show('subrosa-consent')");
  await page.getByText('Your stored choices could not be read').waitFor();
  assert.equal(await page.evaluate(`client.decide(${chat}).verdict`), 'hold');
  await page.evaluate("give('chat')");
  assert.equal(await page.evaluate(`client.decide(${chat}).reason`), 'given');
});

test('F6: a withdrawal in a second tab stops a message that is queued in the first', async (t) => {
  const context = await contextOf(t);
  const first = await open(context);
  await first.evaluate("client.open().then(() => give('share'))");
  const second = await open(context);
  await second.evaluate('client.open()');
  // Queued: built and permitted, waiting for its turn.
  await first.evaluate(`window.queued = () => client.send({ purpose: 'share', piiType: 'text', recipient: 'lab' },
    (decision, signal) => fetch('/chat', { method: 'POST', body: 'queued', signal })).then(() => 'sent', (error) => error.reason)`);
  await second.evaluate("client.withdraw('share')");
  assert.equal(await first.evaluate('queued()'), 'withdrawn');
  assert.deepEqual(arrived, []);
});

test('F4: a withdrawal in a second tab aborts a request of the first', async (t) => {
  const context = await contextOf(t);
  const first = await open(context);
  await first.evaluate("client.open().then(() => give('share'))");
  const second = await open(context);
  await second.evaluate('client.open()');
  await first.evaluate(`window.sending = client.send({ purpose: 'share', piiType: 'text', recipient: 'lab' },
    (decision, signal) => new Promise((resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))).catch((error) => error.name);
    new Promise((resolve) => setTimeout(resolve))`);
  await second.evaluate("client.withdraw('share')");
  assert.equal(await first.evaluate('sending'), 'ConsentError');
});

test('F5: Global Privacy Control is read before the first event, latched, and shown', async (t) => {
  const gpc = "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => localStorage.getItem('gpc') !== 'off' })";
  const context = await contextOf(t, gpc);
  const page = await open(context);
  await page.evaluate("localStorage.setItem('gpc', 'off')");
  await page.evaluate("client.open().then(() => give('share'))");
  const cell = "{ purpose: 'share', piiType: 'text', recipient: 'lab' }";
  assert.equal(await page.evaluate(`client.decide(${cell}).verdict`), 'permit');
  await page.evaluate("localStorage.removeItem('gpc')");
  const again = await open(context);
  await again.evaluate(
    `window.first = new Promise((resolve) => client.addEventListener('ready', () => resolve(client.decide(${cell}).reason), { once: true })); client.open()`,
  );
  assert.equal(await again.evaluate('first'), 'gpc');
  await again.evaluate("show('subrosa-settings')");
  await again.getByText('It is honoured').waitFor();
  await page.evaluate("localStorage.setItem('gpc', 'off')");
  const latched = await open(context);
  await latched.evaluate('client.open()');
  assert.equal(await latched.evaluate(`client.decide(${cell}).reason`), 'gpc');
});

test('only the purpose that changed in substance is asked again', async (t) => {
  const context = await contextOf(t);
  const page = await open(context);
  await page.evaluate("client.open().then(() => give('chat')).then(() => give('improve'))");
  const purposes = policyDocument().purposes;
  purposes[1]!.storage_locations = ['DE', 'US'];
  const next = await open(context, { policy: { version: '2.0.0', purposes } });
  await next.evaluate('client.open()');
  const reasons = "['chat', 'improve'].map((purpose) => client.decide({ purpose, piiType: 'text', recipient: 'ctl' }).reason)";
  assert.deepEqual(await next.evaluate(reasons), ['given', 'policy_changed']);
  await next.evaluate(
    "Promise.all(['share', 'keep', 'experience', 'legal'].map((id) => client.refuse(id))).then(() => show('subrosa-consent'))",
  );
  assert.deepEqual(await next.locator('subrosa-consent legend').allTextContents(), ['Purpose improve']);
});

const verdictsOf =
  "Object.fromEntries(policy.document.purposes.map(({ id }) => [id, client.decide({ purpose: id, piiType: 'text', recipient: 'ctl' }).reason]))";

const all = (reason: string) => Object.fromEntries(policyDocument().purposes.map(({ id }) => [id, reason]));

test('to refuse takes no more acts than to accept, with the same weight', async (t) => {
  /** Does one act after the other, and gives what they have led to. */
  const after = async (acts: readonly string[]): Promise<unknown> => {
    const page = await open(await contextOf(t));
    await page.evaluate("show('subrosa-consent')");
    for (const act of acts) await page.locator(`subrosa-consent ${act}`).click();
    await page.getByText('Your choices are saved').waitFor();
    return page.evaluate(verdictsOf);
  };
  const refusing = ['[part=refuse]'];
  const accepting = ['[part=accept]', '[name=share]', '[name=keep]', '[part=save]'];
  assert.deepEqual(await after(refusing), all('refused'));
  assert.deepEqual(await after(accepting), all('given'));
  assert(refusing.length <= accepting.length && refusing.length === 1, 'refusing is one act, and accepting is not less');
  const page = await open(await contextOf(t));
  await page.evaluate("show('subrosa-consent')");
  const look = (part: string) =>
    page.evaluate(`(() => {
      const button = document.querySelector('subrosa-consent').shadowRoot.querySelector('[part=${part}]');
      const { color, backgroundColor, fontSize, fontWeight, padding, borderWidth } = getComputedStyle(button);
      return { color, backgroundColor, fontSize, fontWeight, padding, borderWidth, height: button.offsetHeight, parent: button.parentElement.getAttribute('part') };
    })()`);
  assert.deepEqual(await look('refuse'), await look('accept'));
  assert.equal(await page.locator('subrosa-consent input:checked').count(), 0, 'nothing is preselected');
});

test('no tick is taken while an act is carried out, and none is lost', async (t) => {
  const page = await open(await contextOf(t));
  await page.evaluate("show('subrosa-consent')");
  const isAnyEnabled = await page.evaluate(`(() => {
    const root = document.querySelector('subrosa-consent').shadowRoot;
    root.querySelector('[part=refuse]').click();
    return root.querySelector('input:enabled') !== null;
  })()`);
  assert.equal(isAnyEnabled, false);
  await page.getByText('Your choices are saved').waitFor();
  await page.locator('subrosa-consent input:enabled').first().waitFor();
  assert.equal(await page.locator('subrosa-consent input:disabled').count(), 0);
});

test('accept all leaves what needs a choice of its own, which a tick gives', async (t) => {
  const page = await open(await contextOf(t));
  await page.evaluate("show('subrosa-consent')");
  await page.locator('subrosa-consent [part=accept]').click();
  await page.getByText('Some purposes need a choice of their own').waitFor();
  assert.deepEqual(await page.evaluate(verdictsOf), { ...all('given'), share: 'asked', keep: 'asked' });
  assert.deepEqual(await page.locator('subrosa-consent legend').allTextContents(), ['Purpose share', 'Purpose keep']);
  await page.getByLabel('Purpose share').check();
  await page.locator('subrosa-consent [part=save]').click();
  await page.getByText('Your choices are saved').waitFor();
  assert.deepEqual(await page.evaluate(verdictsOf), { ...all('given'), keep: 'refused' });
});

test('a click that a script makes gives nothing', async (t) => {
  const page = await open(await contextOf(t));
  await page.evaluate("show('subrosa-consent')");
  await page.evaluate("document.querySelector('subrosa-consent').shadowRoot.querySelector('[part=accept]').click()");
  await page.waitForFunction("client.status === 'ready'");
  assert.deepEqual(await page.evaluate(verdictsOf), all('asked'));
});

test('settings: by keyboard alone, one cell of the matrix, then a withdrawal in one act', async (t) => {
  const page = await open(await contextOf(t));
  await page.evaluate("show('subrosa-settings')");
  const box = page.getByLabel('text, Example').first();
  await box.focus();
  await page.keyboard.press('Space');
  await page.locator('fieldset[name=chat] [part=save]').focus();
  await page.keyboard.press('Enter');
  await page.getByText('Your choices are saved').waitFor();
  const chat = "client.decide({ purpose: 'chat', piiType: 'text', recipient: 'ctl' }).reason";
  const voice = "client.decide({ purpose: 'chat', piiType: 'voice', recipient: 'ctl' }).reason";
  assert.deepEqual([await page.evaluate(chat), await page.evaluate(voice)], ['given', 'not_in_scope']);
  await page.locator('fieldset[name=chat] [part=withdraw]').focus();
  await page.keyboard.press('Enter');
  await page.getByText('Nothing more leaves').waitFor();
  assert.equal(await page.evaluate(chat), 'withdrawn');
});

/** A page whose person accepted version 1 of "improve", with version 2 in force and version 3 to come. */
async function openWithHistory(t: TestContext): Promise<Page> {
  const page = await open(await contextOf(t));
  await page.evaluate("client.open().then(() => give('improve'))");
  await page.evaluate(`(async () => {
    const purposes = documentOf().purposes.map((purpose) => (purpose.id === 'improve' ? { ...purpose, storage_locations: ['US'] } : purpose));
    const dates = ['2026-03-01T00:00:00Z', '2099-01-01T00:00:00Z'];
    const history = new subrosa.PolicyHistory();
    history.add(policy);
    for (const [i, effective_date] of dates.entries()) {
      const supersedes = history.versions.at(-1).hash;
      history.add(core.consent.parsePolicy(documentOf({ version: (i + 2) + '.0.0', effective_date, supersedes, purposes })));
    }
    window.versions = history;
    await client.setPolicy(history.versions[1]);
  })()`);
  return page;
}

test('what changed since the version that the person accepted is shown, and the history pins that version', async (t) => {
  const page = await openWithHistory(t);
  await page.evaluate("show('subrosa-consent', 'en', 'ltr', { history: versions })");
  const changed = await page.locator('subrosa-consent [part=changes] li').allTextContents();
  assert(changed.includes('Purpose improve: places of storage, before: DE; now: US'), changed.join('\n'));
  await page.evaluate("show('subrosa-settings', 'en', 'ltr', { history: versions })");
  const versions = await page.locator('subrosa-settings [part=history] > ol > li').evaluateAll((items) =>
    items.map((item) =>
      [...item.childNodes]
        .filter((node) => node.nodeName !== 'UL')
        .map((node) => node.textContent)
        .join(''),
    ),
  );
  assert.deepEqual(versions, ['1.0.0 (the version you accepted)', '2.0.0 (in force)', '3.0.0']);
  assert.match((await page.locator('subrosa-settings fieldset[name=keep] dl').textContent()) ?? '', /text, voice, images.*Kept for3 years/);
});

test('a receipt is downloaded as the server made it, and the person is told whether its proof holds', async (t) => {
  const page = await open(await contextOf(t));
  await page.evaluate("client.open().then(() => give('share'))");
  for (const [isLogged, text] of [
    [true, 'as its proof shows'],
    [false, 'does not hold'],
  ] as const) {
    await page.evaluate(`show('subrosa-settings', 'en', 'ltr',
      { receiptOf: async (record) => ({ receipt_id: 'one', record }), isLogged: (receipt) => receipt.receipt_id === 'one' && ${isLogged} })`);
    const downloading = page.waitForEvent('download');
    await page.locator('fieldset[name=share] [part=receipt]').click();
    const receipt = JSON.parse(readFileSync(await (await downloading).path(), 'utf8'));
    assert.deepEqual([receipt.receipt_id, receipt.record.purpose], ['one', 'share']);
    await page.getByText(text).waitFor();
  }
});

/** Where a part begins and ends, in the direction of the text. */
const edges = (page: Page, tag: string, selector: string): Promise<[number, number]> =>
  page.evaluate(`(() => {
    const { left, right } = document.querySelector('${tag}').shadowRoot.querySelector('${selector}').getBoundingClientRect();
    return [left, right];
  })()`);

test('from right to left both elements are mirrored', async (t) => {
  const page = await open(await contextOf(t));
  for (const [tag, first, second] of [
    ['subrosa-consent', '[part=refuse]', '[part=accept]'],
    ['subrosa-consent', 'dt', 'dd'],
    ['subrosa-settings', '[part=withdraw]', '[part=save]'],
    ['subrosa-settings', 'th', 'th + th'],
  ] as const) {
    const isFirstBefore = async (direction: 'ltr' | 'rtl') => {
      await page.evaluate(`show('${tag}', 'en', '${direction}')`);
      const edge = direction === 'ltr' ? 0 : 1;
      const [a, b] = [(await edges(page, tag, first))[edge], (await edges(page, tag, second))[edge]];
      return direction === 'ltr' ? a < b : a > b;
    };
    assert.equal(await isFirstBefore('ltr'), true, `${tag} ${first} ltr`);
    assert.equal(await isFirstBefore('rtl'), true, `${tag} ${first} rtl`);
  }
});

test('CSS reaches every part of both elements, and their own layout holds where inline styles are forbidden', async (t) => {
  const page = await open(await contextOf(t));
  await page.evaluate(`(() => {
    const policy = document.createElement('meta');
    policy.httpEquiv = 'Content-Security-Policy';
    policy.content = "style-src 'none'";
    document.head.append(policy);
    const theme = new CSSStyleSheet();
    for (const tag of ['subrosa-consent', 'subrosa-settings'])
      for (const part of ['title', 'policy', 'link', 'purpose', 'name', 'choice', 'facts', 'state', 'matrix', 'actions', 'refuse', 'accept', 'save', 'later', 'withdraw', 'withdraw-all', 'receipt', 'status', 'body', 'intro', 'separate'])
        theme.insertRule(tag + '::part(' + part + ') { outline: 3px solid rgb(1, 2, 3) }');
    document.adoptedStyleSheets = [theme];
  })()`);
  for (const tag of ['subrosa-consent', 'subrosa-settings']) {
    await page.evaluate(`show('${tag}')`);
    const looks = (await page.evaluate(`(() => {
      const root = document.querySelector('${tag}').shadowRoot;
      const parts = [...root.querySelectorAll('[part]')].map((node) => [node.getAttribute('part'), getComputedStyle(node).outlineColor]);
      return { parts, layout: getComputedStyle(root.querySelector('dl')).display };
    })()`)) as { parts: [string, string][]; layout: string };
    assert(looks.parts.length > 20);
    assert.deepEqual(
      looks.parts.filter(([, colour]) => colour !== 'rgb(1, 2, 3)'),
      [],
    );
    assert.equal(looks.layout, 'grid');
  }
});

for (const [language, direction] of [
  ['en', 'ltr'],
  ['zh', 'ltr'],
  ['en', 'rtl'],
])
  test(`axe-core finds nothing in either element: ${language}, ${direction}`, async (t) => {
    const page = await open(await contextOf(t));
    await page.addScriptTag({ url: '/axe.js' });
    for (const tag of ['subrosa-consent', 'subrosa-settings']) {
      await page.evaluate(`show('${tag}', '${language}', '${direction}')`);
      const found = await page.evaluate(
        `axe.run(document.querySelector('${tag}')).then(({ violations, passes }) => ({ violations: violations.map(({ id, nodes }) => [id, nodes[0].html]), passes: passes.length }))`,
      );
      assert.deepEqual((found as { violations: unknown[] }).violations, []);
      assert((found as { passes: number }).passes > 5);
    }
    const title = await page.locator('subrosa-settings h2').textContent();
    assert.equal(title, language === 'zh' ? '隐私设置' : 'Privacy settings');
  });
