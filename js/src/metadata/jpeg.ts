/** JPEG (ITU-T T.81, annex B): segments with a marker and a length, and after the start of a scan the picture itself. */

import { orientationOnly, readExif } from './exif.ts';
import { broken, Copy, hasText, type MetadataKind, type Stripped, viewOf } from './parts.ts';

const startOfScan = 0xda;
const endOfImage = 0xd9;
const comment = 0xfe;
const app = 0xe0;
const lastApp = 0xef;
const exifHeader = Uint8Array.of(0x45, 0x78, 0x69, 0x66, 0, 0);

const app1 = 0xe1;
const kindByStart: [marker: number, start: string, kind: MetadataKind][] = [
  [app, 'JFXX\0', 'thumbnail'],
  [app1, 'http://ns.adobe.com/', 'xmp'],
  [0xe2, 'MPF\0', 'thumbnail'],
  [0xed, '', 'iptc'],
  [comment, '', 'comment'],
];
const keptStarts: [marker: number, start: string][] = [
  [0xe2, 'ICC_PROFILE\0'],
  [0xee, 'Adobe'],
];

export function stripJpeg(bytes: Uint8Array): Stripped {
  const copy = new Copy(bytes);
  const view = viewOf(bytes);
  let at = 2;
  copy.keep(0, at);
  while (at < bytes.length) {
    if (bytes[at] !== 0xff) throw broken(at);
    while (bytes[at + 1] === 0xff) at++;
    const marker = bytes[at + 1];
    if (marker === endOfImage) {
      copy.keep(at, at + 2);
      if (at + 2 < bytes.length) copy.leaveOut('trailing');
      return copy.finish();
    }
    if (marker === undefined || at + 4 > bytes.length) throw broken(at);
    const end = at + 2 + view.getUint16(at + 2);
    if (end > bytes.length || end < at + 4) throw broken(at);
    segment(copy, bytes, marker, at, end);
    at = end;
    if (marker === startOfScan) {
      at = endOfScan(bytes, end);
      copy.keep(end, at);
    }
  }
  return copy.finish();
}

function segment(copy: Copy, bytes: Uint8Array, marker: number, start: number, end: number): void {
  const content = start + 4;
  const stands = ([of, text]: readonly [number, string, ...unknown[]]) => of === marker && hasText(bytes, content, text);
  const kind = kindByStart.find(stands)?.[2];
  if (marker === app && hasText(bytes, content, 'JFIF\0')) jfif(copy, bytes, content, end);
  else if (marker === app1 && hasText(bytes, content, 'Exif\0')) exif(copy, bytes.subarray(content + exifHeader.length, end));
  else if (kind) copy.leaveOut(kind);
  else if (marker < app || marker > lastApp || keptStarts.some(stands)) copy.keep(start, end);
  else copy.leaveOut('other');
}

/** The header stays, without the thumbnail that may follow it. */
function jfif(copy: Copy, bytes: Uint8Array, content: number, end: number): void {
  const fixed = 12;
  if (end < content + fixed + 2) throw broken(content);
  if (bytes[content + fixed] || bytes[content + fixed + 1]) copy.leaveOut('thumbnail');
  copy.add(Uint8Array.of(0xff, app, 0, fixed + 4));
  copy.keep(content, content + fixed);
  copy.add(new Uint8Array(2));
}

function exif(copy: Copy, tiff: Uint8Array): void {
  const { kinds, orientation } = readExif(tiff);
  copy.leaveOut(...kinds);
  if (orientation === 1) return;
  const kept = orientationOnly(orientation);
  copy.add(Uint8Array.of(0xff, app1, 0, 2 + exifHeader.length + kept.length));
  copy.add(exifHeader);
  copy.add(kept);
}

/** Where the coded picture ends: at a marker that is neither an escaped 0xff nor a restart. */
function endOfScan(bytes: Uint8Array, start: number): number {
  for (let at = bytes.indexOf(0xff, start); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    if (next !== undefined && next !== 0 && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  return bytes.length;
}
