/** The sweeper: what expired is made unreadable first, by destroying its keys, then removed. */

import type { Parts } from './parts.ts';
import { readBody, spent } from './receiver.ts';
import { shredNow } from './shredding.ts';

const rowsInOneStep = 1000;

export class Retention {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Sweeps once. One that was killed is finished by the next. Returns how many items were removed. */
  async sweep(): Promise<number> {
    const { vault, log, now } = this.#parts;
    await shredNow(this.#parts);
    const dueBy = now();
    const keys = await vault.shred({ dueBy });
    let removed = 0;
    let step: number;
    do {
      step = 0;
      await log.commit(async (tx) => {
        const rows = await tx.find({ kind: 'item', dueBy }, rowsInOneStep);
        step = rows.length;
        for (const row of rows) {
          await tx.remove({ kind: 'item', id: row.id });
          await tx.put(spent(row, readBody(row)));
        }
        for (const kind of ['item_version', 'session']) await tx.remove({ kind, dueBy });
        if (step === 0) return [];
        const object = { type: 'Expiry', id: `${dueBy}` };
        return [
          { actor: { role: 'dpv:DataController' }, action: 'dpv:Delete', outcome: 'ok', object, reason: `${step} items, ${keys} keys` },
        ];
      });
      removed += step;
    } while (step === rowsInOneStep);
    return removed;
  }
}
