/**
 * Redaction and restoring of texts that come in pieces: a model's tokens, a file, a typing user. However a text is
 * cut, the pieces that come out are those of the whole.
 *
 *   response.body.pipeThrough(new TextDecoderStream()).pipeThrough(subrosa.restoreStream(vault))
 */

import { type Backend, unwrap, unwrapNumber } from './backend.ts';
import { callJson, type Redacted, type Redaction, type RedactOptions, type Redactor } from './redact.ts';
import { type Restored, readRestored, type Vault } from './vault.ts';

const isHighSurrogate = (unit: number) => unit >= 0xd800 && unit < 0xdc00;

/** Pieces as the core takes them: whole code points. */
class WholePieces {
  #half = '';

  next(piece: string): string {
    const text = this.#half + piece;
    this.#half = text.length > 0 && isHighSurrogate(text.charCodeAt(text.length - 1)) ? text.slice(-1) : '';
    return this.#half ? text.slice(0, -1) : text;
  }

  last(): string {
    return this.#half;
  }
}

/**
 * Redacts piece by piece. Held back is what more text may yet make a finding of, from where that begins: in prose a word or
 * two, at most 8,192 bytes; and what has come since the last look: 32 bytes or an eighth of what is held back, of pieces of
 * 1 KiB and more 16 KiB.
 */
export class PieceRedactor {
  readonly #backend: Backend;
  readonly #redactor: Redactor;
  readonly #vault: number;
  readonly #handle: number;
  readonly #pieces = new WholePieces();

  constructor(backend: Backend, redactor: Redactor, options: RedactOptions = {}) {
    this.#backend = backend;
    this.#redactor = redactor;
    this.#vault = options.vault?.handle ?? 0;
    this.#handle = unwrapNumber(backend.call('sr_redact_stream_new', callJson(options)));
  }

  /** What is decided now; findings have offsets in the whole stream. */
  push(piece: string): Redacted {
    return this.#push(this.#pieces.next(piece), 0);
  }

  /** The rest. Nothing may be pushed after it. */
  end(): Redacted {
    return this.#push(this.#pieces.last(), 1);
  }

  free(): void {
    this.#backend.free('sr_redact_stream_free', this.#handle);
  }

  #push(piece: string, isLast: 0 | 1): Redacted {
    const bytes = unwrap(this.#backend.call('sr_redact_stream_push', this.#handle, this.#redactor.handle, this.#vault, piece, isLast));
    return bytes.length === 0 ? { text: '', findings: [] } : this.#redactor.read(bytes);
  }
}

/** Restores piece by piece. Held back is what may yet turn out to be a placeholder: at most 256 bytes. */
export class PieceRestorer {
  readonly #backend: Backend;
  readonly #vault: Vault;
  readonly #handle: number;
  readonly #pieces = new WholePieces();

  constructor(backend: Backend, vault: Vault) {
    this.#backend = backend;
    this.#vault = vault;
    this.#handle = unwrapNumber(backend.call('sr_restore_stream_new'));
  }

  push(piece: string): Restored {
    return this.#push(this.#pieces.next(piece), 0);
  }

  /** The rest. Nothing may be pushed after it. */
  end(): Restored {
    return this.#push(this.#pieces.last(), 1);
  }

  free(): void {
    this.#backend.free('sr_restore_stream_free', this.#handle);
  }

  #push(piece: string, isLast: 0 | 1): Restored {
    return readRestored(unwrap(this.#backend.call('sr_restore_stream_push', this.#handle, this.#vault.handle, piece, isLast)));
  }
}

interface Pieces<T extends { text: string }> {
  push(piece: string): T;
  end(): T;
  free(): void;
}

function transform<T extends { text: string }>(pieces: Pieces<T>, note: (result: T) => void): TransformStream<string, string> {
  const emit = (result: T, controller: TransformStreamDefaultController<string>) => {
    note(result);
    if (result.text) controller.enqueue(result.text);
  };
  const guarded = (step: () => void) => {
    try {
      step();
    } catch (error) {
      pieces.free(); // an error ends the stream
      throw error;
    }
  };
  return new TransformStream({
    transform: (piece, controller) => guarded(() => emit(pieces.push(piece), controller)),
    flush: (controller) => {
      guarded(() => emit(pieces.end(), controller));
      pieces.free();
    },
  });
}

/** A TransformStream of strings that redacts. */
export class RedactStream {
  readonly readable: ReadableStream<string>;
  readonly writable: WritableStream<string>;

  /** `onFindings` gets the findings of what is decided, with offsets in the whole stream. */
  constructor(pieces: PieceRedactor, onFindings: (findings: Redaction[]) => void = () => {}) {
    ({ readable: this.readable, writable: this.writable } = transform(pieces, ({ findings }) => {
      if (findings.length > 0) onFindings(findings);
    }));
  }
}

/** A TransformStream of strings that restores. */
export class RestoreStream {
  readonly readable: ReadableStream<string>;
  readonly writable: WritableStream<string>;
  /** How many placeholders were restored so far. */
  restored = 0;
  /** Those that the vault did not give out. */
  readonly unknown: string[] = [];

  constructor(pieces: PieceRestorer) {
    ({ readable: this.readable, writable: this.writable } = transform(pieces, ({ restored, unknown }) => {
      this.restored += restored;
      this.unknown.push(...unknown);
    }));
  }
}
