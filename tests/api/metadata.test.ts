/** Files made here, with something to tell in each place that the format has for it. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { type MetadataKind, stripMetadata } from './api.ts';

const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const join = (...parts: (Uint8Array | string | number[])[]) =>
  Uint8Array.from(parts.flatMap((part) => [...(typeof part === 'string' ? latin1(part) : part)]));
const big = (value: number, size = 4) => Array.from({ length: size }, (_, i) => Math.floor(value / 256 ** (size - 1 - i)) % 256);
const little = (value: number) => big(value).reverse();
const secret = 'Ann Miller, 52.5200 N';

/** What was given must hold the secret, what comes out must not, and no byte of what was given changes. */
function stripped(bytes: Uint8Array, removed: MetadataKind[], kept: MetadataKind[] = []): Uint8Array {
  const before = bytes.slice();
  assert.ok(Buffer.from(bytes).includes(secret), 'the test file holds the secret');
  const result = stripMetadata(bytes);
  assert.deepEqual([result.removed, result.kept], [removed, kept]);
  assert.deepEqual(bytes, before);
  assert.equal(Buffer.from(result.bytes).includes(secret), false);
  assert.deepEqual(stripMetadata(result.bytes).bytes, result.bytes, 'a second time changes nothing');
  return result.bytes;
}

const segment = (marker: number, content: Uint8Array) => join([0xff, marker], big(content.length + 2, 2), content);
const tiff = (orientation: number) =>
  join('II*\0', little(8), [2, 0], [0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0], [0x25, 0x88, 4, 0, 1, 0, 0, 0, 38, 0, 0, 0], secret);
const scan = join(segment(0xda, latin1('scan')), [1, 0xff, 0, 2, 0xff, 0xd0, 3]);
const table = segment(0xdb, latin1('table'));
const header = (width: number) => segment(0xe0, join('JFIF\0', [1, 2, 0, 0, 1, 0, 1, width, width], new Uint8Array(3 * width * width)));

test('JPEG: everything that is not the picture goes; how it is turned stays', () => {
  const profile = segment(0xe2, latin1('ICC_PROFILE\0colours'));
  const picture = [profile, table, scan, [0xff, 0xd9]];
  const bytes = stripped(
    join(
      [0xff, 0xd8],
      header(1),
      segment(0xe1, join('Exif\0\0', tiff(6))),
      segment(0xe1, latin1(`http://ns.adobe.com/xap/1.0/\0${secret}`)),
      segment(0xed, latin1(`Photoshop 3.0\0${secret}`)),
      segment(0xe5, latin1(secret)),
      segment(0xfe, latin1(secret)),
      ...picture,
      secret,
    ),
    ['comment', 'exif', 'iptc', 'location', 'other', 'thumbnail', 'trailing', 'xmp'],
  );
  const orientation = join('Exif\0\0MM', [0, 42], big(8), [0, 1, 1, 0x12, 0, 3], big(1), [0, 6, 0, 0], big(0));
  assert.deepEqual(bytes, join([0xff, 0xd8], header(0), segment(0xe1, orientation), ...picture));
  const upright = join([0xff, 0xd8], segment(0xe1, join('Exif\0\0', tiff(1))), table, scan, [0xff, 0xd9]);
  assert.deepEqual(stripMetadata(upright).bytes, join([0xff, 0xd8], table, scan, [0xff, 0xd9]));
});

test('PNG: chunks that change nothing to see go', () => {
  const chunk = (name: string, content: Uint8Array | string) => join(big(content.length), name, content, [1, 2, 3, 4]);
  const head = join('\x89PNG\r\n\x1a\n', chunk('IHDR', 'size'), chunk('gAMA', 'light'));
  const rest = join(chunk('IDAT', 'picture'), chunk('IEND', ''));
  const notes = join(
    chunk('tEXt', `Author\0${secret}`),
    chunk('iTXt', `XML:com.adobe.xmp\0${secret}`),
    chunk('eXIf', tiff(1)),
    chunk('tIME', 'now'),
    chunk('prVt', secret),
  );
  const removed: MetadataKind[] = ['exif', 'location', 'other', 'text', 'time', 'trailing', 'xmp'];
  assert.deepEqual(stripped(join(head, notes, rest, secret), removed), join(head, rest));
});

test('WAV: what is heard stays, and the length is right', () => {
  const chunk = (name: string, content: string) => join(name, little(content.length), content, content.length % 2 ? [0] : []);
  const wav = (...chunks: Uint8Array[]) => join('RIFF', little(4 + join(...chunks).length), 'WAVE', ...chunks);
  const heard = [chunk('fmt ', '0123456789abcdef'), chunk('data', 'odd')];
  const given = wav(heard[0]!, chunk('LIST', `INFOIART${secret}`), chunk('bext', secret), heard[1]!, chunk('id3 ', secret));
  assert.deepEqual(stripped(given, ['tags']), wav(...heard));
});

test('MP3: tags before and after the sound go', () => {
  const sound = join([0xff, 0xfb, 0x90, 0], 'sound'.repeat(100));
  const id3 = join('ID3', [4, 0, 0, 0, 0, 1, 0], secret, new Uint8Array(128 - secret.length));
  const ape = (flags: number) => join('APETAGEX', little(2000), little(secret.length + 32), little(1), [0, 0, 0, flags], new Uint8Array(8));
  const id3v1 = join('TAG', secret, new Uint8Array(125 - secret.length));
  assert.deepEqual(stripped(join(id3, id3, sound, ape(0xa0), secret, ape(0x80), id3v1), ['tags']), sound);
});

test('WebM: nothing moves, and what was told says nothing', () => {
  const element = (id: number[], content: Uint8Array | string) => join(id, [0x10], big(content.length, 3), content);
  const media = element([0xa3], 'sound'.repeat(40));
  const open = [0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
  const file = (info: Uint8Array, tags: Uint8Array) =>
    join([0x1a, 0x45, 0xdf, 0xa3, 0x84], 'webm', [0x18, 0x53, 0x80, 0x67], open, info, [0x1f, 0x43, 0xb6, 0x75], open, media, tags);
  const info = element(
    [0x15, 0x49, 0xa9, 0x66],
    join(element([0x44, 0x61], '12345678'), element([0x7b, 0xa9], secret), element([0x57, 0x41], secret)),
  );
  const tags = element([0x12, 0x54, 0xc3, 0x67], secret.repeat(10));
  const given = file(info, tags);
  const bytes = stripped(given, ['software', 'tags', 'time']);
  assert.equal(bytes.length, given.length);
  assert.equal(Buffer.from(bytes).indexOf(media), Buffer.from(given).indexOf(media));
  const voidTags = join([0xec, 0x01], big(tags.length - 9, 7), new Uint8Array(tags.length - 9));
  assert.deepEqual(bytes.subarray(-tags.length), voidTags);
  // The first piece of a recording ends anywhere, be it in the head of a block; before the sound begins, nothing may be cut.
  const sound = given.length - tags.length;
  for (const end of [sound + 1, sound + 3, sound - 5]) stripped(given.slice(0, end), ['software', 'tags', 'time']);
  for (const end of [sound + 9, given.indexOf(0x49) + 2]) assert.throws(() => stripMetadata(given.slice(0, end)), { code: 'bad_format' });
});

test('PDF: nothing moves; what cannot be reached is told', () => {
  const packet = (content: string) => `<?xpacket begin="" id="W5M0"?>${content}<?xpacket end="w"?>`;
  const document = (info: string, xmp: string) =>
    `%PDF-1.4\n1 0 obj\n<< /Title (a bookmark) >>\nendobj\n2 0 obj\n<< /Author (${info}\\)) /Title <${info ? '416e6e' : '      '}> >>\nendobj\n` +
    `3 0 obj\n<< /Type /Metadata >>\nstream\n${packet(xmp)}\nendstream\nendobj\ntrailer\n<< /Info 2 0 R >>\n`;
  const given = latin1(document(`${secret} (who wrote)`, `<x>${secret}</x>`));
  const bytes = stripped(given, ['document-info', 'xmp']);
  assert.equal(bytes.length, given.length);
  assert.ok(Buffer.from(bytes).includes('(a bookmark)'));
  assert.equal(Buffer.from(bytes).includes('416e6e'), false);
  const told = (text: string) => stripMetadata(latin1(text)).kept;
  assert.deepEqual(told('%PDF-1.7\n<< /Type /Metadata >> /ObjStm << /Info 7 0 R >>'), ['document-info', 'xmp']);
  assert.deepEqual(told(`${document('x', 'y')}<< /Encrypt 9 0 R >> /EmbeddedFile Exif\0\0`), [
    'attachment',
    'document-info',
    'exif',
    'xmp',
  ]);
});

test('the name says only what kind of file it is, and an unknown format is told', () => {
  const named = (bytes: Uint8Array, name: string) => {
    const { format, name: newName, removed, kept } = stripMetadata(bytes, name);
    return [format, newName, removed, kept];
  };
  assert.deepEqual(named(latin1('%PDF-1.4'), 'Ann Miller cv.PDF'), ['pdf', 'file.pdf', ['file-name'], []]);
  assert.deepEqual(named(latin1('hello'), 'Ann Miller.Txt'), [undefined, 'file.txt', ['file-name'], ['unknown-format']]);
  assert.deepEqual(named(latin1('hello'), 'Ann Miller'), [undefined, 'file', ['file-name'], ['unknown-format']]);
  assert.deepEqual(named(latin1('hello'), 'file.txt'), [undefined, 'file.txt', [], ['unknown-format']]);
});

test('a broken file is refused where it breaks', () => {
  const cut = (bytes: Uint8Array) => assert.throws(() => stripMetadata(bytes), { code: 'bad_format' });
  cut(join([0xff, 0xd8], segment(0xe1, latin1(secret)).slice(0, -1)));
  cut(join([0xff, 0xd8], table, 'no marker'));
  cut(join('\x89PNG\r\n\x1a\n', big(100), 'tEXt', secret));
  cut(join('RIFF', little(100), 'WAVE', 'LIST', little(90), secret));
  cut(join('ID3', [4, 0, 0, 0, 0, 1, 0], secret));
  cut(join([0x1a, 0x45, 0xdf, 0xa3, 0x80], [0x18, 0x53, 0x80, 0x67, 0xff], [0x12, 0x54, 0xc3, 0x67, 0xff], secret));
});
