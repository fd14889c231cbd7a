/** WAV: RIFF chunks with a name and a length, padded to an even one. What is heard is in three of them. */

import { broken, Copy, type MetadataKind, type Stripped, viewOf } from './parts.ts';

const headerSize = 12;
const heard = ['fmt ', 'fact', 'data'];
const kinds: Record<string, MetadataKind> = { LIST: 'tags', 'id3 ': 'tags', 'ID3 ': 'tags', bext: 'tags', iXML: 'tags', _PMX: 'xmp' };

export function stripWav(bytes: Uint8Array): Stripped {
  const copy = new Copy(bytes);
  const view = viewOf(bytes);
  const declared = view.getUint32(4, true) + 8;
  // A recorder that does not know the length yet writes none, or the largest.
  const fileEnd = declared <= headerSize || declared > bytes.length ? bytes.length : declared;
  let contentSize = headerSize - 8;
  const parts: [start: number, end: number][] = [];
  for (let at = headerSize; at < fileEnd; ) {
    if (at + 8 > fileEnd) throw broken(at);
    const name = String.fromCharCode(...bytes.subarray(at, at + 4));
    const size = view.getUint32(at + 4, true);
    const isOpen = name === 'data' && at + 8 + size > fileEnd;
    const end = isOpen ? fileEnd : Math.min(at + 8 + size + (size % 2), fileEnd);
    if (!isOpen && at + 8 + size > fileEnd) throw broken(at);
    if (heard.includes(name)) {
      parts.push([at, end]);
      contentSize += end - at;
    } else copy.leaveOut(kinds[name] ?? 'other');
    at = end;
  }
  const head = bytes.slice(0, headerSize);
  if (declared === fileEnd) viewOf(head).setUint32(4, contentSize, true);
  copy.add(head);
  for (const [start, end] of parts) copy.keep(start, end);
  if (fileEnd < bytes.length) copy.leaveOut('trailing');
  return copy.finish();
}
