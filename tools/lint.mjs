// Format and lint: clang-format and clang-tidy for C++, Biome and tsc for TypeScript.
//   node tools/lint.mjs [--fix] [--quick]      --quick leaves clang-tidy out
import { existsSync } from 'node:fs';
import { inRoot, run, step } from './lib.mjs';
import { tidy } from './tidy.mjs';

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
  await tidy();
}
