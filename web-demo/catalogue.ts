/** The catalogue: every rule with its words, examples and source, and a field to try them in. Nothing is sent. */

import { load } from '../wasm/web.ts';
import { type CategoryId, categories, type TextId, texts } from './catalogue-texts.ts';
import { element, make, marked } from './dom.ts';
import { type Speech, speak } from './speech.ts';
import { entityName } from './texts.ts';

/** As tools/catalogue.mjs writes it. */
interface Entry {
  entity: string;
  kind?: string;
  label: string;
  regions: string[];
  category: CategoryId;
  validator?: string;
  alone: boolean;
  words: Record<string, string[]>;
  finds: { text: string; match: string }[];
  ignores: string[];
  source: string;
}

async function start(): Promise<void> {
  const [subrosa, entries] = await Promise.all([
    load({ wasm: '/core.wasm' }),
    fetch('/catalogue.json').then((response) => response.json() as Promise<Entry[]>),
  ]);
  let speech!: Speech<Record<TextId, string>>;
  const say = (id: TextId): string => speech.say(id);
  const query = element<HTMLInputElement>('query');
  const category = element<HTMLSelectElement>('category');
  const region = element<HTMLSelectElement>('region');
  const field = element<HTMLTextAreaElement>('try');
  const nameOf = ({ entity, kind }: { entity: string; kind?: string }): string => (kind ? `${entity}/${kind}` : entity);

  function regionName(code: string): string {
    if (code === '*') return say('everywhere');
    return `${new Intl.DisplayNames(speech.language === 'zh' ? 'zh-Hans' : 'en', { type: 'region' }).of(code)} (${code})`;
  }

  function fillSelect(select: HTMLSelectElement, values: string[], title: (value: string) => string): void {
    const chosen = select.value;
    const option = (value: string, text: string) => Object.assign(make('option', text), { value });
    const options = values.map((value) => option(value, title(value)));
    options.sort((a, b) => Number(b.value === '*') - Number(a.value === '*') || a.text.localeCompare(b.text, speech.language));
    select.replaceChildren(option('', say('all')), ...options);
    select.value = chosen;
  }

  /** A button that puts an example into the field. */
  function example(text: string): HTMLElement {
    const item = make('li');
    const button = make('button', text, 'try');
    button.type = 'button';
    button.addEventListener('click', () => {
      field.value = text;
      field.scrollIntoView({ block: 'nearest' });
      showResult();
    });
    item.append(button);
    return item;
  }

  function facts(entry: Entry): HTMLElement {
    const rows = make('dl');
    const add = (id: TextId, ...values: (string | Node)[]) => {
      if (values.length === 0) return;
      const value = make('dd');
      value.append(...values);
      rows.append(make('dt', say(id)), value);
    };
    const listOf = (texts: string[]): Node => {
      const list = make('ul');
      list.append(...texts.map(example));
      return list;
    };
    add('category', categories[speech.language][entry.category]);
    add('region', entry.regions.map(regionName).join(', '));
    add('scores', say(entry.alone ? 'alone' : 'nearWords'));
    if (entry.validator) add('validator', make('code', entry.validator));
    const words = Object.values(entry.words).flat();
    if (words.length > 0) add('words', [...new Set(words)].join(', '));
    add('finds', listOf(entry.finds.map(({ text }) => text)));
    add('ignores', listOf(entry.ignores));
    add('source', entry.source);
    return rows;
  }

  /** Its facts are made when it is first opened: there are hundreds. */
  function row(entry: Entry): HTMLElement {
    const details = make('details');
    const summary = make('summary', `${nameOf(entry)} `);
    summary.append(make('span', entry.label));
    details.append(summary);
    details.addEventListener('toggle', () => details.append(facts(entry)), { once: true });
    return details;
  }

  function showRules(): void {
    const asked = query.value.trim().toLowerCase();
    const holds = (entry: Entry) =>
      [nameOf(entry), entry.label, ...Object.values(entry.words).flat()].some((text) => text.toLowerCase().includes(asked));
    const shown = entries.filter(
      (entry) =>
        (!category.value || entry.category === category.value) &&
        (!region.value || entry.regions.includes(region.value)) &&
        (!asked || holds(entry)),
    );
    element('rules').replaceChildren(...shown.map(row));
    element('count').textContent = say('count').replace('{shown}', String(shown.length)).replace('{all}', String(entries.length));
  }

  function showResult(): void {
    const findings = subrosa.detect(field.value);
    element('tried').replaceChildren(...marked(field.value, findings, (entity) => entityName(entity, speech.language)));
    const list = make('dl');
    for (const finding of findings) list.append(make('dt', nameOf(finding)), make('dd', `${say('score')} ${finding.score}`));
    const nothing = field.value ? [make('p', say('nothing'))] : [];
    element('verdict').replaceChildren(...(findings.length > 0 ? [list] : nothing));
  }

  function show(): void {
    const used = [...new Set(entries.map((entry) => entry.category))];
    fillSelect(category, used, (value) => categories[speech.language][value as CategoryId]);
    fillSelect(region, [...new Set(entries.flatMap(({ regions }) => regions))], regionName);
    showRules();
    showResult();
  }

  for (const filter of [query, category, region]) filter.addEventListener('input', showRules);
  field.addEventListener('input', showResult);
  speak(texts, (to) => {
    speech = to;
    show();
  });
}

start().catch((error) => {
  element('count').textContent = `${texts.en.loading} ${texts.zh.loading}`;
  console.error(error);
});
