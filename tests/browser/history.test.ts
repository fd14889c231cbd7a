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

test('entries that were changed, moved or taken out are noticed', async (t) => {
  const open = await profile(t);
  const codes = await run(
    await open(),
    `const history = await core.history({ name: 'chat' });
     for (const text of ['one', 'two', 'three']) await history.add(text);
     const { keys, values, close } = await dump('entries');
     close();
     const after = async (change) => {
       const { rows, close } = await dump('entries', 'readwrite');
       change(rows);
       await request(rows.count());
       close();
       const code = await codeOf(history.read());
       const { rows: again, close: closeAgain } = await dump('entries', 'readwrite');
       for (const [i, key] of keys.entries()) again.put(values[i], key);
       await request(again.count());
       closeAgain();
       return code;
     };
     const broken = values[1].map((byte, i) => (i === 40 ? byte ^ 1 : byte));
     return [
       await after((rows) => rows.put(broken, keys[1])),
       await after((rows) => { rows.put(values[0], keys[1]); rows.put(values[1], keys[0]); }),
       await after((rows) => rows.delete(keys[1])),
       await after(() => {}),
     ];`,
  );
  assert.deepEqual(codes, ['not_authentic', 'not_authentic', 'not_authentic', 'opened']);
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
     const kept = await history.read();
     const before = await dump('entries');
     before.close();
     await history.erase();
     const [{ keys: names, close }, { keys: ids, close: closeIds }] = [await dump('keys'), await dump('entries')];
     close();
     closeIds();
     const again = await core.history({ name: 'chat' });
     const after = await again.read();
     const { rows: writing, close: closeWriting } = await dump('entries', 'readwrite');
     for (const [i, key] of before.keys.entries()) writing.put(before.values[i], key);
     await request(writing.count());
     closeWriting();
     return [kept, [names, ids], after, [await codeOf(again.read()), await codeOf(other.read())]];`,
  );
  assert.deepEqual(kept, [
    { id: 1, text: 'two' },
    { id: 2, text: 'three' },
  ]);
  assert.deepEqual(rows, [['chat 2'], [['chat 2', 0]]]);
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
