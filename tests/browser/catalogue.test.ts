import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test, { type TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { demoInBrowser } from '../fixture/browser.ts';

const root = new URL('../../', import.meta.url);
const rules: { id: string; kind?: string; finds: { text: string; match: string }[] }[] = JSON.parse(
  readFileSync(new URL('build/generated/rules.json', root), 'utf8'),
);

const { startDemo, newContext } = demoInBrowser();

async function open(t: TestContext, options: { locale?: string; colorScheme?: 'light' | 'dark'; bypassCSP?: boolean } = {}): Promise<Page> {
  const { demo, origin } = await startDemo();
  const { log, close } = demo;
  const context = await newContext({ locale: 'en-GB', ...options });
  t.after(async () => {
    assert.equal(log.length, 0, 'nothing is sent');
    await context.close();
    await close();
  });
  context.setDefaultTimeout(8000);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  t.after(() => assert.deepEqual(errors, []));
  await page.goto(origin);
  await page.locator('header a[href="/catalogue.html"]').click();
  await page.locator('#rules details').first().waitFor();
  return page;
}

const names = (page: Page) =>
  page.locator('#rules summary').evaluateAll((nodes) => nodes.map((node) => node.firstChild?.textContent?.trim()));

test('every rule is listed, and filters narrow the list', async (t) => {
  const page = await open(t);
  assert.deepEqual(
    await names(page),
    rules.map(({ id, kind }) => (kind ? `${id}/${kind}` : id)),
  );
  await page.locator('#region').selectOption('DE');
  await page.locator('#category').selectOption('tax');
  const german = await names(page);
  assert(german.includes('DE_TAX_ID') && german.every((name) => name?.startsWith('DE_')), String(german));
  await page.locator('#query').fill('steuer-id');
  assert((await names(page)).includes('DE_TAX_ID'), 'words are searched too');
  await page.locator('#query').fill('no such rule');
  assert.equal(await page.locator('#count').textContent(), `0 of ${rules.length} rules`);
});

test('an example is tried on the page, by keyboard alone', async (t) => {
  const page = await open(t);
  await page.locator('#query').fill('IBAN_CODE');
  await page.locator('#rules summary').first().focus();
  await page.keyboard.press('Enter');
  const [example] = rules.find(({ id }) => id === 'IBAN_CODE')!.finds;
  const button = page.getByRole('button', { name: example!.text });
  await button.focus();
  await page.keyboard.press('Enter');
  assert.equal(await page.locator('#try').inputValue(), example!.text);
  assert.equal(await page.locator('#tried mark').textContent(), example!.match);
  assert.equal(await page.locator('#verdict dt').textContent(), 'IBAN_CODE');
  await page.locator('#try').fill('nothing of note');
  assert.equal(await page.locator('#verdict').textContent(), 'Nothing personal found.');
});

test('the catalogue speaks Chinese', async (t) => {
  const page = await open(t, { locale: 'zh-CN' });
  assert.equal(await page.locator('h1').textContent(), '能识别什么');
  await page.locator('#region').selectOption({ label: '中国 (CN)' });
  assert((await names(page)).includes('CN_RESIDENT_ID'));
  await page.getByRole('button', { name: 'English' }).click();
  assert.equal(await page.locator('h1').textContent(), 'What is found');
  assert.equal(await page.locator('#region').inputValue(), 'CN', 'a filter outlives the language');
});

for (const colorScheme of ['light', 'dark'] as const)
  test(`axe-core finds nothing in the catalogue: ${colorScheme}`, async (t) => {
    const page = await open(t, { colorScheme, bypassCSP: true });
    await page.locator('#query').fill('passport');
    await page.locator('#rules summary').first().click();
    await page.locator('#rules .try').first().click();
    await page.addScriptTag({ content: readFileSync(new URL('node_modules/axe-core/axe.min.js', root), 'utf8') });
    const result = (await page.evaluate(
      'axe.run().then(({ violations, passes }) => ({ violations: violations.map(({ id, nodes }) => [id, nodes[0].html]), passes: passes.length }))',
    )) as { violations: string[][]; passes: number };
    assert.deepEqual(result.violations, []);
    assert(result.passes > 20, 'axe-core looked');
  });
