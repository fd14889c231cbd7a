/** A checked policy, and one person's consent under it, over the core. */

import { reasonNames } from '../../../build/generated/tables.ts';
import { type Argument, type Backend, decodeText, u32, unwrap, unwrapNumber } from '../backend.ts';
import type { ConsentContext, ConsentState, Decision, GiveOptions, Outcome, PolicyDocument, PurposeFacts } from './types.ts';

type Standing = Pick<Decision, 'epoch' | 'recordId' | 'noticeHash'>;

const maxGrants = 256;
const verdicts = ['deny', 'hold', 'permit'] as const;
const hashSize = 71;

/** Seconds since 1970, as the core counts; anything odd counts as the end of time, when no consent is valid. */
function toSeconds(now: number | Date): number {
  const seconds = Math.floor(Number(now) / 1000);
  return seconds >= 0 && seconds <= 0xffffffff ? seconds : 0xffffffff;
}

/** The current decision, for what was captured under an earlier one: a permit counts only where it is the same. */
export function unlessSuperseded(earlier: Decision, current: Decision): Decision {
  const isSame = current.epoch === earlier.epoch && current.recordId === earlier.recordId && current.noticeHash === earlier.noticeHash;
  return current.verdict === 'permit' && !isSame ? { ...current, verdict: 'deny', reason: 'superseded' } : current;
}

/** JSON that may already be text. */
export const toJson = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** A policy that was checked. Free it when it is no longer needed; sessions opened with it live on. */
export class Policy {
  /** The content address, "sha256:..." of the canonical document. */
  readonly hash: string;
  readonly purposes: readonly PurposeFacts[];
  /** The document itself, as parsed. */
  readonly document: PolicyDocument;
  readonly #backend: Backend;
  readonly #handle: number;

  /** @internal */
  constructor(backend: Backend, json: string) {
    this.#backend = backend;
    this.#handle = unwrapNumber(backend.call('sr_policy_new', json));
    const { hash, document, purposes } = JSON.parse(decodeText(unwrap(backend.call('sr_policy_describe', this.#handle))));
    this.hash = hash;
    this.document = document;
    this.purposes = purposes;
  }

  /** @internal */
  get handle(): number {
    return this.#handle;
  }

  free(): void {
    this.#backend.free('sr_policy_free', this.#handle);
  }
}

/** One person's consent under one policy, in memory. */
export class ConsentSession {
  readonly #backend: Backend;
  readonly #handle: number;
  /** What decisions of a purpose carry; it changes with events alone, so each of them clears it. */
  readonly #grants = new Map<string, Standing>();
  #policy: Policy;

  /** @internal */
  constructor(backend: Backend, policy: Policy, state: string, context: string) {
    this.#policy = policy;
    this.#backend = backend;
    this.#handle = unwrapNumber(backend.call('sr_consent_new', policy.handle, state, context));
  }

  /** @internal */
  get handle(): number {
    return this.#handle;
  }

  /** The policy in force. */
  get policy(): Policy {
    return this.#policy;
  }

  /** May data of this type go to this recipient for this purpose? Never throws: what fails is denied. */
  decide(purpose: string, piiType: string, recipient: string, now: number | Date = Date.now()): Decision {
    try {
      const answer = this.#backend.ask('sr_decide', this.#handle, purpose, piiType, recipient, toSeconds(now));
      const reason = reasonNames[answer >>> 8] ?? 'error';
      return { verdict: verdicts[answer & 0xff] ?? 'deny', reason, ...this.#grantOf(purpose) };
    } catch {
      return { verdict: 'deny', reason: 'error', epoch: 0, recordId: '', noticeHash: this.policy.hash };
    }
  }

  #grantOf(purpose: string): Standing {
    let grant = this.#grants.get(purpose);
    if (!grant) {
      grant = readGrant(this.#backend.call('sr_consent_grant', this.#handle, purpose)) ?? {
        epoch: 0,
        recordId: '',
        noticeHash: this.policy.hash,
      };
      if (this.#grants.size >= maxGrants) this.#grants.clear();
      this.#grants.set(purpose, grant);
    }
    return grant;
  }

  /**
   * Decides again for a payload that was captured under `earlier`, just before it leaves. Consent that was withdrawn and
   * given again since does not bring it back: its reason is then "superseded".
   */
  recheck(earlier: Decision, purpose: string, piiType: string, recipient: string, now: number | Date = Date.now()): Decision {
    return unlessSuperseded(earlier, this.decide(purpose, piiType, recipient, now));
  }

  /** The notice of the policy in force was shown, in one of its languages. */
  noticeShown(purpose: string, language: string, now?: number | Date): Outcome {
    return this.#act('notice_shown', purpose, { policy_hash: this.policy.hash, language }, now);
  }

  /** The person put the choice off. */
  dismiss(purpose: string, now?: number | Date): Outcome {
    return this.#act('dismiss', purpose, {}, now);
  }

  give(purpose: string, options: GiveOptions): Outcome {
    const { method = 'toggle+save', deliberate, scope, guardian, gpcConfirmed, now } = options;
    return this.#act(
      'give',
      purpose,
      {
        policy_hash: this.policy.hash,
        indication_method: method,
        deliberate,
        ...(scope && { scope }),
        ...(guardian && { guardian }),
        ...(gpcConfirmed && { gpc_confirmed: true }),
      },
      now,
    );
  }

  /**
   * The operator presumes consent until the person opts out: only under profiles that allow it, to an adult who was shown
   * the notice and has not answered, for what the operator does by itself. The record names `operator` and says what it was.
   */
  presume(purpose: string, operator: string, now?: number | Date): Outcome {
    return this.#act('presume', purpose, { policy_hash: this.policy.hash, entity_id: operator }, now);
  }

  refuse(purpose: string, now?: number | Date): Outcome {
    return this.#act('refuse', purpose, {}, now);
  }

  /** Needs neither network nor reason, and always works. */
  withdraw(purpose: string, now?: number | Date): Outcome {
    return this.#act('withdraw', purpose, {}, now);
  }

  /** Ends consent for the controller, a guardian or an authority, which `entity` names. */
  revoke(purpose: string, entity: string, now?: number | Date): Outcome {
    return this.#act('revoke', purpose, { entity_id: entity }, now);
  }

  /** A defect was found in how consent was obtained. */
  invalidate(purpose: string, now?: number | Date): Outcome {
    return this.#act('invalidate', purpose, {}, now);
  }

  /** Ends everything for good: under this id nothing can be given again. */
  eraseSubject(now?: number | Date): Outcome {
    return this.#apply({ type: 'erase_subject' }, now);
  }

  /** Circumstances that changed; the others stay. */
  setContext(context: ConsentContext, now?: number | Date): Outcome {
    return this.#apply({ type: 'context', ...context }, now);
  }

  /** Writes down what time has ended. */
  tick(now?: number | Date): Outcome {
    return this.#apply({ type: 'tick' }, now);
  }

  /** The stored state cannot be read: nothing is permitted until it can. */
  loadFailed(now?: number | Date): Outcome {
    return this.#apply({ type: 'load_failed' }, now);
  }

  restored(now?: number | Date): Outcome {
    return this.#apply({ type: 'restored' }, now);
  }

  /** Puts another version of the policy in force, once it is effective. */
  setPolicy(policy: Policy, now: number | Date = Date.now()): Outcome {
    const outcome = this.#change('sr_consent_set_policy', policy.handle, toSeconds(now));
    if (outcome.reason === 'given') this.#policy = policy;
    return outcome;
  }

  /**
   * Takes over what another tab wrote, or a store that came back. Of two records the one that continues the other counts;
   * where they have parted the later epoch, and at the same one what permits less.
   */
  merge(state: string | ConsentState): Outcome {
    return this.#change('sr_consent_merge', toJson(state));
  }

  /** The purposes to ask about: neither answered, nor, for as long as the region says, said no to. */
  toAsk(now: number | Date = Date.now()): string[] {
    return JSON.parse(decodeText(unwrap(this.#backend.call('sr_consent_to_ask', this.#handle, toSeconds(now)))));
  }

  /** The state to keep: canonical JSON. */
  save(): string {
    return decodeText(unwrap(this.#backend.call('sr_consent_save', this.#handle)));
  }

  /** The records as objects. */
  get state(): ConsentState {
    return JSON.parse(this.save());
  }

  #act(type: string, purpose: string, fields: object, now: number | Date | undefined): Outcome {
    return this.#apply({ type, purpose, record_id: crypto.randomUUID(), ...fields }, now);
  }

  #apply(event: object, now: number | Date = Date.now()): Outcome {
    return this.#change('sr_consent_apply', JSON.stringify(event), toSeconds(now));
  }

  #change(name: string, ...args: Argument[]): Outcome {
    this.#grants.clear();
    return JSON.parse(decodeText(unwrap(this.#backend.call(name, this.#handle, ...args))));
  }

  free(): void {
    this.#grants.clear();
    this.#backend.free('sr_consent_free', this.#handle);
  }
}

function readGrant(outcome: ReturnType<Backend['call']>): Standing | undefined {
  if (!(outcome instanceof Uint8Array)) return undefined;
  const epoch = u32(outcome, 0);
  const text = decodeText(outcome.subarray(4));
  return { epoch, recordId: text.slice(hashSize), noticeHash: text.slice(0, hashSize) };
}
