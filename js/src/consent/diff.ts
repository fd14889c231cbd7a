/** What changed between two versions of a policy: as data, and in words. */

import type { Policy } from './session.ts';
import type { ConsentState, PolicyDocument, PolicyPurpose } from './types.ts';

/** One field of a purpose, or of the document where `purpose` is absent. */
export interface PolicyChange {
  purpose?: string;
  /** A key of the document; "purpose" itself where one came or went. */
  field: string;
  before?: unknown;
  after?: unknown;
}

export interface PolicyDiff {
  changes: PolicyChange[];
  /** Purposes that must be asked again: those that changed in substance, and new ones. */
  material: string[];
  /** For whom: a new purpose concerns everyone, another those who had agreed to it. */
  audience: { purpose: string; who: 'everyone' | 'consenting' }[];
}

const ignored = new Set(['schema_version', 'purposes', 'change', 'supersedes', 'material_hash']);

const isEqual = (a: unknown, b: unknown): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

/** Keys in order, so that equal values have equal text. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]));
}

function fieldChanges(before: object, after: object, purpose?: string): PolicyChange[] {
  const old = before as Record<string, unknown>;
  const now = after as Record<string, unknown>;
  const fields = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter((field) => !ignored.has(field)).sort();
  return fields
    .filter((field) => !isEqual(old[field], now[field]))
    .map((field) => ({ ...(purpose && { purpose }), field, before: old[field], after: now[field] }));
}

/** Compares two versions. What is material is decided by the hashes that the core worked out. */
export function policyDiff(before: Policy, after: Policy): PolicyDiff {
  const changes = fieldChanges(before.document, after.document);
  const find = (document: PolicyDocument, id: string): PolicyPurpose | undefined => document.purposes.find((entry) => entry.id === id);
  for (const { id } of before.document.purposes)
    if (!find(after.document, id)) changes.push({ purpose: id, field: 'purpose', before: find(before.document, id) });
  for (const purpose of after.document.purposes) {
    const old = find(before.document, purpose.id);
    if (old) changes.push(...fieldChanges(old, purpose, purpose.id));
    else changes.push({ purpose: purpose.id, field: 'purpose', after: purpose });
  }
  const hashes = new Map(before.purposes.map((facts) => [facts.id, facts.material_hash]));
  const material = after.purposes.filter((facts) => hashes.get(facts.id) !== facts.material_hash).map((facts) => facts.id);
  const audience = material.map((id) => ({ purpose: id, who: hashes.has(id) ? ('consenting' as const) : ('everyone' as const) }));
  return { changes, material, audience };
}

const consenting = new Set(['dpv:ConsentGiven', 'dpv:RenewedConsentGiven']);

/** The purposes whose change is material for one person, by their state under the policy before. */
export function materialFor(diff: PolicyDiff, { records }: ConsentState): string[] {
  const agreed = records.filter(({ events }) => consenting.has(events.at(-1)?.event_state ?? '')).map((record) => record.purpose);
  return diff.audience.filter(({ purpose, who }) => who === 'everyone' || agreed.includes(purpose)).map(({ purpose }) => purpose);
}

const fieldNames: Record<string, { en: string; zh: string }> = {
  version: { en: 'version', zh: '版本' },
  published: { en: 'date of publication', zh: '发布日期' },
  effective_date: { en: 'effective date', zh: '生效日期' },
  texts: { en: 'text of the policy', zh: '政策文本' },
  pii_controllers: { en: 'controllers', zh: '个人信息处理者' },
  parties: { en: 'parties', zh: '相关方' },
  privacy_rights: { en: 'rights', zh: '权利' },
  authority_party: { en: 'authority', zh: '监管机构' },
  codes_of_conduct: { en: 'certificates', zh: '认证' },
  purpose: { en: 'description', zh: '说明' },
  purpose_type: { en: 'kind of purpose', zh: '目的类型' },
  lawful_basis: { en: 'legal basis', zh: '法律依据' },
  kind: { en: 'kinds of consent', zh: '同意类型' },
  class: { en: 'class', zh: '类别' },
  pii_information: { en: 'data', zh: '数据' },
  processing_method: { en: 'processing', zh: '处理方式' },
  recipient_third_parties: { en: 'recipients', zh: '接收方' },
  storage_locations: { en: 'places of storage', zh: '存储地点' },
  geographic_restrictions: { en: 'geographic limits', zh: '地域限制' },
  retention_period: { en: 'time of retention', zh: '保存期限' },
  redaction: { en: 'redaction', zh: '脱敏方式' },
  validity_duration: { en: 'validity of consent', zh: '同意有效期' },
  withdrawal_method: { en: 'way to withdraw', zh: '撤回方式' },
};

function inWords(value: unknown): string {
  if (Array.isArray(value)) return value.map(inWords).join(', ') || '-';
  if (typeof value === 'object' && value !== null) return Object.values(value).map(inWords).join(' / ');
  return value === undefined ? '-' : String(value);
}

/** A diff as sentences: one a change, then one for each purpose that must be asked again, and of whom. */
export function diffInWords(diff: PolicyDiff, after: Policy, language: 'en' | 'zh' = 'en'): string[] {
  const titleOf = (id: string): string => {
    const title = after.document.purposes.find((purpose) => purpose.id === id)?.purpose;
    return title?.[language] ?? title?.en ?? id;
  };
  const isZh = language === 'zh';
  const changes = diff.changes.map(({ purpose, field, before, after: now }) => {
    const subject = purpose ? titleOf(purpose) : isZh ? '隐私政策' : 'Policy';
    if (purpose && field === 'purpose' && before === undefined) return isZh ? `新增目的：${subject}` : `New purpose: ${subject}`;
    if (purpose && field === 'purpose' && now === undefined) return isZh ? `删除目的：${subject}` : `Purpose dropped: ${subject}`;
    const name = fieldNames[field]?.[language] ?? field;
    return isZh
      ? `${subject}：${name}由“${inWords(before)}”改为“${inWords(now)}”`
      : `${subject}: ${name}, before: ${inWords(before)}; now: ${inWords(now)}`;
  });
  const asked = diff.audience.map(({ purpose, who }) => {
    const subject = titleOf(purpose);
    if (who === 'everyone') return isZh ? `${subject}：将征求每个人的同意` : `${subject}: everyone is asked`;
    return isZh ? `${subject}：已同意的人将被重新征求同意` : `${subject}: whoever agreed to it is asked again`;
  });
  return [...changes, ...asked];
}
