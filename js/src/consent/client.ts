/**
 * Consent in a page: the stored state, the other tabs, what is held and what is on its way.
 *
 *   const client = new ConsentClient(subrosa.consent, { policy, context: { region: 'DE', age: 'adult' } });
 *   await client.open();                          // when the person opens the widget, not before
 *   const cell = { purpose: 'chat', piiType: 'text', recipient: 'ctl' };
 *   await client.send(cell, (decision, signal) => fetch(url, { method: 'POST', body: seal(text, decision), signal }));
 */

import type { ConsentApi } from '../consent.ts';
import { type ConsentCounts, countReason, noCounts } from './counts.ts';
import { type ConsentSession, type Policy, unlessSuperseded } from './session.ts';
import { browserGpc, type ConsentMode, type ConsentModeMap, consentMode } from './signals.ts';
import { type ConsentStorage, type Epochs, MemoryStorage, openStorage } from './storage.ts';
import type { ConsentContext, ConsentRecord, Decision, GiveOptions, Outcome, Reason } from './types.ts';

/** What a message is: data of a type, for a purpose, to a recipient. */
export interface ConsentCell {
  purpose: string;
  piiType: string;
  recipient: string;
}

/** Nothing left the page; `reason` says why. */
export class ConsentError extends Error {
  override readonly name = 'ConsentError';
  readonly reason: Reason;
  constructor(reason: Reason) {
    super(`not permitted: ${reason}`);
    this.reason = reason;
  }
}

export interface ConsentClientOptions {
  policy: Policy;
  context?: Pick<ConsentContext, 'region' | 'age' | 'guardian'> & { collection_method?: string };
  /** Keeps several widgets of an origin apart. */
  name?: string;
  storage?: (name: string) => Promise<ConsentStorage>;
  now?: () => number;
}

/** Sends what was permitted, until a withdrawal aborts it. */
type Deliver<T> = (decision: Decision, signal: AbortSignal) => T | Promise<T>;

/** What other tabs are told: purposes with a new epoch, and purposes that the person (or who may) said no to. */
interface Announcement {
  fenced: string[];
  ended: string[];
}

interface Held {
  cell: ConsentCell;
  deliver: Deliver<unknown>;
  resolve: (value: never) => void;
  reject: (error: unknown) => void;
}

/**
 * Fires `notready` before and `ready` after every change, `ready` for the first time when Global Privacy Control and the
 * stored state were read; `fenced` with the purposes whose messages must not leave; `unreadable` when stored bytes were
 * put aside; `refused` when a server answered 403 or 409; `counted` when one of `counts` went up.
 */
export class ConsentClient extends EventTarget {
  readonly #api: ConsentApi;
  readonly #options: ConsentClientOptions;
  readonly #name: string;
  readonly #now: () => number;
  readonly #aborts = new Map<string, AbortController>();
  readonly #counts = noCounts();
  #storage: ConsentStorage = new MemoryStorage();
  #session: ConsentSession | undefined;
  #channel: BroadcastChannel | undefined;
  #held: Held[] = [];
  #isReady = false;
  #isUnreadable = false;
  #opening: Promise<void> | undefined;

  /** Touches neither storage nor network. */
  constructor(api: ConsentApi, options: ConsentClientOptions) {
    super();
    this.#api = api;
    this.#options = options;
    this.#name = options.name ?? 'default';
    this.#now = options.now ?? Date.now;
  }

  /** Whether the answers can be relied on: not while the state is being read or changed. */
  get status(): 'ready' | 'not ready' {
    return this.#isReady ? 'ready' : 'not ready';
  }

  /** `memory`: storage is blocked, and consent ends with the page. Say so to the person. */
  get storage(): 'persistent' | 'memory' {
    return this.#storage.kind;
  }

  /** Whether stored choices could not be understood, so that the person is asked anew. Say so to them. */
  get isUnreadable(): boolean {
    return this.#isUnreadable;
  }

  get policy(): Policy {
    return this.#session?.policy ?? this.#options.policy;
  }

  /** Whether Global Privacy Control is on and honoured; show it. */
  get gpc(): boolean {
    return browserGpc();
  }

  /** The session, once open() is through. */
  get session(): ConsentSession {
    if (!this.#session) throw new ConsentError('storage_unverified');
    return this.#session;
  }

  /** The person opens the widget: reads the signals and the stored state. Further calls wait for the first. */
  open(): Promise<void> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  async #open(): Promise<void> {
    this.#storage = await (this.#options.storage ?? openStorage)(this.#name);
    const context = { ...this.#options.context, gpc: browserGpc(), storage: true, present: true };
    // Read and written in one step: two tabs that open for the first time must agree on who they ask.
    let state = '';
    await this.#storage.update((stored) => {
      state = stored ?? this.#emptyState();
      return state;
    });
    this.#session = this.#openSession(state, context) ?? (await this.#startOver(state, context));
    this.#session.tick(this.#now());
    this.#mendEpochs();
    this.#channel = new BroadcastChannel(`subrosa-consent:${this.#name}`);
    this.#channel.onmessage = ({ data }: MessageEvent<Announcement>) => void this.#hear(data);
    await this.#save();
    this.#setReady(true);
  }

  #emptyState(): string {
    return JSON.stringify(this.#api.emptyState(crypto.randomUUID(), this.#now()));
  }

  #openSession(state: string, context: ConsentContext): ConsentSession | undefined {
    try {
      return this.#api.open(this.#options.policy, { state, context });
    } catch {
      return undefined;
    }
  }

  /** The mirror of the epochs follows from the records, so one that cannot be read is written anew. */
  #mendEpochs(): void {
    try {
      this.#storage.epochs();
    } catch {
      this.#storage.announce(this.#epochs());
    }
  }

  #epochs(): Epochs {
    return Object.fromEntries(this.session.state.records.map(({ purpose, epoch }) => [purpose, epoch]));
  }

  /** What cannot be understood is put aside, neither used nor lost, and the person is asked anew. */
  async #startOver(stored: string, context: ConsentContext): Promise<ConsentSession> {
    await this.#storage.quarantine(stored);
    this.#storage.announce({});
    this.#isUnreadable = true;
    this.dispatchEvent(new CustomEvent('unreadable'));
    return this.#api.open(this.#options.policy, { state: this.#emptyState(), context });
  }

  close(): void {
    this.#channel?.close();
    for (const { reject } of this.#held.splice(0)) reject(this.#discard('deferred'));
    for (const purpose of this.#aborts.keys()) this.#abort(purpose, 'storage_unverified');
    this.#session?.free();
    this.#session = undefined;
    this.#isReady = false;
  }

  /** May this leave now? Looks at what other tabs have announced, too. Never throws. */
  decide({ purpose, piiType, recipient }: ConsentCell): Decision {
    const session = this.#session;
    if (!session) return { verdict: 'deny', reason: 'storage_unverified', epoch: 0, recordId: '', noticeHash: this.policy.hash };
    const decision = session.decide(purpose, piiType, recipient, this.#now());
    if (decision.verdict !== 'permit') return decision;
    try {
      const announced = this.#storage.epochs()[purpose] ?? 0;
      return announced > decision.epoch ? { ...decision, verdict: 'deny', reason: 'superseded' } : decision;
    } catch {
      return { ...decision, verdict: 'deny', reason: 'storage_unverified' };
    }
  }

  /**
   * Delivers a message when it is permitted, and holds it, in memory and once, while the person has not answered. What is
   * refused meanwhile is dropped, and so is what `cancel` aborts. `deliver` gets the decision to bind into the message, and a
   * signal that a withdrawal aborts.
   */
  async send<T>(cell: ConsentCell, deliver: Deliver<T>, cancel?: AbortSignal): Promise<T> {
    await this.refresh();
    const decision = this.decide(cell);
    if (decision.verdict === 'permit') return this.#handOver(cell, decision, deliver);
    if (decision.verdict === 'deny') throw this.deny(decision.reason);
    cancel?.throwIfAborted();
    this.#count((counts) => counts.held++);
    return new Promise<T>((resolve, reject) => {
      const held: Held = { cell, deliver, resolve: resolve as Held['resolve'], reject };
      this.#held.push(held);
      cancel?.addEventListener('abort', () => {
        this.#held = this.#held.filter((other) => other !== held);
        reject(cancel.reason);
      });
      this.dispatchEvent(new CustomEvent('held', { detail: cell }));
    });
  }

  /** The purposes to ask about: neither answered, nor, for as long as the region says, said no to. */
  get toAsk(): string[] {
    return this.session.toAsk(this.#now());
  }

  /** How many messages wait for an answer. */
  get held(): number {
    return this.#held.length;
  }

  async #handOver<T>(cell: ConsentCell, decision: Decision, deliver: Deliver<T>): Promise<T> {
    this.#count((counts) => counts.sent++);
    const signal = this.signal(cell.purpose);
    try {
      return await deliver(decision, signal);
    } catch (error) {
      if (signal.aborted) this.#discard(signal.reason.reason);
      throw error;
    }
  }

  /**
   * Decides again for what was captured under `earlier`, just before it leaves. What was withdrawn since does not go, even
   * where it was given again: its reason is then "superseded".
   */
  recheck(earlier: Decision, cell: ConsentCell): Decision {
    const decision = unlessSuperseded(earlier, this.decide(cell));
    if (decision.verdict !== 'permit') this.#discard(decision.reason);
    return decision;
  }

  /** What became of messages until now: for the page's own monitoring. */
  get counts(): ConsentCounts {
    return structuredClone(this.#counts);
  }

  /** Counts a refusal, and gives the error that says so. */
  deny(reason: Reason): ConsentError {
    this.#count((counts) => countReason(counts.denied, reason));
    return new ConsentError(reason);
  }

  /** Counts values that were redacted. */
  redacted(values: number): void {
    if (values > 0) this.#count((counts) => (counts.redacted += values));
  }

  #discard(reason: Reason): ConsentError {
    this.#count((counts) => countReason(counts.discarded, reason));
    return new ConsentError(reason);
  }

  #count(change: (counts: ConsentCounts) => unknown): void {
    change(this.#counts);
    this.dispatchEvent(new CustomEvent('counted', { detail: this.counts }));
  }

  /** Aborted when consent for the purpose ends. */
  signal(purpose: string): AbortSignal {
    let controller = this.#aborts.get(purpose);
    if (!controller) {
      controller = new AbortController();
      this.#aborts.set(purpose, controller);
    }
    return controller.signal;
  }

  /** Takes over what other tabs have written. Unreadable is not refused: nothing leaves until it can be read again. */
  async refresh(): Promise<void> {
    const session = this.#session;
    if (!session) return;
    let outcome: Outcome;
    try {
      const stored = await this.#storage.read();
      outcome = session.restored(this.#now());
      if (stored) outcome = both(outcome, session.merge(stored));
    } catch {
      outcome = session.loadFailed(this.#now());
    }
    this.#fence(outcome);
  }

  /** The notice was shown. */
  noticeShown(purpose: string, language: string): Promise<Outcome> {
    return this.#change((session) => session.noticeShown(purpose, language, this.#now()));
  }
  dismiss(purpose: string): Promise<Outcome> {
    return this.#change((session) => session.dismiss(purpose, this.#now()));
  }
  give(purpose: string, options: GiveOptions): Promise<Outcome> {
    return this.#change((session) => session.give(purpose, { now: this.#now(), ...options }));
  }
  /** For the operator, where the region has an opt-out rule: see ConsentSession.presume. */
  presume(purpose: string, operator: string): Promise<Outcome> {
    return this.#change((session) => session.presume(purpose, operator, this.#now()));
  }
  refuse(purpose: string): Promise<Outcome> {
    return this.#change((session) => session.refuse(purpose, this.#now()));
  }
  withdraw(purpose: string): Promise<Outcome> {
    return this.#change((session) => session.withdraw(purpose, this.#now()));
  }
  /** For a guardian, an authority or the controller, which `entity` names. */
  revoke(purpose: string, entity: string): Promise<Outcome> {
    return this.#change((session) => session.revoke(purpose, entity, this.#now()));
  }
  eraseSubject(): Promise<Outcome> {
    return this.#change((session) => session.eraseSubject(this.#now()));
  }
  setContext(context: ConsentContext): Promise<Outcome> {
    return this.#change((session) => session.setContext(context, this.#now()));
  }
  setPolicy(policy: Policy): Promise<Outcome> {
    return this.#change((session) => session.setPolicy(policy, this.#now()));
  }

  /** The signals of Google Consent Mode for what is permitted now; all denied until the first `ready`. */
  consentMode(map: ConsentModeMap): ConsentMode {
    return consentMode(map, (purpose, piiType, recipient) => this.decide({ purpose, piiType, recipient }).verdict === 'permit');
  }

  /** Ends are carried out before anything is awaited, so that nothing slips out meanwhile. */
  async #change(act: (session: ConsentSession) => Outcome): Promise<Outcome> {
    this.#setReady(false);
    try {
      const outcome = act(this.session);
      this.#fence(outcome);
      this.#announce(outcome);
      await this.#save();
      return outcome;
    } finally {
      this.#setReady(true);
      this.#settleHeld();
    }
  }

  #fence({ fenced }: Outcome): void {
    if (fenced.length === 0) return;
    for (const purpose of fenced) this.#abort(purpose, 'superseded');
    this.dispatchEvent(new CustomEvent('fenced', { detail: fenced }));
  }

  #abort(purpose: string, reason: Reason): void {
    this.#aborts.get(purpose)?.abort(new ConsentError(reason));
    this.#aborts.delete(purpose);
  }

  #announce({ changed, fenced }: Outcome): void {
    const { records } = this.session.state;
    const epochs = this.#epochs();
    const isEnded = ({ purpose, events }: ConsentRecord): boolean =>
      changed.includes(purpose) && noes.has(events.at(-1)?.event_state ?? '');
    const ended = records.filter(isEnded).map(({ purpose }) => purpose);
    try {
      const announced = this.#storage.epochs();
      for (const [purpose, epoch] of Object.entries(announced)) epochs[purpose] = Math.max(epoch, epochs[purpose] ?? 0);
      this.#storage.announce(epochs);
    } catch {
      // The channel and the stored state still tell the other tabs.
    }
    this.#channel?.postMessage({ fenced, ended } satisfies Announcement);
  }

  /** Another tab changed something: what it fenced stops at once, then its state is read. */
  async #hear({ fenced, ended }: Announcement): Promise<void> {
    if (!this.#session) return;
    this.#setReady(false);
    for (const purpose of fenced) this.#abort(purpose, 'superseded');
    // Without a shared store the announcement is all there is to know.
    if (this.storage === 'memory')
      for (const purpose of new Set([...fenced, ...ended])) this.#fence(this.session.withdraw(purpose, this.#now()));
    await this.refresh();
    this.#setReady(true);
    this.#settleHeld();
  }

  /** A store that fails midway leaves the page's own session, which goes on in memory. */
  async #save(): Promise<void> {
    const session = this.session;
    try {
      await this.#storage.update((stored) => {
        if (stored) this.#fence(session.merge(stored));
        return session.save();
      });
    } catch {
      this.#storage = new MemoryStorage();
      await this.#storage.update(() => session.save());
    }
  }

  #setReady(isReady: boolean): void {
    this.#isReady = isReady;
    this.dispatchEvent(new CustomEvent(isReady ? 'ready' : 'notready'));
  }

  /** Each held message is delivered once, or dropped. */
  #settleHeld(): void {
    const waiting = this.#held.splice(0);
    for (const held of waiting) {
      const decision = this.decide(held.cell);
      if (decision.verdict === 'hold') this.#held.push(held);
      else if (decision.verdict === 'deny') held.reject(this.#discard(decision.reason));
      else this.#deliver(held, decision);
    }
  }

  async #deliver({ cell, deliver, resolve, reject }: Held, decision: Decision): Promise<void> {
    try {
      resolve((await this.#handOver(cell, decision, deliver)) as never);
    } catch (error) {
      reject(error);
    }
  }
}

const noes = new Set(['dpv:ConsentRefused', 'dpv:ConsentWithdrawn', 'dpv:ConsentRevoked']);

const both = (a: Outcome, b: Outcome): Outcome => ({
  reason: b.reason,
  changed: [...new Set([...a.changed, ...b.changed])],
  fenced: [...new Set([...a.fenced, ...b.fenced])],
});
