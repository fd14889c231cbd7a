/** The tarball as its users have it: packed, installed into an empty project, imported, type-checked, bundled, opened in a browser. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { build } from 'vite';
import { launch } from '../fixture/browser.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const project = mkdtempSync(path.join(tmpdir(), 'subrosa-install-'));
const text = 'write to ann@example.org';
const found = ['ann@example.org'];

const inProject = (command: string, ...args: string[]) =>
  execFileSync(command, args, { cwd: project, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

function write(files: Record<string, string>): void {
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(project, name), content);
}

before(() => {
  write({ 'package.json': '{ "private": true }' });
  const tarball = execFileSync('npm', ['pack', '--silent', '--pack-destination', project], { cwd: root, encoding: 'utf8' }).trim();
  inProject('npm', 'install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', `./${tarball}`);
});

after(() => rmSync(project, { recursive: true, force: true }));

test('it brings no other package, and no source of its own', () => {
  assert.deepEqual(
    readdirSync(path.join(project, 'node_modules')).filter((name) => !name.startsWith('.')),
    ['subrosa'],
  );
  assert.deepEqual(readdirSync(path.join(project, 'node_modules/subrosa')).sort(), [
    'LICENSE',
    'README.md',
    'THIRD_PARTY_NOTICES.md',
    'dist',
    'package.json',
    'prebuilds',
  ]);
});

/** Prints what each entry finds with which backend, and whether the server's entry is there. */
const useOfAll = `
(async () => {
  const found = [];
  for (const { load } of [subrosa, wasm, inline]) {
    const core = await load();
    found.push([core.backend, ...core.detect(${JSON.stringify(text)}).map(({ start, end }) => ${JSON.stringify(text)}.slice(start, end))]);
  }
  console.log(JSON.stringify({ found, server: typeof server.SubrosaServer }));
})();`;
const entries = { subrosa: 'subrosa', wasm: 'subrosa/wasm', inline: 'subrosa/inline', server: 'subrosa/server' };
const spelled = (line: (name: string, entry: string) => string) =>
  Object.entries(entries)
    .map(([name, entry]) => line(name, entry))
    .join('\n');

for (const [file, lines] of Object.entries({
  'import.mjs': spelled((name, entry) => `import * as ${name} from '${entry}';`),
  'require.cjs': spelled((name, entry) => `const ${name} = require('${entry}');`),
})) {
  test(`Node: ${file.split('.')[0]}`, () => {
    write({ [file]: lines + useOfAll });
    assert.deepEqual(JSON.parse(inProject('node', file)), {
      found: [
        ['native', ...found],
        ['wasm', ...found],
        ['wasm', ...found],
      ],
      server: 'function',
    });
  });
}

test('the command line', () => {
  assert.match(inProject('node_modules/.bin/subrosa', '--help'), /^subrosa COMMAND/);
});

/** Holds that the types are those of the entry: what is right compiles, and what is wrong does not. */
const typedUse = `
export async function use(text: string): Promise<[Finding[], string]> {
  const subrosa: Subrosa = await load();
  // @ts-expect-error a number is no text
  subrosa.detect(7);
  return [subrosa.detect(text), subrosa.redact(text).text];
}
`;

function compile(...args: string[]): void {
  try {
    inProject(path.join(root, 'node_modules/.bin/tsc'), '--noEmit', '--strict', '--target', 'es2022', ...args);
  } catch (error) {
    assert.fail((error as { stdout: string }).stdout);
  }
}

test('types for a page, without those of Node', () => {
  write({
    'page.ts': `
      import { type Finding, load, type Subrosa } from 'subrosa';
      import { defineElements } from 'subrosa/elements';
      import { load as loadInline } from 'subrosa/inline';
      import { load as loadWasm } from 'subrosa/wasm';
      import { ConsentClient, load as loadWidget } from 'subrosa/widget';
      export { ConsentClient, defineElements, loadInline, loadWasm, loadWidget };
      // @ts-expect-error what works on streams of Node is not in a page's entry
      export { redactTransform } from 'subrosa';
      ${typedUse}`,
  });
  compile('--module', 'esnext', '--moduleResolution', 'bundler', '--types', '', 'page.ts');
});

for (const [mode, file] of [
  ['node16', 'server.mts'],
  ['nodenext', 'server.mts'],
  ['nodenext', 'server.cts'],
]) {
  test(`types for a server: ${mode}, ${file}`, () => {
    cpSync(path.join(root, 'node_modules/@types/node'), path.join(project, 'node_modules/@types/node'), { recursive: true });
    cpSync(path.join(root, 'node_modules/undici-types'), path.join(project, 'node_modules/undici-types'), { recursive: true });
    write({
      [file as string]: `
        import { type Finding, load, redactTransform, type Subrosa } from 'subrosa';
        import { openPostgres, SubrosaServer } from 'subrosa/server';
        export { openPostgres, redactTransform, SubrosaServer };
        ${typedUse}`,
    });
    compile('--module', mode as string, '--types', 'node', file as string);
  });
}

/** `found.page(build)` and `found.worker(build)`, where the build is a file beside the script or inline. */
const site = {
  'found.js': `
    const builds = { file: () => import('subrosa'), widget: () => import('subrosa/widget'), inline: () => import('subrosa/inline') };
    const text = ${JSON.stringify(text)};
    export async function found(build) {
      const { load } = await builds[build]();
      return (await load()).detect(text).map(({ start, end }) => text.slice(start, end));
    }`,
  'worker.js': `
    import { found } from './found.js';
    onmessage = async ({ data }) => postMessage(await found(data).catch(String));`,
  'page.js': `
    import { found } from './found.js';
    const inWorker = (build) =>
      new Promise((resolve, reject) => {
        const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
        Object.assign(worker, { onmessage: ({ data }) => resolve(data), onerror: reject });
        worker.postMessage(build);
      });
    window.found = { page: (build) => found(build).catch(String), worker: inWorker };`,
  'index.html': '<!doctype html><html lang="en"><title>Chat</title><script type="module" src="./page.js"></script></html>',
};

const policyOf = (scripts: string) => `default-src 'none'; connect-src 'self'; worker-src 'self'; script-src ${scripts}`;
const withWasm = policyOf("'self' 'wasm-unsafe-eval'");
const plain = policyOf("'self'");
const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };

/** Serves what Vite has built. The worker's own response permits WebAssembly, whatever that of the page does. */
function serve(asked: string[]): Server {
  const built = path.join(project, 'dist');
  return createServer(({ url = '' }, response) => {
    asked.push(url);
    const file = path.join(built, url === '/' || url === '/plain' ? '/index.html' : url);
    const policy = url === '/plain' ? plain : withWasm;
    response.writeHead(200, { 'content-type': types[path.extname(file)], 'content-security-policy': policy }).end(readFileSync(file));
  });
}

interface Site {
  found: Record<string, (build: string) => Promise<string[] | string>>;
}

/** What is found, or why not; and what the page has requested, data: too. */
async function open(browser: Browser, url: string, where: string, build: string) {
  const page = await browser.newPage();
  const requests: string[] = [];
  const network = await page.context().newCDPSession(page);
  network.on('Network.requestWillBeSent', ({ request }) => requests.push(request.url));
  await network.send('Network.enable');
  await page.goto(url);
  const asWhat = [where, build] as const;
  const result = await page.evaluate(([where, build]) => (window as unknown as Site).found[where]!(build), asWhat);
  await page.close();
  return { result, requests };
}

test('a page that Vite has bundled', async (t) => {
  mkdirSync(path.join(project, 'site'));
  for (const [name, content] of Object.entries(site)) write({ [`site/${name}`]: content });
  await build({
    root: path.join(project, 'site'),
    configFile: false,
    logLevel: 'error',
    build: { outDir: '../dist', chunkSizeWarningLimit: 4096 },
    worker: { format: 'es' },
  });
  const asked: string[] = [];
  const server = serve(asked).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const browser = await launch();
  try {
    for (const build of ['file', 'widget', 'inline'])
      for (const where of ['page', 'worker'])
        for (const address of ['/', '/plain'])
          await t.test(`${build} build in a ${where}, ${address === '/' ? withWasm : plain}`, async () => {
            asked.length = 0;
            const { result, requests } = await open(browser, origin + address, where, build);
            // The policy is enforced: without its permission a page compiles nothing.
            if (where === 'page' && address === '/plain') assert.match(String(result), /CompileError/);
            else assert.deepEqual(result, found);
            const elsewhere = requests.filter((url) => !url.startsWith(`${origin}/`));
            assert.deepEqual(elsewhere, []);
            assert.equal(asked.filter((url) => url.endsWith('.wasm')).length, build === 'inline' ? 0 : 1);
          });
  } finally {
    await browser.close();
    server.close();
  }
});
