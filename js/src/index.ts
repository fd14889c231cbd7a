/**
 * The one API over both backends.
 *
 *   const subrosa = await load();
 *   const { text, findings } = subrosa.redact('write to ann@example.org');
 */

import { stamp } from '../../build/generated/tables.ts';
import { AtRest } from './at-rest.ts';
import { Audit } from './audit.ts';
import { type Backend, decodeText, unwrap } from './backend.ts';
import { ConsentApi } from './consent.ts';
import { type DetectOptions, type Explanation, type Finding, Scanner, type ScannerOptions } from './detect.ts';
import { Directory } from './directory.ts';
import { Hpke } from './hpke.ts';
import { type Redacted, type RedactOptions, Redactor, type RedactorOptions } from './redact.ts';
import { Sealing } from './sealing.ts';
import { Vault } from './vault.ts';

export type { Entity } from '../../build/generated/tables.ts';
export * from './at-rest.ts';
export { type Appended, Audit, type ProofPlan, type TreeHead } from './audit.ts';
export * from './consent.ts';
export { type CustomRule, type DetectOptions, type Explanation, type Finding, Scanner, type ScannerOptions } from './detect.ts';
export * from './directory.ts';
export { type ErrorCode, SubrosaError } from './errors.ts';
export * from './hpke.ts';
export { type Operator, type Redacted, type Redaction, type RedactOptions, Redactor, type RedactorOptions } from './redact.ts';
export * from './sealing.ts';
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
    this.#scanner ??= this.scanner();
    return this.#scanner.detect(text, options);
  }

  /** Findings with the reasons for them. */
  explain(text: string, options?: DetectOptions): Explanation[] {
    this.#scanner ??= this.scanner();
    return this.#scanner.explain(text, options);
  }

  /** Operators for a scanner's findings; without a scanner, for those of every rule. */
  redactor(options?: RedactorOptions, scanner?: Scanner): Redactor {
    this.#scanner ??= this.scanner();
    return new Redactor(this.#backend, scanner ?? this.#scanner, options);
  }

  /** The text without what is personal in it: numbered placeholders, or what the operators say. */
  redact(text: string, options: RedactOptions & RedactorOptions = {}): Redacted {
    if (options.operator !== undefined || options.operators !== undefined) return this.#redactWith(text, options);
    this.#redactor ??= this.redactor();
    return this.#redactor.redact(text, options);
  }

  /** A session's vault, which restores what was redacted with it. */
  vault(): Vault {
    return new Vault(this.#backend);
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
