/** Tables, lists of facts, and files to download. */

import { make } from './dom.ts';

export function table(head: readonly string[], rows: readonly (readonly (string | Node)[])[]): HTMLTableElement {
  const made = make('table');
  const row = (cells: readonly HTMLElement[]): HTMLElement => {
    const line = make('tr');
    line.append(...cells);
    return line;
  };
  const titles = head.map((text) => {
    const title = make('th', text);
    title.scope = 'col';
    return title;
  });
  const body = make('tbody');
  body.append(
    ...rows.map((cells) =>
      row(
        cells.map((cell, i) => {
          const made = make('td');
          made.dataset.label = head[i] ?? ''; // on a narrow screen, where a row is a list of its cells
          made.append(cell);
          return made;
        }),
      ),
    ),
  );
  const top = make('thead');
  top.append(row(titles));
  made.append(top, body);
  return made;
}

/** A name and its value, for a <dl>. */
export const cells = (name: string, value: string): HTMLElement[] => [make('dt', name), make('dd', value)];

export function download(name: string, value: unknown): void {
  const link = make('a');
  link.href = URL.createObjectURL(new Blob([JSON.stringify(value, null, 2)], { type: 'application/json' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
