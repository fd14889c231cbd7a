// Format and lint: clang-format and clang-tidy for C++, Biome and tsc for TypeScript.
//   node tools/lint.mjs [--fix] [--quick]      --quick leaves clang-tidy out
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cmake } from './build.mjs';
import { inRoot, run, step } from './lib.mjs';

const fix = process.argv.includes('--fix');
const files = (...globs) =>
  run('git', ['ls-files', '-co', '--exclude-standard', '--', ...globs], { quiet: true })
    .split('\n')
    .filter((file) => file && existsSync(inRoot(file)));

step('clang-format');
run('clang-format', [fix ? '-i' : '--dry-run', '-Werror', ...files('*.cpp', '*.h')]);

step('Biome');
run('node_modules/.bin/biome', ['check', '--error-on-warnings', ...(fix ? ['--write'] : [])]);

step('tsc');
run('node_modules/.bin/tsc', ['-p', 'tsconfig.json']);

if (!process.argv.includes('--quick')) {
  step('clang-tidy');
  cmake('dev', 'subrosa_core');
  // A file is checked again when it, a header of the project, or the configuration has changed.
  const headers = createHash('sha256');
  for (const file of [...files('core/*.h'), '.clang-tidy']) headers.update(readFileSync(inRoot(file)));
  const common = headers.digest('hex');
  mkdirSync(inRoot('build/tidy'), { recursive: true });
  const stampOf = (file) =>
    inRoot(
      'build/tidy',
      createHash('sha256')
        .update(common)
        .update(readFileSync(inRoot(file)))
        .digest('hex'),
    );
  const stale = files('core/src/*.cpp').filter((file) => !existsSync(stampOf(file)));
  if (stale.length > 0) {
    const list = stale.map((file) => `'${file}'`).join('\n');
    run('xargs', ['-P', '2', '-n', '2', 'clang-tidy', '-p', 'build/dev', '--quiet'], {
      input: list,
      stdio: ['pipe', 'inherit', 'inherit'],
    });
    for (const file of stale) writeFileSync(stampOf(file), '');
  }
}
