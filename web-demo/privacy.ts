/** The privacy centre: what is held of the person, and everything that they may do about it. Proofs are checked here. */

import { defineElements, type SubrosaSettingsElement } from '../js/src/consent/elements.ts';
import type { AccessBundle } from '../node/server/bundle.ts';
import type { CertificateOf } from '../node/server/certificates.ts';
import type { Certificate, Demand, RightType } from '../node/server/rights.ts';
import {
  acceptedHashes,
  ConsentClient,
  contentHash,
  diffInWords,
  KnownLog,
  load,
  localCheckpoint,
  type Policy,
  type PolicyDiff,
  type PolicyDocument,
  PolicyHistory,
  policyDiff,
} from '../wasm/web.ts';
import { actionName, privacyTexts } from './centre-texts.ts';
import { element, make } from './dom.ts';
import { json } from './fetch.ts';
import { openHistory } from './history.ts';
import { type Speech, speak } from './speech.ts';
import { cells, download, table } from './tables.ts';

type Texts = typeof privacyTexts.en;
/** What the person was told, in the forms that it has in the inbox. */
interface Notice {
  id: string;
  about?: 'legal_request' | 'extension';
  authority: string;
  basis: string;
  until: string;
  policyHash?: string;
  version: string;
  effective: string;
  summary: Record<string, string>;
}

const askAgain = 3000;

type Answer = Certificate & { bundle?: AccessBundle; authority?: { party_name: string; party_url: string } };

const text = async (path: string): Promise<string> => (await fetch(path)).text();

/** What changed for the person: not the hashes and dates that every version has anew. */
function changesOf(before: Policy, after: Policy): PolicyDiff {
  const { changes, ...rest } = policyDiff(before, after);
  return { ...rest, changes: changes.filter(({ field }) => !['texts', 'version', 'published', 'effective_date'].includes(field)) };
}

async function start(): Promise<void> {
  const config = await json<{ policy: PolicyDocument }>('/config');
  const subrosa = await load({ wasm: '/core.wasm' });
  const policy = subrosa.consent.parsePolicy(config.policy);
  const client = new ConsentClient(subrosa.consent, { policy, name: 'demo', context: { region: 'DE', age: 'adult' } });
  await client.open();
  const subject = client.session.state.pii_principal_id;
  const key = await text('/subrosa/key');
  const prove = (from: number, to: number) => text(`/subrosa/consistency?from=${from}&to=${to}`);
  const log = new KnownLog(subrosa.audit, { key, storage: localCheckpoint(key), prove });
  const history = await openHistory(subrosa);
  const certificates = await json<CertificateOf[]>('/subrosa/certificates');
  /** What the server has answered last, and which of its entries are proved. */
  let bundle: AccessBundle | undefined;
  let proved = new Map<number, boolean>();
  let told = '';

  const demand = (type: RightType, rest: Partial<Demand> = {}): Promise<Answer> =>
    json('/subrosa/rights', { method: 'POST', body: JSON.stringify({ type, regulation: 'gdpr', subject, ...rest }) });

  const isProved = (receipt: { entry: string; proof: string }): Promise<boolean> =>
    log.check(receipt).then(
      () => true,
      () => false,
    );

  async function fetchBundle(): Promise<void> {
    const answer = await demand('access');
    bundle = answer.bundle;
    proved = new Map();
    for (const entry of bundle?.log.entries ?? []) proved.set(entry.index, await isProved(entry));
  }

  /** Does something, and says on the page when it could not be done. */
  async function attempt(work: () => Promise<void>): Promise<void> {
    element('status').textContent = '';
    try {
      await work();
    } catch (error) {
      element('status').textContent = `${speech.say('unknown')} ${(error as Error).message}`;
    }
  }

  function purposeName(id: string, { language }: Speech<Texts>): string {
    return policy.document.purposes.find((purpose) => purpose.id === id)?.purpose[language] ?? id;
  }

  function mark(isTrue: boolean | undefined, { say }: Speech<Texts>): HTMLElement {
    return isTrue ? make('span', `✓ ${say('proved')}`, 'good') : make('span', `✗ ${say('notProved')}`, 'bad');
  }

  function showItems(now: Speech<Texts>): void {
    if (!bundle) return;
    const { say, time } = now;
    const items = bundle.data.map((item) => {
      const entry = make('li');
      const facts = make('dl');
      facts.append(...cells(say('purpose'), purposeName(item.purpose, now)), ...cells(say('receivedAt'), time(item.created)));
      facts.append(...cells(say('until'), time(item.due)));
      entry.append(make('p', item.text, 'text'), facts, correction(item.id, item.text, now));
      return entry;
    });
    element('items').replaceChildren(...(items.length > 0 ? items : [make('li', say('nothingHeld'))]));
    const names = bundle.recipients.map((id) => policy.document.parties?.find((party) => party.party_id === id)?.party_name ?? id);
    element('recipients').textContent = `${say('recipients')}: ${names.join(', ') || say('nobody')}`;
  }

  function correction(item: string, value: string, { say }: Speech<Texts>): HTMLElement {
    const details = make('details');
    const field = make('textarea', value);
    field.id = `correct-${item}`;
    const label = make('label', say('correctLabel'));
    label.htmlFor = field.id;
    const save = make('button', say('save'));
    save.type = 'button';
    save.addEventListener('click', () =>
      attempt(async () => {
        await demand('rectification', { item, text: subrosa.redact(field.value).text });
        await fetchBundle();
        show(speech);
        element('status').textContent = speech.say('corrected');
      }),
    );
    details.append(make('summary', say('correct')), label, field, save);
    return details;
  }

  function showReceipts(now: Speech<Texts>): void {
    const { say, time, language } = now;
    if (!bundle) {
      element('receipts').replaceChildren(make('li', say('receiptsNone')));
      return;
    }
    const decided = bundle.receipts.filter(({ record }) => record.events.length > 1);
    if (decided.length === 0) {
      element('receipts').replaceChildren(make('li', say('undecided')));
      return;
    }
    element('receipts').replaceChildren(
      ...decided.map((receipt) => {
        const { record, log: place } = receipt;
        const last = record.events.at(-1);
        const entry = make('li');
        const button = make('button', `${say('downloadReceipt')} ${place.index}`);
        button.type = 'button';
        button.addEventListener('click', () => download(`receipt-${place.index}.json`, receipt));
        entry.append(make('strong', purposeName(record.purpose, now)), make('br'));
        entry.append(`${actionName(last?.event_state ?? '', language)}, ${time(last?.event_time ?? '')} `);
        entry.append(mark(proved.get(place.index), now), ' ', button);
        return entry;
      }),
    );
  }

  function showLog(now: Speech<Texts>): void {
    const { say, time, language } = now;
    const state = element('log-state');
    if (!bundle) {
      state.textContent = say('logNone');
      return;
    }
    const isWhole = [...proved.values()].every(Boolean);
    state.textContent = isWhole ? say('logKnown') : say('logBroken');
    state.className = isWhole ? 'good' : 'bad';
    const rows = [...bundle.log.entries].reverse().map(({ index, entry }) => {
      const { time: at, action, object } = JSON.parse(entry);
      const what = `${actionName(action, language)} (${object?.type ?? ''})`;
      return [String(index), time(at), what, mark(proved.get(index), now)];
    });
    element('entries').replaceChildren(table([say('number'), say('time'), say('what'), say('proof')], rows));
  }

  function showNotices(now: Speech<Texts>): void {
    const notices = (bundle?.notices ?? []) as unknown as Notice[];
    element('notices').hidden = notices.length === 0;
    element('notice-list').replaceChildren(
      ...notices.map((notice) => {
        const entry = make('li', `${noticeText(notice, now)} `);
        entry.append(mark(proved.get(entryOf(notice)), now));
        return entry;
      }),
    );
  }

  function noticeText(notice: Notice, { say, time, language }: Speech<Texts>): string {
    if (notice.about === 'legal_request') return `${say('legal_request')} ${notice.authority}, ${notice.basis}`;
    if (notice.about === 'extension') return `${say('extension')} ${time(notice.until)}`;
    return `${say('news')} ${notice.version}, ${time(notice.effective)}. ${notice.summary[language] ?? ''}`;
  }

  /** The entry which says that the person was told. */
  function entryOf({ id, policyHash }: Notice): number {
    const isOf = (entry: string): boolean => {
      const { action, object } = JSON.parse(entry);
      return action === 'dpv:NoticeCommunicated' && (policyHash ? object?.hash === policyHash : id.endsWith(object?.id));
    };
    return bundle?.log.entries.find(({ entry }) => isOf(entry))?.index ?? -1;
  }

  /** Each is fetched and checked when the person asks for it: its document against the log, the log's entry by its proof. */
  function showCertificates(now: Speech<Texts>): void {
    const { say, time } = now;
    const entries = certificates.map((certificate) => {
      const entry = make('li');
      const isValid = Date.parse(certificate.valid_until) > Date.now();
      const until = `${say(isValid ? 'validUntil' : 'expired')} ${time(certificate.valid_until)} `;
      const verdict = make('p');
      verdict.setAttribute('role', 'status');
      const button = make('button', say('verify'));
      button.type = 'button';
      button.addEventListener('click', () =>
        attempt(async () => {
          const holds = await isBound(certificate);
          verdict.textContent = `${holds ? '✓' : '✗'} ${speech.say(holds ? 'documentHolds' : 'documentWrong')}`;
          verdict.className = holds ? 'good' : 'bad';
        }),
      );
      entry.append(make('strong', certificate.name), make('br'), make('span', until, isValid ? '' : 'bad'), button, verdict);
      return entry;
    });
    element('certificates').replaceChildren(...(entries.length > 0 ? entries : [make('li', say('noCertificates'))]));
  }

  async function isBound({ doc_hash, log: place }: CertificateOf): Promise<boolean> {
    if (!place || !(await isProved(place)) || JSON.parse(place.entry).object?.hash !== doc_hash) return false;
    const response = await fetch(`/subrosa/certificates/${doc_hash}`);
    return response.ok && (await contentHash(await response.arrayBuffer())) === doc_hash;
  }

  function showHistory(now: Speech<Texts>): void {
    const { say, language, time } = now;
    const accepted = acceptedHashes(client.session.state);
    const version = (after: Policy, before: Policy | undefined): HTMLElement => {
      const isComing = Date.parse(after.document.effective_date) > Date.now();
      const marks = [
        after.hash === policy.hash && say('inForce'),
        isComing && say('comes'),
        accepted.has(after.hash) && say('accepted'),
      ].filter(Boolean);
      const entry = make('li');
      entry.append(make('strong', after.document.version), ` ${time(after.document.effective_date)} ${marks.join(', ')}`);
      if (before) {
        const changes = make('ul');
        changes.append(...diffInWords(changesOf(before, after), after, language).map((line) => make('li', line)));
        const details = make('details');
        details.append(make('summary', say('changes')), changes);
        entry.append(details);
      }
      entry.append(reading(after, now));
      return entry;
    };
    const { versions } = history;
    element('history').replaceChildren(...versions.map((after, i) => version(after, versions[i - 1])).reverse());
  }

  /** A version's text, fetched when it is opened, and compared with the hash that the policy names. */
  function reading({ hash }: Policy, { say, language }: Speech<Texts>): HTMLElement {
    const details = make('details');
    details.append(make('summary', say('read')));
    details.addEventListener('toggle', async () => {
      const bytes = new Uint8Array(await (await fetch(`/subrosa/policies/${hash}/${language}`)).arrayBuffer());
      const isText = await PolicyHistory.isText(history.find(hash) as Policy, language, bytes);
      const words = make('pre', isText ? new TextDecoder().decode(bytes) : '');
      const verdict = make('p', say(isText ? 'textChecked' : 'textWrong'), isText ? 'good' : 'bad');
      details.replaceChildren(details.firstElementChild as Element, words, verdict);
    });
    return details;
  }

  function showSettings(): void {
    const settings = document.createElement('subrosa-settings') as SubrosaSettingsElement;
    settings.client = client;
    element('settings').replaceChildren(settings);
  }

  /** The server learns of every change of the settings once the person has decided anything. */
  async function tellServer(): Promise<void> {
    const state = client.session.save();
    if (state === told || !client.session.state.records.some((record) => record.events.length > 1)) return;
    told = state;
    await json('/consent', { method: 'POST', body: state });
  }

  async function complain(): Promise<void> {
    const { request, authority } = await demand('complaint', { text: element<HTMLTextAreaElement>('complaint').value });
    element<HTMLFormElement>('complain').reset();
    const facts = make('dl');
    facts.append(...cells(speech.say('caseNumber'), request.subject_request_id));
    facts.append(...cells(speech.say('answerBy'), speech.time(request.expected_completion_time)));
    if (authority) facts.append(...cells(speech.say('authority'), `${authority.party_name}, ${authority.party_url}`));
    element('case').replaceChildren(facts);
  }

  /** The server first; what the page itself holds goes once that is certified. What takes longer is asked for until it is. */
  async function erase(): Promise<void> {
    let certificate: Certificate = await demand('erasure');
    while (certificate.request.status !== 'dpv:RequestFulfilled') {
      const isWaiting = certificate.request.status === 'dpv:RequestAccepted';
      element('certificate').replaceChildren(make('p', speech.say(isWaiting ? 'erasing' : 'notErased'), 'bad'));
      await new Promise((resolve) => setTimeout(resolve, askAgain));
      certificate = await json(`/subrosa/rights/${certificate.request.subject_request_id}`);
    }
    await showCertificate(certificate);
    bundle = undefined;
    for (const id of ['items', 'entries']) element(id).replaceChildren();
    for (const id of ['recipients', 'status']) element(id).textContent = '';
    await client.eraseSubject();
    show(speech);
    showSettings();
  }

  async function showCertificate(certificate: Certificate): Promise<void> {
    const { request, log: place } = certificate;
    const { say } = speech;
    const holds = place !== undefined && (await isProved(place)) && isOfErasure(place.entry, request.subject_request_id);
    const rows = request.steps.map(({ store, planned, done }) => [store, String(done), String(planned - done)]);
    const button = make('button', say('downloadCertificate'));
    button.type = 'button';
    button.addEventListener('click', () => download('erasure-certificate.json', certificate));
    const facts = make('dl');
    facts.append(
      ...cells(say('number'), String(place?.index)),
      ...cells(say('recipients'), request.recipients_notified.join(', ') || say('nobody')),
    );
    const shown = element('certificate');
    shown.className = holds ? 'sealed' : '';
    shown.replaceChildren(
      make('h3', `${say('certificate')}: ${say('erased')}`),
      table([say('store'), say('counted'), say('left')], rows),
      facts,
      make('p', say(holds ? 'certificateChecked' : 'certificateWrong'), holds ? 'good' : 'bad'),
      button,
    );
  }

  /** That an entry says what the certificate says: this request, fulfilled. */
  function isOfErasure(entry: string, id: string): boolean {
    const { action, object } = JSON.parse(entry);
    return action === 'dpv:RequestFulfilled' && object?.type === 'Request/erasure' && object.id === id;
  }

  function show(now: Speech<Texts>): void {
    element('settings').setAttribute('aria-label', now.say('settings'));
    showItems(now);
    showReceipts(now);
    showLog(now);
    showNotices(now);
    showCertificates(now);
    showHistory(now);
  }

  defineElements();
  const speech = speak(privacyTexts, (now) => {
    show(now);
    showSettings();
  });
  client.addEventListener('ready', () => void attempt(tellServer));
  const sure = element<HTMLDialogElement>('sure');
  const onClick = (id: string, work: () => Promise<void> | void) =>
    element(id).addEventListener('click', () => void attempt(async () => work()));
  onClick('show', async () => {
    await fetchBundle();
    show(speech);
  });
  onClick('download', async () => {
    const { bundle: whole } = await demand('portability');
    download('subrosa-my-data.json', whole);
  });
  onClick('erase', () => sure.showModal());
  onClick('no', () => sure.close());
  onClick('yes', async () => {
    sure.close();
    await erase();
  });
  element('complain').addEventListener('submit', (event) => {
    event.preventDefault();
    void attempt(complain);
  });
  document.documentElement.dataset.ready = '';
}

start().catch((error) => {
  element('status').textContent = `${privacyTexts.en.unknown} ${privacyTexts.zh.unknown} ${error.message}`;
});
