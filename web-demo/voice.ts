/** A voice message, sealed while it is recorded. */

import { type GroupOptions, type SealContext, type Sealing, type SecretKey, SubrosaError, stripMetadata } from '../wasm/web.ts';

const pieceMilliseconds = 200;
const format = { mimeType: 'audio/webm;codecs=opus' };

export interface Recording {
  /** What it is sealed under. */
  context: SealContext;
  /** Ends it; gives what was sealed. */
  stop(): Promise<Uint8Array>;
}

export async function record(sealing: Sealing, options: GroupOptions): Promise<Recording> {
  const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
  const recorder = new MediaRecorder(microphone, format);
  const { readable, writable } = sealing.sealStream(options);
  const sealed = new Response(readable as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer();
  const writer = writable.getWriter();
  let isFirst = true;
  let written = Promise.resolve();
  recorder.ondataavailable = ({ data }) => {
    written = written.then(async () => {
      if (data.size === 0) return;
      const piece = new Uint8Array(await data.arrayBuffer());
      await writer.write(isFirst ? withoutMetadata(piece) : piece);
      isFirst = false;
    });
  };
  recorder.start(pieceMilliseconds);

  async function stop(): Promise<Uint8Array> {
    const stopped = new Promise((resolve) => recorder.addEventListener('stop', resolve));
    recorder.stop();
    await stopped;
    for (const track of microphone.getTracks()) track.stop();
    await written;
    await writer.close();
    return new Uint8Array(await sealed);
  }
  return { context: options, stop };
}

/** A recording's first piece has all that it says of itself. */
function withoutMetadata(piece: Uint8Array): Uint8Array {
  const { format, bytes, kept } = stripMetadata(piece);
  if (format !== 'webm' || kept.length > 0) throw new SubrosaError('bad_format');
  return bytes;
}

/** The address of what stands sealed at another one, to be played. */
export async function playable(sealing: Sealing, url: string, key: SecretKey): Promise<string> {
  const { ok, body } = await fetch(url);
  if (!ok || !body) throw new Error('there is no such voice message');
  const opened = body.pipeThrough(sealing.openStream({ key, purpose: 'chat' }) as TransformStream);
  return URL.createObjectURL(await new Response(opened, { headers: { 'content-type': format.mimeType } }).blob());
}
