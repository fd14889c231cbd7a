/**
 * Redaction: what is personal in a text is changed before the text leaves.
 *
 *   const vault = subrosa.vault();
 *   const { text } = subrosa.redact('write to ann@example.org', { vault }); // 'write to [EMAIL_ADDRESS_1]'
 *   vault.restore('I wrote to [EMAIL_ADDRESS_1].').text; // 'I wrote to ann@example.org.'
 */

import { type Backend, decodeText, u32, unwrap, unwrapNumber } from './backend.ts';
import type { DetectOptions, Finding, Scanner } from './detect.ts';
import type { Vault } from './vault.ts';

/** An operator's name. */
export type OperatorName = 'replace' | 'mask' | 'redact' | 'hash' | 'encrypt' | 'surrogate' | 'generalize' | 'keep';

/** What happens to a value: a name, or the name with options. */
export type Operator =
  | 'replace'
  | 'mask'
  | 'redact'
  | 'surrogate'
  | 'generalize'
  | 'keep'
  /** A numbered placeholder. The template is `{entity}_{n}` in brackets or bare, or a fixed text. */
  | { operator: 'replace'; template?: string }
  /** Letters and digits become `character`, but for those kept at the ends; never more than half is kept. */
  | { operator: 'mask'; character?: string; keepStart?: number; keepEnd?: number }
  /** Removed. */
  | { operator: 'redact' }
  /** A keyed BLAKE2b in `length` hexadecimal digits. Give each recipient a key of its own, and they cannot join their data. */
  | { operator: 'hash'; key: Uint8Array; length?: number }
  /** What `decrypt` reads again with the same key (32 bytes) and session. Equal values show as equal. */
  | { operator: 'encrypt'; key: Uint8Array; session?: string }
  /** A plausible value of the same shape, stable in the session, from a reserved range or with a wrong check digit. */
  | { operator: 'surrogate' }
  /** A date as its year, an age as a band, an IP address as its network, a coordinate to one decimal, half a postcode. */
  | { operator: 'generalize' }
  | { operator: 'keep' };

export interface Operators {
  /** For everything that `operators` does not name: `replace` by default. */
  operator?: Operator;
  /** By entity, or by category (`financial`); the entity goes first. */
  operators?: Record<string, Operator>;
}

export interface RedactorOptions extends Operators {
  /** Operators for one recipient, over those for all. */
  recipients?: Record<string, Operators>;
  /** Whose of `recipients` are meant. */
  recipient?: string;
}

/** What no policy holds. */
export interface OperatorKeys {
  /** For `hash`: 16 to 64 bytes, another one for each recipient. */
  hash?: Uint8Array;
  /** For `encrypt`: 32 bytes. */
  encrypt?: Uint8Array;
  /** What encrypted values are bound to. */
  session?: string;
}

/** Operators that are given by name, with their keys. Without the key that it needs an operator is refused by the core. */
export function operatorsOf(names: Record<string, OperatorName>, { hash, encrypt, session }: OperatorKeys): Record<string, Operator> {
  const keyed = {
    hash: { operator: 'hash', ...(hash && { key: hash }) },
    encrypt: { operator: 'encrypt', ...(encrypt && { key: encrypt }), ...(session !== undefined && { session }) },
  };
  return Object.fromEntries(
    Object.entries(names).map(([name, operator]) => [
      name,
      (operator === 'hash' || operator === 'encrypt' ? keyed[operator] : operator) as Operator,
    ]),
  );
}

export interface RedactOptions extends DetectOptions {
  /** The session's; without one the placeholders are this text's alone and cannot be restored. */
  vault?: Vault;
}

export interface Redaction extends Finding {
  /** What stands in its place. */
  replacement: string;
}

export interface Redacted {
  text: string;
  /** Spans are those of the text that was given. */
  findings: Redaction[];
}

const recordBytes = 28;

/** A scanner's findings, each with its operator. Free it when it is not needed any more. */
export class Redactor {
  readonly #backend: Backend;
  readonly #scanner: Scanner;
  /** The core's handle, for functions that take a redactor. */
  readonly handle: number;

  constructor(backend: Backend, scanner: Scanner, options: RedactorOptions = {}) {
    this.#backend = backend;
    this.#scanner = scanner;
    this.handle = unwrapNumber(backend.call('sr_redactor_new', scanner.handle, redactorJson(options)));
  }

  redact(text: string, options: RedactOptions = {}): Redacted {
    const bytes = unwrap(this.#backend.call('sr_redact', this.handle, options.vault?.handle ?? 0, text, callJson(options)));
    return bytes.length === 0 ? { text, findings: [] } : this.read(bytes);
  }

  free(): void {
    this.#backend.free('sr_redactor_free', this.handle);
  }

  /** The core's answer. */
  read(bytes: Uint8Array): Redacted {
    const textAt = 4 + recordBytes * u32(bytes, 0);
    const text = decodeText(bytes.subarray(textAt));
    const findings: Redaction[] = [];
    for (let at = 4; at < textAt; at += recordBytes) {
      const finding = this.#scanner.readOne(bytes, at);
      findings.push({ ...finding, replacement: text.slice(u32(bytes, at + 20), u32(bytes, at + 24)) });
    }
    return { text, findings };
  }
}

/** Whether there are operators to compile: else the default ones serve. */
export function hasOperators({ operator, operators, recipient, recipients }: RedactorOptions): boolean {
  return operator !== undefined || operators !== undefined || recipient !== undefined || recipients !== undefined;
}

/** Options as the core reads them, keys in hexadecimal; empty when there are none. */
function redactorJson(options: RedactorOptions): string {
  if (!hasOperators(options)) return '';
  const { operator, operators, recipient, recipients } = options;
  return JSON.stringify({ operator, operators, recipient, recipients }, (_, value) => (value instanceof Uint8Array ? hex(value) : value));
}

/** The options of one call; empty, and so free, when there are none. */
export function callJson({ entities, minScore, region, language, previous }: DetectOptions): string {
  if (entities === undefined && minScore === undefined && region === undefined && language === undefined && previous === undefined)
    return '';
  return JSON.stringify({ entities, minScore, region, language, previous });
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
