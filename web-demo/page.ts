/** The demo's page: a chat whose messages are redacted and sealed before they leave, and only when they may. */

import { defineElements, type SubrosaConsentElement } from '../js/src/consent/elements.ts';
import {
  type ConsentCell,
  ConsentClient,
  ConsentError,
  type Finding,
  load,
  type PolicyDocument,
  type PolicyHistory,
  type Vault,
} from '../wasm/web.ts';
import { element, make, marked as markedText } from './dom.ts';
import { eventsOf } from './events.ts';
import { openHistory } from './history.ts';
import { KeysError, ServerKeys } from './keys.ts';
import { entityName, type Language, type TextId, texts } from './texts.ts';
import { playable, type Recording, record } from './voice.ts';

interface Config {
  recipient: string;
  policy: PolicyDocument;
}

/** An envelope that left the page. */
interface Departure {
  purpose: string;
  policyHash: string;
  bytes: number;
  excerpt: string;
}

interface Message {
  text: string;
  status: TextId;
  departures: Departure[];
  saw?: string;
  /** What has come of it, restored. */
  reply?: string;
  isReplying?: boolean;
  /** Where the reply stands. */
  bubble?: HTMLElement;
  /** The address of what was spoken. */
  voice?: string;
}

/** A delta of a chat completion. */
interface Delta {
  choices: { delta: { content?: string } }[];
}

const excerptBytes = 48;

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');

/** What a message that did not go is marked with. */
function statusOf(error: unknown): TextId {
  if (error instanceof KeysError) return error.status;
  return error instanceof ConsentError ? 'denied' : 'failed';
}

async function start(): Promise<void> {
  const config: Config = await (await fetch('/config')).json();
  const subrosa = await load({ wasm: '/core.wasm' });
  const policy = subrosa.consent.parsePolicy(config.policy);
  const keys = new ServerKeys(subrosa, document.body.dataset.root ?? '');
  const client = new ConsentClient(subrosa.consent, { policy, name: 'demo', context: { region: 'DE', age: 'adult' } });
  await client.open();
  defineElements();

  const vault: Vault = subrosa.vault();
  const composer = subrosa.composer();
  const messages: Message[] = [];
  let selected: Message | undefined;
  let isChoosing = false; // a switch shows what the person did, until it is done
  let language: Language = navigator.language.startsWith('zh') ? 'zh' : 'en';
  const say = (id: TextId): string => texts[language][id];
  const draft = element<HTMLTextAreaElement>('draft');
  const backdrop = element('backdrop');
  const own = subrosa.sealing.generateKeyPair(); // voice is sealed to the page too, which plays it
  let recording: Recording | undefined;
  const cellOf = (purpose: string, piiType = 'text'): ConsentCell => ({ purpose, piiType, recipient: config.recipient });
  const isPermitted = (purpose: string): boolean => client.decide(cellOf(purpose)).verdict === 'permit';

  const marked = (text: string, findings: Finding[]): Node[] => markedText(text, findings, (entity) => entityName(entity, language));

  function showFindings(): void {
    const findings = composer.update(draft.value);
    backdrop.replaceChildren(...marked(draft.value, findings), document.createTextNode('\n'));
    backdrop.scrollTop = draft.scrollTop;
    const names = [...new Set(findings.map(({ entity }) => entityName(entity, language)))];
    const said = names.length > 0 ? `${say('found')} ${names.join(', ')}` : draft.value ? say('nothing') : '';
    const found = element('found');
    if (found.textContent !== said) found.textContent = said; // so that it is read aloud only when it changes
    element<HTMLButtonElement>('send').disabled = draft.value.trim() === '';
  }

  /** The mark under the pointer; the field itself lies over the marks. */
  function showHover({ clientX, clientY }: PointerEvent): void {
    const marks = [...backdrop.querySelectorAll('mark')];
    const isUnder = ({ left, right, top, bottom }: DOMRect) => clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
    draft.title = marks.find((mark) => [...mark.getClientRects()].some(isUnder))?.title ?? '';
  }

  function showMessages(): void {
    element('empty').hidden = messages.length > 0;
    const items = messages.flatMap((message) => {
      const button = make('button', '', 'bubble');
      button.type = 'button';
      button.setAttribute('aria-pressed', String(message === selected));
      button.append(make('span', `${say('you')}: `, 'hidden'), ...marked(message.text, subrosa.detect(message.text)));
      button.addEventListener('click', () => select(message));
      const mine = make('li', '', 'mine');
      mine.append(button, ...player(message), make('p', say(message.status), `status ${message.status}`));
      if (message.reply === undefined) return [mine];
      message.bubble = make('p', '', 'bubble');
      showReply(message);
      const theirs = make('li', '', 'theirs');
      theirs.append(message.bubble);
      return [mine, theirs];
    });
    element('messages').replaceChildren(...items);
    scrollToEnd();
  }

  function showReply({ bubble, reply = '', isReplying = false }: Message): void {
    bubble?.setAttribute('aria-busy', String(isReplying)); // so that it is read aloud when it is whole
    bubble?.replaceChildren(make('span', `${say('assistant')}: `, 'hidden'), ...marked(reply, subrosa.detect(reply)));
  }

  function scrollToEnd(): void {
    const log = element('log');
    log.scrollTop = log.scrollHeight;
  }

  function player({ voice }: Message): HTMLElement[] {
    if (voice === undefined) return [];
    const audio = make('audio');
    Object.assign(audio, { controls: true, src: voice });
    audio.setAttribute('aria-label', say('voice'));
    return [audio];
  }

  function showViews(): void {
    element('views').hidden = !selected;
    element('inspect-hint').hidden = selected !== undefined;
    if (!selected) return;
    const { text, departures, saw } = selected;
    element('typed').replaceChildren(...marked(text, subrosa.detect(text)));
    element('leaves-none').hidden = departures.length > 0;
    element('leaves').replaceChildren(
      ...departures.map(({ purpose, policyHash, bytes, excerpt }) => {
        const facts = make('dl');
        facts.append(make('dt', say('purpose')), make('dd', purposeName(purpose)));
        facts.append(make('dt', say('policy')), make('dd', policyHash, 'code'));
        const departure = make('div', '', 'departure');
        departure.append(make('p', `${bytes} ${say('bytes')}`, 'size'), make('p', `${excerpt} …`, 'code'), facts);
        return departure;
      }),
    );
    element('saw').textContent = saw ?? say('nothingSeen');
  }

  function select(message: Message): void {
    selected = message;
    const list = [...element('messages').querySelectorAll('button')];
    for (const [index, button] of list.entries()) button.setAttribute('aria-pressed', String(messages[index] === message));
    showViews();
  }

  function purposeName(id: string): string {
    return client.policy.document.purposes.find((purpose) => purpose.id === id)?.purpose[language] ?? id;
  }

  function showSwitches(): void {
    element<HTMLButtonElement>('record').disabled = !recording && !isPermitted('chat');
    for (const input of element('switches').querySelectorAll('input')) {
      const id = input.value;
      input.checked = isPermitted(id);
      input.nextElementSibling!.textContent = purposeName(id);
    }
  }

  /** A new version of the policy: only what it changes in substance needs a new choice. */
  async function renewPolicy(): Promise<void> {
    const { policy: document }: Config = await (await fetch('/config')).json();
    const next = subrosa.consent.parsePolicy(document);
    makeSwitches(document);
    await client.setPolicy(next);
    if (next.document.purposes.some(({ id }) => client.decide(cellOf(id)).reason === 'policy_changed')) ask(await openHistory(subrosa));
  }

  /** The notice, in the conversation: when a message waits for an answer, and when what was agreed to has changed. */
  function ask(history?: PolicyHistory): void {
    if (element('ask').childElementCount > 0) return;
    const notice = document.createElement('subrosa-consent') as SubrosaConsentElement;
    notice.client = client;
    notice.history = history;
    notice.addEventListener('shown', () => element('ask').scrollIntoView({ block: 'nearest' }));
    notice.addEventListener('done', (event) => {
      element('ask').replaceChildren();
      draft.focus();
      if ((event as CustomEvent).detail === 'saved') void tellServer();
    });
    element('ask').replaceChildren(notice);
  }

  function makeSwitches({ purposes }: PolicyDocument): void {
    element('switches').replaceChildren();
    for (const { id } of purposes) {
      const input = make('input');
      Object.assign(input, { type: 'checkbox', id: `purpose-${id}`, value: id });
      input.setAttribute('role', 'switch');
      input.addEventListener('change', (event) => choose(id, input.checked, event.isTrusted));
      const label = make('label', '', 'switch');
      label.append(input, make('span'));
      element('switches').append(label);
    }
  }

  /** The server learns of the choice before what was held under it goes. */
  async function choose(purpose: string, isGiven: boolean, deliberate: boolean): Promise<void> {
    isChoosing = true;
    try {
      if (isGiven) {
        await client.noticeShown(purpose, language);
        await client.give(purpose, { deliberate });
      } else {
        await client.withdraw(purpose);
        await tellServer();
      }
    } finally {
      isChoosing = false;
    }
    if (client.held === 0) element('ask').replaceChildren();
    showSwitches();
  }

  /** One after the other, so that the server hears of what came later later. */
  let telling = Promise.resolve(true);
  function tellServer(): Promise<boolean> {
    telling = telling.then(tell, tell);
    return telling;
  }

  /** Whether the server took the choices; its answer tells of a policy that is newer than this page's. */
  async function tell(): Promise<boolean> {
    const response = await fetch('/consent', { method: 'POST', body: client.session.save() });
    if (!response.ok) return false;
    const { policy: hash }: { policy: string } = await response.json();
    if (hash === client.policy.hash) return true;
    await renewPolicy();
    return hash === client.policy.hash && tell();
  }

  async function post(message: Message, purpose: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    const isTold = await tellServer();
    const recipient = await keys.current();
    const cell = cellOf(purpose);
    const sent = subrosa.guard.seal(message.text, { cell, decide: () => client.decide(cell), recipient, vault });
    if (!isTold || sent.verdict !== 'permit') throw new ConsentError(sent.decision.reason);
    const { envelope, decision } = sent;
    client.redacted(sent.findings.length);
    const response = await fetch('/message', { method: 'POST', body: envelope as Uint8Array<ArrayBuffer>, signal });
    const excerpt = hex(envelope.subarray(-excerptBytes));
    message.departures.push({ purpose, policyHash: decision.noticeHash, bytes: envelope.length, excerpt });
    if (!response.ok || !response.body) throw new Error(`refused: ${response.status}`);
    return response.body;
  }

  /** Shows a reply as it comes, with the values put back. */
  async function readReply(message: Message, body: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    const restorer = subrosa.replyRestorer(vault);
    try {
      for await (const event of eventsOf<{ saw: string } | Delta>(body)) {
        if ('saw' in event) {
          Object.assign(message, { status: 'sent', saw: event.saw, reply: '', isReplying: true });
          show();
          continue;
        }
        for (const { choices } of restorer.push(event)) message.reply += choices[0]?.delta.content ?? '';
        showReply(message);
        scrollToEnd();
      }
    } finally {
      restorer.free();
      message.isReplying = false;
      showReply(message);
    }
  }

  function add(text: string, status: TextId): Message {
    const message: Message = { text, status, departures: [] };
    messages.push(message);
    selected = message;
    show();
    return message;
  }

  async function send(text: string): Promise<void> {
    const message = add(text, isPermitted('chat') ? 'waiting' : 'held');
    try {
      await readReply(message, await client.send(cellOf('chat'), (_decision, signal) => post(message, 'chat', signal)));
      if (isPermitted('improve')) await post(message, 'improve', client.signal('improve'));
    } catch (error) {
      if (message.status !== 'sent') message.status = statusOf(error);
    }
    show();
  }

  /** Begins a recording, or ends it and sends it; what was recorded under a consent that is gone is dropped. */
  async function speakUp(): Promise<void> {
    const ended = recording;
    if (ended) {
      recording = undefined;
      showRecording();
      return sendVoice(ended);
    }
    const { verdict, noticeHash: policyHash, recordId, epoch } = client.decide(cellOf('chat', 'voice'));
    if (verdict !== 'permit') return;
    const key = await keys.current().catch((error) => void add(say('voice'), statusOf(error)));
    if (!key) return;
    const recipients = [key, own.publicKey];
    recording = await record(subrosa.sealing, { recipients, purpose: 'chat', policyHash, recordId, epoch });
    showRecording();
  }

  async function sendVoice({ context, stop }: Recording): Promise<void> {
    const message = add(say('voice'), 'waiting');
    try {
      const sealed = await stop();
      const { id, saw } = await client.send(cellOf('chat', 'voice'), async (decision, signal) => {
        if (!(await tellServer()) || decision.epoch !== context.epoch || decision.noticeHash !== context.policyHash)
          throw new ConsentError('policy_changed');
        const response = await fetch('/voice', { method: 'POST', body: sealed as Uint8Array<ArrayBuffer>, signal });
        const excerpt = hex(sealed.subarray(-excerptBytes));
        message.departures.push({ purpose: 'chat', policyHash: decision.noticeHash, bytes: sealed.length, excerpt });
        if (!response.ok) throw new Error(`refused: ${response.status}`);
        return response.json();
      });
      Object.assign(message, { status: 'sent', saw, voice: await playable(subrosa.sealing, `/voice/${id}`, own.secretKey) });
    } catch (error) {
      if (message.status !== 'sent') message.status = statusOf(error);
    }
    show();
  }

  function showRecording(): void {
    const button = element('record');
    button.textContent = say(recording ? 'stop' : 'record');
    button.setAttribute('aria-pressed', String(recording !== undefined));
    showSwitches();
  }

  function show(): void {
    showMessages();
    showViews();
  }

  function speak(to: Language): void {
    language = to;
    document.documentElement.lang = to === 'zh' ? 'zh-Hans' : 'en';
    document.title = say('title');
    for (const node of document.querySelectorAll<HTMLElement>('[data-text]')) node.textContent = say(node.dataset.text as TextId);
    for (const button of document.querySelectorAll<HTMLElement>('[data-language]'))
      button.setAttribute('aria-pressed', String(button.dataset.language === to));
    draft.placeholder = say('placeholder');
    showRecording();
    element<HTMLAnchorElement>('notice').href = `/notice.${to}.txt`;
    showFindings();
    show();
    element('ask').replaceChildren(...element('ask').children); // speaks the new language
  }

  makeSwitches(policy.document);
  // Also after a choice in another tab.
  client.addEventListener('ready', () => {
    if (!isChoosing) showSwitches();
    if (client.toAsk.length === 0) element('ask').replaceChildren();
  });
  client.addEventListener('held', () => ask());
  for (const button of document.querySelectorAll<HTMLElement>('[data-language]'))
    button.addEventListener('click', () => speak(button.dataset.language as Language));
  draft.addEventListener('input', showFindings);
  draft.addEventListener('scroll', () => {
    backdrop.scrollTop = draft.scrollTop;
  });
  draft.addEventListener('pointermove', showHover);
  draft.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    element<HTMLFormElement>('composer').requestSubmit();
  });
  element('record').addEventListener('click', () =>
    speakUp().catch(() => {
      element('found').textContent = say('noMicrophone');
    }),
  );
  element('composer').addEventListener('submit', (event) => {
    event.preventDefault();
    const text = draft.value.trim();
    if (!text) return;
    draft.value = '';
    showFindings();
    void send(text);
    draft.focus();
  });
  speak(language);
}

start().catch((error) => {
  element('empty').textContent = `${texts.en.loading} ${texts.zh.loading}`;
  console.error(error);
});
