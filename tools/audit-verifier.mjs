// Checks an audit export without any code of Subrosa: RFC 6962 hashing, C2SP signed note, Ed25519, by node:crypto alone.
//   node tools/audit-verifier.mjs export.json "example.com/log+1a2b3c4d+AQ..."
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';

class Refused extends Error {}

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const leafHash = (data) => sha256(Buffer.of(0), data);
const nodeHash = (left, right) => sha256(Buffer.of(1), left, right);

/** Base64 with one spelling for each value. */
function base64(text) {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw new Refused('base64 is malformed');
  return bytes;
}

/** name+id+key, where the id is made from the other two. */
function parseKey(text) {
  const [, name, id, rest] = /^([^+\s]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) ?? [];
  if (!name) throw new Refused('the key is malformed');
  const bytes = base64(rest);
  if (bytes.length !== 33 || bytes[0] !== 1) throw new Refused('the key is not an Ed25519 key');
  if (sha256(`${name}\n`, bytes).subarray(0, 4).toString('hex') !== id) throw new Refused('the id is not that of the key');
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), bytes.subarray(1)]);
  return { name, id, publicKey: createPublicKey({ key: spki, format: 'der', type: 'spki' }) };
}

/** The text of a note that the key signed. */
function openNote(note, { name, id, publicKey }) {
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) throw new Refused('the note is malformed');
  const text = note.slice(0, end + 1);
  let signed = false;
  for (const line of note.slice(end + 2, -1).split('\n')) {
    const [, signer, code] = /^\u2014 (\S+) (\S+)$/.exec(line) ?? [];
    if (!signer) throw new Refused('a signature line is malformed');
    const bytes = base64(code);
    if (signer !== name || bytes.subarray(0, 4).toString('hex') !== id) continue;
    if (!verify(null, Buffer.from(text), publicKey, bytes.subarray(4))) throw new Refused('a signature is wrong');
    signed = true;
  }
  if (!signed) throw new Refused('the note is not signed by this key');
  return text;
}

function openCheckpoint(note, key) {
  const [origin, size, root] = openNote(note, key).split('\n');
  if (origin !== key.name || !/^(0|[1-9][0-9]*)$/.test(size)) throw new Refused('the checkpoint is malformed');
  return { size: Number(size), root: base64(root) };
}

/** Perfect subtrees, from the largest: their sizes are the bits of the count. */
function subtrees(from, peaks) {
  const sizes = [];
  for (let bit = 2 ** 52; bit >= 1; bit /= 2) if (Math.floor(from / bit) % 2 === 1) sizes.push(bit);
  if (!Number.isSafeInteger(from) || from < 0 || sizes.length !== peaks.length) throw new Refused('the peaks do not fit');
  return peaks.map((peak, i) => ({ size: sizes[i], hash: base64(peak) }));
}

function append(stack, hash) {
  let tree = { size: 1, hash };
  while (stack.length > 0 && stack.at(-1).size === tree.size) {
    tree = { size: tree.size * 2, hash: nodeHash(stack.at(-1).hash, tree.hash) };
    stack.pop();
  }
  stack.push(tree);
}

function rootOf(stack) {
  if (stack.length === 0) return sha256('');
  return stack.map(({ hash }) => hash).reduceRight((right, left) => nodeHash(left, right));
}

/** What only a well-formed entry of this log can be: canonical, numbered, with the fields that it may have. */
const fields = new Set('action actor detail_commit object outcome policy_hash purpose reason recipient seq subject_ref time v'.split(' '));

function checkEntry(text, number) {
  const entry = JSON.parse(text);
  if (entry.v !== 1 || entry.seq !== number) throw new Refused(`entry ${number} has another number`);
  for (const name of Object.keys(entry)) if (!fields.has(name)) throw new Refused(`entry ${number} has an unknown field`);
  return entry;
}

/** RFC 8785 for what has no fractions in it. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`);
  return `{${members.join()}}`;
}

/** The policies are those that the entries name, all of them. */
function checkPolicies(policies, named) {
  const hashes = policies.map((document) => `sha256:${sha256(canonical(document)).toString('hex')}`);
  if (hashes.sort().join() !== [...named].sort().join()) throw new Refused('the policies are not those that the entries name');
}

/** Throws unless the export is whole. Returns what it covers, and how often each action is in it. */
export function verifyExport(exported, trustedKey) {
  if (exported.format !== 'subrosa-audit-export/1') throw new Refused('this is not an audit export');
  if (exported.key !== trustedKey) throw new Refused('the export is of another log');
  const { size, root } = openCheckpoint(exported.checkpoint, parseKey(trustedKey));
  const { from, entries } = exported;
  if (from + entries.length !== size) throw new Refused('entries are missing, or too many');
  const stack = subtrees(from, exported.peaks);
  const actions = {};
  const named = new Set();
  entries.forEach((text, i) => {
    append(stack, leafHash(text));
    const { action, policy_hash, object } = checkEntry(text, from + i);
    for (const hash of [policy_hash, object?.type === 'Policy' ? object.hash : undefined]) if (hash !== undefined) named.add(hash);
    actions[action] = (actions[action] ?? 0) + 1;
  });
  if (!rootOf(stack).equals(root)) throw new Refused('the entries are not those that were signed');
  checkPolicies(exported.policies, named);
  return { from, to: size, actions };
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const [, , file, key] = process.argv;
  try {
    const { from, to, actions } = verifyExport(JSON.parse(readFileSync(file, 'utf8')), key);
    process.stdout.write(`entries ${from} to ${to}: as signed\n${JSON.stringify(actions, null, 2)}\n`);
  } catch (error) {
    process.stderr.write(`refused: ${error.message}\n`);
    process.exitCode = 1;
  }
}
