/**
 * <subrosa-consent> asks, <subrosa-settings> shows and changes. Unstyled but for their layout; CSS reaches them by ::part().
 *
 *   import { defineElements } from 'subrosa/elements';
 *   defineElements();
 *   const notice = document.createElement('subrosa-consent');
 *   notice.client = client;
 *   document.body.append(notice);       // opens the client: append it when the person opens the widget
 */

import { reasonTexts } from '../../../build/generated/tables.ts';
import type { ConsentClient } from './client.ts';
import { diffInWords, policyDiff } from './diff.ts';
import { acceptedHashes, type PolicyHistory } from './history.ts';
import type { Policy } from './session.ts';
import { dataName, durationInWords, type ElementTexts, elementTexts } from './texts.ts';
import type { ConsentRecord, GiveOptions, Grant, PolicyPurpose, Reason } from './types.ts';

export { reasonTexts };

type Child = Node | string | undefined | false;

/** An element with attributes (functions are listeners) and children. */
function h(tag: string, attributes: Record<string, string | boolean | ((event: Event) => unknown)>, ...children: Child[]): HTMLElement {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value !== false) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.filter((child) => child !== undefined && child !== false));
  return element;
}

const css = `:host { display: block; font: inherit; color: inherit }
[part=actions] { display: flex; flex-wrap: wrap; gap: .5em; margin-block: 1em }
button { font: inherit; padding: .5em 1em; min-block-size: 2.75em }
fieldset { margin-block: .75em; border: 1px solid; min-inline-size: 0 }
legend label { display: flex; align-items: center; gap: .5em; min-block-size: 2em } input { flex: none; inline-size: 1.25em; block-size: 1.25em; margin: 0 }
table { border-collapse: collapse; min-inline-size: min(100%, 16em); max-inline-size: 100% } th, td { padding: .25em .75em; text-align: start; overflow-wrap: break-word }
caption { text-align: start }
dl { display: grid; grid-template-columns: auto 1fr; gap: .25em 1em; margin-block: .5em } dd { margin: 0 }
.heard { position: absolute; clip-path: inset(50%); inline-size: 1px; block-size: 1px; overflow: hidden; white-space: nowrap }`;

type Base = ReturnType<typeof makeBase>;

/** What both elements have; made on demand, since Node has no HTMLElement. */
function makeBase() {
  // Not a <style>: a page whose Content Security Policy forbids inline styles would drop it.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);

  abstract class ConsentElement extends HTMLElement {
    client!: ConsentClient;
    /** All versions, to show what has changed; optional. */
    history: PolicyHistory | undefined;
    #status = h('p', { role: 'status', part: 'status' });

    async connectedCallback(): Promise<void> {
      const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
      await this.client.open();
      for (const { id } of this.shown) await this.client.noticeShown(id, this.noticeLanguage);
      root.adoptedStyleSheets = [sheet];
      root.replaceChildren(h('section', { part: 'body', lang: this.language, 'aria-labelledby': 'title' }, ...this.render(), this.#status));
      this.dispatchEvent(new CustomEvent('shown'));
    }

    /** The purposes whose notice this element shows. */
    abstract get shown(): PolicyPurpose[];
    abstract render(): Child[];

    get policy(): Policy {
      return this.client.policy;
    }

    get language(): 'en' | 'zh' {
      return (this.closest('[lang]')?.getAttribute('lang') ?? 'en').startsWith('zh') ? 'zh' : 'en';
    }

    /** The language of the policy's own texts: the element's, where the policy has it. */
    get noticeLanguage(): string {
      const languages = this.policy.document.texts.map((text) => text.language);
      return languages.includes(this.language) ? this.language : (languages[0] ?? 'en');
    }

    get texts(): ElementTexts {
      return elementTexts[this.language];
    }

    record(purpose: string): ConsentRecord | undefined {
      return this.client.session.state.records.find((record) => record.purpose === purpose);
    }

    titleOf(purpose: PolicyPurpose): string {
      return purpose.purpose[this.noticeLanguage] ?? purpose.id;
    }

    partyName(id: string): string {
      const { pii_controllers, parties = [] } = this.policy.document;
      return [...pii_controllers, ...parties].find((party) => party.party_id === id)?.party_name ?? id;
    }

    say(text: string): void {
      this.#status.textContent = text;
    }

    reasonInWords(reason: Reason): string {
      return reasonTexts[reason][this.language];
    }

    notes(): Child[] {
      const { texts } = this;
      return [
        this.client.gpc && h('p', { part: 'gpc' }, texts.gpcOn),
        this.client.storage === 'memory' && h('p', { part: 'memory' }, texts.memory),
        this.client.isUnreadable && h('p', { part: 'unreadable' }, texts.unreadable),
        h('p', { part: 'policy' }, h('a', { part: 'link', href: this.policyUri() }, texts.policy)),
      ];
    }

    policyUri({ document }: Policy = this.policy): string {
      return document.texts.find((text) => text.language === this.noticeLanguage)?.uri ?? '#';
    }

    facts(purpose: PolicyPurpose): HTMLElement {
      const { texts } = this;
      const recipients = this.policy.purposes.find((facts) => facts.id === purpose.id)?.recipients ?? [];
      const row = (name: string, value: string): [HTMLElement, HTMLElement] => [h('dt', {}, name), h('dd', {}, value)];
      return h(
        'dl',
        { part: 'facts' },
        ...row(texts.data, purpose.pii_information.map((pii) => dataName(pii.pii_type, this.language)).join(', ')),
        ...row(texts.recipients, recipients.map((id) => this.partyName(id)).join(', ')),
        ...row(texts.retention, durationInWords(purpose.retention_period.duration, this.language)),
      );
    }

    /** The changes from the version that this person accepted last. */
    changes(): Child {
      const hashes = acceptedHashes(this.client.session.state);
      const accepted = this.history?.versions.filter((version) => hashes.has(version.hash)).at(-1);
      if (!accepted || accepted.hash === this.policy.hash) return undefined;
      const words = diffInWords(policyDiff(accepted, this.policy), this.policy, this.language);
      return h('section', { part: 'changes' }, h('h3', {}, this.texts.changed), h('ul', {}, ...words.map((text) => h('li', {}, text))));
    }

    /** Gives, and asks once more where Global Privacy Control is on. Only a click that a script did not make is deliberate. */
    async give(purpose: PolicyPurpose, options: GiveOptions): Promise<Reason> {
      const { reason } = await this.client.give(purpose.id, options);
      if (reason !== 'gpc_confirmation') return reason;
      if (!(await this.confirmGpc(purpose))) return (await this.client.refuse(purpose.id)).reason;
      return (await this.client.give(purpose.id, { ...options, gpcConfirmed: true })).reason;
    }

    confirmGpc(purpose: PolicyPurpose): Promise<boolean> {
      const { texts } = this;
      return new Promise((resolve) => {
        const answer = (value: boolean) => () => {
          panel.remove();
          resolve(value);
        };
        const panel = h(
          'div',
          { part: 'gpc-confirm', role: 'alertdialog', 'aria-label': texts.gpcAsk },
          h('p', {}, texts.gpcAsk),
          h('p', {}, this.titleOf(purpose)),
          h(
            'div',
            { part: 'actions' },
            h('button', { type: 'button', part: 'gpc-no', click: answer(false) }, texts.gpcNo),
            h('button', { type: 'button', part: 'gpc-yes', click: answer(true) }, texts.gpcYes),
          ),
        );
        this.#status.before(panel);
        panel.querySelector('button')?.focus();
      });
    }
  }
  return ConsentElement;
}

/** Asks for what is open, with as much weight on refusing as on accepting. */
function makeConsent(Base: Base) {
  return class SubrosaConsent extends Base {
    get shown(): PolicyPurpose[] {
      const { toAsk } = this.client;
      return this.policy.document.purposes.filter(({ id }) => toAsk.includes(id));
    }

    render(): Child[] {
      const { texts, shown } = this;
      const button = (part: string, text: string, click: (event: Event) => Promise<void>): HTMLElement =>
        h('button', { type: 'button', part, click: (event) => this.#act(() => click(event)) }, text);
      return [
        h('h2', { id: 'title', part: 'title' }, texts.title),
        h('p', { part: 'intro' }, texts.intro),
        ...this.notes(),
        this.changes(),
        ...shown.map((purpose) => this.#purpose(purpose)),
        h(
          'div',
          { part: 'actions' },
          button('refuse', texts.refuseAll, () => this.#refuseAll(shown)),
          button('accept', texts.acceptAll, (event) => this.#acceptAll(shown, event.isTrusted)),
          button('save', texts.save, (event) => this.#save(shown, event.isTrusted)),
          button('later', texts.later, () => this.#later(shown)),
        ),
      ];
    }

    #purpose(purpose: PolicyPurpose): HTMLElement {
      const isSeparate = this.policy.purposes.find((facts) => facts.id === purpose.id)?.kinds.includes('separate');
      return h(
        'fieldset',
        { part: 'purpose' },
        h(
          'legend',
          { part: 'name' },
          h('label', {}, h('input', { type: 'checkbox', name: purpose.id, part: 'choice' }), this.titleOf(purpose)),
        ),
        isSeparate && h('p', { part: 'separate' }, this.texts.separate),
        this.facts(purpose),
      );
    }

    /** While an act is carried out no tick can be set: it would be lost where the element is drawn anew. */
    async #act(work: () => Promise<void>): Promise<void> {
      const boxes = this.shadowRoot?.querySelectorAll<HTMLInputElement>('input') ?? [];
      for (const box of boxes) box.disabled = true;
      try {
        await work();
      } finally {
        for (const box of boxes) box.disabled = false;
      }
    }

    async #refuseAll(purposes: PolicyPurpose[]): Promise<void> {
      for (const { id } of purposes) await this.client.refuse(id);
      this.#done();
    }

    /** What a region keeps from being bundled stays open. */
    async #acceptAll(purposes: PolicyPurpose[], deliberate: boolean): Promise<void> {
      let left = false;
      for (const purpose of purposes)
        left = (await this.give(purpose, { method: 'accept_all', deliberate })) === 'separate_required' || left;
      if (!left) return this.#done();
      await this.connectedCallback();
      this.say(this.texts.left);
    }

    /** The ticks were drafts until now; what is not ticked is refused. */
    async #save(purposes: PolicyPurpose[], deliberate: boolean): Promise<void> {
      for (const purpose of purposes) {
        const box = this.shadowRoot?.querySelector<HTMLInputElement>(`input[name="${CSS.escape(purpose.id)}"]`);
        if (box?.checked) await this.give(purpose, { deliberate });
        else await this.client.refuse(purpose.id);
      }
      this.#done();
    }

    async #later(purposes: PolicyPurpose[]): Promise<void> {
      for (const { id } of purposes) await this.client.dismiss(id);
      this.dispatchEvent(new CustomEvent('done', { detail: 'later' }));
    }

    #done(): void {
      this.say(this.texts.saved);
      this.dispatchEvent(new CustomEvent('done', { detail: 'saved' }));
    }
  };
}

/** The matrix of data and recipients for each purpose, withdrawal in one act, history and receipts. */
function makeSettings(Base: Base) {
  return class SubrosaSettings extends Base {
    /** Fetches the signed receipt of a record; without it the record itself is downloaded. */
    receiptOf: ((record: ConsentRecord) => Promise<object>) | undefined;
    /** Whether the receipt's proof of the log holds; with it the person is told. `consent.verifyLogged` answers that. */
    isLogged: ((receipt: object) => boolean) | undefined;

    get shown(): PolicyPurpose[] {
      return this.policy.document.purposes;
    }

    render(): Child[] {
      const { texts } = this;
      return [
        h('h2', { id: 'title', part: 'title' }, texts.settings),
        ...this.notes(),
        h(
          'div',
          { part: 'actions' },
          h('button', { type: 'button', part: 'withdraw-all', click: () => this.#withdraw(this.shown) }, texts.withdrawAll),
        ),
        ...this.shown.map((purpose) => this.#purpose(purpose)),
        this.#versions(),
      ];
    }

    #purpose(purpose: PolicyPurpose): HTMLElement {
      const { texts } = this;
      return h(
        'fieldset',
        { part: 'purpose', name: purpose.id },
        h('legend', { part: 'name' }, this.titleOf(purpose)),
        h('p', { part: 'state' }, this.#stateOf(purpose)),
        this.facts(purpose),
        this.#matrix(purpose),
        h(
          'div',
          { part: 'actions' },
          h('button', { type: 'button', part: 'withdraw', click: () => this.#withdraw([purpose]) }, texts.withdraw, this.#hidden(purpose)),
          h(
            'button',
            { type: 'button', part: 'save', click: (event) => this.#save(purpose, event.isTrusted) },
            texts.save,
            this.#hidden(purpose),
          ),
          this.record(purpose.id) &&
            h('button', { type: 'button', part: 'receipt', click: () => this.#download(purpose.id) }, texts.receipt, this.#hidden(purpose)),
        ),
      );
    }

    /** Tells buttons of different purposes apart for those who hear them. */
    #hidden(purpose: PolicyPurpose): HTMLElement {
      return h('span', { class: 'heard' }, `: ${this.titleOf(purpose)}`);
    }

    #stateOf(purpose: PolicyPurpose): string {
      const cells = this.#cells(purpose).map((cell) => this.client.decide(cell));
      const best = cells.find((decision) => decision.verdict === 'permit') ?? cells[0];
      return this.reasonInWords(best?.reason ?? 'error');
    }

    #cells(purpose: PolicyPurpose): { purpose: string; piiType: string; recipient: string }[] {
      const recipients = this.policy.purposes.find((facts) => facts.id === purpose.id)?.recipients ?? [];
      return recipients.flatMap((recipient) =>
        purpose.pii_information.map(({ pii_type }) => ({ purpose: purpose.id, piiType: pii_type, recipient })),
      );
    }

    #matrix(purpose: PolicyPurpose): HTMLElement {
      const recipients = [...new Set(this.#cells(purpose).map((cell) => cell.recipient))];
      const box = (piiType: string, recipient: string): HTMLElement =>
        h('input', {
          type: 'checkbox',
          part: 'choice',
          'aria-label': `${dataName(piiType, this.language)}, ${this.partyName(recipient)}`,
          'data-type': piiType,
          'data-recipient': recipient,
          checked: this.client.decide({ purpose: purpose.id, piiType, recipient }).verdict === 'permit',
        });
      return h(
        'table',
        { part: 'matrix' },
        h('caption', {}, this.texts.matrix),
        h('tr', {}, h('th', { scope: 'col' }, this.texts.data), ...recipients.map((id) => h('th', { scope: 'col' }, this.partyName(id)))),
        ...purpose.pii_information.map(({ pii_type }) =>
          h(
            'tr',
            {},
            h('th', { scope: 'row' }, dataName(pii_type, this.language)),
            ...recipients.map((id) => h('td', {}, box(pii_type, id))),
          ),
        ),
      );
    }

    async #withdraw(purposes: PolicyPurpose[]): Promise<void> {
      for (const { id } of purposes) await this.client.withdraw(id);
      await this.connectedCallback();
      this.say(this.texts.withdrawn);
    }

    /** The ticked cells are what is given from now on; none at all is a withdrawal. */
    async #save(purpose: PolicyPurpose, deliberate: boolean): Promise<void> {
      const fields = this.shadowRoot?.querySelector(`fieldset[name="${CSS.escape(purpose.id)}"]`);
      const scope = new Map<string, Grant>();
      for (const box of fields?.querySelectorAll<HTMLInputElement>('input:checked') ?? []) {
        const { type = '', recipient = '' } = box.dataset;
        const grant = scope.get(recipient) ?? { recipient, pii_types: [] };
        grant.pii_types.push(type);
        scope.set(recipient, grant);
      }
      if (scope.size === 0) return this.#withdraw([purpose]);
      const reason = await this.give(purpose, { deliberate, scope: [...scope.values()] });
      await this.connectedCallback();
      this.say(reason === 'given' ? this.texts.saved : `${this.texts.refusedBy} ${this.reasonInWords(reason)}`);
    }

    #versions(): Child {
      const versions = this.history?.versions ?? [];
      if (versions.length === 0) return undefined;
      const accepted = acceptedHashes(this.client.session.state);
      const { texts } = this;
      const item = (version: Policy, before: Policy | undefined): HTMLElement =>
        h(
          'li',
          {},
          h('a', { part: 'link', href: this.policyUri(version) }, version.document.version),
          version.hash === this.policy.hash && ` (${texts.current})`,
          accepted.has(version.hash) && ` (${texts.accepted})`,
          before && h('ul', {}, ...diffInWords(policyDiff(before, version), version, this.language).map((text) => h('li', {}, text))),
        );
      return h(
        'section',
        { part: 'history' },
        h('h3', {}, texts.history),
        h('ol', {}, ...versions.map((version, i) => item(version, versions[i - 1]))),
      );
    }

    async #download(purpose: string): Promise<void> {
      const record = this.record(purpose);
      if (!record) return;
      const receipt = (await this.receiptOf?.(record)) ?? record;
      const url = URL.createObjectURL(new Blob([JSON.stringify(receipt, null, 2)], { type: 'application/json' }));
      h('a', { href: url, download: `receipt-${record.record_id}.json` }).click();
      URL.revokeObjectURL(url);
      if (this.isLogged) this.say(this.isLogged(receipt) ? this.texts.logged : this.texts.notLogged);
    }
  };
}

/** Registers both elements; once a page. */
export function defineElements(): void {
  if (customElements.get('subrosa-consent')) return;
  const base = makeBase();
  customElements.define('subrosa-consent', makeConsent(base));
  customElements.define('subrosa-settings', makeSettings(base));
}

/** The properties of <subrosa-consent>. */
export interface SubrosaConsentElement extends HTMLElement {
  client: ConsentClient;
  history: PolicyHistory | undefined;
}

/** The properties of <subrosa-settings>. */
export interface SubrosaSettingsElement extends SubrosaConsentElement {
  receiptOf: ((record: ConsentRecord) => Promise<object>) | undefined;
  isLogged: ((receipt: object) => boolean) | undefined;
}
