// A large file, sealed to disk and opened from it: how fast, and how much memory at most.   SUBROSA_STREAM_GIB=4 for 4 GiB
import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { load } from '../../dist/node.js';

const gibibytes = Number(process.env.SUBROSA_STREAM_GIB ?? 1);
const context = { purpose: 'chat', policyHash: 'sha256:00', recordId: 'record-1', epoch: 3 };
const mebibyte = 1 << 20;

/** Blocks that all differ. */
async function* blocks() {
  const block = new Uint8Array(mebibyte).map((_, i) => i * 31);
  for (let i = 0; i < gibibytes * 1024; i++) {
    new DataView(block.buffer).setUint32(0, i);
    yield block.slice();
  }
}

/** Counts and hashes what passes. */
function meter() {
  const hash = createHash('sha256');
  let bytes = 0;
  const through = new TransformStream({
    transform(part, controller) {
      hash.update(part);
      bytes += part.length;
      controller.enqueue(part);
    },
  });
  return { through, result: () => `${bytes} bytes, SHA-256 ${hash.digest('hex').slice(0, 16)}` };
}

/** Node's own Writable.toWeb, as its Readable.toWeb, counts chunks where it should count bytes, and holds far too many. */
async function fileSink(file) {
  const handle = await open(file, 'w');
  return new WritableStream({ write: (part) => handle.writeFile(part), close: () => handle.close() });
}

async function run(backend) {
  const { sealing } = await load({ backend });
  const { publicKey, secretKey } = sealing.generateKeyPair();
  const folder = mkdtempSync(path.join(tmpdir(), 'subrosa-stream-'));
  const file = path.join(folder, 'sealed');
  try {
    const [before, after] = [meter(), meter()];
    const memoryBefore = process.memoryUsage.rss();
    const start = performance.now();
    await ReadableStream.from(blocks())
      .pipeThrough(before.through)
      .pipeThrough(sealing.sealStream({ recipients: [publicKey], ...context }))
      .pipeTo(await fileSink(file));
    const sealed = performance.now();
    await ReadableStream.from(createReadStream(file, { highWaterMark: mebibyte }))
      .pipeThrough(sealing.openStream({ key: secretKey, purpose: 'chat' }))
      .pipeThrough(after.through)
      .pipeTo(new WritableStream());
    const opened = performance.now();
    const result = before.result();
    if (after.result() !== result) throw new Error('what was opened is not what was sealed');
    const peak = process.resourceUsage().maxRSS * 1024;
    console.log(`${backend}: ${result}, sealed ${statSync(file).size}`);
    console.log(
      `  sealed in ${((sealed - start) / 1000).toFixed(1)} s, opened in ${((opened - sealed) / 1000).toFixed(1)} s, hashing and disk included`,
    );
    console.log(`  memory: ${mib(memoryBefore)} MiB before, ${mib(peak)} MiB at most`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const mib = (bytes) => Math.round(bytes / mebibyte);

// Each backend in a process of its own, so that the peak is its own.
if (process.argv[2]) await run(process.argv[2]);
else
  for (const backend of ['native', 'wasm'])
    await new Promise((resolve, reject) => {
      fork(import.meta.filename, [backend]).on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`it ended with ${code}`))));
    });
