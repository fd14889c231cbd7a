// What a page downloads and how long it waits: sizes, and the time from the navigation to the first finding in a Chromium
// that has nothing cached, over loopback. And how long a server's process waits, from the call of load() on.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { launch } from '../fixture/browser.ts';

const root = new URL('../../', import.meta.url);
const rounds = 9;
const wasm = readFileSync(new URL('dist/core.wasm', root));

/** A page's whole script: what is found in the first message, and when. */
const script = (entry) => `
  import { load } from './dist/${entry}.js';
  const subrosa = await load(${entry === 'web' ? "{ wasm: '/core.wasm' }" : ''});
  const loaded = performance.now();
  const [{ entity }] = subrosa.detect('Please write to ann@example.org about the parcel.');
  window.first = { entity, loaded, found: performance.now() };`;

async function bundle(entry) {
  const { outputFiles } = await build({
    stdin: { contents: script(entry), resolveDir: fileURLToPath(root) },
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
  });
  return outputFiles[0].contents;
}

const size = (name, data) => console.log(`${name.padEnd(28)} ${data.length} bytes, ${gzipSync(data, { level: 9 }).length} gzipped`);
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

/** Milliseconds after the navigation, in a browser of its own for each round. */
async function coldStart(page) {
  const html = '<!doctype html><html lang="en"><title>Chat</title><script type="module" src="/page.js"></script></html>';
  const files = { '/': ['text/html', html], '/page.js': ['text/javascript', page], '/core.wasm': ['application/wasm', wasm] };
  const server = createServer(({ url }, response) => {
    const [type, body] = files[url] ?? [];
    response.writeHead(type ? 200 : 404, { 'content-type': type ?? 'text/plain' }).end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const times = [];
  for (let round = 0; round < rounds; round++) {
    const browser = await launch();
    const tab = await browser.newPage();
    await tab.goto(`http://127.0.0.1:${server.address().port}/`);
    times.push(await tab.waitForFunction(() => window.first).then((first) => first.jsonValue()));
    await browser.close();
  }
  server.close();
  return times;
}

/** Milliseconds after the call of load(), in a process of its own for each round. */
function coldProcess(backend) {
  const program = `
    const { load } = await import(${JSON.stringify(new URL('dist/node.js', root).href)});
    const start = performance.now();
    const subrosa = await load({ backend: '${backend}' });
    const loaded = performance.now() - start;
    const [{ entity }] = subrosa.detect('Please write to ann@example.org about the parcel.');
    console.log(JSON.stringify({ entity, loaded, found: performance.now() - start }));`;
  return Array.from({ length: rounds }, () =>
    JSON.parse(execFileSync('node', ['--input-type=module', '-e', program], { encoding: 'utf8' })),
  );
}

const print = (name, times, since) => {
  const [loaded, found] = ['loaded', 'found'].map((when) => median(times.map((time) => time[when])).toFixed(0));
  console.log(`${name}: core ready ${loaded} ms and first finding (${times[0].entity}) ${found} ms after ${since}, median of ${rounds}`);
};

for (const backend of ['native', 'wasm']) print(`Node, ${backend}`, coldProcess(backend), 'load()');
size('core.wasm', wasm);
for (const [name, entry] of Object.entries({ 'core.wasm as a file': 'web', 'inline build': 'inline' })) {
  const page = await bundle(entry);
  size(`script, ${name}`, page);
  print(name, await coldStart(page), 'the navigation');
}
