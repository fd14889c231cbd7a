/** The demo's policy in its two versions, with the notices that people read. */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { PolicyDocument, PolicyPurpose } from 'subrosa';
import type { SubrosaServer } from 'subrosa/server';

/** The one who answers, and whom the page seals to. */
export const controller = 'demo';
/** A third party, which gets texts of those who allow it. */
const laboratory = 'lab';

const languages = ['en', 'zh'] as const;

function purpose(
  id: string,
  level: PolicyPurpose['class'],
  texts: PolicyPurpose['purpose'],
  rest: Partial<PolicyPurpose> = {},
): PolicyPurpose {
  return {
    id,
    purpose: texts,
    purpose_type: 'dpv:ServiceProvision',
    lawful_basis: 'dpv:ExpressedConsent',
    class: level,
    pii_information: [{ pii_type: 'text', pii_optional: false, sensitive_pii_category: false }],
    processing_method: ['dpv:Collect'],
    storage_locations: ['DE'],
    retention_period: { duration: 'P30D', basis: 'dpv:StorageDuration' },
    validity_duration: 'P12M',
    withdrawal_method: 'in-widget',
    ...rest,
  };
}

const chat = purpose('chat', 'essential', { en: 'Answer my messages', zh: '回答我的消息' });
const improve = purpose('improve', 'improve', { en: 'Improve the assistant', zh: '改进助手' });
const research = purpose(
  'research',
  'share',
  { en: 'Share with researchers, anonymised', zh: '匿名化后与研究机构共享' },
  {
    kind: ['separate'],
    processing_method: ['dpv:Anonymise', 'dpv:DiscloseByTransmission'],
    recipient_third_parties: [laboratory],
  },
);

const common = {
  schema_version: 'subrosa-policy/1',
  policy_id: 'demo',
  pii_controllers: [
    { party_id: controller, party_name: 'Subrosa demo', party_contact: 'mailto:demo@example.org', party_role: 'dpv:DataController' },
  ],
  privacy_rights: ['eu-gdpr:A7-3', 'eu-gdpr:A15', 'eu-gdpr:A16', 'eu-gdpr:A17', 'eu-gdpr:A20', 'eu-gdpr:A77'],
  authority_party: { party_name: 'Data protection authority', party_url: 'https://authority.example' },
} as const satisfies Partial<PolicyDocument>;

/** From the first; each names its notices `<stem>.<language>.txt`. */
const versions: { stem: string; document: Omit<PolicyDocument, 'texts' | 'supersedes'> }[] = [
  {
    stem: 'notice-1.0.0',
    document: {
      ...structuredClone(common),
      version: '1.0.0',
      published: '2025-09-01T00:00:00Z',
      effective_date: '2025-09-01T00:00:00Z',
      purposes: [{ ...chat, retention_period: { duration: 'P90D', basis: 'dpv:StorageDuration' } }, improve],
    },
  },
  {
    stem: 'notice',
    document: {
      ...structuredClone(common),
      version: '1.1.0',
      published: '2025-12-01T00:00:00Z',
      effective_date: '2026-01-01T00:00:00Z',
      change: {
        kind: 'material',
        summary: {
          en: 'Messages are kept for 30 days instead of 90. New, and only if you say so: anonymised texts for researchers.',
          zh: '消息由保留 90 天改为 30 天。新增：经您同意，向研究机构提供匿名化文本。',
        },
        affects: ['chat', 'research'],
      },
      parties: [{ party_id: laboratory, party_name: 'Example Laboratory', party_role: 'dpv:ThirdParty', jurisdiction: 'DE' }],
      purposes: [chat, improve, research],
    },
  },
];

/** Publishes the versions that the server does not have yet. */
export async function publishPolicies({ policies }: SubrosaServer, folder: URL): Promise<void> {
  const known = await policies.history();
  let supersedes: string | undefined;
  for (const { stem, document } of versions) {
    const published = known.find(({ version }) => version === document.version);
    supersedes = published?.hash ?? (await publish(policies, folder, stem, { ...document, ...(supersedes && { supersedes }) }));
  }
}

async function publish(
  policies: SubrosaServer['policies'],
  folder: URL,
  stem: string,
  document: Omit<PolicyDocument, 'texts'>,
): Promise<string> {
  const notices: Record<string, string> = {};
  const texts: PolicyDocument['texts'] = [];
  for (const language of languages) {
    const uri = `${stem}.${language}.txt`;
    const notice = await readFile(new URL(uri, folder), 'utf8');
    notices[language] = notice;
    texts.push({ language, content_hash: `sha256:${createHash('sha256').update(notice).digest('hex')}`, uri });
  }
  return (await policies.publish({ ...document, texts }, notices)).hash;
}
