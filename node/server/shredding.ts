/** Keys that are to go because a consent ended: written down with it, so that one who is killed in between is finished by the next. */

import type { Parts } from './parts.ts';
import { fromBody, type Transaction, toBody } from './store/store.ts';

interface Doomed {
  subject: string;
  class: string;
}

export async function shredLater(tx: Transaction, doomed: Doomed, created: number): Promise<void> {
  await tx.put({
    kind: 'shred',
    id: JSON.stringify([doomed.subject, doomed.class]),
    subject: doomed.subject,
    created,
    body: toBody(doomed),
  });
}

/** Destroys them: of one person before anything new is kept under the same name, or of all. */
export async function shredNow({ store, vault }: Parts, subject?: string): Promise<void> {
  const rows = await store.transaction((tx) => tx.find({ kind: 'shred', ...(subject === undefined ? {} : { subject }) }));
  for (const row of rows) {
    await vault.shred(fromBody<Doomed>(row));
    await store.transaction((tx) => tx.remove({ kind: 'shred', id: row.id }));
  }
}
