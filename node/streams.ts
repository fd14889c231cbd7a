/**
 * Redaction and restoring as Node's streams of bytes or strings.
 *
 *   pipeline(process.stdin, redactTransform(subrosa), process.stdout)
 */

import { Transform, type TransformCallback } from 'node:stream';
import type { PieceRedactor, PieceRestorer, Subrosa, Vault } from '../js/src/index.ts';

type Options = Parameters<Subrosa['pieceRedactor']>[0];

/** A Transform over UTF-8 bytes or strings that redacts. It emits 'findings' with an array when there are any. */
export function redactTransform(subrosa: Subrosa, options?: Options): Transform {
  return new PieceTransform(subrosa.pieceRedactor(options), ({ findings }, stream) => {
    if (findings.length > 0) stream.emit('findings', findings);
  });
}

/** A Transform that restores. It emits 'unknown' with an array of placeholders that the vault did not give out. */
export function restoreTransform(subrosa: Subrosa, vault: Vault): Transform {
  return new PieceTransform(subrosa.pieceRestorer(vault), ({ unknown }, stream) => {
    if (unknown.length > 0) stream.emit('unknown', unknown);
  });
}

type ResultOf<P extends PieceRedactor | PieceRestorer> = ReturnType<P['push']>;

class PieceTransform<P extends PieceRedactor | PieceRestorer> extends Transform {
  readonly #pieces: P;
  readonly #note: (result: ResultOf<P>, stream: Transform) => void;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  constructor(pieces: P, note: (result: ResultOf<P>, stream: Transform) => void) {
    super({ decodeStrings: false });
    this.#pieces = pieces;
    this.#note = note;
  }

  override _transform(chunk: Buffer | string, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#step(done, () => this.#pieces.push(typeof chunk === 'string' ? chunk : this.#decoder.decode(chunk, { stream: true })));
  }

  override _flush(done: TransformCallback): void {
    const rest = this.#decoder.decode();
    if (rest)
      this.#step(
        () => {},
        () => this.#pieces.push(rest),
      );
    this.#step(done, () => this.#pieces.end());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#pieces.free();
    done(error);
  }

  #step(done: TransformCallback, next: () => { text: string }): void {
    try {
      const result = next() as ResultOf<P>;
      this.#note(result, this);
      if (result.text) this.push(result.text);
      done();
    } catch (error) {
      done(error as Error);
    }
  }
}
