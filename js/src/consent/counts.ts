/** What happened to messages, as numbers alone: nothing of their content, and nothing of whose they are. */

import type { Reason } from './types.ts';

type ByReason = Partial<Record<Reason, number>>;

export interface ConsentCounts {
  /** Handed over to be sent. */
  sent: number;
  /** Had to wait for an answer. */
  held: number;
  /** Refused when they were to be sent. */
  denied: ByReason;
  /** Waited, were on their way or were made under an earlier choice, and were given up. */
  discarded: ByReason;
  /** Values that a redactor took out; see `MessageGuard.seal`. */
  redacted: number;
}

export const noCounts = (): ConsentCounts => ({ sent: 0, held: 0, denied: {}, discarded: {}, redacted: 0 });

export function countReason(counts: ByReason, reason: Reason): void {
  counts[reason] = (counts[reason] ?? 0) + 1;
}
