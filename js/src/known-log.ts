/**
 * A log as its reader knows it: the newest checkpoint that they have seen. Each further one must agree with it, so that a
 * log which was rewritten, or which tells two people two stories, is found out by whoever holds a receipt.
 *
 *   const log = new KnownLog(subrosa.audit, { key, storage: localCheckpoint(key), prove });
 *   await log.check(receipt.log);      // throws unless the entry is in the log, and the log is the one from before
 */

import type { Audit, TreeHead } from './audit.ts';
import { SubrosaError } from './errors.ts';

/** Where one checkpoint is kept. */
export interface CheckpointStorage {
  read(): string | undefined | Promise<string | undefined>;
  /** Keeps one in place of `before`, in one step; false where another tab has put something else there. */
  replace(before: string | undefined, checkpoint: string): boolean | Promise<boolean>;
}

export interface KnownLogOptions {
  /** The log's verifier key. */
  key: string;
  storage: CheckpointStorage;
  /** Asks the log for the consistency proof between the trees of two sizes, as text: `GET consistency?from=&to=`. */
  prove: (from: number, to: number) => Promise<string>;
}

/** An entry with the proof that a receipt carries. */
export interface Proved {
  entry: string;
  proof: string;
}

/** Every check throws a SubrosaError, `not_authentic` or `bad_format`, unless what it checks holds. */
export class KnownLog {
  readonly #audit: Audit;
  readonly #options: KnownLogOptions;

  constructor(audit: Audit, options: KnownLogOptions) {
    this.#audit = audit;
    this.#options = options;
  }

  /** The checkpoint that is kept. */
  async held(): Promise<string | undefined> {
    return this.#options.storage.read();
  }

  /** Takes a checkpoint that agrees with the one that is kept, and keeps the later of the two. */
  async see(checkpoint: string): Promise<TreeHead> {
    const { key, storage } = this.#options;
    const head = this.#audit.openCheckpoint(checkpoint, key);
    for (;;) {
      const held = await storage.read();
      if (held === undefined) {
        if (await storage.replace(held, checkpoint)) return head;
        continue;
      }
      const known = { note: held, head: this.#audit.openCheckpoint(held, key) };
      await this.#compare(known, { note: checkpoint, head });
      if (head.size <= known.head.size || (await storage.replace(held, checkpoint))) return head;
    }
  }

  /** That an entry is in the log, which is the one from before. */
  async check({ entry, proof }: Proved): Promise<TreeHead & { index: number }> {
    const proved = this.#audit.openInclusion(proof, this.#audit.hashLeaf(entry), this.#options.key);
    await this.see(proof.slice(proof.indexOf('\n\n') + 2));
    return proved;
  }

  async #compare(one: Seen, other: Seen): Promise<void> {
    const [older, newer] = one.head.size <= other.head.size ? [one, other] : [other, one];
    if (older.head.origin !== newer.head.origin) throw new SubrosaError('not_authentic');
    if (older.head.size === newer.head.size) return requireSame(older.head, newer.head);
    if (older.head.size === 0) return;
    const proof = await this.#options.prove(older.head.size, newer.head.size);
    requireSame(this.#audit.openConsistency(proof, older.note, this.#options.key), newer.head);
  }
}

interface Seen {
  note: string;
  head: TreeHead;
}

function requireSame(a: TreeHead, b: TreeHead): void {
  if (a.size !== b.size || a.root.some((byte, i) => byte !== b.root[i])) throw new SubrosaError('not_authentic');
}

/** In the page's localStorage, one for each log. */
export function localCheckpoint(key: string): CheckpointStorage {
  const name = `subrosa-checkpoint:${key}`;
  const read = () => localStorage.getItem(name) ?? undefined;
  const replace = (before: string | undefined, checkpoint: string) => {
    if (read() !== before) return false;
    localStorage.setItem(name, checkpoint);
    return true;
  };
  return { read, replace };
}
