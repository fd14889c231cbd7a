/** PNG (W3C, third edition): chunks with a length, a name and a check sum. */

import { readExif } from './exif.ts';
import { broken, Copy, hasText, type MetadataKind, type Stripped, viewOf } from './parts.ts';

const signatureSize = 8;
const frameSize = 12;
/** Chunks that need not be there but change how the picture looks. */
const looks = new Set(
  ['tRNS', 'cHRM', 'gAMA', 'iCCP', 'sBIT', 'sRGB', 'cICP', 'mDCV', 'cLLI', 'bKGD', 'hIST', 'pHYs', 'sPLT'].concat('acTL', 'fcTL', 'fdAT'),
);
const kinds: Record<string, MetadataKind> = { tEXt: 'text', zTXt: 'text', iTXt: 'text', tIME: 'time' };

export function stripPng(bytes: Uint8Array): Stripped {
  const copy = new Copy(bytes);
  const view = viewOf(bytes);
  copy.keep(0, signatureSize);
  for (let at = signatureSize; at < bytes.length; ) {
    if (at + frameSize > bytes.length) throw broken(at);
    const end = at + frameSize + view.getUint32(at);
    if (end > bytes.length) throw broken(at);
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const content = bytes.subarray(at + 8, end - 4);
    const isNeeded = /^[A-Z]/.test(name);
    if (isNeeded || looks.has(name)) copy.keep(at, end);
    else copy.leaveOut(...kindsOf(name, content));
    at = end;
    if (name === 'IEND') {
      if (at < bytes.length) copy.leaveOut('trailing');
      break;
    }
  }
  return copy.finish();
}

function kindsOf(name: string, content: Uint8Array): MetadataKind[] {
  if (name === 'eXIf') return readExif(content).kinds;
  if (hasText(content, 0, 'XML:com.adobe.xmp')) return ['xmp'];
  return [kinds[name] ?? 'other'];
}
