import assert from 'node:assert/strict';
import test from 'node:test';
import { KnownLog, subrosa } from './api.ts';

const { audit } = subrosa;
const seed = new Uint8Array(32).fill(7);
const origin = 'example.com/log';
const key = audit.noteKey(origin, seed);

/** A log as its keeper has it: every size is signed, and any entry proved. */
class Log {
  readonly trees = [audit.emptyTree()];
  readonly nodes: Uint8Array[] = [];

  constructor(entries: readonly string[]) {
    for (const entry of entries) {
      const { tree, nodes } = audit.append(this.trees.at(-1)!, audit.hashLeaf(entry));
      this.trees.push(tree);
      for (let at = 0; at < nodes.length; at += 32) this.nodes.push(nodes.slice(at, at + 32));
    }
  }
  checkpoint(size: number, by = seed): string {
    return audit.signCheckpoint({ origin, size, root: audit.root(this.trees[size]!) }, by);
  }
  #fold(plan: ReturnType<typeof audit.planInclusion>): Uint8Array {
    return audit.foldProof(plan, new Uint8Array(Buffer.concat(plan.positions.map((position) => this.nodes[position]!))));
  }
  receipt(index: number, size: number): string {
    return audit.writeInclusion(index, this.#fold(audit.planInclusion(index, size)), this.checkpoint(size));
  }
  prove = async (from: number, to: number): Promise<string> => {
    if (to >= this.trees.length) throw new Error('the log has no such tree');
    return audit.writeConsistency(from, this.#fold(audit.planConsistency(from, to)), this.checkpoint(to));
  };
}

function memory(kept?: string) {
  const replace = (before: string | undefined, checkpoint: string) => {
    if (kept !== before) return false;
    kept = checkpoint;
    return true;
  };
  return { read: () => kept, replace };
}

const entries = Array.from({ length: 20 }, (_, i) => `entry ${i}`);
const log = new Log(entries);
const fork = new Log(entries.map((entry, i) => (i === 3 ? 'another' : entry)));
const refused = { code: 'not_authentic' };

test('the first checkpoint is kept, and each later one that agrees with it', async () => {
  const storage = memory();
  const known = new KnownLog(audit, { key, storage, prove: log.prove });
  for (const size of [0, 1, 5, 5, 13, 20]) {
    assert.equal((await known.see(log.checkpoint(size))).size, size);
    assert.equal(storage.read(), log.checkpoint(size));
  }
  await known.see(log.checkpoint(7));
  assert.equal(await known.held(), log.checkpoint(20), 'an older one is compared, and the later one kept');
});

test('a fork is refused whichever of the two is longer, and what was kept stays', async () => {
  for (const [held, next] of [
    [5, 13],
    [13, 5],
    [13, 13],
  ] as const) {
    const storage = memory(log.checkpoint(held));
    for (const prove of [log.prove, fork.prove])
      await assert.rejects(new KnownLog(audit, { key, storage, prove }).see(fork.checkpoint(next)), refused, `${held} ${next}`);
    assert.equal(storage.read(), log.checkpoint(held));
  }
});

test('a log that was rolled back cannot prove what it once signed', async () => {
  const storage = memory(log.checkpoint(20));
  const rolledBack = new Log(entries.slice(0, 12));
  const known = new KnownLog(audit, { key, storage, prove: rolledBack.prove });
  await assert.rejects(known.see(rolledBack.checkpoint(12)), /no such tree/);
  const regrown = new Log([...entries.slice(0, 12), ...entries.slice(4)]);
  await assert.rejects(new KnownLog(audit, { key, storage, prove: regrown.prove }).see(regrown.checkpoint(25)), refused);
  assert.equal(storage.read(), log.checkpoint(20));
});

test('a checkpoint of another key or a proof of other trees is refused', async () => {
  const storage = memory(log.checkpoint(5));
  const other = new Uint8Array(32).fill(8);
  await assert.rejects(new KnownLog(audit, { key, storage, prove: log.prove }).see(log.checkpoint(13, other)), refused);
  const wrong = new KnownLog(audit, { key, storage, prove: () => log.prove(5, 14) });
  await assert.rejects(wrong.see(log.checkpoint(13)), refused);
});

test('a receipt must be proved, and its log be the one from before', async () => {
  const storage = memory();
  const known = new KnownLog(audit, { key, storage, prove: log.prove });
  assert.equal((await known.check({ entry: 'entry 6', proof: log.receipt(6, 9) })).index, 6);
  assert.equal(storage.read(), log.checkpoint(9));
  await known.check({ entry: 'entry 6', proof: log.receipt(6, 20) });
  await assert.rejects(known.check({ entry: 'entry 7', proof: log.receipt(6, 20) }), refused);
  await assert.rejects(known.check({ entry: 'entry 6', proof: fork.receipt(6, 9) }), refused);
  assert.equal(storage.read(), log.checkpoint(20));
});

test('two readers at once keep the later checkpoint', async () => {
  const storage = memory();
  const known = new KnownLog(audit, { key, storage, prove: log.prove });
  await known.see(log.checkpoint(2));
  await Promise.all([known.see(log.checkpoint(19)), known.see(log.checkpoint(8)), known.see(log.checkpoint(12))]);
  assert.equal(storage.read(), log.checkpoint(19));
});
