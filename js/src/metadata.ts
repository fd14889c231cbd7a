/**
 * What a file says beside its content: where a picture was taken, who wrote a document, with what. It is taken out before the
 * file is sealed, and what cannot be is told.
 *
 *   const { bytes, name, removed, kept } = stripMetadata(await read(file), file.name);
 *
 * JPEG, PNG, WAV, MP3, WebM (Matroska) and PDF; of any other file only the name changes. The content stays as it was, byte for
 * byte: a picture is not compressed again. It does not look at what a picture shows or a document says.
 */

import { stripJpeg } from './metadata/jpeg.ts';
import { stripMp3 } from './metadata/mp3.ts';
import type { MetadataKind, Stripped } from './metadata/parts.ts';
import { stripPdf } from './metadata/pdf.ts';
import { stripPng } from './metadata/png.ts';
import { stripWav } from './metadata/wav.ts';
import { stripWebm } from './metadata/webm.ts';

export type { MetadataKind } from './metadata/parts.ts';

export type MetadataFormat = 'jpeg' | 'png' | 'wav' | 'mp3' | 'webm' | 'pdf';

export interface StrippedFile {
  /** By the file's first bytes, not by its name; undefined for any other format. */
  format: MetadataFormat | undefined;
  bytes: Uint8Array;
  /** A name that says only what kind of file it is, such as `file.jpg`. */
  name: string;
  /** What was taken out, each kind once, in alphabetical order. */
  removed: MetadataKind[];
  /** What is known or feared to be in it still. */
  kept: MetadataKind[];
}

const extensions: Record<MetadataFormat, string> = { jpeg: 'jpg', png: 'png', wav: 'wav', mp3: 'mp3', webm: 'webm', pdf: 'pdf' };
const strippers: Record<MetadataFormat, (bytes: Uint8Array) => Stripped> = {
  jpeg: stripJpeg,
  png: stripPng,
  wav: stripWav,
  mp3: stripMp3,
  webm: stripWebm,
  pdf: stripPdf,
};
const magics: [MetadataFormat, RegExp][] = [
  ['jpeg', /^\xff\xd8\xff/],
  ['png', /^\x89PNG\r\n\x1a\n/],
  ['wav', /^RIFF[\s\S]{4}WAVE/],
  ['webm', /^\x1a\x45\xdf\xa3/],
  ['pdf', /^[\s\S]{0,1019}%PDF-/],
  ['mp3', /^(ID3|APETAGEX|\xff[\xe2-\xe7\xf2-\xf7])/],
];
const magicSize = 1024;

/**
 * The file without its metadata; what was given stays as it is. Throws `bad_format`, with the place, for a file that is broken
 * in a way that could hide something. `name`: the file's own, which may say more than its content.
 */
export function stripMetadata(bytes: Uint8Array, name = ''): StrippedFile {
  const start = String.fromCharCode(...bytes.subarray(0, magicSize));
  const format = magics.find(([, magic]) => magic.test(start))?.[0];
  const stripped: Stripped = format ? strippers[format](bytes) : { bytes, removed: [], kept: ['unknown-format'] };
  const newName = neutralName(name, format);
  const removed = name && name !== newName ? [...stripped.removed, 'file-name' as const] : stripped.removed;
  return { format, bytes: stripped.bytes, name: newName, removed: sorted(removed), kept: sorted(stripped.kept) };
}

const sorted = (kinds: MetadataKind[]) => [...new Set(kinds)].sort();

function neutralName(name: string, format: MetadataFormat | undefined): string {
  const extension = format ? extensions[format] : /\.([a-z0-9]{1,5})$/i.exec(name)?.[1]?.toLowerCase();
  return extension ? `file.${extension}` : 'file';
}
