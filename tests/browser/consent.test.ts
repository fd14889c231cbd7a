import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import test, { after, before, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { policyDocument } from '../fixture/policy.ts';

const root = new URL('../../', import.meta.url);
const flags =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';

/** The page: the package as a user bundles it, a client on `window`, and nothing else. */
const script = `
  import * as subrosa from './dist/web.js';
  import { defineElements } from './dist/elements.js';
  const core = await subrosa.load({ wasm: '/core.wasm' });
  const documentOf = (version) => ({ ...${JSON.stringify(policyDocument())}, ...version });
  window.make = async (options = {}) => {
    const policy = core.consent.parsePolicy(documentOf(options.policy ?? {}));
    const client = new subrosa.ConsentClient(core.consent, { policy, context: { region: 'DE', age: 'adult', ...options.context } });
    Object.assign(window, { client, policy, core, subrosa });
  };
  window.give = async (purpose) => {
    await client.noticeShown(purpose, 'en');
    return (await client.give(purpose, { deliberate: true })).reason;
  };
  defineElements();
  window.show = async (tag, lang = 'en', dir = 'ltr') => {
    document.documentElement.lang = lang;
    document.documentElement.dir = dir;
    const element = document.createElement(tag);
    element.client = client;
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
    return response.writeHead(200).end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags.split(' ') });
});

after(async () => {
  await browser?.close();
  server?.close();
});

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

/** Tries to send a message of a cell by every way out of the page; gives what each said. */
const sendAll = (cell: object, text: string): string => `(async () => {
  const cell = ${JSON.stringify(cell)};
  const remove = subrosa.guardNetwork(client, { origins: [location.origin], cell });
  const ways = {
    fetch: async () => { await fetch('/chat/fetch', { method: 'POST', body: ${JSON.stringify(text)}, signal: AbortSignal.timeout(200) }); },
    beacon: async () => { if (!navigator.sendBeacon('/chat/beacon', ${JSON.stringify(text)})) throw new Error('not queued'); },
    xhr: () => new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.onload = resolve; request.onerror = reject;
      request.open('POST', '/chat/xhr');
      request.send(${JSON.stringify(text)});
    }),
    eventSource: async () => { new EventSource('/chat/events?' + ${JSON.stringify(text)}).close(); },
    webSocket: async () => { new WebSocket(location.origin.replace('http', 'ws') + '/chat/socket').close(); },
  };
  const said = {};
  for (const [way, send] of Object.entries(ways)) said[way] = await send().then(() => 'sent', (error) => error.reason ?? error.name);
  remove();
  return said;
})()`;

const cells = policyDocument().purposes.flatMap((purpose) =>
  purpose.pii_information.flatMap(({ pii_type }) =>
    ['ctl', ...(purpose.recipient_third_parties ?? [])].map((recipient) => ({ purpose: purpose.id, piiType: pii_type, recipient })),
  ),
);

/** How each state that does not permit comes about. */
const states: Record<string, string> = {
  not_asked: '',
  asked: "await client.noticeShown(p, 'en');",
  deferred: "await client.noticeShown(p, 'en'); await client.dismiss(p);",
  refused: 'await client.refuse(p);',
  withdrawn: 'await give(p); await client.withdraw(p);',
  erased: 'await give(p); await client.eraseSubject();',
  age: "await give(p); await client.setContext({ age: 'minor' });",
};

for (const storage of ['persistent', 'memory'])
  test(`no state without consent lets a byte out, by any way, for any cell: ${storage} storage`, async (t) => {
    const blocked = `for (const name of ['localStorage', 'indexedDB'])
      Object.defineProperty(window, name, { get() { throw new DOMException('blocked', 'SecurityError'); } });`;
    for (const [state, script] of Object.entries(states)) {
      const context = await contextOf(t, storage === 'memory' ? blocked : undefined);
      const page = await open(context);
      await page.evaluate('client.open()');
      assert.equal(await page.evaluate('client.storage'), storage);
      for (const purpose of ['chat', 'improve', 'share', 'keep'])
        await page.evaluate(`(async () => { const p = '${purpose}'; ${script} })()`);
      for (const cell of cells) {
        const said = (await page.evaluate(sendAll(cell, 'secret'))) as Record<string, string>;
        assert(!Object.values(said).includes('sent'), `${state} ${JSON.stringify(cell)} ${JSON.stringify(said)}`);
      }
      assert.deepEqual(arrived, [], state);
      await context.close();
    }
  });

test('what is permitted goes, by every way that the server hears', async (t) => {
  const page = await open(await contextOf(t));
  await page.evaluate("client.open().then(() => give('chat'))");
  const said = (await page.evaluate(sendAll({ purpose: 'chat', piiType: 'text', recipient: 'ctl' }, 'hello'))) as Record<string, string>;
  assert.deepEqual([said.fetch, said.beacon, said.xhr], ['sent', 'sent', 'sent']);
  assert(arrived.includes('hello'));
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
  await next.evaluate("client.refuse('share').then(() => client.refuse('keep')).then(() => show('subrosa-consent'))");
  assert.deepEqual(await next.locator('subrosa-consent legend').allTextContents(), ['Purpose improve']);
});

const verdictsOf =
  "Object.fromEntries(policy.document.purposes.map(({ id }) => [id, client.decide({ purpose: id, piiType: 'text', recipient: 'ctl' }).reason]))";

test('to refuse takes no more acts than to accept, with the same weight', async (t) => {
  const context = await contextOf(t);
  const acts = async (part: string): Promise<Record<string, string>> => {
    const page = await open(context, { name: part });
    await page.evaluate("show('subrosa-consent')");
    await page.locator(`subrosa-consent [part=${part}]`).click(); // the one act
    await page.waitForFunction(
      "client.status === 'ready' && document.querySelector('subrosa-consent').shadowRoot.querySelector('[part=status]').textContent !== ''",
    );
    return (await page.evaluate(verdictsOf)) as Record<string, string>;
  };
  assert.deepEqual(await acts('refuse'), { chat: 'refused', improve: 'refused', share: 'refused', keep: 'refused' });
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

test('accept all leaves what needs a choice of its own, which a tick gives', async (t) => {
  const page = await open(await contextOf(t));
  await page.evaluate("show('subrosa-consent')");
  await page.locator('subrosa-consent [part=accept]').click();
  await page.getByText('Some purposes need a choice of their own').waitFor();
  assert.deepEqual(await page.evaluate(verdictsOf), { chat: 'given', improve: 'given', share: 'asked', keep: 'asked' });
  await page.evaluate("show('subrosa-consent')");
  await page.getByLabel('Purpose share').check();
  await page.locator('subrosa-consent [part=save]').click();
  await page.getByText('Your choices are saved').waitFor();
  assert.deepEqual(await page.evaluate(verdictsOf), { chat: 'given', improve: 'given', share: 'given', keep: 'refused' });
});

test('a click that a script makes gives nothing', async (t) => {
  const page = await open(await contextOf(t));
  await page.evaluate("show('subrosa-consent')");
  await page.evaluate("document.querySelector('subrosa-consent').shadowRoot.querySelector('[part=accept]').click()");
  await page.waitForFunction("client.status === 'ready'");
  assert.deepEqual(await page.evaluate(verdictsOf), { chat: 'asked', improve: 'asked', share: 'asked', keep: 'asked' });
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
