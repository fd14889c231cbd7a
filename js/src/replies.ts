/**
 * Replies of language models that come as events: the streaming deltas of OpenAI's chat completions and of Anthropic's
 * messages, restored as they come. The arguments of a tool call are JSON, which nobody reads by halves: they come whole.
 *
 *   const reply = subrosa.replyRestorer(vault);
 *   for await (const event of stream) for (const restored of reply.push(event)) show(restored);
 *   reply.free();
 */

import type { PieceRestorer } from './text-streams.ts';

interface ToolCall {
  index?: number;
  function?: { arguments?: string };
}

interface OpenAiChoice {
  index?: number;
  delta?: { content?: string | null; tool_calls?: ToolCall[] };
  finish_reason?: string | null;
}

interface AnthropicEvent {
  type?: string;
  index?: number;
  delta?: { type?: string; text?: string; partial_json?: string };
}

/** Restores the text of each choice or content block on its own. Events are changed in copies; other ones pass. */
export class ReplyRestorer {
  readonly #begin: () => PieceRestorer;
  readonly #restoreJson: (json: string) => string;
  readonly #texts = new Map<number, PieceRestorer>();
  /** By choice or content block, and by tool call in it. */
  readonly #inputs = new Map<number, Map<number, string>>();

  /** `restoreJson` restores what strings in JSON hold. */
  constructor(begin: () => PieceRestorer, restoreJson: (json: string) => string) {
    this.#begin = begin;
    this.#restoreJson = restoreJson;
  }

  /** The events to show for one that came: the same, or with what was held back before it. */
  push<T extends object>(event: T): T[] {
    const { choices } = event as { choices?: unknown };
    if (Array.isArray(choices)) return [{ ...event, choices: choices.map((choice: OpenAiChoice) => this.#choice(choice)) }];
    const { type, index = 0, delta } = event as AnthropicEvent;
    if (type === 'content_block_delta' && typeof delta?.partial_json === 'string') {
      this.#hold(index, 0, delta.partial_json);
      return [];
    }
    if (type === 'content_block_delta' && typeof delta?.text === 'string')
      return [{ ...event, delta: { ...delta, text: this.#text(index).push(delta.text).text } }];
    if (type !== 'content_block_stop') return [event];
    const rest = [
      ...this.#release(index).map(([, partial_json]) => ({ type: 'input_json_delta', partial_json })),
      ...[this.#end(index)].filter((text) => text !== '').map((text) => ({ type: 'text_delta', text })),
    ];
    return [...rest.map((delta) => ({ type: 'content_block_delta', index, delta }) as unknown as T), event];
  }

  free(): void {
    for (const text of this.#texts.values()) text.free();
    this.#texts.clear();
    this.#inputs.clear();
  }

  #choice(choice: OpenAiChoice): OpenAiChoice {
    const { index = 0, delta, finish_reason } = choice;
    const isLast = Boolean(finish_reason);
    const given = typeof delta?.content === 'string' ? this.#text(index).push(delta.content).text : undefined;
    const rest = isLast ? this.#end(index) : '';
    const content = given === undefined && rest === '' ? undefined : (given ?? '') + rest;
    const calls = (delta?.tool_calls ?? []).map((call) => this.#call(index, call));
    if (isLast) calls.push(...this.#release(index).map(([tool, json]) => ({ index: tool, function: { arguments: json } })));
    if (content === undefined && calls.length === 0) return choice;
    return { ...choice, delta: { ...delta, ...(content !== undefined && { content }), ...(calls.length > 0 && { tool_calls: calls }) } };
  }

  #call(choice: number, call: ToolCall): ToolCall {
    const json = call.function?.arguments;
    if (typeof json !== 'string') return call;
    this.#hold(choice, call.index ?? 0, json);
    return { ...call, function: { ...call.function, arguments: '' } };
  }

  #hold(index: number, tool: number, json: string): void {
    const inputs = this.#inputs.get(index) ?? new Map<number, string>();
    this.#inputs.set(index, inputs.set(tool, (inputs.get(tool) ?? '') + json));
  }

  #release(index: number): [number, string][] {
    const inputs = [...(this.#inputs.get(index) ?? [])];
    this.#inputs.delete(index);
    return inputs.map(([tool, json]) => [tool, this.#restoreJson(json)]);
  }

  #text(index: number): PieceRestorer {
    const text = this.#texts.get(index) ?? this.#begin();
    this.#texts.set(index, text);
    return text;
  }

  #end(index: number): string {
    const text = this.#texts.get(index);
    if (!text) return '';
    this.#texts.delete(index);
    try {
      return text.end().text;
    } finally {
      text.free();
    }
  }
}
