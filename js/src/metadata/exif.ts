/** Exif (CIPA DC-008): a TIFF structure. It is read for what it is about, and dropped but for how the picture is turned. */

import type { MetadataKind } from './parts.ts';
import { viewOf } from './parts.ts';

const orientationTag = 0x0112;
const gpsTag = 0x8825;
const entrySize = 12;

export interface Exif {
  kinds: MetadataKind[];
  /** 1 to 8; 1 is upright. */
  orientation: number;
}

/** Of the first directory. What is broken counts as not there: all of it is dropped anyway. */
export function readExif(tiff: Uint8Array): Exif {
  const view = viewOf(tiff);
  const little = tiff[0] === 0x49;
  const tags = new Map<number, number>();
  const start = tiff.length >= 8 ? view.getUint32(4, little) : tiff.length;
  const count = start + 2 <= tiff.length ? view.getUint16(start, little) : 0;
  for (let i = 0, at = start + 2; i < count && at + entrySize <= tiff.length; i++, at += entrySize)
    tags.set(view.getUint16(at, little), view.getUint16(at + 8, little));
  const orientation = tags.get(orientationTag) ?? 1;
  return { kinds: tags.has(gpsTag) ? ['exif', 'location'] : ['exif'], orientation: orientation <= 8 && orientation > 0 ? orientation : 1 };
}

/** A TIFF structure that holds the orientation alone. */
export function orientationOnly(orientation: number): Uint8Array {
  return Uint8Array.of(0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0);
}
