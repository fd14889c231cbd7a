/** A part of the log that is checked without the server: entries, what stood before them, the signed checkpoint. */

import type { Audit } from './audit.ts';
import { fromBase64 } from './base64.ts';
import type { PolicyDocument } from './consent/types.ts';
import type { ConsentApi } from './consent.ts';
import { SubrosaError } from './errors.ts';

export interface AuditExport {
  format: 'subrosa-audit-export/1';
  /** The log's verifier key; compare it with the one that is published. */
  key: string;
  /** How many entries come before. */
  from: number;
  /** Roots of the perfect subtrees of what comes before, base64. */
  peaks: string[];
  /** Canonical JSON, one a line of the log. */
  entries: string[];
  /** The checkpoint at the end of the entries. */
  checkpoint: string;
  /** Those that the entries name, by their hashes. */
  policies: PolicyDocument[];
}

/** The hashes of the policies that an entry names. */
export function policiesOf(entry: string): string[] {
  const { policy_hash, object } = JSON.parse(entry) as { policy_hash?: string; object?: { type: string; hash?: string } };
  const published = object?.type === 'Policy' ? object.hash : undefined;
  return [policy_hash, published].filter((hash) => hash !== undefined);
}

/**
 * Checks an export under the key that the auditor trusts, all of it: throws a SubrosaError where any part is not what the
 * log's owner signed, or not what a signed part names by its hash.
 */
export function verifyExport(
  core: { audit: Audit; consent: ConsentApi },
  exported: AuditExport,
  key: string,
): { from: number; to: number } {
  const { format, from, peaks, entries, checkpoint, policies } = exported;
  const lists = [peaks, entries, policies];
  if (format !== 'subrosa-audit-export/1' || !lists.every(Array.isArray)) throw new SubrosaError('bad_format', 0, '/format');
  if (exported.key !== key) throw new SubrosaError('not_authentic', 0, '/key');
  const head = core.audit.openCheckpoint(checkpoint, key);
  const { tree } = core.audit.append(treeOf(from, peaks), joined(entries.map((entry) => core.audit.hashLeaf(entry))));
  const root = core.audit.root(tree);
  const to = from + entries.length;
  if (head.size !== to || head.root.some((byte, i) => byte !== root[i])) throw new SubrosaError('not_authentic', 0, '/entries');
  entries.forEach((entry, i) => {
    if (JSON.parse(entry).seq !== from + i) throw new SubrosaError('not_authentic', 0, `/entries/${i}`);
  });
  const named = [...new Set(entries.flatMap(policiesOf))].sort();
  const given = policies.map((document) => core.consent.parsePolicy(document).hash).sort();
  if (named.join() !== given.join()) throw new SubrosaError('not_authentic', 0, '/policies');
  return { from, to };
}

/** The core's form of a tree: its size, then its peaks. */
function treeOf(size: number, peaks: readonly string[]): Uint8Array {
  if (!Number.isSafeInteger(size) || size < 0) throw new SubrosaError('bad_format', 0, '/from');
  const head = new Uint8Array(8);
  new DataView(head.buffer).setBigUint64(0, BigInt(size), true);
  const hashes = peaks.map((peak) => {
    const hash = fromBase64(peak);
    if (hash?.length !== 32) throw new SubrosaError('bad_format', 0, '/peaks');
    return hash;
  });
  return joined([head, ...hashes]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
