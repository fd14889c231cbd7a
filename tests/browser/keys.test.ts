/** The directory of keys in the demo's page: what the pinned root has not signed, what has run out, and a rotation. */

import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import type { Page, Request } from 'playwright-core';
import { type KeyDirectory, load } from '../../dist/node.js';
import { demoInBrowser } from '../fixture/browser.ts';

const subrosa = await load({ backend: 'native' });
const week = 7 * 86_400_000;

const { startDemo, newContext } = demoInBrowser();

/** A demo, and a page of it in which the person has agreed to the chat. */
async function open(t: TestContext, now?: () => number) {
  const { demo, origin } = await startDemo(undefined, now);
  const context = await newContext({ locale: 'en-GB' });
  context.setDefaultTimeout(8000);
  t.after(async () => {
    await context.close();
    await demo.close();
  });
  if (now) await context.clock.install();
  const page = await context.newPage();
  await page.goto(origin);
  await page.locator('#purpose-chat').check();
  const directory = async (): Promise<KeyDirectory> => (await fetch(`${origin}/directory`)).json();
  return { page, demo, directory, came: () => demo.log.filter(({ path }) => path === '/message').map(({ status }) => status) };
}

async function say(page: Page, text: string): Promise<void> {
  await page.locator('#draft').fill(text);
  await page.locator('#draft').press('Enter');
}

const answered = (page: Page, count: number) =>
  page
    .locator('.theirs .bubble[aria-busy=false]')
    .nth(count - 1)
    .waitFor();

const serve = (page: Page, body: string) => page.route('**/directory', (route) => route.fulfill({ contentType: 'application/json', body }));

const kidOf = (request: Request): string | undefined => subrosa.sealing.inspect(new Uint8Array(request.postDataBuffer()!)).kids[0];

test('what the pinned root has not signed is refused, and said so; not a byte of the message leaves', async (t) => {
  const { page, directory, came } = await open(t);
  const { sig, ...genuine } = await directory();
  const { kid, public_key, ...rest } = genuine.keys[0]!;
  const mine = subrosa.keyDirectory.entry(subrosa.sealing.generateKeyPair().publicKey, rest);
  assert.notDeepEqual([mine.kid, mine.public_key], [kid, public_key]);
  const forged = {
    unsigned: JSON.stringify(genuine),
    'of another root': JSON.stringify(subrosa.keyDirectory.sign(genuine, new Uint8Array(32).fill(9))),
    'with another key': JSON.stringify({ ...genuine, keys: [mine], sig }),
    'none at all': 'Service Unavailable',
  };
  for (const [i, [name, body]] of Object.entries(forged).entries()) {
    await serve(page, body);
    await say(page, 'hello');
    await page.locator('.status.untrusted').nth(i).waitFor();
    assert.match((await page.locator('.status').nth(i).textContent()) ?? '', /list of keys is not signed by whom this page trusts/, name);
    await page.unroute('**/directory');
  }
  assert.deepEqual(came(), []);
  await say(page, 'hello');
  await answered(page, 1);
  assert.deepEqual(came(), [200], 'and with the genuine one it goes');
});

test('a directory that has run out is refused, and said so', async (t) => {
  let time = Date.now();
  const { page, directory, came } = await open(t, () => time);
  const old = JSON.stringify(await directory());
  time += week + 1000;
  await page.context().clock.setFixedTime(time);
  await serve(page, old);
  await say(page, 'hello');
  await page.locator('.status.outdated').waitFor();
  assert.match((await page.locator('.status').textContent()) ?? '', /list of keys has run out/);
  assert.deepEqual(came(), []);
  await page.unroute('**/directory');
  await say(page, 'hello');
  await answered(page, 1);
  assert.deepEqual(came(), [200]);
});

test('after a rotation an open page seals to the new key, what was sealed before is read, and the old directory is refused', async (t) => {
  const { page, demo, directory, came } = await open(t);
  const before = await directory();
  const kids: (string | undefined)[] = [];
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/message', async (route) => {
    kids.push(kidOf(route.request()));
    await released;
    await route.continue();
  });
  const sealed = page.waitForRequest('**/message');
  await say(page, 'on its way');
  await sealed;
  await demo.rotateKey();
  release();
  await answered(page, 1);
  await say(page, 'hello');
  await answered(page, 2);
  const after = await directory();
  assert.deepEqual(came(), [200, 200]);
  const primary = ({ keys }: KeyDirectory) => keys.filter((key) => key.primary).map(({ kid }) => kid);
  assert.deepEqual(kids, [...primary(before), ...primary(after)]);
  assert.notEqual(kids[0], kids[1]);
  assert.deepEqual(
    after.keys.map(({ kid }) => kid),
    kids,
    'the directory still names the old one',
  );

  await page.reload();
  await page.locator('#purpose-chat').waitFor();
  await serve(page, JSON.stringify(before));
  await say(page, 'hello');
  await page.locator('.status.untrusted').waitFor();
  assert.deepEqual(came(), [200, 200], 'also in a page that was loaded anew');
});
