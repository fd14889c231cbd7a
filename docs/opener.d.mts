/** Types of opener.mjs, for the tests. */
export function openMessage(envelope: Uint8Array, secret: Uint8Array, purpose: string): Promise<Uint8Array>;
export function openSession(
  header: Uint8Array,
  kid: Uint8Array,
  secret: Uint8Array,
  purpose: string,
): Promise<(message: Uint8Array) => Promise<Uint8Array>>;
export function openStream(sealed: Uint8Array, kid: Uint8Array, secret: Uint8Array, purpose: string): Promise<Uint8Array>;
