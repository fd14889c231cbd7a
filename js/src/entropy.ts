/** Entropy for the core, which has none of its own. There is no fallback: without a source nothing is sealed. */

const largestFill = 65536; // what one getRandomValues gives

/** Calls `use` with fresh random bytes and wipes them afterwards. */
export function withEntropy<T>(size: number, use: (entropy: Uint8Array) => T): T {
  const source = globalThis.crypto;
  if (typeof source?.getRandomValues !== 'function') throw new Error('There is no crypto.getRandomValues: nothing can be sealed.');
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += largestFill) source.getRandomValues(bytes.subarray(at, at + largestFill));
  try {
    return use(bytes);
  } finally {
    bytes.fill(0);
  }
}
