/** What is handed to an auditor. */

import { type AuditExport, policiesOf } from '../../js/src/audit-export.ts';
import type { Parts } from './parts.ts';
import type { Policies } from './policies.ts';
import { peakPositions } from './tree.ts';

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
  const named = [...new Set(exported.entries.flatMap(policiesOf))];
  const documents = await Promise.all(named.map(async (hash) => (await policies.get(hash)).document));
  emit({ type: 'exported', actor, count: exported.entries.length });
  return { format: 'subrosa-audit-export/1', key: log.key, from, ...exported, policies: documents };
}
