// Brings what the build needs: Debian packages, npm packages, and the pinned C sources.
// Only the ordinary clients are used (apt-get, npm); a second run finds everything there and does nothing.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { fail, inRoot, run, step, which } from './lib.mjs';

const debian = [
  ['cmake', () => which('cmake')],
  ['ninja-build', () => which('ninja')],
  ['g++', () => which('g++')],
  ['clang', () => which('clang++')],
  ['libclang-rt-14-dev', () => existsSync('/usr/lib/llvm-14/lib/clang/14.0.6/lib/linux')],
  ['clang-format', () => which('clang-format')],
  ['clang-tidy', () => which('clang-tidy')],
  ['emscripten', () => which('emcc')],
  ['nlohmann-json3-dev', () => existsSync('/usr/include/nlohmann/json.hpp')],
  ['catch2', () => existsSync('/usr/include/catch2/catch.hpp')],
  ['postgresql', () => existsSync('/usr/lib/postgresql')],
  ['chromium', () => existsSync('/usr/bin/chromium')],
  ['git', () => which('git')],
];

// Each carries the C sources of a library in its tarball; the reasons are in ARCHITECTURE.md.
const tarballs = [
  {
    name: 'sodium-native',
    version: '3.2.1',
    integrity: 'sha512-EgDZ/Z7PxL2kCasKk7wnRkV8W9kvwuIlHuHXAxkQm3FF0MgVsjyLBXGjSRGhjE6u7rhSpk3KaMfFM23bfMysIQ==',
  },
  {
    name: 'pqclean',
    version: '0.8.1',
    integrity: 'sha512-+5FtknAJdiNtVBiyLiKW3OnanhcqSWy44KCaZz1tELhalp5HfuIcxNsX9uS0t7ne2tEWc7NBd4GpiQBTGTIJBA==',
  },
];

function installDebian() {
  const missing = debian.filter(([, present]) => !present()).map(([name]) => name);
  if (missing.length === 0) return;
  if (!which('apt-get')) fail(`These are missing: ${missing.join(', ')}. CONTRIBUTING.md says how to get them on other systems.`);
  const sudo = process.getuid?.() === 0 ? [] : which('sudo') ? ['sudo'] : undefined;
  if (!sudo) fail(`These packages are missing and this user cannot install them. Run as root:\n  apt-get install ${missing.join(' ')}`);
  step(`installing ${missing.join(', ')}`);
  const apt = (...args) =>
    run([...sudo, 'apt-get'][0], [...sudo, 'apt-get', ...args].slice(1), { env: { DEBIAN_FRONTEND: 'noninteractive' } });
  apt('update', '-qq');
  apt('install', '-y', '-qq', '--no-install-recommends', ...missing);
}

/** Installs by the lock file of a folder, unless that is what is there. */
export function installNpm(folder = '.') {
  const stamp = inRoot('build', folder, 'npm.stamp');
  const want = createHash('sha256')
    .update(readFileSync(inRoot(folder, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && existsSync(inRoot(folder, 'node_modules')) && readFileSync(stamp, 'utf8') === want) return;
  step(`installing npm packages${folder === '.' ? '' : ` for ${folder}`}`);
  run('npm', ['ci', '--ignore-scripts', '--no-fund', '--no-audit'], { cwd: inRoot(folder) });
  mkdirSync(inRoot('build', folder), { recursive: true });
  writeFileSync(stamp, want);
}

function unpackTarball({ name, version, integrity }) {
  const folder = inRoot('build', 'third_party', name);
  const stamp = `${folder}/.integrity`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === integrity) return;
  step(`unpacking ${name} ${version}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  run('npm', ['pack', `${name}@${version}`, '--silent', '--pack-destination', folder], { quiet: true });
  const file = `${folder}/${name}-${version}.tgz`;
  const found = `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`;
  if (found !== integrity) fail(`${name}@${version} is not the pinned one: ${found}`);
  run('tar', ['xzf', file, '-C', folder, '--strip-components=1']);
  rmSync(file);
  writeFileSync(stamp, integrity);
}

/** Idempotent; quick when nothing is missing. */
export function setup() {
  if (process.platform === 'linux' && statSync('/etc', { throwIfNoEntry: false })) installDebian();
  installNpm();
  for (const tarball of tarballs) unpackTarball(tarball);
}

if (process.argv[1] === new URL(import.meta.url).pathname) setup();
