// Builds everything and runs the tests.   node tools/test.mjs [step...]   runs the named steps alone
// tidy, asan and fuzz take long and run only when they are named.
import { existsSync, readdirSync } from 'node:fs';
import { buildAll, cmake } from './build.mjs';
import { fail, inRoot, run, step } from './lib.mjs';

const testFiles = (folder) =>
  existsSync(inRoot(folder))
    ? readdirSync(inRoot(folder))
        .filter((file) => file.endsWith('.test.ts'))
        .map((file) => `${folder}/${file}`)
    : [];
const nodeTests = (folder, env = {}) => {
  const files = testFiles(folder);
  if (files.length === 0) fail(`there is no test in ${folder}`); // without names node would look everywhere
  run('node', ['--import', 'tsx', '--test', '--test-reporter', process.env.CI ? 'spec' : 'dot', ...files], { env });
};

const steps = {
  lint: () => run('node', ['tools/lint.mjs', '--quick']),
  tidy: () => run('node', ['tools/lint.mjs']),
  core: () => {
    cmake('dev');
    run('build/dev/tests/core/core_tests', []);
  },
  asan: () => {
    cmake('asan');
    run('build/asan/tests/core/core_tests', []);
  },
  fuzz: () => {
    cmake('asan');
    const seconds = process.env.SUBROSA_FUZZ_SECONDS ?? '60';
    for (const target of readdirSync(inRoot('build/asan/tests/fuzz')).filter((file) => file.endsWith('_fuzz'))) {
      step(`fuzz: ${target}, ${seconds} s`);
      run(
        `build/asan/tests/fuzz/${target}`,
        [`-max_total_time=${seconds}`, '-timeout=25', '-rss_limit_mb=4096', '-print_final_stats=0', '-verbosity=0'],
        { quiet: true },
      );
    }
  },
  wasm: () => nodeTests('tests/api', { SUBROSA_BACKEND: 'wasm' }),
  native: () => nodeTests('tests/api', { SUBROSA_BACKEND: 'native' }),
  server: () => nodeTests('tests/server'),
  parity: () => nodeTests('tests/parity'),
  package: () => nodeTests('tests/package'),
  browser: () => nodeTests('tests/browser'),
};

const long = ['tidy', 'asan', 'fuzz'];
const asked = process.argv.slice(2);
for (const name of asked) if (!steps[name]) fail(`unknown step ${name}: ${Object.keys(steps).join(', ')}`);
await buildAll();
for (const name of asked.length ? asked : Object.keys(steps).filter((name) => !long.includes(name))) {
  step(name);
  steps[name]();
}
if (process.env.CI && !existsSync(inRoot('../shared/cases'))) fail('the labelled cases are not beside the checkout');
step(`passed: ${asked.length ? asked.join(', ') : `all but ${long.join(', ')}`}`);
