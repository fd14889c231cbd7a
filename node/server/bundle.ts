/** All that is held of a person: what an access request answers, and another system imports. */

import type { ConsentState } from '../../js/src/index.ts';
import type { Receipt } from './consents.ts';
import type { ProvedEntry } from './log.ts';
import type { Item } from './receiver.ts';
import { Refusal } from './refusal.ts';
import type { RightsRequest } from './rights.ts';
import { any, count, listOf, matching, optional, shape, text } from './shape.ts';

export interface AccessBundle {
  schema_version: 'subrosa-access/1';
  subject: string;
  generated: string;
  data: Item[];
  consent: ConsentState | undefined;
  purposes: unknown[];
  recipients: string[];
  disclosures: { recipient: string; time: string; purpose: string }[];
  requests: RightsRequest[];
  /** One for each consent record, with the proof of its last event. */
  receipts: Receipt[];
  /** What the person was told: of a legal request, of a new policy. */
  notices: { id: string; [key: string]: unknown }[];
  log: { key: string; entries: ProvedEntry[] };
}

const hash = matching(/^sha256:[0-9a-f]{64}$/);
const time = matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);

const item = shape({
  id: text,
  subject: text,
  created: count,
  due: count,
  text,
  purpose: text,
  piiType: text,
  recordId: text,
  policyHash: hash,
  baseDue: count,
  keptFor: optional(text),
  residual: count,
  version: count,
});
const proved = { index: count, entry: text, proof: text };
const receipt = shape({ schema_version: text, receipt_id: text, record: shape({}, true), record_hash: hash, log: shape(proved) });

const bundle = shape({
  schema_version: (value) => value === 'subrosa-access/1',
  subject: text,
  generated: time,
  data: listOf(item),
  consent: optional(shape({ pii_principal_id: text, records: listOf(shape({}, true)) }, true)),
  purposes: listOf(any),
  recipients: listOf(text),
  disclosures: listOf(shape({ recipient: text, time, purpose: text })),
  requests: listOf(shape({ subject_request_id: text, subject_request_type: text, status: text }, true)),
  receipts: listOf(receipt),
  notices: listOf(shape({ id: text }, true)),
  log: shape({ key: text, entries: listOf(shape(proved)) }),
});

/** What is a bundle, of one person alone; 422 bad_format otherwise. */
export function checkBundle(value: unknown): AccessBundle {
  if (!bundle(value)) throw new Refusal(422, 'bad_format');
  const { subject, data, consent } = value as AccessBundle;
  const isOfOne = data.every((one) => one.subject === subject) && (consent?.pii_principal_id ?? subject) === subject;
  if (!isOfOne) throw new Refusal(422, 'bad_format');
  return value as AccessBundle;
}
