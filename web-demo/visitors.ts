/** Who a visitor is: the browser that first spoke for a person's random id, known by a cookie that no script reads. */

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DataHolder, Store } from 'subrosa/server';

const cookieName = 'subrosa-demo';
const digest = (token: string) => createHash('sha256').update(token).digest();

export class Visitors implements DataHolder {
  readonly name = 'visitors';
  readonly #tokens = new WeakMap<IncomingMessage, string>();
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The browser's token; one that has none is given one with the answer. */
  token(request: IncomingMessage, response: ServerResponse): string {
    const sent = new RegExp(`(?:^|; )${cookieName}=([0-9a-f]{64})(?:;|$)`).exec(request.headers.cookie ?? '')?.[1];
    const token = sent ?? randomBytes(32).toString('hex');
    if (!sent) response.setHeader('set-cookie', `${cookieName}=${token}; HttpOnly; SameSite=Strict; Path=/`);
    this.#tokens.set(request, token);
    return token;
  }

  /** The token of a request that `token` has seen. */
  tokenOf(request: IncomingMessage): string | undefined {
    return this.#tokens.get(request);
  }

  /** Whether the browser may speak for the person: it was the first to, or is now. */
  async admit(subject: unknown, token: unknown): Promise<boolean> {
    if (typeof subject !== 'string' || typeof token !== 'string') return false;
    return this.#store.transaction(async (tx) => {
      const row = await tx.get('visitor', subject);
      if (row) return row.body.length === 32 && timingSafeEqual(row.body, digest(token));
      await tx.put({ kind: 'visitor', id: subject, subject, created: Date.now(), body: new Uint8Array(digest(token)) });
      return true;
    });
  }

  count(subject: string): Promise<number> {
    return this.#store.transaction((tx) => tx.count({ kind: 'visitor', subject }));
  }

  async erase(subject: string): Promise<void> {
    await this.#store.transaction((tx) => tx.remove({ kind: 'visitor', subject }));
  }
}
