import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import type { Demo } from '../../web-demo/server.ts';
import { demoInBrowser } from '../fixture/browser.ts';

const axe = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const secret = 'The parcel goes to the red house';

const { startDemo, newContext } = demoInBrowser();

interface World {
  demo: Demo;
  origin: string;
  context: BrowserContext;
  open: (path: string) => Promise<Page>;
}

/** A server and a browser of its own; no page may ask anyone else, or fail. */
async function world(t: TestContext, options: Parameters<typeof newContext>[0] = {}): Promise<World> {
  const { demo, origin } = await startDemo();
  const context = await newContext({ locale: 'en-GB', acceptDownloads: true, ...options });
  context.setDefaultTimeout(10_000);
  const wrong: string[] = [];
  context.on('request', (request) => /^(blob:|data:)/.test(request.url()) || request.url().startsWith(origin) || wrong.push(request.url()));
  context.on('weberror', (error) => wrong.push(error.error().message));
  t.after(async () => {
    await context.close();
    await demo.close();
    assert.deepEqual(wrong, []);
  });
  const open = async (path: string) => {
    const page = await context.newPage();
    await page.goto(`${origin}${path}`);
    if (path !== '/') await page.locator('html[data-ready]').waitFor();
    return page;
  };
  return { demo, origin, context, open };
}

/** The person allows answers and writes. */
async function chat({ open }: World, text = secret): Promise<void> {
  const page = await open('/');
  await page.locator('#purpose-chat').check();
  await page.locator('#draft').fill(text);
  await page.locator('#draft').press('Enter');
  await page.locator('.theirs .bubble').waitFor();
  await page.close();
}

async function requireAccessible(page: Page): Promise<void> {
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const { violations } = await (
      globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }
    ).axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  });
  assert.deepEqual(violations, []);
}

/** Nothing stands out to the side. */
async function requireFit(page: Page): Promise<void> {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(overflow <= 0, `${page.url()} is ${overflow} px too wide`);
}

/** Fills the operators' page with what it can show. */
async function useDesk(page: Page): Promise<void> {
  await page.locator('#authority').fill('Court');
  await page.locator('#basis').fill('Order 7');
  await page.locator('#file button[type=submit]').click();
  await page.locator('#legal tbody tr').first().waitFor();
  await page.locator('#publish').click();
  await page.locator('#versions button').waitFor();
}

test('row 13: from the click on erase to a certificate that the page has verified', async (t) => {
  const here = await world(t);
  await chat(here);
  const { demo, open } = here;
  const page = await open('/privacy.html');
  await page.locator('#show').click();
  await page.locator('#items .text').waitFor();
  assert.equal(await page.locator('#items .text').textContent(), secret);
  const subject = await demo.receiver.parts.store.transaction(async (tx) => (await tx.find({ kind: 'consent' }))[0]!.subject);

  await page.locator('#erase').click();
  await page.locator('#no').click();
  assert.ok((await demo.receiver.vault.count(subject)) > 0, 'nothing is done without the second word');
  await page.locator('#erase').focus();
  await page.keyboard.press('Enter');
  await page.locator('#yes').focus();
  await page.keyboard.press('Enter');
  await page.locator('#certificate .good').waitFor();
  assert.equal(await page.locator('#certificate .good').textContent(), 'This page has checked the proof: the erasure stands in the log.');
  const lines = await page.locator('#certificate tbody tr').allTextContents();
  assert.deepEqual(
    lines.map((line) => line.replace(/\d+(\d)$/, '$1')),
    ['store0', 'visitors0', 'arrivals0', 'voices0'],
  );

  const { store, vault } = { ...demo.receiver.parts };
  assert.equal(await store.transaction((tx) => tx.count({ kind: 'item', subject })), 0);
  assert.deepEqual([await vault.count(subject), await vault.isErased(subject)], [0, true]);
  assert.ok(!JSON.stringify(demo.log).includes(secret));
  const entries = (await demo.receiver.log.entries(0, await demo.receiver.log.size())).map((line) => JSON.parse(line));
  const number = Number(await page.locator('#certificate dd').first().textContent());
  assert.deepEqual([entries[number].action, entries[number].object.type], ['dpv:RequestFulfilled', 'Request/erasure']);

  const chatPage = await open('/');
  await chatPage.locator('#draft').fill('once more');
  await chatPage.locator('#draft').press('Enter');
  await chatPage.locator('.status.denied').waitFor();
});

test('row 13: an erasure that waits for recipients is asked about until it is certified', async (t) => {
  const here = await world(t);
  await chat(here);
  await here.context.route('**/subrosa/rights', async (route) => {
    const response = await route.fetch();
    const { log: _, ...answer } = await response.json();
    answer.request.status = 'dpv:RequestAccepted'; // as when a recipient was down just then
    await route.fulfill({ response, json: answer });
  });
  const page = await here.open('/privacy.html');
  await page.locator('#erase').click();
  await page.locator('#yes').click();
  await page.locator('#certificate .bad', { hasText: 'have not been reached' }).waitFor();
  await page.locator('#certificate.sealed').waitFor();
  assert.equal(await page.locator('#items .text').count(), 0);
});

test('row 13: a certificate whose proof does not hold is not called one', async (t) => {
  const here = await world(t);
  await chat(here);
  await here.context.route('**/subrosa/rights', async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    if (body.log) body.log.entry = body.log.entry.replace('erasure', 'access');
    await route.fulfill({ response, json: body });
  });
  const page = await here.open('/privacy.html');
  await page.locator('#erase').click();
  await page.locator('#yes').click();
  await page.locator('#certificate .bad').waitFor();
  assert.equal(await page.locator('#certificate').getAttribute('class'), '');
});

test('rows 11, 12, 14, 16 and 17: data, correction, receipts, settings, policies and a complaint, in the page', async (t) => {
  const here = await world(t);
  await chat(here);
  const page = await here.open('/privacy.html');
  await page.locator('#show').click();
  await page.locator('#items summary').click();
  await page.locator('#items textarea').fill('The parcel goes to the blue house, ann@example.org');
  await page.locator('#items button').click();
  await page.locator('#items .text', { hasText: 'blue house' }).waitFor();
  assert.match((await page.locator('#items .text').textContent()) ?? '', /blue house, (?!ann@)/);
  assert.equal(await page.locator('#receipts .good').count(), 1);
  assert.equal(await page.locator('#receipts .bad').count(), 0);
  assert.equal(await page.locator('#log-state').getAttribute('class'), 'good');
  assert.ok((await page.locator('#entries .good').count()) >= 4);
  const [file] = await Promise.all([page.waitForEvent('download'), page.locator('#download').click()]);
  const bundle = JSON.parse(readFileSync(await file.path(), 'utf8'));
  assert.equal(bundle.schema_version, 'subrosa-access/1');
  assert.equal(bundle.data.length, 1);

  const versions = page.locator('#history > li');
  assert.equal(await versions.count(), 2);
  await versions.first().locator('summary').first().click();
  assert.match((await versions.first().textContent()) ?? '', /time of retention, before: .*P90D/);
  await versions.last().locator('summary').last().click();
  await versions.last().locator('pre').waitFor();
  assert.match((await versions.last().textContent()) ?? '', /ninety days.*by its hash/s);

  const receiver = here.demo.receiver;
  const told = page.waitForResponse('**/consent');
  await page.locator('subrosa-settings button[part=withdraw]').first().click();
  assert.equal((await told).status(), 200);
  const subject = await receiver.parts.store.transaction(async (tx) => (await tx.find({ kind: 'consent' }))[0]!.subject);
  assert.notEqual((await receiver.consents.decide(subject, { purpose: 'chat', piiType: 'text', recipient: 'demo' })).verdict, 'permit');

  await page.locator('#complaint').fill('I was not answered.');
  await page.locator('#complain button').click();
  await page.locator('#case dd').first().waitFor();
  assert.match((await page.locator('#case').textContent()) ?? '', /authority\.example/);
  await requireAccessible(page);
});

test('what the demo keeps in a folder is there again, under the same keys, when it starts anew', async (t) => {
  const data = mkdtempSync(path.join(tmpdir(), 'subrosa-demo-'));
  t.after(() => rmSync(data, { recursive: true }));
  const { demo: first } = await startDemo(data);
  const { key } = first.receiver.log;
  const size = await first.receiver.log.size();
  await first.close();
  const { demo: second } = await startDemo(data);
  assert.deepEqual([second.receiver.log.key, await second.receiver.log.size()], [key, size]);
  assert.equal(statSync(path.join(data, 'secrets.json')).mode & 0o777, 0o600);
  await second.close();
});

test('row 17: a complaint needs no consent at all', async (t) => {
  const here = await world(t);
  const page = await here.open('/privacy.html');
  await page.locator('#show').click();
  await page.locator('#receipts', { hasText: 'You have not decided anything yet.' }).waitFor();
  assert.doesNotMatch((await page.locator('#history').textContent()) ?? '', /the one you accepted/, 'to be asked is not to accept');
  await page.locator('#complaint').fill('I never agreed to anything.');
  await page.locator('#complain button').click();
  await page.locator('#case dd').first().waitFor();
  const types = (await here.demo.receiver.rights.list()).map((request) => request.subject_request_type);
  assert.deepEqual(types.sort(), ['access', 'complaint']);
});

test('rows 11 and 13: another browser gets nothing of the person, and cannot erase', async (t) => {
  const here = await world(t);
  await chat(here);
  const subject = await here.demo.receiver.parts.store.transaction(async (tx) => (await tx.find({ kind: 'consent' }))[0]!.subject);
  for (const type of ['access', 'erasure']) {
    const response = await fetch(`${here.origin}/subrosa/rights`, {
      method: 'POST',
      body: JSON.stringify({ type, regulation: 'gdpr', subject }),
    });
    assert.equal(response.status, 401);
  }
});

test('row 6: a log that was rewritten since the page saw it is refused', async (t) => {
  const here = await world(t);
  await chat(here);
  const page = await here.open('/privacy.html');
  await page.locator('#show').click();
  await page.locator('#log-state.good').waitFor();
  const key = here.demo.receiver.log.key;
  await here.context.route('**/subrosa/consistency*', (route) => route.fulfill({ status: 404, body: '' }));
  await page.locator('#show').click();
  await page.locator('#log-state.bad').waitFor();
  assert.ok(await page.evaluate((name) => localStorage.getItem(name), `subrosa-checkpoint:${key}`));
});

test('row 18: the auditor page checks an export itself, and turns red when a byte of it is changed', async (t) => {
  const here = await world(t);
  await chat(here);
  const page = await here.open('/auditor.html');
  assert.equal(await page.locator('#verdict').getAttribute('data-verdict'), 'waiting');
  await page.locator('#fetch').click();
  await page.locator('#verdict[data-verdict=good]').waitFor();
  const size = await here.demo.receiver.log.size();
  assert.equal(await page.locator('#entries tbody tr').count(), size);
  assert.equal(await page.locator('#entries .good').count(), size);
  const text = await page.locator('#raw').inputValue();
  const places = [0.1, 0.3, 0.5, 0.7, 0.9].map((part) => Math.floor(text.length * part));
  for (const at of places) {
    const changed = `${text.slice(0, at)}${text[at] === 'x' ? 'y' : 'x'}${text.slice(at + 1)}`;
    await page.locator('#raw').fill(changed);
    await page.locator('#verdict[data-verdict=bad]').waitFor();
    assert.equal(await page.locator('#entries .good').count(), 0, `byte ${at}`);
    assert.equal(await page.locator('#said').evaluate((node) => getComputedStyle(node).color), 'rgb(161, 22, 12)');
    await page.locator('#raw').fill(text);
    await page.locator('#verdict[data-verdict=good]').waitFor();
  }
  await page.locator('#key').fill('demo.example/log+00000000+AQ==');
  await page.locator('#verdict[data-verdict=bad]').waitFor();
  const calls: string[] = [];
  page.on('request', (request) => calls.push(request.url()));
  await page.locator('#key').fill(here.demo.receiver.log.key);
  await page.locator('#file').setInputFiles({ name: 'export.json', mimeType: 'application/json', buffer: Buffer.from(text) });
  await page.locator('#verdict[data-verdict=good]').waitFor();
  assert.deepEqual(calls, [], 'it is checked in the page itself');
  await requireAccessible(page);
});

test('rows 7 and 9: operators see requests and alarms, and what needs two people needs two', async (t) => {
  const here = await world(t);
  await chat(here);
  const { ada, ben } = here.demo.operators;
  assert.equal((await fetch(`${here.origin}/desk`)).status, 401);
  const first = await here.open(`/operator.html#${ada}`);
  await first.locator('#authority').fill('Court');
  await first.locator('#basis').fill('Order 7');
  await first.locator('#file button[type=submit]').click();
  await first.locator('#legal tbody button').first().waitFor();
  await first.locator('#legal tbody button').last().click();
  await first.locator('#result', { hasText: 'approval_required' }).waitFor();
  await first.locator('#legal tbody button').first().click();
  await first.locator('#result', { hasText: '"approvals": 1' }).waitFor();
  await first.locator('#legal tbody button').first().click();
  await first.locator('#result', { hasText: 'already_approved' }).waitFor();
  const second = await here.open(`/operator.html#${ben}`);
  await second.locator('#legal tbody button').first().click();
  await second.locator('#result', { hasText: '"approvals": 2' }).waitFor();
  await second.locator('#legal tbody button').last().click();
  await second.locator('#result', { hasText: secret }).waitFor();
  assert.ok((await second.locator('#log tbody tr').count()) > 5);
  await requireAccessible(second);

  await here.demo.receiver.runJobs();
  const person = await here.open('/privacy.html');
  await person.locator('#show').click();
  await person.locator('#notices li').waitFor();
  assert.match((await person.locator('#notices li').textContent()) ?? '', /Court, Order 7/);

  const { receiver } = here.demo;
  const [item] = await receiver.parts.store.transaction((tx) => tx.find({ kind: 'item' }));
  for (let i = 0; i <= 100; ++i) await receiver.receiver.open(item!.id, 'chat', 'curious');
  await first.locator('#alarms', { hasText: /open_spike.* curious/ }).waitFor();
});

test('row 15: operators publish a change and tell everyone, by each channel; the person sees it with its proof', async (t) => {
  const here = await world(t);
  await chat(here);
  const operator = await here.open(`/operator.html#${here.demo.operators.ada}`);
  await operator.locator('#publish').click();
  await operator.locator('#versions button').click();
  await operator.locator('#result', { hasText: '"sent": 3' }).waitFor();
  await operator.locator('#versions button').click();
  await operator.locator('#result', { hasText: '"queued": 0' }).waitFor();
  const deliveries = await operator.locator('#deliveries tbody tr').allTextContents();
  assert.deepEqual(deliveries.map((line) => /^(E-mail|Privacy centre|Webhook).*1\.2\.0✓ delivered \(1\)$/.exec(line)?.[1]).sort(), [
    'E-mail',
    'Privacy centre',
    'Webhook',
  ]);
  await operator.locator('#mail-count').click();
  assert.match((await operator.locator('#mails').textContent()) ?? '', /@visitors\.example: .*version 1\.2\.0.*France.*法国/s);
  await operator.locator('#call-count', { hasText: '(1)' }).click();
  assert.match((await operator.locator('#calls li').textContent()) ?? '', /1\.2\.0$/);
  await requireAccessible(operator);
  const forged = { 'subrosa-time': String(Math.floor(Date.now() / 1000)), 'subrosa-signature': '0'.repeat(64) };
  assert.equal((await fetch(`${here.origin}/hook`, { method: 'POST', body: '{}', headers: forged })).status, 401);
  const feed = (await (await fetch(`${here.origin}/subrosa/feed`)).json()) as { items: { title: string }[] };
  assert.equal(feed.items[0]?.title, '1.2.0');

  const person = await here.open('/privacy.html');
  await person.locator('#show').click();
  await person.locator('#notices li', { hasText: '1.2.0' }).waitFor();
  assert.match((await person.locator('#notices li').textContent()) ?? '', /France.*proved/);
  assert.equal(await person.locator('#notices .good').count(), 1);
  const newest = person.locator('#history > li').first();
  assert.match((await newest.textContent()) ?? '', /1\.2\.0.*takes effect then/);
  await newest.locator('summary').first().click();
  assert.match((await newest.textContent()) ?? '', /FR/);
  const subject = await here.demo.receiver.parts.store.transaction(async (tx) => (await tx.find({ kind: 'consent' }))[0]!.subject);
  const { verdict } = await here.demo.receiver.consents.decide(subject, { purpose: 'improve', piiType: 'text', recipient: 'demo' });
  assert.notEqual(verdict, 'permit', 'silence accepts nothing');
});

test('row 18: certificates with their validity, verified in the page of the person and of the auditor', async (t) => {
  const here = await world(t);
  const document = readFileSync(new URL('../../web-demo/certificate.txt', import.meta.url));
  const page = await here.open('/privacy.html');
  const certificate = page.locator('#certificates li');
  assert.match((await certificate.textContent()) ?? '', /Example Privacy Seal.*valid until Dec 31, 2027/);
  await certificate.locator('button').click();
  await certificate.locator('.good').waitFor();
  await here.context.route('**/subrosa/certificates/sha256*', (route) => route.fulfill({ body: `${document} ` }));
  await certificate.locator('button').click();
  await certificate.locator('.bad').waitFor();
  await requireAccessible(page);

  const auditor = await here.open('/auditor.html');
  const compare = (buffer: Buffer) =>
    auditor.locator('#document').setInputFiles({ name: 'certificate.txt', mimeType: 'text/plain', buffer });
  await compare(document);
  await auditor.locator('#compared.bad').waitFor();
  await auditor.locator('#fetch').click();
  await auditor.locator('#compared.good', { hasText: 'entry 0' }).waitFor();
  assert.match((await auditor.locator('#certificates tbody tr').textContent()) ?? '', /Example Privacy SealDec 31, 2027.*sha256:/);
  assert.ok((await auditor.locator('#policies tbody tr').count()) >= 2);
  await compare(Buffer.concat([document, Buffer.from(' ')]));
  await auditor.locator('#compared.bad').waitFor();
  const text = await auditor.locator('#raw').inputValue();
  await auditor.locator('#raw').fill(text.replace('Example Privacy Seal', 'Example Privacy Sea1'));
  await auditor.locator('#verdict[data-verdict=bad]').waitFor();
  assert.equal(await auditor.locator('#certificates tr').count(), 0, 'nothing is read out of what was changed');
  await requireAccessible(auditor);
});

for (const colorScheme of ['light', 'dark'] as const)
  test(`the pages speak Chinese, and axe finds nothing, ${colorScheme} and narrow`, async (t) => {
    const here = await world(t, { locale: 'zh-CN', colorScheme, viewport: { width: 360, height: 720 } });
    await chat(here, '红色的房子');
    const page = await here.open('/privacy.html');
    assert.equal(await page.locator('html').getAttribute('lang'), 'zh-Hans');
    await page.getByRole('button', { name: '查看保存的内容' }).click();
    await page.locator('#items .text', { hasText: '红色的房子' }).waitFor();
    assert.equal(await page.locator('#log-state').textContent(), '此日志与本页先前所见一致。');
    await page.locator('#complaint').fill('没有答复');
    await page.locator('#complain button').click();
    await page.locator('#case dd').first().waitFor();
    await requireAccessible(page);
    await requireFit(page);
    await page.getByRole('button', { name: '全部删除' }).click();
    await page.getByRole('button', { name: '是，全部删除' }).click();
    await page.locator('#certificate.sealed').waitFor();
    assert.match((await page.locator('#certificate').textContent()) ?? '', /本页已核验证明/);
    await requireAccessible(page);
    await page.getByRole('button', { name: 'English' }).click();
    assert.equal(await page.locator('#show').textContent(), 'Show what is held');
    for (const path of ['/auditor.html', `/operator.html#${here.demo.operators.ada}`]) {
      const other = await here.open(path);
      assert.match((await other.locator('h2').first().textContent()) ?? '', /^\p{Script=Han}+$/u);
      if (path.startsWith('/operator')) await useDesk(other);
      else await other.locator('#fetch').click();
      await requireAccessible(other);
      await requireFit(other);
    }
  });
