// Builds: generated files, the WebAssembly module, the Node addon, the JavaScript. Incremental.
//   node tools/build.mjs [wasm] [node] [js]     all of them without arguments
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fail, inRoot, root, run, step, which } from './lib.mjs';
import { setup } from './setup.mjs';

const declared = {
  node: 'node/node',
  server: 'node/server/index',
  'node-wasm': 'node/wasm',
  web: 'wasm/web',
  widget: 'wasm/widget',
  inline: 'wasm/inline',
  elements: 'js/src/consent/elements',
};

/** Configures a preset once, then builds it. */
export function cmake(preset, ...targets) {
  const env = preset === 'wasm' ? emscriptenEnv() : {};
  if (!existsSync(inRoot('build', preset, 'build.ninja'))) run('cmake', ['--preset', preset], { env });
  run('cmake', ['--build', '--preset', preset, ...(targets.length ? ['--target', ...targets] : [])], { env });
}

function emscriptenEnv() {
  const emcc = which('emcc');
  if (!emcc) fail('emcc is not on the PATH');
  const candidates = [
    process.env.SUBROSA_EMSCRIPTEN_TOOLCHAIN,
    process.env.EMSDK && path.join(process.env.EMSDK, 'upstream/emscripten/cmake/Modules/Platform/Emscripten.cmake'),
    '/usr/share/emscripten/cmake/Modules/Platform/Emscripten.cmake',
    path.join(path.dirname(emcc), 'cmake/Modules/Platform/Emscripten.cmake'),
  ];
  const toolchain = candidates.find((file) => file && existsSync(file));
  if (!toolchain) fail('Emscripten.cmake was not found: set SUBROSA_EMSCRIPTEN_TOOLCHAIN');
  // Debian's emcc looks for acorn where Debian's node would.
  return { SUBROSA_EMSCRIPTEN_TOOLCHAIN: toolchain, NODE_PATH: process.env.NODE_PATH ?? '/usr/share/nodejs' };
}

export const prebuild = () => inRoot('prebuilds', `${process.platform}-${process.arch}.node`);

export function buildWasm() {
  step('core.wasm');
  cmake('wasm');
  mkdirSync(inRoot('dist'), { recursive: true });
  copyFileSync(inRoot('build/wasm/wasm/core.wasm'), inRoot('dist/core.wasm'));
}

export function buildAddon() {
  step('Node addon');
  cmake('node');
  mkdirSync(inRoot('prebuilds'), { recursive: true });
  rmSync(prebuild(), { force: true }); // a process may hold the old file mapped
  copyFileSync(inRoot('build/node/node/subrosa.node'), prebuild());
}

export async function buildJs() {
  step('JavaScript');
  for (const file of readdirSync(inRoot('dist'))) if (file.startsWith('chunk-')) rmSync(inRoot('dist', file));
  const { build } = await import('esbuild');
  const shared = { bundle: true, format: 'esm', target: 'es2022', sourcemap: false, logLevel: 'warning', absWorkingDir: root };
  const inlineWasm = `data:application/wasm;base64,${readFileSync(inRoot('dist/core.wasm')).toString('base64')}`;
  await build({
    ...shared,
    platform: 'browser',
    minify: true,
    entryPoints: { web: 'wasm/web.ts', widget: 'wasm/widget.ts', elements: 'js/src/consent/elements.ts' },
    outdir: 'dist',
  });
  await build({
    ...shared,
    platform: 'browser',
    minify: true,
    entryPoints: { inline: 'wasm/inline.ts' },
    outdir: 'dist',
    define: { SUBROSA_WASM_BASE64: JSON.stringify(inlineWasm.slice(inlineWasm.indexOf(',') + 1)) },
  });
  await build({
    ...shared,
    platform: 'node',
    entryPoints: { node: 'node/node.ts', 'node-wasm': 'node/wasm.ts', cli: 'node/cli.ts', server: 'node/server/index.ts' },
    outdir: 'dist',
    splitting: true,
    chunkNames: 'chunk-[hash]',
    external: ['../prebuilds/*', 'libsql', 'pg', 'nodemailer', 'prom-client'],
  });
  rmSync(inRoot('dist/types'), { recursive: true, force: true });
  run('node_modules/.bin/tsc', ['-p', 'tsconfig.types.json']);
  // One declaration file an entry, so that importing a file of dist by its path is typed too.
  for (const [entry, source] of Object.entries(declared))
    writeFileSync(inRoot(`dist/${entry}.d.ts`), `export * from './types/${source}.js';\n`);
}

export async function buildAll(parts = ['wasm', 'node', 'js']) {
  setup();
  run('node', ['tools/gen.mjs']);
  if (parts.includes('wasm')) buildWasm();
  if (parts.includes('node')) buildAddon();
  if (parts.includes('js')) await buildJs();
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const parts = process.argv.slice(2);
  await buildAll(parts.length ? parts : undefined);
}
