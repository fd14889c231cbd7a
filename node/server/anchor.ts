import { randomUUID } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import type { Anchor } from './log.ts';

/**
 * The newest checkpoint in a file: keep it on another disk, or copy it to another machine, than the database. Of several
 * processes each needs a file of its own, or one might put an older checkpoint in place of another's newer one.
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
      const name = `${file}.${process.pid}-${randomUUID()}`;
      const draft = await open(name, 'wx');
      await draft.writeFile(checkpoint);
      await draft.sync();
      await draft.close();
      await rename(name, file); // whole or not at all
    },
  };
}
