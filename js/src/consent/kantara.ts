/** A record as a Kantara Initiative Consent Receipt, version 1.1. */

import type { Policy } from './session.ts';
import type { ConsentRecord } from './types.ts';

export interface KantaraReceipt {
  version: 'KI-CR-v1.1.0';
  jurisdiction: string;
  consentTimestamp: number;
  collectionMethod: string;
  consentReceiptID: string;
  language: string;
  piiPrincipalId: string;
  piiControllers: { piiController: string; contact: string }[];
  policyUrl: string;
  services: { service: string; purposes: KantaraPurpose[] }[];
  sensitive: boolean;
  spiCat: string[];
}

export interface KantaraPurpose {
  purpose: string;
  purposeCategory: string[];
  consentType: 'EXPLICIT' | 'IMPLICIT';
  piiCategory: string[];
  primaryPurpose: boolean;
  termination: string;
  thirdPartyDisclosure: boolean;
  thirdPartyName?: string;
}

/** The last act of giving in a record as a receipt; undefined where nothing was ever given. `policy`: the one it was given to. */
export function toKantara(record: ConsentRecord, policy: Policy, receiptId: string): KantaraReceipt | undefined {
  const given = record.events.filter((event) => 'indication_method' in event).at(-1);
  const purpose = policy.document.purposes.find((entry) => entry.id === record.purpose);
  const notice = given?.privacy_notice as { policy_hash: string; language: string } | undefined;
  if (!given || !purpose || notice?.policy_hash !== policy.hash) return undefined;
  const scope = given.scope as { recipient: string; pii_types: string[] }[];
  const controllers = policy.document.pii_controllers;
  const others = (policy.document.parties ?? []).filter((party) => scope.some((grant) => grant.recipient === party.party_id));
  const types = [...new Set(scope.flatMap((grant) => grant.pii_types))];
  const sensitive = purpose.pii_information.filter((pii) => pii.sensitive_pii_category && types.includes(pii.pii_type));
  return {
    version: 'KI-CR-v1.1.0',
    jurisdiction: String(record.jurisdiction),
    consentTimestamp: Date.parse(given.event_time) / 1000,
    collectionMethod: String(record.collection_method),
    consentReceiptID: receiptId,
    language: notice.language,
    piiPrincipalId: record.pii_principal_id,
    piiControllers: controllers.map((party) => ({ piiController: party.party_name, contact: party.party_contact ?? '' })),
    policyUrl: policy.document.texts.find((text) => text.language === notice.language)?.uri ?? '',
    services: [
      {
        service: policy.document.policy_id,
        purposes: [
          {
            purpose: purpose.purpose[notice.language] ?? purpose.id,
            purposeCategory: [purpose.purpose_type],
            consentType: given.event_type === 'dpv:ImpliedConsent' ? 'IMPLICIT' : 'EXPLICIT',
            piiCategory: types,
            primaryPurpose: purpose.class === 'essential',
            termination: purpose.retention_period.duration,
            thirdPartyDisclosure: others.length > 0,
            ...(others.length > 0 && { thirdPartyName: others.map((party) => party.party_name).join(', ') }),
          },
        ],
      },
    ],
    sensitive: sensitive.length > 0,
    spiCat: sensitive.map((pii) => pii.pii_type),
  };
}
