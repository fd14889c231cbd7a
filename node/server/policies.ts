/** Policies by content: every version that was ever shown stays readable, and none can be changed. */

import { createHash } from 'node:crypto';
import type { Policy, PolicyDocument } from '../../js/src/index.ts';
import type { Parts } from './parts.ts';
import { Refusal } from './refusal.ts';
import { addDuration } from './time.ts';

export interface PolicyVersion {
  hash: string;
  version: string;
  published: string;
  effective_date: string;
}

/** A change between two versions: a JSON pointer, and what stood there. */
export interface PolicyChange {
  path: string;
  from?: unknown;
  to?: unknown;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const contentHash = (bytes: Uint8Array | string): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

export class Policies {
  readonly #parts: Parts;
  readonly #grace: string;
  #known: Policy[] | undefined;

  /** `grace`: how long a change is public before it takes effect. */
  constructor(parts: Parts, grace = 'P14D') {
    this.#parts = parts;
    this.#grace = grace;
  }

  /** Adds a version with its texts by language, after checking each against its hash. The first one needs no grace. */
  async publish(document: PolicyDocument, texts: Record<string, string>): Promise<Policy> {
    const policy = this.#parts.subrosa.consent.parsePolicy(document);
    const others = await this.#all();
    const earliest = addDuration(Date.parse(document.published), this.#grace);
    if (others.length > 0 && Date.parse(document.effective_date) < earliest) throw new Refusal(422, 'grace_too_short');
    for (const { language, content_hash } of document.texts)
      if (texts[language] === undefined || contentHash(texts[language]) !== content_hash) throw new Refusal(422, 'text_differs');
    const { now, subrosa, log } = this.#parts;
    await log.commit(async (tx) => {
      const created = now();
      await tx.put({ kind: 'policy', id: policy.hash, created, body: encoder.encode(subrosa.audit.canonicalize(document)) });
      for (const { language, content_hash } of document.texts)
        await tx.put({ kind: 'policy_text', id: content_hash, class: language, created, body: encoder.encode(texts[language]) });
      const object = { type: 'Policy', id: document.version, hash: policy.hash };
      return [{ actor: { role: 'dpv:DataController' }, action: 'dpv:Notice', outcome: 'ok', object, policy_hash: policy.hash }];
    });
    this.#known = undefined;
    return policy;
  }

  /** The version in force: of those that have taken effect, the one that did last. */
  async current(): Promise<Policy> {
    const now = this.#parts.now();
    const inForce = (await this.#all()).filter((policy) => Date.parse(policy.document.effective_date) <= now);
    const last = inForce.at(-1);
    if (!last) throw new Refusal(503, 'no_policy');
    return last;
  }

  /** Every version, from the first. */
  async history(): Promise<PolicyVersion[]> {
    return (await this.#all()).map(({ hash, document: { version, published, effective_date } }) => ({
      hash,
      version,
      published,
      effective_date,
    }));
  }

  async get(hash: string): Promise<Policy> {
    const found = (await this.#all()).find((policy) => policy.hash === hash);
    if (!found) throw new Refusal(404, 'unknown_policy');
    return found;
  }

  /** A version's text in a language, after checking it against the hash that the document has. */
  async text(hash: string, language: string): Promise<string> {
    const entry = (await this.get(hash)).document.texts.find((text) => text.language === language);
    if (!entry) throw new Refusal(404, 'unknown_language');
    const row = await this.#parts.store.transaction((tx) => tx.get('policy_text', entry.content_hash));
    if (!row || contentHash(row.body) !== entry.content_hash) throw new Refusal(500, 'policy_text_changed');
    return decoder.decode(row.body);
  }

  async diff(from: string, to: string): Promise<PolicyChange[]> {
    const [older, newer] = [await this.get(from), await this.get(to)];
    return differences(older.document, newer.document, '');
  }

  /** By effective date. What was changed in the database is refused, all of it. */
  async #all(): Promise<Policy[]> {
    this.#known ??= await this.#load();
    return this.#known;
  }

  async #load(): Promise<Policy[]> {
    const rows = await this.#parts.store.transaction((tx) => tx.find({ kind: 'policy' }));
    const policies = rows.map(({ id, body }) => {
      const policy = this.#parts.subrosa.consent.parsePolicy(decoder.decode(body));
      if (policy.hash !== id) throw new Refusal(500, 'policy_changed');
      return policy;
    });
    return policies.sort((a, b) => Date.parse(a.document.effective_date) - Date.parse(b.document.effective_date));
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Objects and arrays by key; array elements that have an id by that, so that one which moved did not change. */
function differences(from: unknown, to: unknown, path: string): PolicyChange[] {
  if (!isObject(from) || !isObject(to)) return from === to ? [] : [{ path, from, to }];
  const [older, newer] = [byId(from), byId(to)];
  const keys = [...new Set([...Object.keys(older), ...Object.keys(newer)])];
  return keys.flatMap((key) => differences(older[key], newer[key], `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`));
}

function byId(value: Record<string, unknown>): Record<string, unknown> {
  if (!Array.isArray(value)) return value;
  return Object.fromEntries(value.map((item, index) => [item?.id ?? item?.party_id ?? item?.language ?? index, item]));
}
