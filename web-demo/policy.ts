/** The demo's policy in its two versions, with the notices that people read. */

import { readFile } from 'node:fs/promises';
import type { PolicyDocument, PolicyPurpose } from 'subrosa';
import { contentHash, type SubrosaServer } from 'subrosa/server';

/** The one who answers, and whom the page seals to. */
export const controller = 'demo';
const text = { pii_type: 'text', pii_optional: false, sensitive_pii_category: false };
const voice = { pii_type: 'voice', pii_optional: true, sensitive_pii_category: false };

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
    pii_information: [text],
    processing_method: ['dpv:Collect'],
    storage_locations: ['DE'],
    retention_period: { duration: 'P30D', basis: 'dpv:StorageDuration' },
    validity_duration: 'P12M',
    withdrawal_method: 'in-widget',
    ...rest,
  };
}

const chat = purpose('chat', 'essential', { en: 'Answer my messages', zh: '回答我的消息' }, { pii_information: [text, voice] });
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

interface Version {
  /** Its notices are `<stem>.<language>.txt`. */
  stem: string;
  document: Omit<PolicyDocument, 'texts' | 'supersedes'>;
}

/** From the first. */
const versions: Version[] = [
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

const day = 86_400_000;
const dateOf = (time: number): string => `${new Date(time).toISOString().slice(0, 10)}T00:00:00Z`;

/** What an operator publishes next: it takes effect once everyone has had time to hear of it. */
const nextVersion = (now: number): Version => ({
  stem: 'notice-1.2.0',
  document: {
    ...structuredClone(versions[1]!.document),
    version: '1.2.0',
    published: dateOf(now),
    effective_date: dateOf(now + 16 * day),
    change: {
      kind: 'material',
      summary: {
        en: 'Texts that improve the assistant may also be stored in France. If you do nothing, they are no longer taken.',
        zh: '用于改进助手的文字今后也可能存储在法国。如果您不作答复，将不再收集这些文字。',
      },
      affects: ['improve'],
    },
    purposes: [chat, { ...improve, storage_locations: ['DE', 'FR'] }, research],
  },
});

/** The certificate that the policy names, as its issuer wrote it. */
async function certificate(
  folder: URL,
): Promise<{ name: string; document: Buffer; named: NonNullable<PolicyDocument['codes_of_conduct']> }> {
  const name = 'Example Privacy Seal';
  const document = await readFile(new URL('certificate.txt', folder));
  const named = [{ type: 'dpv:Certification', name, valid_until: '2027-12-31T23:59:59Z', doc_hash: contentHash(document) }];
  return { name, document, named };
}

/** Publishes the versions that the server does not have yet. */
export async function publishPolicies({ policies, certificates }: SubrosaServer, folder: URL): Promise<void> {
  const { name, document: bytes, named } = await certificate(folder);
  await certificates.add(name, bytes);
  const known = await policies.history();
  let supersedes: string | undefined;
  for (const { stem, document } of versions) {
    const published = known.find(({ version }) => version === document.version);
    const rest = { ...(supersedes && { supersedes, codes_of_conduct: named }) };
    supersedes = published?.hash ?? (await publish(policies, folder, stem, { ...document, ...rest }));
  }
}

/** Publishes the next version, once; gives its hash. */
export async function publishNext({ policies, parts }: SubrosaServer, folder: URL): Promise<string> {
  const { stem, document } = nextVersion(parts.now());
  const history = await policies.history();
  const published = history.find(({ version }) => version === document.version);
  const { named } = await certificate(folder);
  return published?.hash ?? publish(policies, folder, stem, { ...document, supersedes: history.at(-1)!.hash, codes_of_conduct: named });
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
    texts.push({ language, content_hash: contentHash(notice), uri });
  }
  return (await policies.publish({ ...document, texts }, notices)).hash;
}
