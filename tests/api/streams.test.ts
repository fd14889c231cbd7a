import assert from 'node:assert/strict';
import { Duplex, Readable } from 'node:stream';
import test from 'node:test';
import { type SealContext, subrosa } from './api.ts';

const { sealing } = subrosa;
const context: SealContext = { purpose: 'chat', policyHash: 'sha256:00', recordId: 'record-1', epoch: 3 };
const { publicKey, secretKey } = sealing.generateKeyPair();
const opening = { key: secretKey, purpose: 'chat' };
const refused = { code: 'not_authentic' };
const chunk = 16384;
const sealedChunk = chunk + 16;

const plaintextOf = (size: number) => Uint8Array.from({ length: size }, (_, i) => (i * 31 + (i >> 8)) & 255);

/** Passes bytes through a stream in pieces of a size. */
async function pass(bytes: Uint8Array, through: TransformStream<Uint8Array, Uint8Array>, piece: number): Promise<Uint8Array> {
  let at = 0;
  const source = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + piece));
      at += piece;
    },
  });
  return new Uint8Array(await new Response(source.pipeThrough(through)).arrayBuffer());
}

const seal = (bytes: Uint8Array, piece = 5000) => pass(bytes, sealing.sealStream({ recipients: [publicKey], ...context }), piece);
const open = (sealed: Uint8Array, piece = 7000) => pass(sealed, sealing.openStream(opening), piece);
const headerSize = (sealed: Uint8Array) => 4 + new DataView(sealed.buffer).getUint32(0);

test('what passed through one stream comes out of the other', async () => {
  for (const size of [0, 1, chunk - 1, chunk, chunk + 1, 5 * chunk + 7])
    for (const piece of [1 << 20, 4099]) assert.deepEqual(await open(await seal(plaintextOf(size), piece), piece), plaintextOf(size));
});

test('progress is told, in bytes that went in', async () => {
  const seen: number[] = [];
  await pass(
    plaintextOf(10000),
    sealing.sealStream({ recipients: [publicKey], ...context, onProgress: (bytes) => seen.push(bytes) }),
    4000,
  );
  assert.deepEqual(seen, [4000, 8000, 10000]);
});

test('Node streams too', async () => {
  // Node's types know another TransformStream than the DOM's; it is the same at run time.
  const duplex = (stream: TransformStream) => Duplex.fromWeb(stream as unknown as Parameters<typeof Duplex.fromWeb>[0]);
  const sealer = duplex(sealing.sealStream({ recipients: [publicKey], ...context }));
  const opener = duplex(sealing.openStream(opening));
  const parts = await Readable.from([plaintextOf(40000)])
    .pipe(sealer)
    .pipe(opener)
    .toArray();
  assert.deepEqual(new Uint8Array(Buffer.concat(parts)), plaintextOf(40000));
});

test('a stream that was cut, reordered, repeated or opened for another purpose is refused', async () => {
  const sealed = await seal(plaintextOf(3 * chunk + 100));
  const start = headerSize(sealed);
  const part = (from: number, to?: number) =>
    sealed.slice(start + from * sealedChunk, to === undefined ? undefined : start + to * sealedChunk);
  const broken = {
    empty: new Uint8Array(0),
    'cut in the header': sealed.slice(0, start - 1),
    'cut after the header': sealed.slice(0, start),
    'cut after a chunk': sealed.slice(0, start + 2 * sealedChunk),
    'cut in the last chunk': sealed.slice(0, -1),
    longer: Uint8Array.from([...sealed, 0]),
    reordered: Buffer.concat([sealed.slice(0, start), part(1, 2), part(0, 1), part(2)]),
    repeated: Buffer.concat([sealed.slice(0, start), part(0, 1), part(0)]),
    'one missing': Buffer.concat([sealed.slice(0, start), part(1)]),
  };
  for (const [name, bytes] of Object.entries(broken)) await assert.rejects(open(bytes), refused, name);
  await assert.rejects(pass(sealed, sealing.openStream({ key: secretKey, purpose: 'train' }), 7000), refused);
  await assert.rejects(pass(sealed, sealing.openStream({ key: sealing.generateKeyPair().secretKey, purpose: 'chat' }), 7000), refused);
});

test('a sealed file is read at any place', async () => {
  for (const size of [0, chunk, 3 * chunk + 100]) {
    const plaintext = plaintextOf(size);
    const sealed = await seal(plaintext);
    let bytesRead = 0;
    const file = await sealing.openFile(
      async (start, end) => {
        bytesRead += end - start;
        return sealed.slice(start, end);
      },
      sealed.length,
      opening,
    );
    assert.equal(file.size, size);
    assert.deepEqual(await file.read(), plaintext);
    for (const [start, end] of [
      [0, 1],
      [chunk - 1, chunk + 1],
      [size - 1, size + 5],
      [size, size + 1],
      [chunk, 2 * chunk],
    ] as const)
      assert.deepEqual(await file.read(start, end), start < 0 ? new Uint8Array(0) : plaintext.slice(start, end));
    bytesRead = 0;
    await file.read(0, 10);
    assert.ok(bytesRead <= sealedChunk);
    file.free();
    await assert.rejects(
      sealing.openFile(async (start, end) => sealed.slice(start, end), sealed.length - 1, opening),
      refused,
    );
  }
});

test('10,000 random single-byte mutations of a stream are all refused', async () => {
  const sealed = await seal(plaintextOf(chunk + 100), 1 << 20);
  for (let i = 0; i < 10_000; i++) {
    const broken = sealed.slice();
    broken[Math.floor(Math.random() * broken.length)]! ^= 1 + Math.floor(Math.random() * 255);
    await assert.rejects(
      sealing
        .openFile(async (start, end) => broken.slice(start, end), broken.length, opening)
        .then((file) => file.read().finally(() => file.free())),
      refused,
    );
  }
});
