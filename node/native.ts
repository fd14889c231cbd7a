/** The addon as a Backend. Its functions are the C ABI's, so this is all the binding there is. */

import { type Argument, type Backend, type Outcome, unwrap } from '../js/src/backend.ts';

/** A call's bytes: a Buffer, or how many of them lie in `answer`, which costs less. */
type Answer = Exclude<Outcome, Uint8Array> | Buffer | number;
export type Addon = Record<string, (...args: Argument[]) => Answer> & { readonly answer: Uint8Array };

export function nativeBackend(addon: Addon): Backend {
  const { answer } = addon;
  /** The bytes of a call as a plain Uint8Array, as the other backend's: a slice of Node's Buffer would not be a copy. */
  const own = (bytes: number | Buffer) => {
    if (typeof bytes !== 'number') return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const copy = new Uint8Array(bytes);
    for (let i = 0; i < bytes; i++) {
      copy[i] = answer[i] as number;
      answer[i] = 0;
    }
    return copy;
  };
  return {
    name: 'native',
    call(name, ...args) {
      const outcome = (addon[name] as Addon[string])(...args);
      return typeof outcome === 'number' || outcome instanceof Buffer ? own(outcome) : outcome;
    },
    read(read, name, ...args) {
      const outcome = (addon[name] as Addon[string])(...args);
      if (typeof outcome !== 'number') {
        const bytes = unwrap(outcome);
        return read(bytes, 0, bytes.length);
      }
      const result = read(answer, 0, outcome);
      for (let i = 0; i < outcome; i++) answer[i] = 0;
      return result;
    },
    ask: (name, ...args) => (addon[name] as Addon[string])(...args) as number,
    free: (name, handle) => void (addon[name] as Addon[string])(handle),
  };
}
