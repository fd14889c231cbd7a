// Builds everything and serves the demo on loopback.   PORT=8080 DATA=folder node tools/start.mjs
// Without DATA what it keeps is gone when it ends.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { buildAll } from './build.mjs';
import { catalogue } from './catalogue.mjs';
import { fail, inRoot, root, step } from './lib.mjs';

const pages = ['page', 'catalogue', 'privacy', 'operator', 'auditor'];

/** The demo's page and server, bundled into build/demo; gives the server's module. */
export async function bundleDemo() {
  const { build } = await import('esbuild');
  const shared = { bundle: true, format: 'esm', target: 'es2022', logLevel: 'warning', absWorkingDir: root, outdir: 'build/demo' };
  await build({ ...shared, platform: 'browser', minify: true, entryPoints: pages.map((name) => `web-demo/${name}.ts`) });
  await build({ ...shared, platform: 'node', packages: 'external', entryPoints: ['web-demo/server.ts'], outExtension: { '.js': '.mjs' } });
  copyFileSync(inRoot('dist/core.wasm'), inRoot('build/demo/core.wasm'));
  const rules = JSON.parse(readFileSync(inRoot('build/generated/rules.json'), 'utf8'));
  writeFileSync(inRoot('build/demo/catalogue.json'), JSON.stringify(catalogue(rules)));
  return import(pathToFileURL(inRoot('build/demo/server.mjs')).href);
}

export const demoFolders = { page: pathToFileURL(inRoot('web-demo/')), built: pathToFileURL(inRoot('build/demo/')) };

async function start(port, data) {
  if (data) mkdirSync(data, { recursive: true });
  await buildAll();
  step('demo');
  const { createDemo } = await bundleDemo();
  const { load } = await import(pathToFileURL(inRoot('dist/node.js')).href);
  const { server, operators, close } = await createDemo(await load({ backend: 'native' }), { ...demoFolders, ...(data && { data }) });
  server.once('error', (error) => fail(`port ${port}: ${error.code}. Set PORT to another one.`));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => close().then(() => process.exit()));
  server.listen(port, '127.0.0.1', () => {
    const origin = `http://127.0.0.1:${server.address().port}`;
    process.stdout.write(`${origin}/\n${origin}/privacy.html\n${origin}/auditor.html\n`);
    for (const [name, token] of Object.entries(operators)) process.stdout.write(`${origin}/operator.html#${token}   (${name})\n`);
  });
}

if (process.argv[1] === new URL(import.meta.url).pathname) await start(Number(process.env.PORT ?? 8080), process.env.DATA);
