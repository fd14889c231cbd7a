/** A page's history in IndexedDB, in a real browser: what it keeps, for whom it opens, and what is on the disk. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import test, { after, before, type TestContext } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launch } from '../fixture/browser.ts';

const dist = (name: string) => readFileSync(new URL(`../../dist/${name}`, import.meta.url));
const script = `
  import { load } from './web.js';
  const core = await load();
  const cost = { kib: 19456, passes: 2 };
  const codeOf = (work) => work.then(() => 'opened', ({ code }) => code);
  const request = (request) => new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
  /** All of a store of the database, by key. */
  const dump = async (store, mode = 'readonly') => {
    const database = await request(indexedDB.open('subrosa-history'));
    const rows = database.transaction(store, mode).objectStore(store);
    return { rows, keys: await request(rows.getAllKeys()), values: await request(rows.getAll()), close: () => database.close() };
  };
  Object.assign(window, { core, cost, codeOf, request, dump, isLoaded: true });
`;
const files: Record<string, [type: string, body: string | Uint8Array]> = {
  '/': ['text/html', '<!doctype html><title>Chat</title><script type="module" src="/page.js"></script>'],
  '/page.js': ['text/javascript', script],
  '/web.js': ['text/javascript', dist('web.js')],
  '/core.wasm': ['application/wasm', dist('core.wasm')],
};

let server: Server;
let browser: Browser;

before(async () => {
  server = createServer((request, response) => {
    const [type, body] = files[request.url ?? ''] ?? ['text/plain', ''];
    response.writeHead(200, { 'content-type': type }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  browser = await launch();
});
after(async () => {
  await browser?.close();
  server.close();
});

/** A profile of its own; each call of `open` is another load of the page. */
async function profile(t: TestContext): Promise<() => Promise<Page>> {
  const context = await browser.newContext();
  t.after(() => context.close());
  return async () => {
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction('window.isLoaded');
    return page;
  };
}

/** Runs the body of an async function in the page. */
const run = <T>(page: Page, body: string): Promise<T> => page.evaluate(`(async () => { ${body} })()`);

for (const [kind, options] of [
  ['the key of this browser', "{ name: 'chat' }"],
  ['a passphrase', "{ name: 'chat', passphrase: 'correct horse', cost }"],
] as const)
  test(`under ${kind}, a history outlives the page, and the disk holds no word of it`, async (t) => {
    const open = await profile(t);
    const ids = await run(
      await open(),
      `const history = await core.history(${options});
       return [await history.add('a first word'), await history.add('gr\\u00fc\\u00df dich')];`,
    );
    assert.deepEqual(ids, [0, 1]);
    const page = await open();
    const [texts, onDisk, exported] = await run<[unknown, string, string]>(
      page,
      `const history = await core.history(${options});
       const [entries, keys] = [await dump('entries'), await dump('keys')];
       const { device } = keys.values[0];
       const latin1 = [...entries.values].map((bytes) => String.fromCharCode(...bytes)).join();
       const exported = device ? await crypto.subtle.exportKey('raw', device).then(() => 'exported', ({ name }) => name) : 'no key';
       return [await history.read(), latin1, exported];`,
    );
    assert.deepEqual(texts, [
      { id: 0, text: 'a first word' },
      { id: 1, text: 'gr\u00fc\u00df dich' },
    ]);
    assert.ok(onDisk.length > 100 && !onDisk.includes('first') && !onDisk.includes('dich'));
    assert.equal(exported, options.includes('passphrase') ? 'no key' : 'InvalidAccessError');
  });

test('a history opens in the way that it was begun in, and in no other', async (t) => {
  const open = await profile(t);
  const page = await open();
  const codes = await run(
    page,
    `await (await core.history({ name: 'locked', passphrase: 'correct horse', cost })).add('x');
     await (await core.history({ name: 'free' })).add('y');
     return Promise.all([
       core.history({ name: 'locked', passphrase: 'wrong horse' }),
       core.history({ name: 'locked' }),
       core.history({ name: 'free', passphrase: 'correct horse' }),
       core.history({ name: 'locked', passphrase: 'correct horse' }),
     ].map(codeOf));`,
  );
  assert.deepEqual(codes, ['not_authentic', 'not_authentic', 'not_authentic', 'opened']);
});

test('entries that were changed, moved, taken out or put in are noticed, at either end too', async (t) => {
  const open = await profile(t);
  const noticed = await run<Record<string, string>>(
    await open(),
    `const history = await core.history({ name: 'chat' });
     const whole = async () => [await dump('entries'), await dump('heads')];
     const put = async (stores) => {
       for (const [i, name] of ['entries', 'heads'].entries()) {
         const { rows, close } = await dump(name, 'readwrite');
         rows.clear();
         for (const [j, key] of stores[i].keys.entries()) rows.put(stores[i].values[j], key);
         await request(rows.count());
         close();
       }
     };
     await history.add('one');
     const [, earlier] = await whole();
     await history.add('two');
     await history.add('three');
     const [{ keys, values }, head] = await whole();
     const heads = { keys: head.keys, values: head.values };
     const rows = (...which) => ({ keys: which.map((i) => keys[i]), values: which.map((i) => values[i]) });
     const broken = values[1].map((byte, i) => (i === 40 ? byte ^ 1 : byte));
     const brokenHead = heads.values[0].map((byte, i) => (i === 40 ? byte ^ 1 : byte));
     const cases = {
       changed: [{ keys, values: [values[0], broken, values[2]] }, heads],
       moved: [{ keys, values: [values[1], values[0], values[2]] }, heads],
       'without the middle': [rows(0, 2), heads],
       'without the first': [rows(1, 2), heads],
       'without the last': [rows(0, 1), heads],
       'without all': [rows(), heads],
       'with one more behind': [{ keys: [...keys, ['chat', 3]], values: [...values, values[2]] }, heads],
       'with one more before': [{ keys: [['chat', -1], ...keys], values: [values[0], ...values] }, heads],
       'under an earlier head': [rows(0, 1, 2), earlier],
       'without a head': [rows(0, 1, 2), { keys: [], values: [] }],
       'with a changed head': [rows(0, 1, 2), { keys: heads.keys, values: [brokenHead] }],
       'with an entry for a head': [rows(0, 1, 2), { keys: heads.keys, values: [values[0]] }],
       'as it was': [rows(0, 1, 2), heads],
     };
     const noticed = {};
     for (const [name, stores] of Object.entries(cases)) {
       await put(stores);
       noticed[name] = await codeOf(history.read());
     }
     return noticed;`,
  );
  const { 'as it was': untouched, ...others } = noticed;
  assert.equal(untouched, 'opened');
  assert.equal(Object.keys(others).length, 12);
  for (const [name, code] of Object.entries(others)) assert.equal(code, 'not_authentic', name);
});

test('without a head that can be trusted nothing is added or forgotten', async (t) => {
  const open = await profile(t);
  const codes = await run(
    await open(),
    `const history = await core.history({ name: 'chat' });
     await history.add('one');
     const { rows, close } = await dump('heads', 'readwrite');
     rows.clear();
     await request(rows.count());
     close();
     const codes = [await codeOf(history.add('two')), await codeOf(history.keepLast(0))];
     const { keys, close: closeAgain } = await dump('entries');
     closeAgain();
     return [...codes, keys];`,
  );
  assert.deepEqual(codes, ['not_authentic', 'not_authentic', [['chat', 0]]]);
});

test('two tabs that begin one at once share its key, and their entries follow each other', async (t) => {
  const open = await profile(t);
  const [first, second] = [await open(), await open()];
  const begin = "window.own = await core.history({ name: 'chat' });";
  await Promise.all([run(first, begin), run(second, begin)]);
  const add = (page: Page, text: string) => run(page, `return own.add(${JSON.stringify(text)});`);
  const ids = await Promise.all(Array.from({ length: 10 }, (_, i) => add(i % 2 === 0 ? first : second, `text ${i}`)));
  assert.deepEqual(
    (ids as number[]).sort((a, b) => a - b),
    Array.from({ length: 10 }, (_, i) => i),
  );
  const read = (page: Page) => run<{ text: string }[]>(page, 'return own.read();');
  assert.equal((await read(first)).length, 10);
  assert.deepEqual(await read(first), await read(second));
});

test('what is forgotten is gone, and what was erased opens no more when it is put back', async (t) => {
  const open = await profile(t);
  const [kept, rows, after, putBack] = await run<unknown[]>(
    await open(),
    `const history = await core.history({ name: 'chat' });
     const other = await core.history({ name: 'chat 2' });
     await other.add('of another');
     for (const text of ['one', 'two', 'three']) await history.add(text);
     await history.keepLast(2);
     await history.keepLast(5);
     const kept = await history.read();
     const before = await dump('entries');
     before.close();
     await history.erase();
     const left = [];
     for (const store of ['keys', 'heads', 'entries']) {
       const { keys, close } = await dump(store);
       close();
       left.push(keys);
     }
     const again = await core.history({ name: 'chat' });
     const after = await again.read();
     const { rows: writing, close: closeWriting } = await dump('entries', 'readwrite');
     for (const [i, key] of before.keys.entries()) writing.put(before.values[i], key);
     await request(writing.count());
     closeWriting();
     return [kept, left, after, [await codeOf(again.read()), await codeOf(other.read())]];`,
  );
  assert.deepEqual(kept, [
    { id: 1, text: 'two' },
    { id: 2, text: 'three' },
  ]);
  assert.deepEqual(rows, [['chat 2'], ['chat 2'], [['chat 2', 0]]]);
  assert.deepEqual(after, []);
  assert.deepEqual(putBack, ['not_authentic', 'opened']);
});

test('the passphrase costs what the documentation says, in a page', async (t) => {
  const open = await profile(t);
  const [line, times] = await run<[string, number[]]>(
    await open(),
    `const key = core.atRest.generateKey();
     const times = [];
     let line = '';
     for (let i = 0; i < 3; i++) {
       const start = performance.now();
       line = core.atRest.lockKey(key, 'correct horse');
       times.push(Math.round(performance.now() - start));
     }
     return [line, times];`,
  );
  assert.match(line, /^\$argon2id\$v=19\$m=65536,t=3,p=1\$/);
  console.log(`Argon2id, 64 MiB, 3 passes, in Chromium: ${times.join(', ')} ms`);
});
