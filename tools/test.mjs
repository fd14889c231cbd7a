// Builds everything and runs the tests.   node tools/test.mjs [step...]   runs the named steps alone
import { existsSync, readdirSync } from 'node:fs';
import { buildAll, cmake } from './build.mjs';
import { fail, inRoot, run, step } from './lib.mjs';

const testFiles = (folder) =>
  existsSync(inRoot(folder))
    ? readdirSync(inRoot(folder))
        .filter((file) => file.endsWith('.test.ts'))
        .map((file) => `${folder}/${file}`)
    : [];
const nodeTests = (folder, env = {}, files = testFiles(folder)) => {
  if (files.length === 0) fail(`there is no test in ${folder}`); // without names node would look everywhere
  run('node', ['--import', 'tsx', '--test', '--test-reporter', process.env.CI ? 'spec' : 'dot', ...files], { env });
};

const steps = {
  lint: () => run('node', ['tools/lint.mjs']),
  core: () => {
    cmake('dev');
    run('build/dev/tests/core/core_tests', []);
  },
  asan: () => {
    cmake('asan');
    // That test reads all memory of the process, the sanitizer's red zones too.
    run('build/asan/tests/core/core_tests', ['~[hygiene]']);
  },
  fuzz: () => {
    cmake('asan');
    const folder = 'build/asan/tests/fuzz';
    const targets = readdirSync(inRoot(folder)).filter((file) => file.endsWith('_fuzz'));
    const seconds = process.env.SUBROSA_FUZZ_SECONDS ?? '60';
    step(`${targets.join(', ')}: ${seconds} s each, two at a time`);
    const limits = [`-max_total_time=${seconds}`, '-timeout=25', '-rss_limit_mb=4096'];
    // env, because xargs puts nothing into a command's own name.
    run('xargs', ['-P', '2', '-I{}', 'env', `${folder}/{}`, ...limits, `-artifact_prefix=${folder}/`, '-verbosity=0'], {
      input: targets.join('\n'),
      quiet: true,
      stdio: 'pipe',
    });
  },
  wasm: () => nodeTests('tests/api', { SUBROSA_BACKEND: 'wasm' }),
  native: () => nodeTests('tests/api', { SUBROSA_BACKEND: 'native' }),
  inline: () => nodeTests('tests/api', { SUBROSA_BACKEND: 'inline' }, ['tests/api/vectors.test.ts']),
  server: () => nodeTests('tests/server'),
  parity: () => nodeTests('tests/parity'),
  package: () => nodeTests('tests/package'),
  browser: () => nodeTests('tests/browser'),
};

const asked = process.argv.slice(2);
for (const name of asked) if (!steps[name]) fail(`unknown step ${name}: ${Object.keys(steps).join(', ')}`);
await buildAll();
for (const name of asked.length ? asked : Object.keys(steps)) {
  step(name);
  steps[name]();
}
if (process.env.CI && !existsSync(inRoot('../shared/cases'))) fail('the labelled cases are not beside the checkout');
step(`passed: ${asked.length ? asked.join(', ') : 'all'}`);
