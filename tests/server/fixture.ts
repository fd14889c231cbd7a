/** A server on a temporary folder with a clock of its own, a policy, and a person who gives and withdraws. */

import { randomBytes, randomUUID } from 'node:crypto';
import path from 'node:path';
import { type ConsentRecord, type ConsentState, load, type PolicyDocument, type PolicyPurpose } from '../../dist/node.js';
import {
  type Alarm,
  contentHash,
  fileAnchor,
  openSqlite,
  type RecipientJob,
  type ServerOptions,
  SubrosaServer,
} from '../../dist/server.js';
import { temporaryFolder } from './postgres.ts';

export const subrosa = await load({ backend: 'native' });
export const start = Date.parse('2026-03-31T12:00:00Z');
export const day = 86_400_000;
export const seed = new Uint8Array(32).fill(7);
export const origin = 'example.com/log';
export const texts = {
  en: 'We keep what you write for 90 days.\n',
  zh: '\u6211\u4eec\u4fdd\u7559\u60a8\u5199\u7684\u5185\u5bb9 90 \u5929\u3002\n',
};

const kinds = ['text', 'voice', 'ip', 'ip_coarse', 'user_agent', 'browser_family', 'client_hints'];

function purpose(id: string, rest: Partial<PolicyPurpose> = {}): PolicyPurpose {
  return {
    id,
    purpose: { en: `Purpose ${id}`, zh: `\u76ee\u7684 ${id}` },
    purpose_type: 'dpv:ServiceProvision',
    lawful_basis: 'dpv:ExplicitlyExpressedConsent',
    class: 'improve',
    pii_information: kinds.map((pii_type) => ({ pii_type, pii_optional: true, sensitive_pii_category: false })),
    processing_method: ['dpv:Store'],
    storage_locations: ['DE'],
    retention_period: { duration: 'P90D', basis: 'dpv:StorageDuration' },
    validity_duration: 'P12M',
    withdrawal_method: 'in-widget',
    ...rest,
  };
}

/** chat, improve, share (two third parties), keep (three years, by a consent of its own). */
export function policyDocument(change: Partial<PolicyDocument> = {}): PolicyDocument {
  return {
    schema_version: 'subrosa-policy/1',
    policy_id: 'chat',
    version: '1.0.0',
    published: '2026-01-01T00:00:00Z',
    effective_date: '2026-02-01T00:00:00Z',
    texts: Object.entries(texts).map(([language, text]) => ({
      language,
      content_hash: contentHash(text),
      uri: `policy/1.${language}.html`,
    })),
    pii_controllers: [
      { party_id: 'ctl', party_name: 'Example', party_contact: 'mailto:dpo@example.org', party_role: 'dpv:DataController' },
    ],
    parties: [
      { party_id: 'lab', party_name: 'Research', party_role: 'dpv:ThirdParty', jurisdiction: 'DE' },
      { party_id: 'ads', party_name: 'Advertising', party_role: 'dpv:ThirdParty', jurisdiction: 'DE' },
    ],
    purposes: [
      purpose('chat'),
      purpose('improve'),
      purpose('share', { class: 'share', kind: ['separate'], recipient_third_parties: ['lab', 'ads'] }),
      purpose('keep', { class: 'retain', retention_period: { duration: 'P3Y', basis: 'dpv:StorageDuration' } }),
    ],
    privacy_rights: ['eu-gdpr:A15', 'eu-gdpr:A17', 'eu-gdpr:A77'],
    authority_party: { party_name: 'Authority', party_url: 'https://authority.example' },
    ...change,
  };
}

export class World {
  readonly folder = temporaryFolder();
  readonly alarms: Alarm[] = [];
  readonly told: RecipientJob[] = [];
  readonly keys = subrosa.sealing.generateKeyPair();
  readonly master = new Uint8Array(randomBytes(32));
  time = start;
  server!: SubrosaServer;
  readonly now = () => this.time;
  readonly #options: Partial<ServerOptions>;

  constructor(options: Partial<ServerOptions> = {}) {
    this.#options = options;
  }

  file(name: string): string {
    return path.join(this.folder, name);
  }

  async open(options: Partial<ServerOptions> = {}): Promise<this> {
    const all = { ...this.#options, ...options };
    this.server = await SubrosaServer.open({
      subrosa,
      store: all.store ?? (await openSqlite(this.file('data.db'))),
      keyStore: all.keyStore ?? (await openSqlite(this.file('keys.db'))),
      master: this.master,
      log: { origin, seed, anchor: fileAnchor(this.file('checkpoint')) },
      keys: [this.keys.secretKey],
      controller: 'ctl',
      onAlarm: (alarm) => void this.alarms.push(alarm),
      verifyIdentity: async () => true,
      tellRecipient: async (job) => void this.told.push(job),
      now: this.now,
      ...all,
    });
    if ((await this.server.policies.history()).length === 0) await this.server.policies.publish(policyDocument(), texts);
    return this;
  }

  async close(): Promise<void> {
    await this.server.log.idle();
    await this.server.parts.store.close();
  }

  advance(days: number): void {
    this.time += days * day;
  }

  /** The person's page: gives consent to these purposes and hands its state over. */
  async give(subject: string, ...purposes: string[]) {
    return this.giveCells(subject, purposes);
  }

  /** The same for some cells of the matrix. */
  async giveCells(subject: string, purposes: string[], scope?: { recipient: string; pii_types: string[] }[]) {
    const state = await this.#state(subject);
    for (const id of purposes) {
      const record = await this.#record(state, subject, id);
      const given = await this.#event(record, 'dpv:ConsentGiven');
      record.events.push(scope ? { ...given, scope } : given);
    }
    return this.#hand(state);
  }

  async withdraw(subject: string, id: string) {
    const state = await this.#state(subject);
    const record = await this.#record(state, subject, id);
    record.epoch += 1;
    record.events.push(await this.#event(record, 'dpv:ConsentWithdrawn'));
    return this.#hand(state);
  }

  /** A message as the person's page seals it. */
  async sealed(subject: string, text: string, id = 'chat', change: { epoch?: number; policyHash?: string } = {}): Promise<Uint8Array> {
    const record = (await this.#state(subject)).records.find((candidate) => candidate.purpose === id) as ConsentRecord;
    const notice = record.privacy_notice as { policy_hash: string };
    return subrosa.sealing.seal(text, {
      recipient: this.keys.publicKey,
      purpose: id,
      policyHash: change.policyHash ?? notice.policy_hash,
      recordId: record.record_id,
      epoch: change.epoch ?? record.epoch,
    });
  }

  async send(subject: string, text: string, id = 'chat') {
    return this.server.receiver.receive(await this.sealed(subject, text, id), { purpose: id, piiType: 'text' });
  }

  /** The log's entries, read. */
  async entries() {
    return (await this.server.log.entries(0, await this.server.log.size())).map((entry) => JSON.parse(entry));
  }

  /** A record says twice what its last notice was. */
  #hand(state: ConsentState) {
    for (const record of state.records) {
      record.privacy_notice = record.events.filter((event) => event.privacy_notice).at(-1)?.privacy_notice;
      record.language = 'en';
    }
    return this.server.consents.record(state, { region: 'DE', age: 'adult' });
  }

  async #state(subject: string): Promise<ConsentState> {
    return (await this.server.consents.state(subject)) ?? subrosa.consent.emptyState(subject, this.time);
  }

  async #record(state: ConsentState, subject: string, id: string): Promise<ConsentRecord> {
    let record = state.records.find((candidate) => candidate.purpose === id);
    if (!record) {
      record = {
        schema_version: 'https://w3id.org/dpv/schema/dpv-27560#record',
        record_id: randomUUID(),
        pii_principal_id: subject,
        epoch: 0,
        purpose: id,
        jurisdiction: 'DE',
        profile: 'EU@1',
        collection_method: 'test',
        events: [],
      };
      record.events.push(await this.#event(record, 'dpv:ConsentRequested'));
      state.records.push(record);
    }
    return record;
  }

  async #event(record: ConsentRecord, event_state: string): Promise<ConsentRecord['events'][number]> {
    const policy = await this.server.policies.current();
    const facts = policy.purposes.find(({ id }) => id === record.purpose);
    const by = event_state === 'dpv:ConsentRequested' ? 'ctl' : 'dpv:DataSubject';
    const time = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z`;
    const event = {
      seq: record.events.length + 1,
      event_time: time(this.time),
      event_type: 'dpv:ExplicitlyExpressedConsent',
      entity_id: by,
      event_state,
      epoch: record.epoch,
      gpc: false,
    };
    if (event_state === 'dpv:ConsentWithdrawn') return event;
    const privacy_notice = {
      policy_id: 'chat',
      version: policy.document.version,
      language: 'en',
      policy_hash: policy.hash,
      content_hash: policy.document.texts[0]?.content_hash,
      material_hash: facts?.material_hash,
    };
    const noticed = { ...event, privacy_notice, notice_status: 'dpv:NoticeCommunicated' };
    if (event_state === 'dpv:ConsentRequested') return noticed;
    return {
      ...noticed,
      gpc_conflict: false,
      valid_until: time(Date.UTC(2027, 2, 31, 12)),
      validity_duration: 'P12M',
      indication_method: 'toggle+save',
      age_band: 'adult',
      scope: facts?.recipients.map((recipient) => ({ recipient, pii_types: kinds })),
    };
  }
}
