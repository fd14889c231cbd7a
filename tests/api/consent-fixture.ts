/** A policy and a state for the consent tests. */

import type { ConsentState, PolicyDocument, PolicyPurpose } from './api.ts';

export const now = Date.parse('2026-03-31T12:00:00Z');

const purpose = (id: string, rest: Partial<PolicyPurpose>): PolicyPurpose => ({
  id,
  purpose: { en: `Purpose ${id}`, zh: `目的 ${id}` },
  purpose_type: 'dpv:ServiceProvision',
  lawful_basis: 'dpv:ExpressedConsent',
  class: 'improve',
  pii_information: [{ pii_type: 'text', pii_optional: false, sensitive_pii_category: false }],
  processing_method: ['dpv:Store'],
  storage_locations: ['DE'],
  retention_period: { duration: 'P90D', basis: 'dpv:StorageDuration' },
  validity_duration: 'P12M',
  withdrawal_method: 'in-widget',
  ...rest,
});

/** Four purposes: chat (essential, two kinds of data), improve, share (a third party), keep (long retention). */
export function policyDocument(): PolicyDocument {
  const hash = `sha256:${'01'.repeat(32)}`;
  return {
    schema_version: 'subrosa-policy/1',
    policy_id: 'chat',
    version: '1.0.0',
    published: '2026-01-01T00:00:00Z',
    effective_date: '2026-02-01T00:00:00Z',
    texts: [
      { language: 'en', content_hash: hash, uri: 'policy/1.en.html' },
      { language: 'zh', content_hash: hash, uri: 'policy/1.zh.html' },
    ],
    pii_controllers: [
      { party_id: 'ctl', party_name: 'Example', party_contact: 'mailto:dpo@example.org', party_role: 'dpv:DataController' },
    ],
    parties: [
      { party_id: 'host', party_name: 'Hosting', party_role: 'dpv:DataProcessor', jurisdiction: 'DE' },
      { party_id: 'lab', party_name: 'Research', party_role: 'dpv:ThirdParty', jurisdiction: 'US' },
    ],
    purposes: [
      purpose('chat', {
        class: 'essential',
        pii_information: [
          { pii_type: 'text', pii_optional: false, sensitive_pii_category: false },
          { pii_type: 'voice', pii_optional: true, sensitive_pii_category: false },
        ],
        recipient_third_parties: ['host'],
      }),
      purpose('improve', {}),
      purpose('share', { class: 'share', kind: ['separate'], recipient_third_parties: ['lab'] }),
      purpose('keep', { class: 'retain', retention_period: { duration: 'P3Y', basis: 'dpv:StorageDuration' } }),
    ],
    privacy_rights: ['eu-gdpr:A7-3', 'eu-gdpr:A17'],
    authority_party: { party_name: 'Authority', party_url: 'https://authority.example' },
  };
}

export function stateOf(records: ConsentState['records'] = []): ConsentState {
  return { schema_version: 'subrosa-consent/1', pii_principal_id: 'person-1', last_seen: '2026-03-01T00:00:00Z', erased: false, records };
}
