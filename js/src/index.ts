/**
 * The one API over both backends.
 *
 *   const subrosa = await load();
 *   const { text, findings } = subrosa.redact('write to ann@example.org');
 */

import { stamp } from '../../build/generated/tables.ts';
import { AtRest, type DataKey } from './at-rest.ts';
import { Audit } from './audit.ts';
import { type Backend, decodeText, unwrap } from './backend.ts';
import { Composer } from './composer.ts';
import { ConsentApi, type Policy } from './consent.ts';
import { type DetectOptions, type Explanation, type Finding, Scanner, type ScannerOptions } from './detect.ts';
import { Directory } from './directory.ts';
import { SubrosaError } from './errors.ts';
import { MessageGuard } from './guard.ts';
import { Hpke } from './hpke.ts';
import { type JsonOptions, type RedactedJson, redactJson, restoreJson } from './json.ts';
import { type HistoryOptions, LocalHistory } from './local-history.ts';
import {
  hasOperators,
  type OperatorKeys,
  operatorsOf,
  type Redacted,
  type Redaction,
  type RedactOptions,
  Redactor,
  type RedactorOptions,
} from './redact.ts';
import { ReplyRestorer } from './replies.ts';
import { Sealing } from './sealing.ts';
import { PieceRedactor, PieceRestorer, RedactStream, RestoreStream } from './text-streams.ts';
import { type Restored, readRestored, Vault } from './vault.ts';

export type { Entity } from '../../build/generated/tables.ts';
export * from './at-rest.ts';
export { type Appended, Audit, type ProofPlan, type TreeHead } from './audit.ts';
export { type AuditExport, verifyExport } from './audit-export.ts';
export { Composer } from './composer.ts';
export * from './consent.ts';
export { Conversation, type ConversationOptions } from './conversation.ts';
export { type CustomRule, type DetectOptions, type Explanation, type Finding, Scanner, type ScannerOptions } from './detect.ts';
export * from './directory.ts';
export { type ErrorCode, SubrosaError } from './errors.ts';
export { type FormOptions, type RedactedForm, redactForm } from './form.ts';
export * from './guard.ts';
export * from './hpke.ts';
export { chatProtocolKeys, type JsonFinding, type JsonOptions, type RedactedJson } from './json.ts';
export { type CheckpointStorage, KnownLog, type KnownLogOptions, localCheckpoint, type Proved } from './known-log.ts';
export { type HistoryEntry, type HistoryOptions, LocalHistory } from './local-history.ts';
export * from './metadata.ts';
export {
  type Operator,
  type OperatorKeys,
  type OperatorName,
  type Operators,
  type Redacted,
  type Redaction,
  type RedactOptions,
  Redactor,
  type RedactorOptions,
} from './redact.ts';
export { ReplyRestorer } from './replies.ts';
export * from './sealing.ts';
export { PieceRedactor, PieceRestorer, RedactStream, RestoreStream } from './text-streams.ts';
export { type Restored, Vault } from './vault.ts';

export interface LoadOptions {
  /** Node only: which backend; without it the addon if there is one, else WebAssembly. */
  backend?: 'native' | 'wasm';
  /** Where core.wasm is, or its bytes, or a compiled module that was posted to a worker. */
  wasm?: string | URL | BufferSource | WebAssembly.Module;
}

export class Subrosa {
  readonly #backend: Backend;
  readonly sealing: Sealing;
  readonly hpke: Hpke;
  readonly keyDirectory: Directory;
  /** The audit log: Merkle tree, checkpoints, proofs, canonical JSON. */
  readonly audit: Audit;
  #scanner: Scanner | undefined;
  readonly atRest: AtRest;
  /** Decide, redact and seal in one call; open and scan again in another. */
  readonly guard: MessageGuard;
  #redactor: Redactor | undefined;

  /** Policies, and what may go where. */
  readonly consent: ConsentApi;

  constructor(backend: Backend) {
    this.#backend = backend;
    this.sealing = new Sealing(backend);
    this.hpke = new Hpke(backend);
    this.keyDirectory = new Directory(backend);
    this.atRest = new AtRest(backend);
    this.audit = new Audit(backend);
    this.consent = new ConsentApi(backend);
    this.guard = new MessageGuard(this);
  }

  /** Which backend this is. */
  get backend(): 'native' | 'wasm' {
    return this.#backend.name;
  }

  /** A scanner with choices of its own. */
  scanner(options?: ScannerOptions): Scanner {
    return new Scanner(this.#backend, options);
  }

  /** Findings with every rule on. */
  detect(text: string, options?: DetectOptions): Finding[] {
    return this.#everyRule().detect(text, options);
  }

  /** Findings with the reasons for them. */
  explain(text: string, options?: DetectOptions): Explanation[] {
    return this.#everyRule().explain(text, options);
  }

  /** Detection in a text field, as it is typed in. Free it with the field. */
  composer(options?: DetectOptions, scanner?: Scanner): Composer {
    return new Composer(this.#backend, scanner ?? this.#everyRule(), options);
  }

  /** Operators for a scanner's findings; without a scanner, for those of every rule. */
  redactor(options?: RedactorOptions, scanner?: Scanner): Redactor {
    return new Redactor(this.#backend, scanner ?? this.#everyRule(), options);
  }

  /**
   * The operators that a policy names for a purpose, under the decision that permits it. `subrosa.guard.seal` takes it as
   * `redactor`; the purpose must be one of the policy's.
   */
  policyRedactor(policy: Policy, purpose: string, keys: OperatorKeys = {}, scanner?: Scanner): Redactor {
    const named = policy.document.purposes.find(({ id }) => id === purpose);
    if (!named) throw new SubrosaError('unknown_id', 0, purpose);
    return this.redactor({ operators: operatorsOf(named.redaction ?? {}, keys) }, scanner);
  }

  /** The text without what is personal in it: numbered placeholders, or what the operators say. */
  redact(text: string, options: RedactOptions & RedactorOptions = {}): Redacted {
    if (hasOperators(options)) return this.#redactWith(text, options);
    return this.#replacer().redact(text, options);
  }

  /** The same for every string of a JSON value: see JsonOptions. What was given stays as it is. */
  redactJson<T>(value: T, options: JsonOptions & RedactorOptions & { redactor?: Redactor } = {}): RedactedJson<T> {
    const own = hasOperators(options) && !options.redactor ? this.redactor(options) : undefined;
    const redactor = options.redactor ?? own ?? this.#replacer();
    const vault = options.vault ?? this.oneWayVault(); // one for the whole value, so that a number stands for one value
    try {
      return redactJson(value, (text, call) => redactor.redact(text, { ...call, vault }), options);
    } finally {
      own?.free();
      if (!options.vault) vault.free();
    }
  }

  /** Puts values back in every string of a JSON value, also where strings hold JSON. */
  restoreJson<T>(value: T, vault: Vault): T {
    return restoreJson(value, (text) => vault.restore(text).text);
  }

  /** Puts back what the operator `encrypt` made with this key for this session. */
  decrypt(text: string, { key, session = '' }: { key: Uint8Array; session?: string }): Restored {
    return readRestored(unwrap(this.#backend.call('sr_decrypt', text, key, session)), text);
  }

  /** Redacts a text that comes in pieces; see `redactStream` for a TransformStream. Free it at the end. */
  pieceRedactor(options: RedactOptions & { redactor?: Redactor } = {}): PieceRedactor {
    return new PieceRedactor(this.#backend, options.redactor ?? this.#replacer(), options);
  }

  /** Restores a text that comes in pieces; see `restoreStream` for a TransformStream. Free it at the end. */
  pieceRestorer(vault: Vault): PieceRestorer {
    return new PieceRestorer(this.#backend, vault);
  }

  /** A TransformStream that redacts. */
  redactStream(options: RedactOptions & { redactor?: Redactor; onFindings?: (findings: Redaction[]) => void } = {}): RedactStream {
    return new RedactStream(this.pieceRedactor(options), options.onFindings);
  }

  /** Restores the streaming events of a language model's reply. Free it at the end. */
  replyRestorer(vault: Vault): ReplyRestorer {
    return new ReplyRestorer(
      () => this.pieceRestorer(vault),
      (json) => this.restoreJson(json, vault),
    );
  }

  /** A TransformStream that restores, as a model's reply comes in. */
  restoreStream(vault: Vault): RestoreStream {
    return new RestoreStream(this.pieceRestorer(vault));
  }

  /** A session's vault, which restores what was redacted with it; or one that was exported. */
  vault(exported?: { sealed: Uint8Array; key: DataKey }): Vault {
    return new Vault(this.#backend, exported);
  }

  /** What a page remembers of a conversation, sealed in IndexedDB. Close it at the end. */
  history(options: HistoryOptions): Promise<LocalHistory> {
    return LocalHistory.open(this.atRest, options);
  }

  /**
   * For placeholders that are never restored, in a stream without an end: it is never full, but forgets its values when it
   * has 1,000,000. One that comes again later then gets another number; two values never have the same.
   */
  oneWayVault(): Vault {
    return new Vault(this.#backend, 'one-way');
  }

  #everyRule(): Scanner {
    this.#scanner ??= this.scanner();
    return this.#scanner;
  }

  #replacer(): Redactor {
    this.#redactor ??= this.redactor();
    return this.#redactor;
  }

  #redactWith(text: string, options: RedactOptions & RedactorOptions): Redacted {
    const redactor = this.redactor(options);
    try {
      return redactor.redact(text, options);
    } finally {
      redactor.free();
    }
  }
}

/** Checks that the core is the one this was built with: a cached old core.wasm would mislabel entities silently. */
export function subrosaOver(backend: Backend): Subrosa {
  const found = decodeText(unwrap(backend.call('sr_stamp')));
  if (found !== stamp) throw new Error(`core and API are of different builds (${found}, ${stamp}): reload or rebuild`);
  return new Subrosa(backend);
}
