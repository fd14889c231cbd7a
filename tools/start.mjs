// Builds everything and serves the demo on loopback.   PORT=8080 DATA=folder node tools/start.mjs
// Without DATA what it keeps is gone when it ends.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { buildAll } from './build.mjs';
import { catalogue } from './catalogue.mjs';
import { fail, inRoot, root, step } from './lib.mjs';

/** The demo's page and server, bundled into build/demo; gives the server's module. */
export async function bundleDemo() {
  const { build } = await import('esbuild');
  const shared = { bundle: true, format: 'esm', target: 'es2022', logLevel: 'warning', absWorkingDir: root, outdir: 'build/demo' };
  await build({ ...shared, platform: 'browser', minify: true, entryPoints: ['web-demo/page.ts', 'web-demo/catalogue.ts'] });
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
  const { server, close } = await createDemo(await load({ backend: 'native' }), { ...demoFolders, ...(data && { data }) });
  server.once('error', (error) => fail(`port ${port}: ${error.code}. Set PORT to another one.`));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => close().then(() => process.exit()));
  server.listen(port, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}/\n`));
}

if (process.argv[1] === new URL(import.meta.url).pathname) await start(Number(process.env.PORT ?? 8080), process.env.DATA);
