/** The operators' page: requests of people and authorities, alarms, the log. The token comes in the link's fragment. */

import type { Filed } from '../node/server/legal.ts';
import type { Entry } from '../node/server/log.ts';
import type { Alarm } from '../node/server/monitor.ts';
import type { RightsRequest } from '../node/server/rights.ts';
import { operatorTexts } from './centre-texts.ts';
import { element, make } from './dom.ts';
import { type Speech, speak } from './speech.ts';
import { cells, table } from './tables.ts';

type Texts = typeof operatorTexts.en;

/** As web-demo/desk.ts shows it. */
interface State {
  operator: string;
  requests: RightsRequest[];
  legal: (Filed & { id: string; status: string })[];
  people: string[];
  entries: Entry[];
  alarms: Alarm[];
  counts: Record<string, number>;
}

const every = 3000;
const token = location.hash.slice(1);
let state: State | undefined;

async function desk<T>(path = '', body?: object): Promise<T> {
  const init = { headers: { authorization: `Bearer ${token}` }, ...(body && { method: 'POST', body: JSON.stringify(body) }) };
  const response = await fetch(`/desk${path}`, init);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.reason);
  return answer as T;
}

async function act(action: string, body: object): Promise<void> {
  const result = element('result');
  try {
    result.textContent = JSON.stringify(await desk(`/${action}`, body), null, 2);
  } catch (error) {
    result.textContent = `${speech.say('refused')} ${(error as Error).message}`;
  }
  await refresh();
}

function button(text: string, action: string, body: object): HTMLElement {
  const made = make('button', text);
  made.type = 'button';
  made.addEventListener('click', () => void act(action, body));
  return made;
}

function group(...children: Node[]): HTMLElement {
  const made = make('div', '', 'actions');
  made.append(...children);
  return made;
}

function show({ say, time }: Speech<Texts>): void {
  if (!state) return;
  const { operator, requests, legal, people, entries, alarms, counts } = state;
  element('who').textContent = `${say('you')} ${operator}`;
  const rows = requests.map(({ subject_request_id: id, subject_request_type: type, status, expected_completion_time }) => {
    const isOpen = type === 'complaint' && status === 'dpv:RequestAccepted';
    const acts = isOpen ? group(button(say('read'), 'read', { id }), button(say('answer'), 'answer', { id })) : '';
    return [type, status.replace('dpv:Request', ''), time(expected_completion_time), acts];
  });
  element('requests').replaceChildren(table([say('type'), say('status'), say('due'), say('act')], rows));
  const filed = legal.map(({ id, status, approvedBy, request }) => [
    `${request.authority}, ${request.basis}`,
    status,
    approvedBy.join(', '),
    group(button(say('approve'), 'approve', { id }), button(say('export'), 'export', { id })),
  ]);
  element('legal').replaceChildren(table([say('authority'), say('status'), say('approvedBy'), say('act')], filed));
  const person = element<HTMLSelectElement>('person');
  if (person.options.length !== people.length) person.replaceChildren(...people.map((id) => new Option(id)));
  const fired = alarms.map((alarm) => make('li', `${time(alarm.time)} ${alarm.rule} ${alarm.actor ?? ''} (${alarm.count})`, 'bad'));
  element('alarms').replaceChildren(...(fired.length > 0 ? fired : [make('li', say('none'))]));
  element('counts').replaceChildren(...Object.entries(counts).flatMap(([name, count]) => cells(name, String(count))));
  const lines = entries.map(({ seq, time: at, action, object, purpose, actor, outcome }) => [
    String(seq),
    time(at),
    `${action.replace('dpv:', '')} ${object?.type ?? ''} ${actor.ref ?? ''}`,
    purpose ?? '',
    outcome,
  ]);
  element('log').replaceChildren(table([say('number'), say('time'), say('what'), say('purpose'), say('outcome')], lines));
}

async function refresh(): Promise<void> {
  state = await desk<State>();
  show(speech);
}

const speech = speak(operatorTexts, show);
const field = (id: string): string => element<HTMLInputElement>(id).value;
element('file').addEventListener('submit', (event) => {
  event.preventDefault();
  void act('file', { authority: field('authority'), basis: field('basis'), subject: field('person'), gag: field('gag') });
});
element('share').addEventListener('click', () => void act('disclose', { subject: field('person') }));

/** Keeps the page up to date while it can be seen; without a token it only says how to get one. */
async function watch(): Promise<void> {
  await refresh();
  document.documentElement.dataset.ready = '';
  setInterval(() => void (document.hidden || document.activeElement?.closest('.actions') || refresh().catch(() => {})), every);
}
watch().catch(() => {
  document.documentElement.dataset.ready = '';
});
