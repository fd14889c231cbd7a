/**
 * WebM and Matroska (RFC 8794, RFC 9559): elements with an id and a length, of which others hold the place. So nothing moves:
 * what goes is overwritten, by an element that says nothing or by zeros. Also right for the first piece of a recording.
 */

import { broken, type MetadataKind, type Stripped } from './parts.ts';

const voidId = 0xec;
const cluster = 0x1f43b675;
/** Elements whose content is looked at: Segment, Info, Tracks, TrackEntry. */
const parents = new Set([0x18538067, 0x1549a966, 0x1654ae6b, 0xae]);
const overwritten = new Map<number, MetadataKind>([
  [0x1254c367, 'tags'], // Tags
  [0x1043a770, 'tags'], // Chapters
  [0x7ba9, 'tags'], // Title
  [0x536e, 'tags'], // Name of a track
  [0x1941a469, 'attachment'],
  [0x4461, 'time'], // DateUTC
  [0x7384, 'file-name'], // SegmentFilename, and those before and after
  [0x3c83ab, 'file-name'],
  [0x3e83bb, 'file-name'],
  [0x73a4, 'other'], // SegmentUUID, and those before and after
  [0x3cb923, 'other'],
  [0x3eb923, 'other'],
  [0xbf, 'other'], // CRC-32, which would no longer fit
]);
/** Which must be there: MuxingApp and WritingApp. */
const zeroed = new Set([0x4d80, 0x5741]);

interface Element {
  id: number;
  content: number;
  /** Undefined where the length is not known yet. */
  end: number | undefined;
}

export function stripWebm(given: Uint8Array): Stripped {
  const bytes = given.slice();
  const removed: MetadataKind[] = [];
  let isLive = false; // within a cluster of which the length is not known, where a recording's piece ends anywhere
  for (let at = 0; at < bytes.length; ) {
    const element = elementAt(bytes, at);
    if (!element && isLive) break;
    if (!element) throw broken(at);
    const { id, content, end } = element;
    isLive ||= id === cluster && end === undefined;
    if (parents.has(id) || (id === cluster && end === undefined)) {
      at = content;
      continue;
    }
    if (end === undefined) throw broken(at);
    const kind = zeroed.has(id) ? 'software' : overwritten.get(id);
    if (kind && end > bytes.length) throw broken(at);
    if (kind && (id === 0xbf || bytes.subarray(content, end).some((byte) => byte !== 0))) {
      if (id !== 0xbf) removed.push(kind);
      if (zeroed.has(id)) bytes.fill(0, content, end);
      else overwrite(bytes.subarray(at, end));
    }
    at = end;
  }
  return { bytes, removed, kept: [] };
}

/** Makes one element that says nothing of what was one. */
function overwrite(element: Uint8Array): void {
  element.fill(0);
  element[0] = voidId;
  const short = element.length - 2;
  if (short < 0x7f) {
    element[1] = 0x80 | short;
    return;
  }
  element[1] = 0x01; // seven bytes of length follow
  let rest = element.length - 9;
  for (let i = 8; rest > 0; i--, rest = Math.floor(rest / 256)) element[i] = rest % 256;
}

/** Undefined where the bytes end before its head does. */
function elementAt(bytes: Uint8Array, at: number): Element | undefined {
  const idSize = sizeOf(bytes, at);
  if (at + idSize >= bytes.length) return undefined;
  let id = 0;
  for (let i = 0; i < idSize; i++) id = id * 256 + bytes[at + i]!;
  const start = at + idSize;
  const lengthSize = sizeOf(bytes, start);
  if (start + lengthSize > bytes.length) return undefined;
  let length = bytes[start]! - (0x100 >> lengthSize);
  let isUnknown = length === (0x80 >> (lengthSize - 1)) - 1;
  for (let i = 1; i < lengthSize; i++) {
    length = length * 256 + bytes[start + i]!;
    isUnknown &&= bytes[start + i] === 0xff;
  }
  const content = start + lengthSize;
  return { id, content, end: isUnknown ? undefined : content + length };
}

/** How many bytes a number has: one more than its first byte has leading zeros. */
function sizeOf(bytes: Uint8Array, at: number): number {
  const size = Math.clz32(bytes[at] ?? 0) - 23;
  if (size > 8) throw broken(at);
  return size;
}
