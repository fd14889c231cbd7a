// Measures, and prints ratios within one run.   node tools/bench.mjs [name...]   e.g. detect seal consent
import { readdirSync } from 'node:fs';
import { buildAll } from './build.mjs';
import { inRoot, run, step } from './lib.mjs';
import { installNpm } from './setup.mjs';

await buildAll();
installNpm('tests/bench');
const asked = process.argv.slice(2);
for (const file of readdirSync(inRoot('tests/bench')).filter((name) => name.endsWith('.bench.mjs'))) {
  const name = file.slice(0, -'.bench.mjs'.length);
  if (asked.length > 0 && !asked.includes(name)) continue;
  step(name);
  run('node', ['--import', 'tsx', `tests/bench/${file}`]);
}
