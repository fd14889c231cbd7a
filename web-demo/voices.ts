/** Voice messages as they came, sealed, in memory: each for the one who sent it, and gone with that consent. */

import { createHash } from 'node:crypto';
import { type Subrosa, SubrosaError, stripMetadata } from 'subrosa';
import { type DataHolder, Refusal, type SubrosaServer } from 'subrosa/server';
import type { KeyRing } from './key-ring.ts';
import { controller } from './policy.ts';

export const maxVoice = 1 << 20;
const maxVoices = 100;
const purpose = 'chat';

interface Voice {
  subject: string;
  sealed: Uint8Array;
}

export class Voices implements DataHolder {
  readonly name = 'voices';
  readonly #voices = new Map<string, Voice>();
  readonly #subrosa: Subrosa;
  readonly #keys: KeyRing;
  readonly #server: () => SubrosaServer;

  constructor(subrosa: Subrosa, keys: KeyRing, server: () => SubrosaServer) {
    this.#subrosa = subrosa;
    this.#keys = keys;
    this.#server = server;
  }

  /** Takes one that opens whole, under a consent that stands. */
  async take(sealed: Uint8Array): Promise<{ id: string; subject: string; saw: string }> {
    const { consents, log, parts } = this.#server();
    const { recordId, policyHash, epoch } = this.#subrosa.sealing.inspect(headerOf(sealed));
    const record = await parts.store.transaction((tx) => tx.get('record', recordId));
    if (!record) throw new Refusal(403, 'consent_required');
    const { subject } = record;
    const decision = await consents.decide(subject, { purpose, piiType: 'voice', recipient: controller });
    if (decision.verdict !== 'permit') throw new Refusal(403, 'consent_required', decision.reason);
    const isSame = recordId === decision.recordId && policyHash === decision.noticeHash && epoch === decision.epoch;
    if (!isSame) throw new Refusal(409, 'consent_stale');
    const size = await this.#look(sealed);
    const id = createHash('sha256').update(sealed).digest('hex');
    await log.append([
      {
        subject,
        actor: { role: 'dpv:DataSubject' },
        action: 'dpv:Store',
        outcome: 'ok',
        object: { type: 'Voice', id },
        purpose,
        policy_hash: policyHash,
      },
    ]);
    const [oldest] = this.#voices.keys();
    if (this.#voices.size >= maxVoices && oldest !== undefined) this.#voices.delete(oldest);
    this.#voices.set(id, { subject, sealed });
    return { id, subject, saw: `${size} bytes of WebM, without metadata` };
  }

  get(id: string): Voice | undefined {
    return this.#voices.get(id);
  }

  async count(subject: string): Promise<number> {
    return this.#idsOf(subject).length;
  }

  async erase(subject: string): Promise<void> {
    for (const id of this.#idsOf(subject)) this.#voices.delete(id);
  }

  /** Opens it to its end, piece by piece, and keeps none of it; refused with metadata that the page should have taken out. */
  async #look(sealed: Uint8Array): Promise<number> {
    const key = this.#keys.keyOf(this.#subrosa.sealing.inspect(headerOf(sealed)).kids);
    if (!key) throw new SubrosaError('not_authentic');
    const opened = new Blob([sealed as Uint8Array<ArrayBuffer>])
      .stream()
      .pipeThrough(this.#subrosa.sealing.openStream({ key, purpose }) as TransformStream);
    let size = 0;
    for await (const piece of opened as unknown as AsyncIterable<Uint8Array>) {
      const { format, removed, kept } = size === 0 ? stripMetadata(piece) : { format: 'webm', removed: [], kept: [] };
      if (format !== 'webm' || removed.length + kept.length > 0) throw new Refusal(422, 'metadata');
      size += piece.length;
    }
    return size;
  }

  #idsOf(subject: string): string[] {
    return [...this.#voices].filter(([, voice]) => voice.subject === subject).map(([id]) => id);
  }
}

/** A stream begins with its header's length. */
function headerOf(sealed: Uint8Array): Uint8Array {
  if (sealed.length < 4) throw new SubrosaError('not_authentic');
  return sealed.subarray(4, 4 + new DataView(sealed.buffer, sealed.byteOffset).getUint32(0));
}
