/**
 * PDF (ISO 32000): objects that are found by their place. So nothing moves: what goes is overwritten with spaces. What is
 * compressed or encrypted is not reached, and told of.
 */

import type { MetadataKind, Stripped } from './parts.ts';

const space = 0x20;
const packetEnd = '<?xpacket end=';
const latin1 = (bytes: Uint8Array) => {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
};

export function stripPdf(given: Uint8Array): Stripped {
  const text = latin1(given);
  const bytes = given.slice();
  const removed: MetadataKind[] = [];
  const kept: MetadataKind[] = [];
  const isEncrypted = /\/Encrypt\b/.test(text);
  const infos = new Set([...text.matchAll(/\/Info\s+(\d+)\s+(\d+)\s+R/g)].map(([, number, generation]) => `${number}\\s+${generation}`));
  for (const info of infos) {
    const objects = [...text.matchAll(new RegExp(`(?<!\\d)${info}\\s+obj\\b[\\s\\S]*?endobj`, 'g'))];
    if (isEncrypted || objects.length === 0) kept.push('document-info');
    else for (const { index, 0: object } of objects) if (blankStrings(bytes, index, index + object.length)) removed.push('document-info');
  }
  const packets = isEncrypted ? [] : [...text.matchAll(/<\?xpacket begin=[\s\S]*?\?>([\s\S]*?)<\?xpacket end=/g)];
  for (const { index, 0: packet, 1: content = '' } of packets) {
    const start = index + packet.length - packetEnd.length - content.length;
    if (content.trim()) removed.push('xmp');
    bytes.fill(space, start, start + content.length);
  }
  if ((text.match(/\/Type\s*\/Metadata\b/g) ?? []).length > packets.length) kept.push('xmp');
  if (text.includes('/EmbeddedFile')) kept.push('attachment');
  if (text.includes('Exif\0\0')) kept.push('exif'); // of a picture in it
  return { bytes, removed, kept };
}

/** Overwrites what is in the strings from `start` to before `end`, written as (text) or as <digits>. True if there was something. */
function blankStrings(bytes: Uint8Array, start: number, end: number): boolean {
  let found = false;
  for (let at = start; at < end; at++) {
    const isText = bytes[at] === 0x28;
    if (!isText && (bytes[at] !== 0x3c || bytes[at + 1] === 0x3c || bytes[at - 1] === 0x3c)) continue;
    const close = isText ? endOfText(bytes, at, end) : Math.min(bytes.indexOf(0x3e, at) >>> 0, end);
    found ||= bytes.subarray(at + 1, close).some((byte) => byte !== space);
    bytes.fill(space, at + 1, close);
    at = close;
  }
  return found;
}

/** Where the parenthesis closes: pairs within count, and a backslash takes the next one's meaning. */
function endOfText(bytes: Uint8Array, start: number, end: number): number {
  let depth = 0;
  for (let at = start; at < end; at++) {
    if (bytes[at] === 0x5c) at++;
    else if (bytes[at] === 0x28) depth++;
    else if (bytes[at] === 0x29 && --depth === 0) return at;
  }
  return end;
}
