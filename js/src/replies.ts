/**
 * Replies of language models that come as events: the streaming deltas of OpenAI's chat completions and of Anthropic's
 * messages, restored as they come.
 *
 *   const reply = subrosa.replyRestorer(vault);
 *   for await (const event of stream) for (const restored of reply.push(event)) show(restored);
 *   reply.free();
 */

import type { PieceRestorer } from './text-streams.ts';

interface OpenAiChoice {
  index?: number;
  delta?: { content?: string | null };
  finish_reason?: string | null;
}

interface AnthropicEvent {
  type?: string;
  index?: number;
  delta?: { type?: string; text?: string };
}

/** Restores the text of each choice or content block on its own. Events are changed in copies; other ones pass. */
export class ReplyRestorer {
  readonly #begin: () => PieceRestorer;
  readonly #texts = new Map<number, PieceRestorer>();

  constructor(begin: () => PieceRestorer) {
    this.#begin = begin;
  }

  /** The events to show for one that came: the same, or with what was held back before it. */
  push<T extends object>(event: T): T[] {
    const { choices } = event as { choices?: unknown };
    if (Array.isArray(choices)) return [{ ...event, choices: choices.map((choice: OpenAiChoice) => this.#choice(choice)) }];
    const { type, index = 0, delta } = event as AnthropicEvent;
    if (type === 'content_block_delta' && typeof delta?.text === 'string')
      return [{ ...event, delta: { ...delta, text: this.#text(index).push(delta.text).text } }];
    if (type === 'content_block_stop' && this.#texts.has(index)) {
      const text = this.#end(index);
      if (text) return [{ type: 'content_block_delta', index, delta: { type: 'text_delta', text } } as unknown as T, event];
    }
    return [event];
  }

  free(): void {
    for (const text of this.#texts.values()) text.free();
    this.#texts.clear();
  }

  #choice(choice: OpenAiChoice): OpenAiChoice {
    const { index = 0, delta, finish_reason } = choice;
    let content = typeof delta?.content === 'string' ? this.#text(index).push(delta.content).text : undefined;
    if (finish_reason && this.#texts.has(index)) content = (content ?? '') + this.#end(index);
    return content === undefined ? choice : { ...choice, delta: { ...delta, content } };
  }

  #text(index: number): PieceRestorer {
    const text = this.#texts.get(index) ?? this.#begin();
    this.#texts.set(index, text);
    return text;
  }

  #end(index: number): string {
    const text = this.#text(index);
    this.#texts.delete(index);
    try {
      return text.end().text;
    } finally {
      text.free();
    }
  }
}
