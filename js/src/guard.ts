/**
 * A message's whole way out and in: decide, redact, seal; then open and scan again.
 *
 *   const sent = subrosa.guard.seal(text, { cell, decide: () => client.decide(cell), recipient: publicKey, vault });
 *   if (sent.verdict === 'permit') post(sent.envelope);
 *   const { text, missed } = subrosa.guard.open(envelope, { key, purpose: 'chat', policyHash, recordId, epoch });
 */

import type { ConsentCell } from './consent/client.ts';
import type { Decision } from './consent/types.ts';
import type { Finding, Scanner } from './detect.ts';
import type { Redaction, Redactor } from './redact.ts';
import type { OpenOptions, Sealing } from './sealing.ts';
import type { Vault } from './vault.ts';

export interface GuardSealOptions {
  /** What the message is. */
  cell: ConsentCell;
  /** Answers for that cell, at the moment of sealing: a ConsentClient's or a ConsentSession's. */
  decide: (cell: ConsentCell) => Decision;
  /** The recipient's public key, a COSE_Key. */
  recipient: Uint8Array;
  /** The session's; it restores the replies. */
  vault: Vault;
  /** Another redactor than that of every rule. */
  redactor?: Redactor;
}

/** Sealed under a decision that permits it, or not at all; `decision.reason` says why. */
export type Guarded =
  | { verdict: 'permit'; decision: Decision; envelope: Uint8Array; text: string; findings: Redaction[] }
  | { verdict: 'hold' | 'deny'; decision: Decision };

export interface GuardOpenOptions extends OpenOptions {
  /** Another scanner than that of every rule. */
  scanner?: Scanner;
}

export interface Opened {
  text: string;
  /** What the sender should have redacted. Where there is any, neither keep nor log the text. */
  missed: Finding[];
}

/** The parts of a Subrosa that are used. */
interface Parts {
  sealing: Sealing;
  redact: Redactor['redact'];
  detect: Scanner['detect'];
}

/** `subrosa.guard`. */
export class MessageGuard {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Nothing is redacted or sealed unless it is permitted. Throws a SubrosaError, with nothing sealed, for a bad key. */
  seal(text: string, { cell, decide, recipient, vault, redactor }: GuardSealOptions): Guarded {
    const decision = decide(cell);
    const { verdict } = decision;
    if (verdict !== 'permit') return { verdict, decision };
    const redacted = (redactor ?? this.#parts).redact(text, { vault });
    const { noticeHash: policyHash, recordId, epoch } = decision;
    const envelope = this.#parts.sealing.seal(redacted.text, { recipient, purpose: cell.purpose, policyHash, recordId, epoch });
    return { verdict, decision, envelope, ...redacted };
  }

  /** Throws `not_authentic` for everything that is wrong with the envelope, the key or the expectation. */
  open(envelope: Uint8Array, { scanner, ...options }: GuardOpenOptions): Opened {
    const text = this.#parts.sealing.openText(envelope, options);
    return { text, missed: (scanner ?? this.#parts).detect(text) };
  }
}
