import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test, { type TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import type { Demo } from '../../web-demo/server.ts';
import { demoInBrowser } from '../fixture/browser.ts';

const address = 'ann.miller@example.org';
/** A reply that is whole. */
const answered = '.theirs .bubble[aria-busy=false]';

const { startDemo, newContext } = demoInBrowser();

type Opened = { page: Page; log: Demo['log']; receiver: Demo['receiver']; requests: string[]; origin: string };

async function open(t: TestContext, locale = 'en-GB', now?: () => number): Promise<Opened> {
  const { demo, origin } = await startDemo(undefined, now);
  const { log, receiver, close } = demo;
  const context = await newContext({ locale });
  t.after(async () => {
    await context.close();
    await close();
  });
  context.setDefaultTimeout(8000);
  if (now) await context.clock.install();
  const page = await context.newPage();
  const requests: string[] = [];
  const errors: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => errors.push(error.message));
  t.after(() => assert.deepEqual(errors, []));
  await page.goto(origin);
  await page.locator('#purpose-chat').waitFor();
  return { page, log, receiver, requests, origin };
}

test('a message is underlined, held without consent, sealed with it, and its reply restored', async (t) => {
  const { page, log, requests, origin } = await open(t);
  await page.locator('#draft').pressSequentially(`Write to ${address}, please`);
  const mark = page.locator('#backdrop mark');
  assert.equal(await mark.textContent(), address);
  assert.match(await mark.evaluate((node) => getComputedStyle(node).textDecorationLine), /underline/);
  assert.equal(await page.locator('#found').textContent(), 'Found: email address');

  assert.equal(await page.locator('#switches input:checked').count(), 0);
  await page.locator('#send').click();
  await page.locator('.status.held').waitFor();
  assert.equal(await page.locator('#leaves-none').isVisible(), true);
  assert.equal(log.length, 0, 'not a byte reached the server');

  await page.locator('#purpose-chat').check();
  await page.locator(answered).waitFor();
  assert.match((await page.locator('.theirs .bubble').textContent()) ?? '', new RegExp(`Noted: ${address.replaceAll('.', '\\.')}`));
  assert.deepEqual(
    log.map(({ path, status, saw }) => [path, status, saw]),
    [
      ['/consent', 200, 'consent'],
      ['/message', 200, 'Write to [EMAIL_ADDRESS_1], please'],
    ],
  );
  const kept = await (await fetch(`${origin}/log`)).text();
  for (let at = 0; at + 4 <= address.length; at++) assert(!kept.includes(address.slice(at, at + 4)), address.slice(at, at + 4));
  assert.equal(await page.locator('#saw').textContent(), 'Write to [EMAIL_ADDRESS_1], please');
  assert.equal(await page.locator('.departure .size').textContent(), `${log[1]?.bytes} bytes of ciphertext`);
  assert.deepEqual(
    requests.filter((url) => !url.startsWith(origin)),
    [],
  );
});

test('a reply is shown as it comes, and no placeholder in it ever', async (t) => {
  const { page } = await open(t);
  await page.evaluate(() => {
    const states: string[] = [];
    Object.assign(window, { states });
    new MutationObserver(() => states.push(document.querySelector('.theirs .bubble')?.textContent ?? '')).observe(
      document.querySelector('#messages') as Node,
      { childList: true, subtree: true },
    );
  });
  await page.locator('#purpose-chat').check();
  await page.locator('#draft').fill(`Write to ${address}, please`);
  await page.locator('#draft').press('Enter');
  await page.locator(answered).waitFor();
  const states = (await page.evaluate('states')) as string[];
  const last = states.at(-1) ?? '';
  assert.equal(last, `Assistant: Noted: ${address}. Is there anything else I should know?`);
  assert(new Set(states).size > 3, `${new Set(states).size} states`);
  for (const state of states) assert(last.startsWith(state), state);
});

test('each purpose is a choice of its own, and a withdrawal ends it at once', async (t) => {
  const { page, log } = await open(t);
  await page.locator('#purpose-chat').focus();
  await page.keyboard.press('Space');
  await page.locator('#purpose-improve').check();
  await page.locator('#draft').fill('hello');
  await page.keyboard.press('Enter');
  await page.locator('.departure').nth(1).waitFor();
  assert.equal(log.filter(({ path, status }) => path === '/message' && status === 200).length, 2);

  const told = page.waitForResponse('**/consent');
  await page.locator('#purpose-chat').uncheck();
  await told;
  const before = log.length;
  await page.locator('#draft').fill('once more');
  await page.locator('#draft').press('Enter');
  await page.locator('.status.denied').waitFor();
  assert.equal(log.length, before);
});

test('the server takes no envelope without the consent it names', async (t) => {
  const { page, log, origin } = await open(t);
  await page.locator('#purpose-chat').check();
  const body = new Promise<Buffer>((resolve) =>
    page.on('request', (request) => {
      const data = request.postDataBuffer();
      if (request.url().endsWith('/message') && data) resolve(data);
    }),
  );
  await page.locator('#draft').fill('hello');
  await page.locator('#draft').press('Enter');
  const envelope = new Uint8Array(await body);
  await page.locator(answered).waitFor();
  const told = page.waitForResponse('**/consent');
  await page.locator('#purpose-chat').uncheck();
  await told;
  assert.equal((await fetch(`${origin}/message`, { method: 'POST', body: envelope })).status, 403);
  assert.equal((await fetch(`${origin}/message`, { method: 'POST', body: 'hello' })).status, 400);
  assert.deepEqual(
    log.slice(-2).map(({ saw }) => saw),
    ['consent_required', 'not_authentic'],
  );
});

test('the page speaks Chinese', async (t) => {
  const { page } = await open(t, 'zh-CN');
  assert.equal(await page.locator('html').getAttribute('lang'), 'zh-Hans');
  await page.locator('#draft').fill(`我的邮箱是 ${address}`);
  assert.equal(await page.locator('#found').textContent(), '找到： 电子邮箱');
  await page.getByRole('switch', { name: '回答我的消息' }).check();
  await page.getByRole('button', { name: '发送' }).click();
  await page.locator(answered).waitFor();
  assert.equal(await page.locator('.theirs .bubble').textContent(), `助手: 好的，我记下了${address}。还需要什么吗？`);
  await page.getByRole('button', { name: 'English' }).click();
  assert.equal(await page.locator('#send').textContent(), 'Send');
});

test('version 1, a message, version 2: only what changed is asked again, and a withdrawal elsewhere stops what is queued', async (t) => {
  let time = Date.now();
  const { page, log, receiver, origin } = await open(t, 'en-GB', () => time);
  const say = async (tab: Page, text: string) => {
    await tab.locator('#draft').fill(text);
    await tab.locator('#draft').press('Enter');
  };
  const came = () => log.filter(({ path }) => path === '/message').map(({ status, saw }) => [status, saw]);
  const notice = page.locator('subrosa-consent');
  const asked = () => notice.locator('legend').allTextContents();
  await say(page, 'first');
  await notice.getByLabel('Answer my messages').check();
  await notice.getByLabel('Improve the assistant').check();
  assert.deepEqual(await asked(), ['Answer my messages', 'Improve the assistant', 'Share with researchers, anonymised']);
  await notice.getByRole('button', { name: 'Save my choices' }).click();
  await page.locator('.departure').nth(1).waitFor();
  assert.equal(await notice.count(), 0);
  assert.deepEqual(came(), [
    [200, 'first'],
    [200, 'first'],
  ]);

  const { document, hash } = await receiver.policies.current();
  const texts = Object.fromEntries(
    await Promise.all(document.texts.map(async ({ language }) => [language, await receiver.policies.text(hash, language)])),
  );
  const purposes = document.purposes.map((purpose) => (purpose.id === 'improve' ? { ...purpose, storage_locations: ['US'] } : purpose));
  const inDays = (days: number) => `${new Date(time + days * 86_400_000).toISOString().slice(0, 19)}Z`;
  const dates = { published: inDays(0), effective_date: inDays(15) };
  await receiver.policies.publish({ ...document, ...dates, version: '2.0.0', supersedes: hash, purposes }, texts);
  time = Date.parse(inDays(16));
  await page.context().clock.setFixedTime(time);

  await say(page, 'second');
  await page.locator(answered).nth(1).waitFor();
  assert.deepEqual(came().slice(2), [[200, 'second']]);
  await notice.locator('[part=changes]').waitFor();
  assert.deepEqual(await asked(), ['Improve the assistant']);
  assert.match(
    (await notice.locator('[part=changes]').textContent()) ?? '',
    /Improve the assistant: places of storage, before: DE; now: US/,
  );
  await notice.getByRole('button', { name: 'Decide later' }).click();
  const isOn = (id: string) => page.locator(`#purpose-${id}`).isChecked();
  assert.deepEqual([await isOn('chat'), await isOn('improve')], [true, false]);

  // Queued in the first tab: built, and waiting for the server to take the choices.
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const queued = page.waitForRequest('**/consent');
  await page.route('**/consent', async (route) => {
    await released;
    await route.continue();
  });
  await say(page, 'third');
  await queued;
  const other = await page.context().newPage();
  await other.goto(origin);
  const told = other.waitForResponse('**/consent');
  await other.locator('#purpose-chat').uncheck();
  await told;
  release();
  await page.locator('.status.denied').waitFor();
  assert.deepEqual(came().slice(3), []);
  assert.equal(await page.locator('#leaves-none').isVisible(), true);
});

test('voice is sealed as it is recorded, says nothing of the browser, and is played from what stands sealed', async (t) => {
  const { page, log, receiver, origin } = await open(t);
  await page.context().grantPermissions(['microphone'], { origin });
  const button = page.locator('#record');
  assert.equal(await button.isDisabled(), true, 'not without consent');
  await page.locator('#purpose-chat').check();
  await button.click();
  await page.locator('#record[aria-pressed=true]').waitFor();
  await page.waitForTimeout(1500); // so long is spoken
  const posted = page.waitForRequest('**/voice');
  await button.click();
  const sealed = (await posted).postDataBuffer()!;
  const audio = page.locator('.mine audio');
  await audio.waitFor();
  assert.match(log.at(-1)?.saw ?? '', /^\d{4,} bytes of WebM, without metadata$/);
  assert.equal(log.at(-1)?.bytes, sealed.length);
  assert.equal(sealed.includes('OpusHead'), false);

  const played = await audio.evaluate(async (element: HTMLAudioElement) => {
    const ended = new Promise((resolve) => element.addEventListener('ended', resolve));
    await element.play();
    await ended;
    return element.currentTime;
  });
  assert.ok(played > 0.8, `${played} s were played`);

  const [subject] = (await receiver.parts.store.transaction((tx) => tx.find({ kind: 'consent' }))).map((row) => row.subject);
  assert.ok(subject);
  const entries = await receiver.log.entries(0, await receiver.log.size());
  const { object } = entries.map((entry) => JSON.parse(entry)).find((entry) => entry.object?.type === 'Voice');
  assert.equal((await fetch(`${origin}/voice/${object.id}`)).status, 404, 'to nobody else');
  const told = page.waitForResponse('**/consent');
  await page.locator('#purpose-chat').uncheck();
  await told;
  const again = await page.evaluate(async (id) => (await fetch(`/voice/${id}`)).status, object.id);
  assert.equal(again, 404, 'gone with the consent');
});

for (const locale of ['en-GB', 'zh-CN'])
  test(`axe-core finds nothing in the page, with the notice and after it: ${locale}`, async (t) => {
    const { page } = await open(t, locale);
    await page.evaluate(await readFile(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8'));
    const look = async () => {
      const { violations, passes } = (await page.evaluate(
        'axe.run().then(({ violations, passes }) => ({ violations: violations.map(({ id, nodes }) => [id, nodes[0].html]), passes: passes.length }))',
      )) as { violations: unknown[]; passes: number };
      assert.deepEqual(violations, []);
      assert(passes > 5);
    };
    await page.locator('#draft').fill(`Write to ${address}`);
    await page.locator('#draft').press('Enter');
    await page.locator('subrosa-consent [part=accept]').waitFor();
    await look();
    await page.locator('subrosa-consent [part=accept]').click();
    await page.locator(answered).waitFor();
    await look();
  });

test('a refusal in the notice drops the message that it was asked for', async (t) => {
  const { page, log } = await open(t);
  await page.locator('#draft').fill('hello');
  await page.locator('#draft').press('Enter');
  await page.locator('subrosa-consent [part=refuse]').click();
  await page.locator('.status.denied').waitFor();
  await page.locator('subrosa-consent').waitFor({ state: 'detached' });
  assert.deepEqual(
    log.filter(({ path }) => path === '/message'),
    [],
  );
});
