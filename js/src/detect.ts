/** Detection: which personal data and secrets a text holds, and where. */

import type { Entity } from '../../build/generated/tables.ts';
import { type Backend, decodeText, u32, unwrap, unwrapNumber } from './backend.ts';

export interface Finding {
  entity: Entity | (string & {});
  /** Of a SECRET: which kind, as `github_pat`. */
  kind?: string;
  /** UTF-16 code units, half-open: `text.slice(start, end)` is the value. */
  start: number;
  end: number;
  /** 0 to 1; 1 is certain. */
  score: number;
}

/** A finding with the reasons for it. */
export interface Explanation extends Finding {
  pattern: string;
  patternScore: number;
  /** Whether a check digit or the like confirmed it. */
  validated: boolean;
  /** Whether the text was normalised before it was found: other digits, hidden marks, full-width forms. */
  normalised: boolean;
  /** The word that lifted the score; empty when it was in the turn before; absent when none did. */
  context?: string;
  /** Entities of the findings that lost against this one. */
  beat: string[];
}

/** A rule of the user's own; `docs/rules.md` describes it. A validator is for built-in rules alone. */
export interface CustomRule {
  id: string;
  kind?: string;
  category?: string;
  regions?: string[];
  patterns: {
    name?: string;
    regex: string;
    prefix?: string;
    after?: string;
    before?: string;
    score: number;
    checked?: number;
    bounds?: 'word' | 'number' | 'none';
  }[];
  context?: string[] | Record<string, string[]>;
  deny_context?: string[] | Record<string, string[]>;
  priority?: number;
}

export interface ScannerOptions {
  /** Only these; `SECRET/github_pat` names one kind. Without it all. */
  entities?: string[];
  /** ISO 3166-1 alpha-2: rules of these countries and of none; also whose phone numbers may go without a country code. */
  regions?: string[];
  profile?: 'chat' | 'logs' | 'payments' | 'secrets';
  /** Least score that is reported, 0 to 1; 0.4 by default. At least 0.1 where no entities are named. */
  minScore?: number;
  /** Another least score by entity. */
  thresholds?: Record<string, number>;
  rules?: CustomRule[];
  /** Values that are never reported, as they stand in the text. */
  allow?: string[];
  /** Values that always are, by the entity to report them as; in any case. */
  deny?: Record<string, string[]>;
}

export interface DetectOptions {
  entities?: string[];
  minScore?: number;
  region?: string;
  language?: string;
  /** The turn before in the conversation: its words count as context ('What is your passport number?'). */
  previous?: string;
}

const recordBytes = 20;

/** A compiled set of rules. Free it when it is not needed any more. */
export class Scanner {
  readonly #backend: Backend;
  /** Entity and kind by the rule's number in the core's records. */
  readonly #names: readonly [string, string?][];
  /** The core's handle, for functions that take a scanner. */
  readonly handle: number;

  constructor(backend: Backend, options: ScannerOptions = {}) {
    this.#backend = backend;
    this.handle = unwrapNumber(backend.call('sr_scanner_new', Object.keys(options).length > 0 ? JSON.stringify(options) : ''));
    this.#names = JSON.parse(decodeText(unwrap(backend.call('sr_scanner_names', this.handle))));
  }

  /** Findings by start; none overlap. */
  detect(text: string, options?: DetectOptions): Finding[] {
    return this.#backend.read(this.read, 'sr_detect', this.handle, text, options && JSON.stringify(options));
  }

  /** Findings with the reasons for them. Slower: for people, not for pipelines. */
  explain(text: string, options?: DetectOptions): Explanation[] {
    return JSON.parse(decodeText(unwrap(this.#backend.call('sr_explain', this.handle, text, options && JSON.stringify(options)))));
  }

  /** Findings from the core's records. */
  readonly read = (bytes: Uint8Array, from: number, end: number): Finding[] => {
    const findings: Finding[] = [];
    for (let at = from; at < end; at += recordBytes) findings.push(this.readOne(bytes, at));
    return findings;
  };

  /** The finding of one record. */
  readOne(bytes: Uint8Array, at: number): Finding {
    const [entity, kind] = this.#names[u32(bytes, at)] as [string, string?];
    const finding: Finding = {
      entity,
      start: u32(bytes, at + 4),
      end: u32(bytes, at + 8),
      score: u32(bytes, at + 12) / 1000,
    };
    if (kind !== undefined) finding.kind = kind;
    return finding;
  }

  free(): void {
    this.#backend.free('sr_scanner_free', this.handle);
  }
}
