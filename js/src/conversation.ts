/**
 * A sealed conversation with a server, over whatever carries its bytes. A session lives in the memory of two ends: where the
 * server's does not know it any more, since it was started anew or another process answers, the next one is begun at once.
 *
 *   const talk = new Conversation(subrosa.sealing, { context, begin, post });
 *   await talk.send('hello');
 */

import { SubrosaError } from './errors.ts';
import type { GroupOptions, Sealing } from './sealing.ts';
import type { Grounds, Session } from './session.ts';

export interface ConversationOptions<T> {
  /** Whom it is sealed to and under which consent, as that stands now: asked before each message. */
  context(): GroupOptions & Grounds;
  /** Hands the header over, `POST sessions`; gives the session's name. */
  begin(header: Uint8Array): Promise<string>;
  /** Hands a message over, `POST session/<name>`. Rejects with an error whose `code` is `unknown_session` where that was the answer. */
  post(session: string, message: Uint8Array): Promise<T>;
}

interface Begun {
  name: string;
  session: Session;
}

export class Conversation<T> {
  readonly #sealing: Sealing;
  readonly #options: ConversationOptions<T>;
  #begun: Promise<Begun> | undefined;
  /** What it was begun under. */
  #context: GroupOptions | undefined;

  constructor(sealing: Sealing, options: ConversationOptions<T>) {
    this.#sealing = sealing;
    this.#options = options;
  }

  /**
   * Seals a text and hands it over; once more, in a new session, where the server does not know this one. A server that ended
   * between keeping a message and answering gets that message twice.
   */
  async send(text: string): Promise<T> {
    const begun = this.#current();
    try {
      return await this.#post(begun, text);
    } catch (error) {
      if ((error as { code?: unknown } | null)?.code !== 'unknown_session') throw error;
      if (this.#begun === begun) this.free();
      return this.#post(this.#current(), text);
    }
  }

  /** Opens an answer of the server's in the session of now. */
  async open(answer: Uint8Array): Promise<string> {
    return (await this.#current()).session.openText(answer);
  }

  /** Ends the session, and wipes its keys; a message that is sent later begins another. */
  free(): void {
    const ended = this.#begun;
    this.#begun = undefined;
    ended?.then(({ session }) => session.free()).catch(() => {}); // one that never began has nothing to wipe
  }

  async #post(begun: Promise<Begun>, text: string): Promise<T> {
    const { name, session } = await begun;
    return this.#options.post(name, session.seal(text, this.#options.context()));
  }

  /** The session of now; consent that was given anew since begins another. */
  #current(): Promise<Begun> {
    const context = this.#options.context();
    if (this.#context && !isSame(this.#context, context)) this.free();
    if (this.#begun) return this.#begun;
    const begun = this.#begin(context);
    begun.catch(() => {
      if (this.#begun === begun) this.free();
    });
    this.#context = context;
    this.#begun = begun;
    return begun;
  }

  async #begin(context: GroupOptions & Grounds): Promise<Begun> {
    demand(context);
    const session = this.#sealing.beginSession(context);
    try {
      return { name: await this.#options.begin(session.header), session };
    } catch (error) {
      session.free();
      throw error;
    }
  }
}

/** Not even a header leaves without consent: throws `not_permitted` then, as `Session.seal` does. */
function demand({ purpose, consent, piiType, recipient }: GroupOptions & Grounds): void {
  for (const each of [purpose].flat()) {
    const { verdict, reason } = consent.decide(each, piiType, recipient);
    if (verdict !== 'permit') throw new SubrosaError('not_permitted', 0, reason);
  }
}

const isSame = (a: GroupOptions, b: GroupOptions): boolean =>
  a.epoch === b.epoch && a.recordId === b.recordId && a.policyHash === b.policyHash;
