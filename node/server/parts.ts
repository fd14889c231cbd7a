import type { Subrosa } from '../../js/src/index.ts';
import type { AuditLog } from './log.ts';
import type { Store } from './store/store.ts';
import type { Vault } from './vault.ts';

/** What happened, without content: for counters and alarms. */
export interface ServerEvent {
  type: 'received' | 'opened' | 'refused' | 'wrong_purpose' | 'residual' | 'exported' | 'disclosed' | 'alarm';
  /** Who did it, as the host names its own people and machines; never a person whose data it is. */
  actor?: string;
  purpose?: string;
  /** A refusal's code, an alarm's rule. */
  code?: string;
  /** How many things it was about. */
  count?: number;
}

/** What every part of the server works with. */
export interface Parts {
  subrosa: Subrosa;
  store: Store;
  log: AuditLog;
  vault: Vault;
  /** Milliseconds since 1970. */
  now: () => number;
  emit: (event: ServerEvent) => void;
}

/** A stored piece of data, without its text, which lies sealed beside it. */
export interface ItemFacts {
  purpose: string;
  piiType: string;
  recordId: string;
  policyHash: string;
  /** When it would go without a consent to keep it longer. */
  baseDue: number;
  /** The purpose of such a consent, where there is one. */
  keptFor?: string;
  /** How many findings the rescan replaced. */
  residual: number;
  version: number;
}
