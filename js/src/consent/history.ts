/** Every version of a policy, each under its content address. */

import type { Policy } from './session.ts';
import type { ConsentState } from './types.ts';

/** As policies, certificates and the log name content: by its SHA-256. */
export async function contentHash(bytes: BufferSource): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return `sha256:${Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** The hashes of the versions under which this person gave consent; what an operator presumed is none of theirs. */
export function acceptedHashes({ records }: ConsentState): Set<string | undefined> {
  const events = records.flatMap((record) => record.events);
  const gives = events.filter((event) => 'indication_method' in event && event.indication_method !== 'opt_out_default');
  return new Set(gives.map((event) => (event.privacy_notice as { policy_hash?: string } | undefined)?.policy_hash));
}

export class PolicyHistory {
  readonly #versions = new Map<string, Policy>();

  /** Adds a version; one that names a predecessor must follow it, so that nothing is left out. */
  add(policy: Policy): void {
    const { supersedes } = policy.document;
    if (supersedes && !this.#versions.has(supersedes)) throw new Error(`the version that ${policy.hash} supersedes is missing`);
    this.#versions.set(policy.hash, policy);
  }

  /** All versions, the oldest first. */
  get versions(): readonly Policy[] {
    return [...this.#versions.values()].sort((a, b) => (a.document.effective_date < b.document.effective_date ? -1 : 1));
  }

  /** The version of a hash: the one that a record or receipt names, whenever it was. */
  find(hash: string): Policy | undefined {
    return this.#versions.get(hash);
  }

  /** The version in force. */
  active(now: number | Date = Date.now()): Policy | undefined {
    const time = `${new Date(now).toISOString().slice(0, 19)}Z`;
    return this.versions.filter((policy) => policy.document.effective_date <= time).at(-1);
  }

  /** Whether bytes are the text that a version has in a language: one changed byte is another text. */
  static async isText(policy: Policy, language: string, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
    const hash = await contentHash(bytes);
    return policy.document.texts.some((text) => text.language === language && text.content_hash === hash);
  }
}
