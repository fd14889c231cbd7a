/** Uses the addon's secrets, says so, frees them when it is told to, and stays to be looked at until its input ends. */

import { once } from 'node:events';
import { useSecrets } from '../fixture/secrets.ts';
import { backend } from './backend.ts';

await useSecrets(backend, Number(process.argv[2]), async () => {
  process.stdout.write('in use\n');
  await once(process.stdin, 'data');
});
process.stdout.write('freed\n');
process.stdin.resume();
