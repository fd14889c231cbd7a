/**
 * The audit log on a store: an RFC 6962 tree, a signed checkpoint with every commit, proofs from stored nodes.
 *
 *   const log = await AuditLog.open({ subrosa, store, origin: 'example.com/log', seed, anchor });
 *   const [receipt] = await log.append([{ action: 'dpv:ConsentGiven', ... }]);
 */

import type { Audit, ProofPlan, Subrosa, TreeHead } from '../../js/src/index.ts';
import type { LogState, NewRow, Store, Transaction } from './store/store.ts';
import { isoTime } from './time.ts';
import { nodeCount } from './tree.ts';

/** An entry as it is handed in. No free text, no personal data, no bare hash of any: `*_ref` and `*_commit` are keyed. */
export interface NewEntry {
  /** Whose data it is about: not logged, but `subject_ref` is made from it, and the person's access report finds the entry. */
  subject?: string;
  actor: { role: string; ref?: string };
  action: string;
  outcome: 'ok' | 'refused' | 'failed';
  object?: { type: string; id: string; hash?: string };
  purpose?: string;
  /** A party of the policy. */
  recipient?: string;
  policy_hash?: string;
  reason?: string;
  detail_commit?: string;
}

/** An entry as it is logged. Its canonical JSON is the leaf. */
export interface Entry extends Omit<NewEntry, 'subject'> {
  v: 1;
  subject_ref?: string;
  seq: number;
  time: string;
}

/** Where an entry lies, and what proves it. */
export interface Appended {
  index: number;
  entry: string;
  /** The size of the tree whose checkpoint covers the entry. */
  size: number;
}

/** Where the newest checkpoint is kept outside the database, so that one rolled back shows. */
export interface Anchor {
  read(): Promise<string | undefined>;
  write(checkpoint: string): Promise<void>;
}

/** An entry, as it was logged, with what shows that it stands in the log. */
export interface ProvedEntry {
  index: number;
  entry: string;
  proof: string;
}

export interface LogOptions {
  subrosa: Subrosa;
  store: Store;
  /** The log's name: a URL without its scheme. */
  origin: string;
  /** 32 secret bytes, from which the signing key is made. */
  seed: Uint8Array;
  anchor?: Anchor;
  /** A keyed name for a person, unlinkable once their key is shredded; nothing for one who was erased. */
  reference?: (subject: string) => Promise<string | undefined>;
  /** Milliseconds since 1970. */
  now?: () => number;
  /** Called once it is found that the database does not hold the log that was signed. */
  onFault?: (fault: LogFault) => void;
}

export type LogFault = 'truncated' | 'edited' | 'forked' | 'rolled_back' | 'bad_checkpoint';

/** The database does not hold the log that was signed. Nothing is appended any more. */
export class LogError extends Error {
  override readonly name = 'LogError';
  readonly fault: LogFault;

  constructor(fault: LogFault) {
    super(`the audit log is ${fault.replace('_', ' ')}`);
    this.fault = fault;
  }
}

/** `index` is where the first of the entries will lie. */
type Work = (tx: Transaction, index: number) => Promise<NewEntry[]>;

interface Unit {
  work: Work;
  resolve: (appended: Appended[]) => void;
  reject: (error: unknown) => void;
}

const unitsInOneCommit = 256;
const entriesInOnePage = 10_000;

export class AuditLog {
  readonly origin: string;
  /** What others check the log with. */
  readonly key: string;
  readonly #options: LogOptions;
  readonly #audit: Audit;
  readonly #now: () => number;
  readonly #listeners = new Set<(entry: Entry) => void>();
  #signed: TreeHead | undefined;
  /** The checkpoint that was opened last: many proofs end in the same. */
  #opened: { note: string; head: TreeHead } | undefined;
  #fault: LogError | undefined;
  #pending: Unit[] = [];
  #flushing: Promise<void> | undefined;

  private constructor(options: LogOptions) {
    this.#options = options;
    this.#audit = options.subrosa.audit;
    this.#now = options.now ?? Date.now;
    this.origin = options.origin;
    this.key = this.#audit.noteKey(options.origin, options.seed);
  }

  /** Opens the log after checking all of it; throws a LogError when it is not the one that was signed. */
  static async open(options: LogOptions): Promise<AuditLog> {
    const log = new AuditLog(options);
    await log.verify();
    return log;
  }

  /** Called with each entry once it is kept. */
  onEntry(listener: (entry: Entry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  append(entries: readonly NewEntry[]): Promise<Appended[]> {
    return this.commit(async () => [...entries]);
  }

  /**
   * Does work and logs the entries that it returns: both are kept, or neither. Work that waits is committed together,
   * so it must not itself wait for another commit, and may be done again when its neighbour fails.
   */
  commit(work: Work): Promise<Appended[]> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ work, resolve, reject });
      this.#flushing ??= this.#flush();
    });
  }

  /** Waits for what is under way. */
  async idle(): Promise<void> {
    await this.#flushing;
  }

  async checkpoint(): Promise<string | undefined> {
    return this.#options.store.transaction((tx) => tx.checkpoint());
  }

  /** The inclusion proof of an entry, as text (C2SP tlog-proof), in the tree of a size that was signed. */
  async prove(index: number, size: number): Promise<string> {
    return this.#options.store.transaction(async (tx) => {
      const note = await this.#checkpointOf(tx, size);
      return this.#audit.writeInclusion(index, await this.#fold(tx, this.#audit.planInclusion(index, size)), note);
    });
  }

  /** An entry with the proof of it in the tree of a size that was signed, of now without one. */
  async proved(index: number, size?: number): Promise<ProvedEntry> {
    const [entry = ''] = await this.entries(index, index + 1);
    return { index, entry, proof: await this.prove(index, size ?? (await this.size())) };
  }

  /** That the checkpoint of a size, the newest without one, extends a tree of this size, as text. */
  async proveConsistency(from: number, to?: number): Promise<string> {
    return this.#options.store.transaction(async (tx) => {
      const note = await this.#checkpointOf(tx, to);
      const { size } = this.#audit.openCheckpoint(note, this.key);
      return this.#audit.writeConsistency(from, await this.#fold(tx, this.#audit.planConsistency(from, size)), note);
    });
  }

  /** Entries [from, to), each as its canonical JSON. */
  async entries(from: number, to: number): Promise<string[]> {
    return this.#options.store.transaction((tx) => tx.entries(from, to));
  }

  async size(): Promise<number> {
    return this.#options.store.transaction(async (tx) => (await tx.readLog()).size);
  }

  /** Recomputes the tree from the entries, and compares it with its nodes, its checkpoints, and the anchor. */
  async verify(): Promise<void> {
    const { store, anchor } = this.#options;
    const held = await anchor?.read();
    await store.transaction(async (tx) => {
      const state = await tx.lockLog();
      const note = await tx.checkpoint();
      const signed = note === undefined ? undefined : this.open(note);
      let tree = this.#audit.emptyTree();
      for (let index = 0; index < state.size; index += entriesInOnePage)
        tree = await this.#recompute(tx, tree, index, Math.min(state.size, index + entriesInOnePage));
      if ((signed?.size ?? 0) > state.size || (await tx.entries(state.size, state.size + 1)).length > 0) this.#stop('truncated');
      if (!same(tree, state.tree)) this.#stop('edited');
      if (state.size > 0 && signed?.size !== state.size) this.#stop('bad_checkpoint');
      if (signed && !same(signed.root, this.#audit.root(tree))) this.#stop('edited');
      if (held !== undefined) await this.#follow(tx, this.open(held), state);
      this.#signed = signed;
    });
  }

  async #recompute(tx: Transaction, tree: Uint8Array, from: number, to: number): Promise<Uint8Array> {
    const bodies = await tx.entries(from, to);
    if (bodies.length !== to - from) this.#stop('truncated');
    const leaves = bodies.map((body) => this.#audit.hashLeaf(body));
    const { tree: grown, nodes } = this.#audit.append(tree, Buffer.concat(leaves));
    const first = nodeCount(from);
    const positions = Array.from({ length: nodes.length / 32 }, (_, i) => first + i);
    for (let at = 0; at < positions.length; at += 500)
      if (!same(await tx.nodes(positions.slice(at, at + 500)), nodes.subarray(at * 32, (at + 500) * 32))) this.#stop('edited');
    return grown;
  }

  /** A head that was signed must lead to the tree that is there. */
  async #follow(tx: Transaction, from: TreeHead, { size, tree }: LogState): Promise<void> {
    if (from.size > size) this.#stop('rolled_back');
    if (from.size === 0) return;
    try {
      const proof = await this.#fold(tx, this.#audit.planConsistency(from.size, size));
      this.#audit.verifyConsistency(from, { size, root: this.#audit.root(tree) }, proof);
    } catch {
      this.#stop('forked');
    }
  }

  async #flush(): Promise<void> {
    while (this.#pending.length > 0) {
      const units = this.#pending.splice(0, unitsInOneCommit);
      try {
        await this.#commitUnits(units);
      } catch (error) {
        if (units.length === 1) units[0]?.reject(error);
        else for (const unit of units) await this.#commitUnits([unit]).catch(unit.reject);
      }
    }
    this.#flushing = undefined; // with no turn since the check above, or a unit could wait for ever
  }

  async #commitUnits(units: readonly Unit[]): Promise<void> {
    if (this.#fault) throw this.#fault;
    const time = this.#now();
    const { results, checkpoint } = await this.#options.store.transaction(async (tx) => {
      const state = await tx.lockLog();
      const bodies: string[] = [];
      const results: Appended[][] = [];
      for (const { work } of units) {
        const added: Appended[] = [];
        for (const { subject, ...entry } of await work(tx, state.size + bodies.length)) {
          const index = state.size + bodies.length;
          const subject_ref = subject === undefined ? undefined : await this.#options.reference?.(subject);
          const body = this.#audit.canonicalize({ ...entry, subject_ref, v: 1, seq: index, time: isoTime(time) });
          if (subject !== undefined && subject_ref !== undefined) await tx.put(trace(subject, index, time));
          bodies.push(body);
          added.push({ index, entry: body, size: 0 });
        }
        results.push(added);
      }
      const checkpoint = bodies.length > 0 ? await this.#write(tx, state, time, bodies) : undefined;
      for (const appended of results.flat()) appended.size = state.size + bodies.length;
      return { results, checkpoint };
    });
    if (checkpoint !== undefined) this.#signed = this.open(checkpoint);
    await this.#acknowledge(units, results, checkpoint);
  }

  /** What was kept is never done again, so a failing anchor is told to the callers, and not thrown. */
  async #acknowledge(units: readonly Unit[], results: readonly Appended[][], checkpoint: string | undefined): Promise<void> {
    try {
      if (checkpoint !== undefined) await this.#options.anchor?.write(checkpoint);
      units.forEach(({ resolve }, i) => void resolve(results[i] ?? []));
    } catch (error) {
      for (const { reject } of units) reject(error);
    }
    for (const { entry } of results.flat()) for (const listener of this.#listeners) listener(JSON.parse(entry));
  }

  /** Appends to the tree and signs it, unless what is there does not extend what this process signed before. */
  async #write(tx: Transaction, state: LogState, time: number, bodies: readonly string[]): Promise<string> {
    const signed = this.#signed;
    if (signed && !(signed.size === state.size && same(signed.root, this.#audit.root(state.tree)))) await this.#follow(tx, signed, state);
    const { tree, nodes } = this.#audit.append(state.tree, Buffer.concat(bodies.map((body) => this.#audit.hashLeaf(body))));
    const size = state.size + bodies.length;
    const checkpoint = this.#audit.signCheckpoint({ origin: this.origin, size, root: this.#audit.root(tree) }, this.#options.seed);
    await tx.appendLog({ index: state.size, time, bodies, position: nodeCount(state.size), nodes, tree, checkpoint });
    return checkpoint;
  }

  async #fold(tx: Transaction, plan: ProofPlan): Promise<Uint8Array> {
    return this.#audit.foldProof(plan, await tx.nodes(plan.positions));
  }

  async #checkpointOf(tx: Transaction, size?: number): Promise<string> {
    const note = await tx.checkpoint(size);
    if (note === undefined || (size !== undefined && this.open(note).size !== size)) throw new LogError('bad_checkpoint');
    return note;
  }

  /** What one of this log's checkpoints says. */
  open(note: string): TreeHead {
    if (this.#opened?.note === note) return this.#opened.head;
    try {
      const head = this.#audit.openCheckpoint(note, this.key);
      this.#opened = { note, head };
      return head;
    } catch {
      return this.#stop('bad_checkpoint');
    }
  }

  #stop(fault: LogFault): never {
    const isNew = this.#fault === undefined;
    this.#fault = new LogError(fault);
    if (isNew) this.#options.onFault?.(fault);
    throw this.#fault;
  }
}

/** That an entry is about a person; erased with their data. */
function trace(subject: string, index: number, time: number): NewRow {
  return { kind: 'trace', id: `${index}`, subject, created: time, body: new Uint8Array(0) };
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
