import assert from 'node:assert/strict';
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { SubrosaError, subrosa } from './api.ts';

const { audit } = subrosa;
const seed = new Uint8Array(32).fill(7);
const origin = 'example.com/log';
const key = audit.noteKey(origin, seed);

const base64 = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));
const sha256 = (...parts: (Uint8Array | string)[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
};

/** A file of the shared vectors, or undefined, and said so, where they are not beside the checkout. */
function vectors(name: string) {
  const file = new URL(`../../../shared/vectors/rfc6962/${name}`, import.meta.url);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  assert.ok(!process.env.CI, `${file.pathname} is not there`);
  process.stdout.write(`not run: ${file.pathname}\n`);
  return undefined;
}

/** A proof of the vectors. A hash of another length than 32 cannot be handed over; half a hash stands for it. */
function proofOf(lines: string[] | null | undefined): Uint8Array {
  const hashes = (lines ?? []).map(base64);
  return hashes.every((hash) => hash.length === 32) ? new Uint8Array(Buffer.concat(hashes)) : new Uint8Array(16);
}

function refused(check: () => unknown): boolean {
  try {
    check();
    return false;
  } catch (error) {
    assert.ok(error instanceof SubrosaError);
    return true;
  }
}

/** A log as its keeper stores it. */
class Log {
  tree = audit.emptyTree();
  nodes: Uint8Array[] = [];
  roots = [audit.root(this.tree)];

  grow(size: number): this {
    for (let i = audit.treeSize(this.tree); i < size; ++i) {
      const added = audit.append(this.tree, audit.hashLeaf(`${i}`));
      this.tree = added.tree;
      for (let at = 0; at < added.nodes.length; at += 32) this.nodes.push(added.nodes.subarray(at, at + 32));
      this.roots.push(audit.root(this.tree));
    }
    return this;
  }
  head() {
    return { origin, size: audit.treeSize(this.tree), root: audit.root(this.tree) };
  }
  checkpoint() {
    return audit.signCheckpoint(this.head(), seed);
  }
  prove(plan: ReturnType<typeof audit.planInclusion>) {
    return audit.foldProof(plan, new Uint8Array(Buffer.concat(plan.positions.map((position) => this.nodes[position] as Uint8Array))));
  }
}

test('roots of the RFC 6962 example leaves', () => {
  const file = vectors('roots.json');
  if (!file) return;
  let tree = audit.emptyTree();
  assert.equal(Buffer.from(audit.root(tree)).toString('hex'), file.root_hex_by_tree_size_0_to_8[0]);
  file.leaf_inputs_hex.forEach((leaf: string, index: number) => {
    tree = audit.append(tree, audit.hashLeaf(new Uint8Array(Buffer.from(leaf, 'hex')))).tree;
    assert.equal(Buffer.from(audit.root(tree)).toString('hex'), file.root_hex_by_tree_size_0_to_8[index + 1]);
  });
});

test('inclusion vectors', () => {
  const file = vectors('inclusion.json');
  if (!file) return;
  assert.equal(Object.keys(file).length, 98);
  for (const [name, item] of Object.entries<Record<string, never>>(file)) {
    const { leafIdx, treeSize, root, leafHash, proof, wantErr } = item;
    const hashes = proofOf(proof);
    const wrong = refused(() => audit.verifyInclusion(base64(leafHash!), leafIdx!, treeSize!, base64(root!), hashes));
    assert.equal(wrong, wantErr, name);
  }
});

test('consistency vectors', () => {
  const file = vectors('consistency.json');
  if (!file) return;
  assert.equal(Object.keys(file).length, 98);
  for (const [name, item] of Object.entries<Record<string, never>>(file)) {
    const { size1, size2, root1, root2, proof, wantErr } = item;
    const hashes = proofOf(proof);
    const from = { size: size1!, root: base64(root1!) };
    const to = { size: size2!, root: base64(root2!) };
    // One vector compares two equal roots of 12 bytes and expects success; no SHA-256 root has 12.
    const want = wantErr || from.root.length !== 32 || to.root.length !== 32;
    assert.equal(
      refused(() => audit.verifyConsistency(from, to, hashes)),
      want,
      name,
    );
  }
});

test('every proof of trees up to 64 leaves holds', () => {
  const log = new Log().grow(64);
  for (let size = 1; size <= 64; ++size) {
    const root = log.roots[size] as Uint8Array;
    for (let index = 0; index < size; ++index) {
      audit.verifyInclusion(audit.hashLeaf(`${index}`), index, size, root, log.prove(audit.planInclusion(index, size)));
      const from = index + 1;
      const proof = log.prove(audit.planConsistency(from, size));
      audit.verifyConsistency({ size: from, root: log.roots[from] as Uint8Array }, { size, root }, proof);
    }
  }
});

test('no proof holds with a bit changed', () => {
  const log = new Log().grow(64);
  for (const [index, size] of [
    [0, 2],
    [5, 7],
    [20, 33],
    [63, 64],
  ] as const) {
    const leaf = audit.hashLeaf(`${index}`);
    const root = log.roots[size] as Uint8Array;
    const inclusion = log.prove(audit.planInclusion(index, size));
    const from = { size: index + 1, root: log.roots[index + 1] as Uint8Array };
    const consistency = log.prove(audit.planConsistency(index + 1, size));
    for (const [proof, check] of [
      [inclusion, () => audit.verifyInclusion(leaf, index, size, root, inclusion)],
      [consistency, () => audit.verifyConsistency(from, { size, root }, consistency)],
    ] as const) {
      for (let bit = 0; bit < proof.length * 8; ++bit) {
        proof[bit >> 3]! ^= 1 << (bit & 7);
        assert.ok(refused(check), `bit ${bit}`);
        proof[bit >> 3]! ^= 1 << (bit & 7);
      }
      check();
    }
  }
});

test('leaf hashes, signatures and canonical JSON agree with node:crypto', () => {
  assert.deepEqual(new Uint8Array(audit.hashLeaf('entry')), sha256(new Uint8Array([0]), 'entry'));
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const secret = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  const raw = createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(-32);
  const typed = Buffer.concat([Buffer.of(1), raw]);
  const id = sha256(`${origin}\n`, typed).subarray(0, 4);
  assert.equal(key, `${origin}+${Buffer.from(id).toString('hex')}+${typed.toString('base64')}`);
  const text = 'a line\nanother\n';
  const signature = Buffer.concat([id, sign(null, Buffer.from(text), secret)]).toString('base64');
  assert.equal(audit.signNote(text, origin, seed), `${text}\n\u2014 ${origin} ${signature}\n`);
  assert.equal(
    audit.canonicalize({ b: [1, null, true], a: '\u20ac\n', '\u{1f600}': 0, '\ufb33': 0 }),
    '{"a":"\u20ac\\n","b":[1,null,true],"\u{1f600}":0,"\ufb33":0}',
  );
  assert.throws(() => audit.canonicalize({ a: 1.5 }), { code: 'bad_format', where: '/a' });
  assert.throws(() => audit.canonicalize(undefined), { code: 'bad_format' });
});

test('a receipt is an inclusion proof as text', () => {
  const log = new Log().grow(11);
  const text = audit.writeInclusion(6, log.prove(audit.planInclusion(6, 11)), log.checkpoint());
  assert.deepEqual(audit.openInclusion(text, audit.hashLeaf('6'), key), { index: 6, ...log.head() });
  assert.throws(() => audit.openInclusion(text, audit.hashLeaf('7'), key), { code: 'not_authentic' });
  const other = audit.noteKey(origin, new Uint8Array(32).fill(8));
  assert.throws(() => audit.openInclusion(text, audit.hashLeaf('6'), other), { code: 'not_authentic' });
});

test('a holder follows a log forward, and refuses a fork and a rollback', () => {
  const log = new Log().grow(5);
  const held = log.checkpoint();
  log.grow(13);
  const text = audit.writeConsistency(5, log.prove(audit.planConsistency(5, 13)), log.checkpoint());
  assert.deepEqual(audit.openConsistency(text, held, key), log.head());
  const fork = new Log();
  fork.tree = audit.append(fork.tree, audit.hashLeaf('fork')).tree;
  fork.nodes.push(audit.hashLeaf('fork'));
  fork.grow(13);
  const forged = audit.writeConsistency(5, fork.prove(audit.planConsistency(5, 13)), fork.checkpoint());
  assert.throws(() => audit.openConsistency(forged, held, key), { code: 'not_authentic' });
  const back = audit.writeConsistency(5, new Uint8Array(0), new Log().grow(4).checkpoint());
  assert.throws(() => audit.openConsistency(back, held, key), { code: 'not_authentic' });
});

test('sizes that are none are refused before the core is asked', () => {
  for (const size of [-1, 1.5, Number.NaN, 2 ** 53]) assert.throws(() => audit.planInclusion(0, size), { code: 'bad_argument' });
  const far = audit.planInclusion(2 ** 40, 2 ** 41 + 1);
  assert.ok(far.positions.every((position) => position < 2 ** 42));
});
