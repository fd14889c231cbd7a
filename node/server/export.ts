/** A part of the log that an auditor checks without the server: entries, what stood before them, the signed checkpoint. */

import type { Audit } from '../../js/src/index.ts';
import type { AuditLog } from './log.ts';
import type { Parts } from './parts.ts';
import { contentHash, type Policies } from './policies.ts';
import { peakPositions } from './tree.ts';

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
  policies: unknown[];
}

/** Entries [from, to), the end moved up to the next one that a checkpoint covers. */
export async function exportAudit(
  { store, log, emit }: Parts,
  policies: Policies,
  from: number,
  to: number,
  actor: string,
): Promise<AuditExport> {
  const exported = await store.transaction(async (tx) => {
    const [checkpoint] = await tx.checkpoints(Math.max(0, to - 1), Number.MAX_SAFE_INTEGER);
    if (checkpoint === undefined || from > to) throw new RangeError('the log has no such entries');
    const end = log.open(checkpoint).size;
    const nodes = await tx.nodes(peakPositions(from));
    const peaks: string[] = [];
    for (let at = 0; at < nodes.length; at += 32) peaks.push(Buffer.from(nodes.subarray(at, at + 32)).toString('base64'));
    return { peaks, entries: await tx.entries(from, end), checkpoint };
  });
  const documents = await Promise.all((await policies.history()).map(async ({ hash }) => (await policies.get(hash)).document));
  emit({ type: 'exported', actor, count: exported.entries.length });
  return { format: 'subrosa-audit-export/1', key: log.key, from, ...exported, policies: documents };
}

/** Checks an export under the key that the auditor trusts; throws where it is not what the log's owner signed. */
export function verifyExport(audit: Audit, exported: AuditExport, key: string): { from: number; to: number } {
  if (exported.format !== 'subrosa-audit-export/1') throw new TypeError('not an audit export');
  const head = audit.openCheckpoint(exported.checkpoint, key);
  const size = new DataView(new ArrayBuffer(8));
  size.setBigUint64(0, BigInt(exported.from), true);
  const peaks = exported.peaks.map((peak) => Buffer.from(peak, 'base64'));
  const before = Buffer.concat([new Uint8Array(size.buffer), ...peaks]);
  const { tree } = audit.append(before, Buffer.concat(exported.entries.map((entry) => audit.hashLeaf(entry))));
  const to = exported.from + exported.entries.length;
  if (head.size !== to || Buffer.compare(head.root, audit.root(tree)) !== 0)
    throw new RangeError('the entries are not those of the checkpoint');
  exported.entries.forEach((entry, i) => {
    if (JSON.parse(entry).seq !== exported.from + i) throw new RangeError('an entry has another number');
  });
  return { from: exported.from, to };
}

/** A certificate's document is bound into the log by its hash. */
export async function logCertificate(log: AuditLog, name: string, document: Uint8Array): Promise<number> {
  const object = { type: 'Certification', id: name, hash: contentHash(document) };
  const [appended] = await log.append([{ actor: { role: 'dpv:DataController' }, action: 'dpv:Certification', outcome: 'ok', object }]);
  return appended?.index ?? -1;
}
