/** A person's consent and demands as they stand at one moment: read once, for as many decisions as are to be made. */

import type { ConsentContext, ConsentSession, ConsentState, Decision, Policy, Subrosa } from '../../js/src/index.ts';
import { fromBody, type Row, type Transaction } from './store/store.ts';

/** What the host says of a person; what is absent counts as the strictest. */
export type PersonContext = Pick<ConsentContext, 'region' | 'age' | 'guardian'>;

export interface Question {
  purpose: string;
  piiType: string;
  recipient: string;
  /** Global Privacy Control was on in this request. */
  gpc?: boolean;
}

/** A consent state, as it is kept with what the host said of the person. */
export interface Stored {
  state: ConsentState;
  context: PersonContext;
}

const kinds = ['consent', 'erasure', 'restriction', 'objection', 'opt_out'];
const maxOpen = 512;

interface Open {
  body: Uint8Array;
  policy: Policy;
  stored: Stored;
  session: ConsentSession;
}

/** Opens the core's consent sessions, and keeps those of the people who were asked about last while nothing of them changes. */
export class Standings {
  readonly #subrosa: Subrosa;
  readonly #open = new Map<string, Open>();

  constructor(subrosa: Subrosa) {
    this.#subrosa = subrosa;
  }

  /** Of a person, under a policy. One whose keys are gone is erased, whatever a store that was restored may say. */
  async read(tx: Transaction, subject: string, policy: Policy, isErased = false): Promise<Standing> {
    const rows = await tx.find({ kind: kinds, subject });
    const consent = rows.find(({ kind }) => kind === 'consent');
    const open = (gpc: boolean) => (consent ? this.#session(consent, policy, gpc) : undefined);
    return new Standing(policy, rows, open, isErased);
  }

  #session(consent: Row, policy: Policy, gpc: boolean): Open {
    const name = `${gpc}/${consent.id}`;
    const known = this.#open.get(name);
    this.#open.delete(name); // and put last again, so that the first is the one that was not asked about for longest
    const isSame = known?.policy === policy && Buffer.compare(known.body, consent.body) === 0;
    if (known && !isSame) known.session.free();
    const open = known && isSame ? known : this.#opened(consent, policy, gpc);
    this.#open.set(name, open);
    const [oldest] = this.#open;
    if (oldest && this.#open.size > maxOpen) {
      this.#open.delete(oldest[0]);
      oldest[1].session.free();
    }
    return open;
  }

  #opened({ body }: Row, policy: Policy, gpc: boolean): Open {
    const stored = fromBody<Stored>({ body });
    const context = { ...stored.context, gpc, storage: true };
    return { body, policy, stored, session: this.#subrosa.consent.open(policy, { state: stored.state, context }) };
  }
}

export class Standing {
  readonly #policy: Policy;
  readonly #rows: readonly Row[];
  readonly #open: (gpc: boolean) => Open | undefined;
  readonly #isErased: boolean;

  constructor(policy: Policy, rows: readonly Row[], open: (gpc: boolean) => Open | undefined, isErased: boolean) {
    this.#policy = policy;
    this.#rows = rows;
    this.#open = open;
    this.#isErased = isErased || this.#has('erasure');
  }

  get state(): ConsentState | undefined {
    return this.#open(false)?.stored.state;
  }

  /** What the person has demanded comes before what they have agreed to. */
  decide(question: Question, now: number): Decision {
    const { purpose, piiType, recipient } = question;
    const consent = this.consent(question);
    if (consent) return consent.decide(purpose, piiType, recipient, now);
    const reason = this.#refused(question) ?? 'not_asked';
    return { verdict: 'deny', reason, epoch: 0, recordId: '', noticeHash: this.#policy.hash } as unknown as Decision;
  }

  /** The core's session of it, to seal under; none where a demand comes before, or the person was never asked. */
  consent(question: Question): ConsentSession | undefined {
    return this.#refused(question) === undefined ? this.#open(question.gpc ?? false)?.session : undefined;
  }

  #refused({ purpose, recipient }: Question): string | undefined {
    if (this.#isErased) return 'erased';
    if (this.#has('restriction')) return 'restricted';
    if (this.#has('objection', purpose)) return 'objected';
    const isOurs = this.#policy.document.pii_controllers.some(({ party_id }) => party_id === recipient);
    return !isOurs && this.#has('opt_out') ? 'opted_out' : undefined;
  }

  #has(kind: string, className?: string): boolean {
    return this.#rows.some((row) => row.kind === kind && (className === undefined || row.class === className));
  }
}
