/** What is to be sent, kept until it went out. */

import type { NewEntry } from './log.ts';
import type { Parts } from './parts.ts';
import { fromBody, type NewRow, type Row, toBody } from './store/store.ts';
import { retryDelay } from './time.ts';

/** How something of a kind is sent, and what is kept and logged of it once it went out. */
export interface Sending<T> {
  kind: string;
  /** Rejects when it did not go out. */
  send(row: Row, job: T): Promise<void>;
  sent(row: Row, job: T): { row: NewRow; entry: NewEntry };
}

/**
 * Sends what is due, and gives how many went out. Each is claimed before it is tried: of several processes one sends it, and
 * what failed, or was claimed by a process that died, is tried again later under the same id.
 */
export async function sendDue<T extends { attempts: number }>(parts: Parts, { kind, send, sent }: Sending<T>): Promise<number> {
  let count = 0;
  for (let claimed = await claim<T>(parts, kind); claimed; claimed = await claim<T>(parts, kind)) {
    const { row, job } = claimed;
    try {
      await send(row, job);
    } catch {
      continue;
    }
    count += 1;
    await parts.log.commit(async (tx) => {
      const { row: done, entry } = sent(row, job);
      if (await tx.get(kind, row.id)) await tx.put(done); // not what was erased meanwhile
      return [entry];
    });
  }
  return count;
}

function claim<T extends { attempts: number }>({ store, now }: Parts, kind: string): Promise<{ row: Row; job: T } | undefined> {
  return store.transaction(async (tx) => {
    await tx.lock();
    const [row] = await tx.find({ kind, status: 'pending', dueBy: now() }, 1);
    if (!row) return undefined;
    const before = fromBody<T>(row);
    const job = { ...before, attempts: before.attempts + 1 };
    await tx.put({ ...row, due: now() + retryDelay(job.attempts), body: toBody(job) });
    return { row, job };
  });
}
