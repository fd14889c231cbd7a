/** MP3: frames of sound, with tags before and after them: ID3v2, ID3v1 and its extension, APEv2, Lyrics3. */

import { broken, Copy, hasText, type Stripped, viewOf } from './parts.ts';

export function stripMp3(bytes: Uint8Array): Stripped {
  let start = 0;
  for (let size = tagAt(bytes, start); size > 0; size = tagAt(bytes, start)) start += size;
  let end = bytes.length;
  for (let size = tagBefore(bytes, end); size > 0; size = tagBefore(bytes, end)) end -= size;
  // What follows a tag is sound, or the tag was not one.
  if (start > end || (start < end && bytes[start] !== 0xff && bytes[start] !== 0)) throw broken(start);
  const copy = new Copy(bytes);
  copy.keep(start, end);
  if (end - start < bytes.length) copy.leaveOut('tags');
  return copy.finish();
}

/** A number of four bytes with seven bits each. */
const synchsafe = (bytes: Uint8Array, at: number) => [0, 1, 2, 3].reduce((value, i) => (value << 7) | (bytes[at + i] ?? 0), 0);

/** The size of the tag that begins there; 0 where there is none. */
function tagAt(bytes: Uint8Array, at: number): number {
  if (hasText(bytes, at, 'ID3')) return 10 + synchsafe(bytes, at + 6) + ((bytes[at + 5] ?? 0) & 0x10 ? 10 : 0);
  if (hasText(bytes, at, 'APETAGEX') && at + 32 <= bytes.length) return 32 + viewOf(bytes).getUint32(at + 12, true);
  return 0;
}

/** The size of the tag that ends there; 0 where there is none. */
function tagBefore(bytes: Uint8Array, end: number): number {
  const ends = (text: string, distance: number) => end >= distance && hasText(bytes, end - distance, text);
  if (ends('TAG', 128) && !ends('APETAGEX', 131)) return 128;
  if (ends('TAG+', 227)) return 227;
  if (ends('3DI', 10)) return 20 + synchsafe(bytes, end - 4);
  if (ends('APETAGEX', 32)) {
    const hasHeader = viewOf(bytes).getUint32(end - 12, true) >>> 31;
    return viewOf(bytes).getUint32(end - 20, true) + (hasHeader ? 32 : 0);
  }
  if (ends('LYRICS200', 9)) return 15 + Number(String.fromCharCode(...bytes.subarray(end - 15, end - 9)));
  return 0;
}
