/** From a sealed message to a kept one: consent, open, rescan, seal at rest, log, all before it is acknowledged. */

import { createHash } from 'node:crypto';
import type { Decision, EnvelopeHeader, OpenOptions, Policy, Scanner, SecretKey, Session } from '../../js/src/index.ts';
import { type Consents, type Ended, isGiven } from './consents.ts';
import type { Appended } from './log.ts';
import type { ItemFacts, Parts } from './parts.ts';
import type { Policies } from './policies.ts';
import { Refusal } from './refusal.ts';
import { shredLater } from './shredding.ts';
import type { Standing } from './standing.ts';
import { fromBody, type NewRow, type Row, type Transaction, toBody } from './store/store.ts';
import { addDuration, startOfDay } from './time.ts';
import { keyOf } from './vault.ts';

export interface Declared {
  /** What the data is to be used for; an envelope for another purpose does not open. */
  purpose: string;
  /** The kind of data, as the policy names it. */
  piiType: string;
  /** Global Privacy Control was on in this request. */
  gpc?: boolean;
}

export interface Received {
  id: string;
  /** How many pieces of personal data the rescan replaced that the page had let through. */
  residual: number;
  /** The entry in the log; absent for a message that was received before. */
  log?: { index: number; entry: string; proof: string };
}

export interface ReceiverOptions {
  /** The keys that messages are sealed to. */
  keys: readonly SecretKey[];
  /** The controller's party_id in the policy. */
  controller: string;
  /** What the rescan looks for; every rule without it. */
  scanner?: Scanner;
}

interface Conversation {
  session: Session;
  subject: string;
  header: EnvelopeHeader;
  declared: Declared;
}

/** What is known where something of a person's arrives. */
interface Arrival {
  subject: string;
  policy: Policy;
  standing: Standing;
  /** What came under the same id before, and whether its time is over. */
  known?: Row;
  isSpent: boolean;
}

/** Milliseconds in which a header is accepted, with the clocks' difference. */
const headerLifetime = 2 * 3_600_000;
const maxConversations = 10_000;

/** A stored item with its text. */
export interface Item extends ItemFacts {
  id: string;
  subject: string;
  created: number;
  due: number;
  text: string;
}

/** Sealed under another consent than the one that stands. */
class Stale extends Refusal {
  readonly subject: string;
  readonly decision: Decision;

  constructor(subject: string, decision: Decision) {
    super(409, 'consent_stale', decision.reason);
    this.subject = subject;
    this.decision = decision;
  }
}

export class Receiver {
  readonly #parts: Parts;
  readonly #consents: Consents;
  readonly #policies: Policies;
  readonly #options: ReceiverOptions;
  readonly #scanner: Scanner;
  readonly #keys = new Map<string, SecretKey>();
  readonly #conversations = new Map<string, Conversation>();

  constructor(parts: Parts, consents: Consents, policies: Policies, options: ReceiverOptions) {
    this.#parts = parts;
    this.#consents = consents;
    this.#policies = policies;
    this.#options = options;
    this.#scanner = options.scanner ?? parts.subrosa.scanner();
    for (const key of options.keys) this.addKey(key);
    consents.onEnded((tx, end) => this.#endStorage(tx, end));
  }

  /** One more key that messages may be sealed to: after a rotation, say. The others are still read. */
  addKey(key: SecretKey): void {
    this.#keys.set(this.#parts.subrosa.sealing.keyId(key.publicKey), key);
  }

  /** Takes a sealed message in. Throws a Refusal: 403 consent_required, 409 consent_stale, 400 not_authentic. */
  receive(envelope: Uint8Array, declared: Declared): Promise<Received> {
    return this.#counted(declared, () => this.#receive(envelope, declared));
  }

  async #counted<T>(declared: Declared, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Stale) await this.#logStale(declared, error);
      if (error instanceof Refusal) this.#parts.emit({ type: 'refused', purpose: declared.purpose, code: error.code });
      throw error;
    }
  }

  /** Opens a kept item for a purpose that it was given for, by name of who asks; logged. */
  async open(id: string, purpose: string, actor: string): Promise<Item> {
    const { store, log, emit } = this.#parts;
    const row = await store.transaction((tx) => tx.get('item', id));
    if (!row) throw new Refusal(404, 'unknown_item');
    const facts = fromBody<{ facts: ItemFacts }>(row).facts;
    if (facts.purpose !== purpose) {
      emit({ type: 'wrong_purpose', actor, purpose });
      throw new Refusal(403, 'wrong_purpose');
    }
    const { verdict, reason } = await this.#consents.decide(row.subject, { ...facts, recipient: this.#options.controller });
    if (verdict !== 'permit') throw new Refusal(403, 'consent_required', reason);
    const item = await readItem(this.#parts, row);
    const object = { type: 'Item', id };
    await log.append([
      { subject: row.subject, actor: { role: 'dpv:DataController', ref: actor }, action: 'dpv:Access', outcome: 'ok', object, purpose },
    ]);
    emit({ type: 'opened', actor, purpose });
    return item;
  }

  /**
   * Begins a sealed conversation from its header. Throws the same refusals as `receive`, and 409 replayed for a header that
   * was used before. Conversations live in memory: one that this process does not know is begun anew by the page.
   */
  begin(header: Uint8Array, declared: Declared): Promise<{ session: string }> {
    return this.#counted(declared, () => this.#begin(header, declared));
  }

  /** Takes a message of a conversation in, as `receive` does. 409 unknown_session for one that must be begun anew. */
  receiveIn(session: string, message: Uint8Array, gpc?: boolean): Promise<Received> {
    const open = this.#conversations.get(session);
    const declared = { purpose: '', piiType: '', ...open?.declared, ...(gpc === undefined ? {} : { gpc }) };
    return this.#counted(declared, async () => {
      if (!open) throw new Refusal(409, 'unknown_session');
      const id = createHash('sha256').update(session).update(message).digest('hex');
      const arrival = await this.#arrive(open.header, id);
      this.#permit(arrival, open.header, declared);
      return this.#take(id, arrival, open.header, declared, () => open.session.openText(message));
    });
  }

  /** Seals an answer in a conversation, while its consent stands. */
  async answer(session: string, text: string): Promise<Uint8Array> {
    const open = this.#conversations.get(session);
    if (!open) throw new Refusal(409, 'unknown_session');
    const arrival = await this.#arrive(open.header);
    this.#permit(arrival, open.header, open.declared);
    const question = { ...open.declared, recipient: this.#options.controller };
    const consent = arrival.standing.consent(question);
    if (!consent) throw new Refusal(403, 'consent_required');
    return open.session.seal(text, { ...question, consent });
  }

  async #begin(bytes: Uint8Array, declared: Declared): Promise<{ session: string }> {
    const { store, subrosa, now } = this.#parts;
    const header = this.#inspect(bytes);
    const arrival = await this.#arrive(header);
    const decision = this.#permit(arrival, header, declared);
    if (header.kind !== 'session') throw new Refusal(400, 'not_authentic');
    const { subject } = arrival;
    const session = this.#opened(header, declared, decision, (options) => subrosa.sealing.acceptSession(bytes, options));
    const { id, issuedAt } = header;
    const isNew = await store.transaction(async (tx) => {
      await tx.lock(); // another process may be shown the same header
      if (await tx.get('session', id)) return false;
      await tx.put({ kind: 'session', id, subject, created: now(), due: issuedAt * 1000 + headerLifetime, body: new Uint8Array(0) });
      return true;
    });
    if (!isNew) session.free();
    if (!isNew) throw new Refusal(409, 'replayed');
    this.#conversations.set(id, { session, subject, header, declared });
    const [oldest] = this.#conversations.keys();
    if (this.#conversations.size > maxConversations && oldest !== undefined) this.#forget(oldest);
    return { session: id };
  }

  #forget(id: string): void {
    this.#conversations.get(id)?.session.free();
    this.#conversations.delete(id);
  }

  async #receive(envelope: Uint8Array, declared: Declared): Promise<Received> {
    const header = this.#inspect(envelope);
    const id = createHash('sha256').update(envelope).digest('hex');
    const arrival = await this.#arrive(header, id);
    const decision = this.#permit(arrival, header, declared);
    return this.#take(id, arrival, header, declared, () =>
      this.#opened(header, declared, decision, (options) => this.#parts.subrosa.sealing.openText(envelope, options)),
    );
  }

  /** Whose it is, and how that person stands. */
  async #arrive({ recordId }: EnvelopeHeader, id = ''): Promise<Arrival> {
    const { store, vault } = this.#parts;
    const policy = await this.#policies.current();
    const found = await store.transaction(async (tx) => {
      const record = await tx.get('record', recordId);
      if (!record) throw new Refusal(403, 'consent_required', 'not_asked');
      const known = await tx.get('item', id);
      const isSpent = (await tx.get('spent', id)) !== undefined;
      const standing = await this.#consents.standing(tx, record.subject, policy);
      return { subject: record.subject, policy, standing, isSpent, ...(known && { known }) };
    });
    if (await vault.isErased(found.subject)) throw new Refusal(403, 'consent_required', 'erased');
    return found;
  }

  /** What comes twice is a retry, neither kept nor logged again; what comes again after its time is a replay. */
  async #take(id: string, arrival: Arrival, header: EnvelopeHeader, declared: Declared, open: () => string): Promise<Received> {
    const { emit } = this.#parts;
    const facts = arrival.known && readBody(arrival.known).facts;
    if (facts?.purpose === declared.purpose) return { id, residual: facts.residual };
    if (arrival.isSpent) throw new Refusal(409, 'replayed');
    const text = authentic(open);
    const { text: clean, residual } = this.rescan(text);
    if (residual > 0) emit({ type: 'residual', purpose: declared.purpose, count: residual });
    const appended = await this.#keep(id, arrival, clean, residual, header, declared);
    if (!appended) return { id, residual };
    emit({ type: 'received', purpose: declared.purpose });
    return {
      id,
      residual,
      log: { index: appended.index, entry: appended.entry, proof: await this.#parts.log.prove(appended.index, appended.size) },
    };
  }

  #inspect(envelope: Uint8Array): EnvelopeHeader {
    return authentic(() => this.#parts.subrosa.sealing.inspect(envelope));
  }

  #permit({ standing, subject }: Pick<Arrival, 'standing' | 'subject'>, header: EnvelopeHeader, declared: Declared): Decision {
    const decision = standing.decide({ ...declared, recipient: this.#options.controller }, this.#parts.now());
    const stale = decision.reason === 'policy_changed' || (decision.verdict === 'permit' && !matches(header, decision));
    if (stale) throw new Stale(subject, decision);
    if (decision.verdict !== 'permit') throw new Refusal(403, 'consent_required', decision.reason);
    return decision;
  }

  /**
   * One entry for as long as the person's consent stands as it does, whatever comes meanwhile: headers are not authentic
   * yet, and must not fill the log.
   */
  async #logStale({ purpose }: Declared, { subject, decision }: Stale): Promise<void> {
    const { log, now } = this.#parts;
    const { recordId, epoch, noticeHash } = decision;
    const id = JSON.stringify([recordId, epoch, noticeHash]);
    await log.commit(async (tx) => {
      if (await tx.get('stale', id)) return [];
      await tx.put({ kind: 'stale', id, subject, class: purpose, created: now(), body: new Uint8Array(0) });
      const actor = { role: 'dpv:DataSubject' };
      const object = { type: 'ConsentRecord', id: recordId };
      return [
        { subject, actor, action: 'dpv:Store', outcome: 'refused', reason: 'consent_stale', object, purpose, policy_hash: noticeHash },
      ];
    });
  }

  #opened<T>(header: EnvelopeHeader, { purpose }: Declared, decision: Decision, open: (options: OpenOptions) => T): T {
    const key = header.kids.map((kid) => this.#keys.get(kid)).find((found) => found !== undefined);
    if (!key) throw new Refusal(400, 'not_authentic');
    if (!header.purposes.includes(purpose)) this.#parts.emit({ type: 'wrong_purpose', purpose });
    const { recordId, epoch } = decision;
    return authentic(() => open({ key, purpose, recordId, epoch, policyHash: header.policyHash }));
  }

  /** Replaces what the page should have found. */
  rescan(text: string): { text: string; residual: number } {
    const findings = this.#scanner.detect(text);
    let clean = '';
    let end = 0;
    for (const finding of findings) {
      clean += `${text.slice(end, finding.start)}<${finding.entity}>`;
      end = finding.end;
    }
    return { text: clean + text.slice(end), residual: findings.length };
  }

  /** Nothing is appended for what came a second time meanwhile, and nothing kept where the consent ended meanwhile. */
  async #keep(
    id: string,
    { subject, policy, standing }: Arrival,
    text: string,
    residual: number,
    header: EnvelopeHeader,
    declared: Declared,
  ): Promise<Appended | undefined> {
    const { vault, log, now } = this.#parts;
    const created = now();
    const { class: className, due, baseDue, keptFor } = this.#lifetime(policy, standing, declared, created);
    const { recordId, policyHash } = header;
    const { purpose, piiType } = declared;
    const facts: ItemFacts = {
      purpose,
      piiType,
      recordId,
      policyHash,
      baseDue,
      residual,
      version: 1,
      ...(keptFor === undefined ? {} : { keptFor }),
    };
    const row = { kind: 'item', id, subject, class: className, status: piiType, created, due };
    const sealed = await vault.seal(keyOf(row), id, text);
    const entry = { subject, actor: { role: 'dpv:DataSubject' }, object: { type: 'Item', id }, purpose, policy_hash: policyHash };
    const [appended] = await log.commit(async (tx) => {
      if (await tx.get('item', id)) return [];
      this.#permit({ subject, standing: await this.#consents.standing(tx, subject, policy) }, header, declared);
      await tx.put(withText(row, facts, sealed));
      return [{ ...entry, action: 'dpv:Store', outcome: 'ok' }];
    });
    return appended;
  }

  /** The least of what the policy, the consent and the event allow; longer only where a consent to keep longer permits. */
  #lifetime({ document }: Policy, standing: Standing, { purpose, piiType }: Declared, created: number) {
    const { state } = standing;
    const until = (id: string) => {
      const policy = document.purposes.find((candidate) => candidate.id === id);
      if (!policy) throw new Refusal(422, 'unknown_purpose');
      const allowed = addDuration(created, policy.retention_period.duration);
      return inDays(created, Math.min(allowed, validUntil(state, id)));
    };
    const baseDue = until(purpose);
    for (const { id } of document.purposes.filter((candidate) => candidate.class === 'retain')) {
      const { verdict } = standing.decide({ purpose: id, piiType, recipient: this.#options.controller }, created);
      if (verdict === 'permit' && until(id) > baseDue) return { class: id, due: until(id), baseDue, keptFor: id };
    }
    return { class: purpose, due: baseDue, baseDue };
  }

  /**
   * What was kept longer goes back to its own time; what was kept under a consent that the person took back goes at once.
   * A consent that ran out, or waits for an answer to a new policy, leaves what it covered until its time.
   */
  async #endStorage(tx: Transaction, { subject, purpose, how, state }: Parameters<Ended>[1]): Promise<void> {
    const { vault, now } = this.#parts;
    let left = 0;
    for (const row of await tx.find({ kind: 'item', subject, class: purpose })) {
      const { facts, sealed } = readBody(row);
      if (facts.keptFor === undefined && how === 'dpv:ConsentExpired') {
        left += 1;
        continue;
      }
      const text = await vault.open(keyOf(row), row.id, sealed);
      await tx.remove({ kind: 'item', id: row.id });
      await tx.put(spent(row, { facts }));
      if (facts.keptFor === undefined || text === undefined || facts.baseDue <= now() || !isGiven(state, facts.purpose)) continue;
      const { keptFor, ...rest } = facts;
      const moved = { ...row, class: facts.purpose, due: facts.baseDue };
      await tx.put(withText(moved, rest, await vault.seal(keyOf(moved), row.id, text)));
    }
    if (left > 0) return;
    await tx.remove({ kind: 'item_version', subject, class: purpose });
    await shredLater(tx, { subject, class: purpose }, now());
  }
}

/** An item's text, from its row; refused when its key was shredded. */
export async function readItem(parts: Parts, row: Row): Promise<Item> {
  const { facts, sealed } = readBody(row);
  const text = await parts.vault.open(keyOf(row), row.id, sealed);
  if (text === undefined) throw new Refusal(410, 'shredded');
  return { ...facts, id: row.id, subject: row.subject, created: row.created, due: row.due, text };
}

/** The row of an item: its facts are open to the server, its text is sealed. */
export function withText(row: Omit<NewRow, 'body'>, facts: ItemFacts, sealed: Uint8Array): NewRow {
  return { ...row, body: toBody({ facts, sealed: Buffer.from(sealed).toString('base64') }) };
}

export function readBody(row: Row): { facts: ItemFacts; sealed: Uint8Array } {
  const { facts, sealed } = fromBody<{ facts: ItemFacts; sealed: string }>(row);
  return { facts, sealed: new Uint8Array(Buffer.from(sealed, 'base64')) };
}

/** Whatever is wrong with a ciphertext is one answer; a refusal of ours stays what it is. */
function authentic<T>(open: () => T): T {
  try {
    return open();
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal(400, 'not_authentic');
  }
}

/** That an item was there: what was sealed for it is not taken again. */
export const spent = ({ id, subject, created }: Row, { facts }: { facts: ItemFacts }): NewRow => ({
  kind: 'spent',
  id,
  subject,
  class: facts.purpose,
  created,
  body: new Uint8Array(0),
});

function matches(header: EnvelopeHeader, decision: Decision): boolean {
  return header.recordId === decision.recordId && header.epoch === decision.epoch && header.policyHash === decision.noticeHash;
}

function validUntil(state: Standing['state'], purpose: string): number {
  const record = state?.records.find((candidate) => candidate.purpose === purpose);
  const until = record?.events.filter((event) => typeof event.valid_until === 'string').at(-1)?.valid_until;
  return until === undefined ? Number.POSITIVE_INFINITY : Date.parse(until as string);
}

/** Expiry by the day, never later than allowed, so that one key serves a day; what lives shorter expires to the moment. */
function inDays(created: number, due: number): number {
  return startOfDay(due) > created ? startOfDay(due) : due;
}
