/**
 * The audit log's arithmetic: the RFC 6962 Merkle tree, C2SP checkpoints and proofs, canonical JSON. Whoever keeps a
 * log stores what this returns; whoever holds a receipt checks it here, without the server.
 *
 *   const leaf = subrosa.audit.hashLeaf(subrosa.audit.canonicalize(entry));
 *   const { index, size } = subrosa.audit.openInclusion(receipt.proof, leaf, logKey); // throws unless it is proved
 */

import { type Argument, type Backend, decodeText, u32, unwrap } from './backend.ts';
import { SubrosaError } from './errors.ts';

/** A tree head: what a checkpoint says. */
export interface TreeHead {
  origin: string;
  size: number;
  root: Uint8Array;
}

/** A tree and the nodes that an append added, 32 bytes each, to be kept in this order behind those before. */
export interface Appended {
  tree: Uint8Array;
  nodes: Uint8Array;
}

/** Which kept nodes make a proof: give the hashes at `positions`, in order, to foldProof. */
export interface ProofPlan {
  positions: number[];
  /** The core's form of the plan. */
  bytes: Uint8Array;
}

/** Every check throws a SubrosaError, `not_authentic` or `bad_format`, unless what it checks holds. */
export class Audit {
  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** The canonical form (RFC 8785) of a value of strings, integers, booleans, null, arrays and objects. */
  canonicalize(value: unknown): string {
    return decodeText(this.#call('sr_canonicalize', JSON.stringify(value) ?? ''));
  }

  hashLeaf(data: string | Uint8Array): Uint8Array {
    return this.#call('sr_hash_leaf', data);
  }

  /** The tree without leaves. */
  emptyTree(): Uint8Array {
    return new Uint8Array(8);
  }

  /** How many leaves a tree has. */
  treeSize(tree: Uint8Array): number {
    return readSize(tree, 0);
  }

  /** Appends leaf hashes, 32 bytes each, one behind another. */
  append(tree: Uint8Array, leaves: Uint8Array): Appended {
    const bytes = this.#call('sr_append_leaves', tree, leaves);
    const end = 8 + 32 * popcount(readSize(bytes, 0));
    return { tree: bytes.slice(0, end), nodes: bytes.slice(end) };
  }

  root(tree: Uint8Array): Uint8Array {
    return this.#call('sr_hash_tree', tree);
  }

  planInclusion(index: number, size: number): ProofPlan {
    return plan(this.#call('sr_plan_inclusion', ...halves(index), ...halves(size)));
  }

  planConsistency(from: number, to: number): ProofPlan {
    return plan(this.#call('sr_plan_consistency', ...halves(from), ...halves(to)));
  }

  /** The proof, from the nodes at the plan's positions. */
  foldProof(plan: ProofPlan, nodes: Uint8Array): Uint8Array {
    return this.#call('sr_fold_proof', plan.bytes, nodes);
  }

  verifyInclusion(leaf: Uint8Array, index: number, size: number, root: Uint8Array, proof: Uint8Array): void {
    this.#call('sr_verify_inclusion', leaf, ...halves(index), ...halves(size), root, proof);
  }

  verifyConsistency(from: Pick<TreeHead, 'size' | 'root'>, to: Pick<TreeHead, 'size' | 'root'>, proof: Uint8Array): void {
    this.#call('sr_verify_consistency', ...halves(from.size), from.root, ...halves(to.size), to.root, proof);
  }

  /** The public verifier key of a log with this origin, from its 32-byte seed. */
  noteKey(origin: string, seed: Uint8Array): string {
    return decodeText(this.#call('sr_make_note_key', origin, seed));
  }

  /** Signs a text that ends in a newline (C2SP signed-note). */
  signNote(text: string, name: string, seed: Uint8Array): string {
    return decodeText(this.#call('sr_sign_note', text, name, seed));
  }

  /** The text of a note that the key has signed. */
  openNote(note: string, key: string): string {
    return decodeText(this.#call('sr_open_note', note, key));
  }

  signCheckpoint(head: TreeHead, seed: Uint8Array): string {
    return decodeText(this.#call('sr_sign_checkpoint', head.origin, ...halves(head.size), head.root, seed));
  }

  openCheckpoint(note: string, key: string): TreeHead {
    return readHead(this.#call('sr_open_checkpoint', note, key), 0);
  }

  /** An inclusion proof as text (C2SP tlog-proof). */
  writeInclusion(index: number, proof: Uint8Array, checkpoint: string): string {
    return decodeText(this.#call('sr_write_inclusion', ...halves(index), proof, checkpoint));
  }

  /** Checks such a text for a leaf's hash: the signature, then the proof. */
  openInclusion(text: string, leaf: Uint8Array, key: string): TreeHead & { index: number } {
    const bytes = this.#call('sr_open_inclusion', text, leaf, key);
    return { index: readSize(bytes, 0), ...readHead(bytes, 8) };
  }

  /** A consistency proof as text (the request of C2SP tlog-witness). */
  writeConsistency(from: number, proof: Uint8Array, checkpoint: string): string {
    return decodeText(this.#call('sr_write_consistency', ...halves(from), proof, checkpoint));
  }

  /** Checks that the log in the text extends the one whose checkpoint, as it was signed, the caller kept. */
  openConsistency(text: string, held: string, key: string): TreeHead {
    return readHead(this.#call('sr_open_consistency', text, held, key), 0);
  }

  #call(name: string, ...args: Argument[]): Uint8Array {
    return unwrap(this.#backend.call(name, ...args));
  }
}

const word = 2 ** 32;

/** A u64 as the ABI takes it: low, high. */
function halves(value: number): [number, number] {
  if (!Number.isSafeInteger(value) || value < 0) throw new SubrosaError('bad_argument');
  return [value % word, Math.floor(value / word)];
}

function readSize(bytes: Uint8Array, at: number): number {
  return u32(bytes, at + 4) * word + u32(bytes, at);
}

function readHead(bytes: Uint8Array, at: number): TreeHead {
  return { origin: decodeText(bytes.subarray(at + 40)), size: readSize(bytes, at), root: bytes.slice(at + 8, at + 40) };
}

function plan(bytes: Uint8Array): ProofPlan {
  const positions: number[] = [];
  for (let at = 0; at < bytes.length; at += 8) positions.push((u32(bytes, at + 4) & 0x7fffffff) * word + u32(bytes, at));
  return { positions, bytes };
}

function popcount(value: number): number {
  let count = 0;
  for (let rest = value; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
}
