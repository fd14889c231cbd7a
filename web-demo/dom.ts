/** What the demo's pages build theirs from. */

import type { Finding } from '../wasm/web.ts';

export function element<T extends HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`no element ${id}`);
  return found as T;
}

export function make<K extends keyof HTMLElementTagNameMap>(tag: K, text = '', className = ''): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = className;
  return made;
}

/** The text with its findings marked; a mark says on hover what it is. */
export function marked(text: string, findings: Finding[], nameOf: (entity: string) => string): Node[] {
  const nodes: Node[] = [];
  let at = 0;
  for (const { entity, start, end } of findings) {
    const mark = make('mark', text.slice(start, end));
    mark.dataset.entity = entity;
    mark.title = nameOf(entity);
    nodes.push(document.createTextNode(text.slice(at, start)), mark);
    at = end;
  }
  nodes.push(document.createTextNode(text.slice(at)));
  return nodes;
}
