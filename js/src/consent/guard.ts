/**
 * The guarded origins of a page: nothing goes to them that consent does not permit, by whatever way.
 *
 *   const remove = guardNetwork(client, { origins: ['https://chat.example'], cell });
 */

import type { ConsentCell, ConsentClient } from './client.ts';

export interface GuardOptions {
  /** Origins to which only what is permitted may go, and only encrypted: plain http and ws are refused but for this machine. */
  origins: readonly string[];
  /** What a request to them is: one answer, or one that depends on the request; undefined denies it. */
  cell: ConsentCell | ((url: URL) => ConsentCell | undefined);
  /**
   * The server's own record says otherwise: 403 consent_required, 409 consent_stale. Here the host hands the server its
   * record, or puts the newer policy in force and shows its notice. Afterwards the request is sent once more; it is held
   * while the person has not answered.
   */
  settle?: (status: 403 | 409, cell: ConsentCell) => Promise<void>;
}

class Guard {
  readonly #client: ConsentClient;
  readonly #options: GuardOptions;

  constructor(client: ConsentClient, options: GuardOptions) {
    this.#client = client;
    this.#options = options;
  }

  /** By host, so that the unencrypted twin of an origin is guarded too. */
  isGuarded(url: URL): boolean {
    return this.#options.origins.some((guarded) => new URL(guarded).host === url.host);
  }

  cellOf(url: URL): ConsentCell {
    if (!isEncrypted(url)) throw this.#client.deny('not_encrypted');
    const { cell } = this.#options;
    const found = typeof cell === 'function' ? cell(url) : cell;
    if (!found) throw this.#client.deny('unknown_purpose');
    return found;
  }

  /** Throws unless the request may leave at this moment. */
  demand(url: URL): AbortSignal {
    const cell = this.cellOf(url);
    const decision = this.#client.decide(cell);
    if (decision.verdict !== 'permit') throw this.#client.deny(decision.reason);
    return this.#client.signal(cell.purpose);
  }
}

/** Whether nobody on the way can read it, as a browser sees it: Secure Contexts, 3.1. */
function isEncrypted({ protocol, hostname }: URL): boolean {
  const isLoopback = hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname) || /(^|\.)localhost$/.test(hostname);
  return isLoopback || protocol === 'https:' || protocol === 'wss:';
}

const resolve = (url: string | URL): URL => new URL(url, globalThis.location?.href);

/**
 * fetch that lets nothing unpermitted through to the guarded origins: a request is held while the person has not
 * answered, refused when they refuse, and aborted when they withdraw.
 */
export function guardFetch(
  client: ConsentClient,
  options: GuardOptions,
  inner: typeof fetch = globalThis.fetch.bind(globalThis),
): typeof fetch {
  const guard = new Guard(client, options);
  return async (input, init) => {
    const request = new Request(input, init);
    const url = resolve(request.url);
    if (!guard.isGuarded(url)) return inner(request);
    const cell = guard.cellOf(url);
    const send = (copy: Request): Promise<Response> =>
      client.send(cell, (_decision, withdrawn) => inner(copy, { signal: AbortSignal.any([copy.signal, withdrawn]) }), copy.signal);
    const response = await send(options.settle ? request.clone() : request);
    const { status } = response;
    if (status !== 403 && status !== 409) return response;
    client.dispatchEvent(new CustomEvent('refused', { detail: { status } }));
    if (!options.settle) return response;
    await options.settle(status, cell);
    return send(request);
  };
}

/** sendBeacon that reports failure instead of sending what is not permitted. */
function guardBeacon(guard: Guard, inner: Navigator['sendBeacon']): Navigator['sendBeacon'] {
  return (url, data) => {
    const target = resolve(url);
    if (!guard.isGuarded(target)) return inner(url, data);
    try {
      guard.demand(target);
    } catch {
      return false;
    }
    return inner(url, data);
  };
}

/** A socket that neither opens nor sends without consent, and closes when it ends. */
function guardWebSocket(guard: Guard, Inner: typeof WebSocket): typeof WebSocket {
  return class extends Inner {
    constructor(url: string | URL, protocols?: string | string[]) {
      const target = resolve(url);
      const withdrawn = guard.isGuarded(target) ? guard.demand(target) : undefined;
      super(url, protocols);
      withdrawn?.addEventListener('abort', () => this.close());
    }
    override send(data: Parameters<WebSocket['send']>[0]): void {
      const target = new URL(this.url);
      if (guard.isGuarded(target)) guard.demand(target);
      super.send(data);
    }
  };
}

/** A stream of events that does not open without consent, and closes when it ends. */
function guardEventSource(guard: Guard, Inner: typeof EventSource): typeof EventSource {
  return class extends Inner {
    constructor(url: string | URL, options?: EventSourceInit) {
      const target = resolve(url);
      const withdrawn = guard.isGuarded(target) ? guard.demand(target) : undefined;
      super(url, options);
      withdrawn?.addEventListener('abort', () => this.close());
    }
  };
}

/** A request that is not sent without consent, and is aborted when it ends. */
function guardXhr(guard: Guard, Inner: typeof XMLHttpRequest): typeof XMLHttpRequest {
  return class extends Inner {
    #target: URL | undefined;
    override open(method: string, url: string | URL, ...rest: unknown[]): void {
      this.#target = resolve(url);
      (super.open as (...args: unknown[]) => void)(method, url, ...rest);
    }
    override send(body?: Parameters<XMLHttpRequest['send']>[0]): void {
      if (this.#target && guard.isGuarded(this.#target)) guard.demand(this.#target).addEventListener('abort', () => this.abort());
      super.send(body);
    }
  };
}

/**
 * Guards every way out of the page: fetch, XMLHttpRequest, sendBeacon, WebSocket, EventSource. Gives the function that
 * takes the guards off. It keeps the page's own code honest; it is no defence against code that means harm.
 */
export function guardNetwork(client: ConsentClient, options: GuardOptions): () => void {
  const guard = new Guard(client, options);
  const page = globalThis as unknown as Window & typeof globalThis;
  const before = {
    fetch: page.fetch,
    WebSocket: page.WebSocket,
    EventSource: page.EventSource,
    XMLHttpRequest: page.XMLHttpRequest,
  };
  const sendBeacon = page.navigator.sendBeacon;
  page.navigator.sendBeacon = guardBeacon(guard, sendBeacon.bind(page.navigator));
  Object.assign(page, {
    fetch: guardFetch(client, options, before.fetch.bind(page)),
    WebSocket: guardWebSocket(guard, before.WebSocket),
    EventSource: guardEventSource(guard, before.EventSource),
    XMLHttpRequest: guardXhr(guard, before.XMLHttpRequest),
  });
  return () => {
    Object.assign(page, before);
    page.navigator.sendBeacon = sendBeacon;
  };
}
