/** What the formats share: the kinds of metadata, and a file that is copied piece by piece. */

import { SubrosaError } from '../errors.ts';

export type MetadataKind =
  | 'attachment' // another file within
  | 'comment'
  | 'document-info' // author, title, program and times of a PDF
  | 'exif' // camera, its settings and serial number, time
  | 'file-name'
  | 'iptc' // who, where and what, as press photographs have it
  | 'location' // where it was taken
  | 'other' // what is not needed to show the file
  | 'software'
  | 'tags' // title, artist and whatever else was noted
  | 'text' // of a PNG
  | 'thumbnail' // which may show what was cut away
  | 'time'
  | 'trailing' // what follows the file's end
  | 'unknown-format' // nothing was looked for
  | 'xmp';

export interface Stripped {
  bytes: Uint8Array;
  removed: MetadataKind[];
  kept: MetadataKind[];
}

export const broken = (at: number) => new SubrosaError('bad_format', at);

/** Whether a text of single bytes stands there. */
export function hasText(bytes: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

export const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** A copy of a file without some of its pieces. */
export class Copy {
  readonly #bytes: Uint8Array;
  readonly #pieces: Uint8Array[] = [];
  readonly #removed: MetadataKind[] = [];

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  keep(start: number, end: number): void {
    this.#pieces.push(this.#bytes.subarray(start, end));
  }

  add(piece: Uint8Array): void {
    this.#pieces.push(piece);
  }

  leaveOut(...kinds: MetadataKind[]): void {
    this.#removed.push(...kinds);
  }

  finish(): Stripped {
    const bytes = new Uint8Array(this.#pieces.reduce((size, piece) => size + piece.length, 0));
    let at = 0;
    for (const piece of this.#pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return { bytes, removed: this.#removed, kept: [] };
  }
}
