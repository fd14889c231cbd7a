/** The shapes of consent: decisions, events, and the documents that docs/consent.md describes. */

import type { Reason } from '../../../build/generated/tables.ts';
import type { OperatorName } from '../redact.ts';

export type { Reason };

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

/** What a session is opened with. */
export interface SessionOptions {
  state: string | ConsentState;
  /** `collection_method` is kept in new records: the widget and its version, say. */
  context?: ConsentContext & { collection_method?: string };
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

/** What an event did. `reason` is "given" where it was done, else what refused it or "unchanged". */
export interface Outcome {
  reason: Reason;
  /** Purposes whose records changed: save. */
  changed: string[];
  /** Purposes with a new epoch: abort what is on its way, drop what is queued. */
  fenced: string[];
}

/** What may go to one recipient. */
export interface Grant {
  recipient: string;
  pii_types: string[];
}

/** How a person agreed. */
export interface GiveOptions {
  /** `accept_all` reaches only what its region lets be bundled. */
  method?: 'toggle+save' | 'accept_all';
  /** An act on this very choice; nothing was preselected. */
  deliberate: boolean;
  /** Parts of the matrix; without it all that the policy names for the purpose. */
  scope?: Grant[];
  /** A verified guardian acts for a minor. */
  guardian?: boolean;
  /** The person was asked once more, since Global Privacy Control is on. */
  gpcConfirmed?: boolean;
  now?: number | Date;
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
  /** Operators by entity or category; see Subrosa.policyRedactor. */
  redaction?: Record<string, OperatorName>;
  validity_duration: string;
  withdrawal_method: string;
  material_hash?: string;
}

/** Where the record's last event stands in the audit log, what the log says of it, and a proof. */
export interface ReceiptLog {
  index: number;
  /** The entry as it was logged: canonical JSON. */
  entry: string;
  proof: string;
}

/** A consent receipt in the shape of ISO/IEC TS 27560: it holds neither address nor user agent. */
export interface Receipt {
  schema_version: string;
  receipt_id: string;
  record: ConsentRecord;
  /** Of the record's canonical form, "sha256:...": by it whoever holds the record finds the receipt, and the other way. */
  record_hash: string;
  log?: ReceiptLog;
  sig: string;
}

export interface PolicySignature {
  policy_hash: string;
  key_id: string;
  sig: string;
}

/** Keys that may sign policies and the next list; public keys in hexadecimal. */
export interface KeyList {
  seq: number;
  keys: { key_id: string; public_key: string }[];
  /** The key of the list before that signed this one. */
  key_id: string;
  sig: string;
}
