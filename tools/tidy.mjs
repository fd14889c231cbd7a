// clang-tidy over the core. A file is checked again when it, what it includes of the project, or the configuration has
// changed; what has passed is kept in build/tidy, file by file.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { cmake } from './build.mjs';
import { fail, inRoot, root, run } from './lib.mjs';

/** The core's sources, each with the files of the project that it is made of, by the compiler's own account. */
function sources() {
  return run('ninja', ['-C', 'build/dev', '-t', 'deps'], { quiet: true })
    .split('\n\n')
    .map((object) => object.split('\n').slice(1))
    .map((lines) => lines.map((line) => path.resolve(root, 'build/dev', line.trim())).filter((file) => file.startsWith(`${root}/`)))
    .filter(([source]) => source?.startsWith(inRoot('core/src/')) && existsSync(source))
    .map((files) => ({ source: files[0], stamp: stampOf(files) }));
}

function stampOf(files) {
  const hash = createHash('sha256').update(readFileSync(inRoot('.clang-tidy')));
  for (const file of files) hash.update(readFileSync(file));
  return inRoot('build/tidy', hash.digest('hex'));
}

/** Checks what is not known to pass, a file a processor; ends the process if anything is wrong. */
export async function tidy() {
  cmake('dev', 'subrosa_core');
  mkdirSync(inRoot('build/tidy'), { recursive: true });
  const stale = sources().filter(({ stamp }) => !existsSync(stamp));
  process.stdout.write(`${stale.length} files to check\n`);
  const wrong = [];
  const worker = async () => {
    for (let next = stale.pop(); next; next = stale.pop()) {
      try {
        await promisify(execFile)('clang-tidy', ['-p', 'build/dev', '--quiet', next.source], { cwd: root });
        writeFileSync(next.stamp, '');
      } catch (error) {
        wrong.push(error.stdout || error.message);
      }
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  if (wrong.length > 0) fail(wrong.join('\n'));
}
