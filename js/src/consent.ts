/**
 * Consent: policies, and the decision whether data of a type may go to a recipient for a purpose.
 *
 *   const policy = subrosa.consent.parsePolicy(document);
 *   const session = subrosa.consent.open(policy, { state, context: { region: 'DE', age: 'adult', storage: true } });
 *   if (session.decide('chat', 'text', 'ctl').verdict === 'permit') send(message);
 */

import { reasonTable } from '../../build/generated/tables.ts';
import { type Backend, decodeText, unwrap, unwrapNumber } from './backend.ts';

/** Why a decision is as it is; `reasonTable` has words for people. */
export type Reason = (typeof reasonTable)[number]['id'];

export type Verdict = 'permit' | 'hold' | 'deny';

/** The answer to one question; what is permitted is permitted under this record, epoch and notice alone. */
export interface Decision {
  /** `hold`: not yet asked or answered, and the person is there: keep the message in memory. */
  verdict: Verdict;
  reason: Reason;
  /** Goes up with every withdrawal; a payload of an earlier epoch must not leave. */
  epoch: number;
  /** Empty where there is no record. */
  recordId: string;
  /** The policy that consent was given to, else the one in force: "sha256:..." */
  noticeHash: string;
}

/** The circumstances; what is absent counts as the strictest. */
export interface ConsentContext {
  /** ISO 3166, "DE" or "US-CA". An unknown region has the strictest rules. */
  region?: string;
  /** As the host asserts it. */
  age?: 'unknown' | 'minor' | 'adult';
  /** A guardian was verified. */
  guardian?: boolean;
  /** Global Privacy Control is on. */
  gpc?: boolean;
  /** The stored state was read and is whole. */
  storage?: boolean;
  /** The person is in front of the widget. */
  present?: boolean;
}

/** The stored form of one person's consent; docs/consent.md describes the records. */
export interface ConsentState {
  schema_version: 'subrosa-consent/1';
  pii_principal_id: string;
  /** The latest moment known, "2026-04-02T08:00:00Z": setting a clock back revives nothing. */
  last_seen: string;
  erased: boolean;
  records: ConsentRecord[];
}

/** One purpose's record, in the terms of ISO/IEC TS 27560 and DPV. */
export interface ConsentRecord {
  schema_version: string;
  record_id: string;
  pii_principal_id: string;
  epoch: number;
  purpose: string;
  events: { seq: number; event_time: string; event_state: string; epoch: number; [key: string]: unknown }[];
  [key: string]: unknown;
}

/** What the core worked out of one purpose. */
export interface PurposeFacts {
  id: string;
  /** Covers all whose change needs a new choice. */
  material_hash: string;
  kinds: string[];
  /** Controllers and third parties. */
  recipients: string[];
}

const verdicts = ['deny', 'hold', 'permit'] as const;
const hashSize = 71;

/** Seconds since 1970, as the core counts; anything odd counts as the end of time, when no consent is valid. */
function toSeconds(now: number | Date): number {
  const seconds = Math.floor(Number(now) / 1000);
  return seconds >= 0 && seconds <= 0xffffffff ? seconds : 0xffffffff;
}

const toJson = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

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

/** Text in each of a policy's languages. */
export type Localized = Record<string, string>;

/** A policy document, schema subrosa-policy/1; docs/consent.md describes each field. */
export interface PolicyDocument {
  schema_version: 'subrosa-policy/1';
  policy_id: string;
  version: string;
  published: string;
  effective_date: string;
  supersedes?: string;
  change?: { kind: 'material' | 'editorial'; summary: Localized; affects?: string[] };
  texts: { language: string; content_hash: string; uri: string }[];
  pii_controllers: PolicyParty[];
  parties?: PolicyParty[];
  purposes: PolicyPurpose[];
  privacy_rights?: string[];
  authority_party?: { party_name: string; party_url: string };
  codes_of_conduct?: { type: string; name: string; valid_until: string; doc_hash: string }[];
}

export interface PolicyParty {
  party_id: string;
  party_name: string;
  party_contact?: string;
  party_role: 'dpv:DataController' | 'dpv:JointDataControllers' | 'dpv:DataProcessor' | 'dpv:ThirdParty';
  jurisdiction?: string;
}

export interface PolicyPurpose {
  id: string;
  purpose: Localized;
  purpose_type: string;
  lawful_basis: string;
  kind?: string[];
  class: 'essential' | 'experience' | 'improve' | 'legal' | 'share' | 'retain';
  pii_information: { pii_type: string; pii_optional: boolean; sensitive_pii_category: boolean }[];
  processing_method: string[];
  recipient_third_parties?: string[];
  storage_locations: string[];
  geographic_restrictions?: string[];
  retention_period: { duration: string; basis: string };
  validity_duration: string;
  withdrawal_method: string;
  material_hash?: string;
}

/** One person's consent under one policy, in memory. */
export class ConsentSession {
  readonly policy: Policy;
  readonly #backend: Backend;
  readonly #handle: number;

  /** @internal */
  constructor(backend: Backend, policy: Policy, state: string, context: string) {
    this.policy = policy;
    this.#backend = backend;
    this.#handle = unwrapNumber(backend.call('sr_consent_new', policy.handle, state, context));
  }

  /** @internal */
  get handle(): number {
    return this.#handle;
  }

  /** May data of this type go to this recipient for this purpose? Never throws: what fails is denied. */
  decide(purpose: string, piiType: string, recipient: string, now: number | Date = Date.now()): Decision {
    try {
      return readDecision(unwrap(this.#backend.call('sr_decide', this.#handle, purpose, piiType, recipient, toSeconds(now))));
    } catch {
      return { verdict: 'deny', reason: 'error', epoch: 0, recordId: '', noticeHash: this.policy.hash };
    }
  }

  free(): void {
    this.#backend.free('sr_consent_free', this.#handle);
  }
}

function readDecision(bytes: Uint8Array): Decision {
  const head = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = decodeText(bytes.subarray(12));
  return {
    verdict: verdicts[head.getUint32(0, true)] ?? 'deny',
    reason: reasonTable[head.getUint32(4, true)]?.id ?? 'error',
    epoch: head.getUint32(8, true),
    recordId: text.slice(hashSize),
    noticeHash: text.slice(0, hashSize),
  };
}

/** The consent part of the API: `subrosa.consent`. */
export class ConsentApi {
  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Checks a policy document. Throws a SubrosaError whose `where` is a JSON pointer to what is wrong. */
  parsePolicy(document: string | PolicyDocument): Policy {
    return new Policy(this.#backend, toJson(document));
  }

  /** A state with no record in it, for a person who was never asked. */
  emptyState(principalId: string, now: number | Date = Date.now()): ConsentState {
    return {
      schema_version: 'subrosa-consent/1',
      pii_principal_id: principalId,
      last_seen: `${new Date(now).toISOString().slice(0, 19)}Z`,
      erased: false,
      records: [],
    };
  }

  /** Opens one person's consent. Throws where the state is not one that the machine can have made. */
  open(policy: Policy, options: { state: string | ConsentState; context?: ConsentContext }): ConsentSession {
    return new ConsentSession(this.#backend, policy, toJson(options.state), JSON.stringify(options.context ?? {}));
  }
}
