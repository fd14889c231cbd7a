/**
 * Certificates of the controller. The policy names each, until when it is valid, and the hash of its document
 * (`codes_of_conduct`); the document is kept here, and bound into the log by that hash.
 */

import type { ProvedEntry } from './log.ts';
import type { Parts } from './parts.ts';
import { contentHash, type Policies } from './policies.ts';
import { Refusal } from './refusal.ts';
import { fromBody, toBody } from './store/store.ts';

export interface CertificateOf {
  type: string;
  name: string;
  valid_until: string;
  doc_hash: string;
  /** The entry that binds the document, where it was added, and the proof of it. */
  log?: ProvedEntry;
}

interface Kept {
  index: number;
  document: string;
}

export class Certificates {
  readonly #parts: Parts;
  readonly #policies: Policies;

  constructor(parts: Parts, policies: Policies) {
    this.#parts = parts;
    this.#policies = policies;
  }

  /** Keeps a document and logs its hash, which it returns; one that is kept already is not logged again. */
  async add(name: string, document: Uint8Array): Promise<string> {
    const { log, now } = this.#parts;
    const hash = contentHash(document);
    await log.commit(async (tx, index) => {
      if (await tx.get('certificate', hash)) return [];
      const kept: Kept = { index, document: Buffer.from(document).toString('base64') };
      await tx.put({ kind: 'certificate', id: hash, class: name, created: now(), body: toBody(kept) });
      const object = { type: 'Certification', id: name, hash };
      return [{ actor: { role: 'dpv:DataController' }, action: 'dpv:Certification', outcome: 'ok', object }];
    });
    return hash;
  }

  /** Those that the policy in force names. */
  async list(): Promise<CertificateOf[]> {
    const { log } = this.#parts;
    const named = (await this.#policies.current()).document.codes_of_conduct ?? [];
    const all: CertificateOf[] = [];
    for (const certificate of named) {
      const kept = await this.#get(certificate.doc_hash);
      all.push({ ...certificate, ...(kept && { log: await log.proved(kept.index) }) });
    }
    return all;
  }

  /** A document, after checking it against its hash. */
  async document(hash: string): Promise<Uint8Array> {
    const kept = await this.#get(hash);
    if (!kept) throw new Refusal(404, 'unknown_certificate');
    const document = new Uint8Array(Buffer.from(kept.document, 'base64'));
    if (contentHash(document) !== hash) throw new Refusal(500, 'certificate_changed');
    return document;
  }

  async #get(hash: string): Promise<Kept | undefined> {
    const row = await this.#parts.store.transaction((tx) => tx.get('certificate', hash));
    return row && fromBody<Kept>(row);
  }
}
