import { open, readFile, rename } from 'node:fs/promises';
import type { Anchor } from './log.ts';

/**
 * The newest checkpoint in a file: keep it on another disk, or copy it to another machine, than the database. Each of
 * several processes needs a file of its own: another's older checkpoint must not come in place of its newer one.
 */
export function fileAnchor(file: string): Anchor {
  return {
    async read() {
      try {
        return await readFile(file, 'utf8');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    async write(checkpoint) {
      const draft = await open(`${file}.new`, 'w');
      await draft.writeFile(checkpoint);
      await draft.sync();
      await draft.close();
      await rename(`${file}.new`, file); // whole or not at all
    },
  };
}
