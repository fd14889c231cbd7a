/**
 * Detection in a text field: an edit is scanned with what it can change, and the findings are those of the whole text.
 *
 *   const composer = subrosa.composer();
 *   field.addEventListener('input', () => show(composer.update(field.value)));
 */

import { type Backend, unwrapNumber } from './backend.ts';
import type { DetectOptions, Finding, Scanner } from './detect.ts';
import { callJson } from './redact.ts';

/** Free it with the field: what was typed is wiped then. */
export class Composer {
  readonly #backend: Backend;
  readonly #scanner: Scanner;
  readonly #handle: number;
  /** The text as it is now. */
  text = '';

  constructor(backend: Backend, scanner: Scanner, options: DetectOptions = {}) {
    this.#backend = backend;
    this.#scanner = scanner;
    this.#handle = unwrapNumber(backend.call('sr_composer_new', scanner.handle, callJson(options)));
  }

  /** The findings of the text as it is now; what has changed since the last one is found out. */
  update(text: string): Finding[] {
    const findings = this.#backend.read(this.#scanner.read, 'sr_composer_update', this.#handle, text);
    this.text = text;
    return findings;
  }

  /** The same for an edit: `inserted` comes in the place of `text.slice(start, end)`. */
  edit(start: number, end: number, inserted: string): Finding[] {
    return this.update(this.text.slice(0, start) + inserted + this.text.slice(end));
  }

  free(): void {
    this.#backend.free('sr_composer_free', this.#handle);
    this.text = '';
  }
}
