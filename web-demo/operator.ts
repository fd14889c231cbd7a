/** The operators' page: requests of people and authorities, alarms, the log. The token comes in the link's fragment. */

import type { DeliveryState } from '../node/server/announce.ts';
import type { Filed } from '../node/server/legal.ts';
import type { Entry } from '../node/server/log.ts';
import type { Alarm } from '../node/server/monitor.ts';
import type { PolicyVersion } from '../node/server/policies.ts';
import type { RightsRequest } from '../node/server/rights.ts';
import { operatorTexts } from './centre-texts.ts';
import { element, make } from './dom.ts';
import { json } from './fetch.ts';
import { type Speech, speak } from './speech.ts';
import { cells, table } from './tables.ts';

type Texts = typeof operatorTexts.en;

/** As web-demo/desk.ts shows it. */
interface State {
  operator: string;
  requests: RightsRequest[];
  legal: (Filed & { id: string; status: string })[];
  versions: PolicyVersion[];
  inForce: string;
  deliveries: DeliveryState[];
  mails: { to: string; subject: string; text: string }[];
  calls: { version: string; time: number }[];
  people: string[];
  entries: Entry[];
  alarms: Alarm[];
  counts: Record<string, number>;
}

const every = 3000;
const token = location.hash.slice(1);
let state: State | undefined;

const desk = <T>(path = '', body?: object): Promise<T> =>
  json(`/desk${path}`, { headers: { authorization: `Bearer ${token}` }, ...(body && { method: 'POST', body: JSON.stringify(body) }) });

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

function show(now: Speech<Texts>): void {
  if (!state) return;
  const { say, time } = now;
  element('who').textContent = `${say('you')} ${state.operator}`;
  showRequests(state, now);
  showLegal(state, now);
  showNews(state, now);
  const fired = state.alarms.map((alarm) =>
    make('li', `${time(alarm.time)} ${say(alarm.rule)} (${alarm.rule}) ${alarm.actor ?? ''}: ${alarm.count}`, 'bad'),
  );
  element('alarms').replaceChildren(...(fired.length > 0 ? fired : [make('li', say('none'))]));
  element('counts').replaceChildren(...Object.entries(state.counts).flatMap(([name, count]) => cells(name, String(count))));
  const lines = state.entries.map(({ seq, time: at, action, object, purpose, actor, outcome }) => [
    String(seq),
    time(at),
    `${action.replace('dpv:', '')} ${object?.type ?? ''} ${actor.ref ?? ''}`,
    purpose ?? '',
    outcome,
  ]);
  element('log').replaceChildren(table([say('number'), say('time'), say('what'), say('purpose'), say('outcome')], lines));
}

/** A table, or that there is nothing to put into one. */
function filled(id: string, head: (keyof Texts)[], rows: (string | Node)[][], { say }: Speech<Texts>): void {
  element(id).replaceChildren(rows.length > 0 ? table(head.map(say), rows) : make('p', say('none')));
}

function showRequests({ requests }: State, now: Speech<Texts>): void {
  const { say, time } = now;
  const rows = requests.map(({ subject_request_id: id, subject_request_type: type, status, expected_completion_time }) => {
    const isOpen = type === 'complaint' && status === 'dpv:RequestAccepted';
    const acts = [button(say('read'), 'read', { id }), button(say('answer'), 'answer', { id }), button(say('extend'), 'extend', { id })];
    return [say(type), say(status), time(expected_completion_time), isOpen ? group(...acts) : ''];
  });
  filled('requests', ['type', 'status', 'due', 'act'], rows, now);
}

function showLegal({ legal, people }: State, now: Speech<Texts>): void {
  const { say } = now;
  const rows = legal.map(({ id, status, approvedBy, request }) => [
    `${request.authority}, ${request.basis}`,
    say(status as 'filed' | 'approved'),
    approvedBy.join(', '),
    group(button(say('approve'), 'approve', { id }), button(say('export'), 'export', { id })),
  ]);
  filled('legal', ['authority', 'status', 'approvedBy', 'act'], rows, now);
  const person = element<HTMLSelectElement>('person');
  if (person.options.length !== people.length) person.replaceChildren(...people.map((id) => new Option(id)));
}

/** The policy's versions, and how the news of them went out by each channel. */
function showNews({ versions, inForce, deliveries, mails, calls }: State, now: Speech<Texts>): void {
  const { say, time } = now;
  const rows = versions.map(({ hash, version, effective_date }) => {
    const isComing = Date.parse(effective_date) > Date.now();
    const act = isComing ? group(button(say('announce'), 'announce', { id: hash })) : hash === inForce ? say('inForce') : '';
    return [version, time(effective_date), act];
  });
  filled('versions', ['version', 'effective', 'act'], rows, now);
  const sent = deliveries.map(({ channel, subject, version, status, attempts }) => [
    say(channel as 'widget' | 'email' | 'webhook'),
    subject,
    version,
    make('span', `${status === 'sent' ? '✓' : '…'} ${say(status)} (${attempts})`, status === 'sent' ? 'good' : ''),
  ]);
  filled('deliveries', ['channel', 'person', 'version', 'status'], sent, now);
  const letters = mails.map(({ to, subject, text }) => {
    const letter = make('li');
    letter.append(make('strong', `${to}: ${subject}`), make('pre', text));
    return letter;
  });
  element('mails').replaceChildren(...letters);
  element('mail-count').textContent = `${say('mails')} (${mails.length})`;
  element('calls').replaceChildren(...calls.map((call) => make('li', `${time(call.time)} ${call.version}`)));
  element('call-count').textContent = `${say('calls')} (${calls.length})`;
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
element('publish').addEventListener('click', () => void act('publish', {}));
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
