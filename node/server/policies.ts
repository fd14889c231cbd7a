/** Policies by content: every version that was ever shown stays readable, and none can be changed. */

import { createHash } from 'node:crypto';
import { type Policy, type PolicyDiff, type PolicyDocument, PolicyHistory, policyDiff } from '../../js/src/index.ts';
import type { Parts } from './parts.ts';
import { Refusal } from './refusal.ts';
import { addDuration } from './time.ts';

export interface PolicyVersion {
  hash: string;
  version: string;
  published: string;
  effective_date: string;
}

/** Milliseconds after which another process's new version is seen; a change is public for days before it takes effect. */
const reloadAfter = 10_000;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const contentHash = (bytes: Uint8Array | string): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

export class Policies {
  readonly #parts: Parts;
  readonly #grace: string;
  #known: PolicyHistory | undefined;
  #loaded = Number.NEGATIVE_INFINITY;

  /** `grace`: how long a change is public before it takes effect. */
  constructor(parts: Parts, grace = 'P14D') {
    this.#parts = parts;
    this.#grace = grace;
  }

  /** Adds a version with its texts by language, after checking each against its hash. The first one needs no grace. */
  async publish(document: PolicyDocument, texts: Record<string, string>): Promise<Policy> {
    const policy = this.#parts.subrosa.consent.parsePolicy(document);
    await this.#requireGrace(document);
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
    this.#loaded = Number.NEGATIVE_INFINITY;
    return policy;
  }

  /** Counted from the day of publication, and from now where anyone has been asked: nobody is told too late of what is dated back. */
  async #requireGrace({ published, effective_date }: PolicyDocument): Promise<void> {
    const { store, now } = this.#parts;
    if ((await this.#all()).versions.length === 0) return;
    const isAsked = (await store.transaction((tx) => tx.count({ kind: 'consent' }))) > 0;
    const from = Math.max(Date.parse(published), isAsked ? now() : 0);
    if (Date.parse(effective_date) < addDuration(from, this.#grace)) throw new Refusal(422, 'grace_too_short');
  }

  /** The version in force: of those that have taken effect, the one that did last. */
  async current(): Promise<Policy> {
    const policy = (await this.#all()).active(this.#parts.now());
    if (!policy) throw new Refusal(503, 'no_policy');
    return policy;
  }

  /** Every version, from the first. */
  async history(): Promise<PolicyVersion[]> {
    return (await this.#all()).versions.map(({ hash, document: { version, published, effective_date } }) => ({
      hash,
      version,
      published,
      effective_date,
    }));
  }

  async get(hash: string): Promise<Policy> {
    const found = (await this.#all()).find(hash);
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

  async diff(from: string, to: string): Promise<PolicyDiff> {
    return policyDiff(await this.get(from), await this.get(to));
  }

  /** What was changed in the database is refused, all of it. */
  async #all(): Promise<PolicyHistory> {
    const now = this.#parts.now();
    if (!this.#known || now > this.#loaded + reloadAfter) {
      this.#known = await this.#load();
      this.#loaded = now;
    }
    return this.#known;
  }

  async #load(): Promise<PolicyHistory> {
    const rows = await this.#parts.store.transaction((tx) => tx.find({ kind: 'policy' }));
    const policies = rows.map(({ id, body }) => {
      const known = this.#known?.find(id);
      if (known && contentHash(body) === id) return known;
      const policy = this.#parts.subrosa.consent.parsePolicy(decoder.decode(body));
      if (policy.hash !== id) throw new Refusal(500, 'policy_changed');
      return policy;
    });
    const history = new PolicyHistory();
    for (const policy of policies.sort((a, b) => Date.parse(a.document.effective_date) - Date.parse(b.document.effective_date)))
      history.add(policy);
    return history;
  }
}
