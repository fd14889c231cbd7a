/**
 * The server whole.
 *
 *   const server = await SubrosaServer.open({ subrosa, store, keyStore, master, log: { origin, seed, anchor }, keys, controller: 'ctl' });
 *   createServer(subrosaHttp(server, { purpose: 'chat', piiType: 'text' })).listen(8080);
 *   setInterval(() => server.runJobs(), 60_000);
 */

import type { Subrosa } from '../../js/src/index.ts';
import { Announcer, type Channel } from './announce.ts';
import { attemptAll } from './attempt.ts';
import { Certificates } from './certificates.ts';
import { Consents } from './consents.ts';
import { Legal } from './legal.ts';
import { type Anchor, AuditLog } from './log.ts';
import { type Alarm, Monitor, type MonitorOptions } from './monitor.ts';
import type { Parts } from './parts.ts';
import { Policies } from './policies.ts';
import { Receiver, type ReceiverOptions } from './receiver.ts';
import { Retention } from './retention.ts';
import { Rights, type RightsOptions } from './rights.ts';
import { Sharing, type SharingOptions } from './sharing.ts';
import type { Store } from './store/store.ts';
import { Vault } from './vault.ts';

export interface ServerOptions extends ReceiverOptions, RightsOptions, SharingOptions {
  subrosa: Subrosa;
  store: Store;
  /** Another store than that, backed up for a shorter time: the keys of people lie in it. */
  keyStore: Store;
  /** 32 secret bytes that wrap those keys. */
  master: Uint8Array;
  /** The log's name, the 32 secret bytes that sign it, and where its newest checkpoint is kept outside the store. */
  log: { origin: string; seed: Uint8Array; anchor?: Anchor };
  channels?: readonly Channel[];
  /** How long a change of policy is public before it takes effect. Default: P14D. */
  grace?: string;
  monitor?: Omit<MonitorOptions, 'now' | 'onAlarm'>;
  onAlarm?: (alarm: Alarm) => void;
  /** Milliseconds since 1970. */
  now?: () => number;
}

export class SubrosaServer {
  readonly parts: Parts;
  readonly log: AuditLog;
  readonly vault: Vault;
  readonly policies: Policies;
  readonly certificates: Certificates;
  readonly consents: Consents;
  readonly receiver: Receiver;
  readonly retention: Retention;
  readonly sharing: Sharing;
  readonly legal: Legal;
  readonly rights: Rights;
  readonly announcer: Announcer;
  readonly monitor: Monitor;

  private constructor(options: ServerOptions, parts: Parts, monitor: Monitor) {
    this.parts = parts;
    this.log = parts.log;
    this.vault = parts.vault;
    this.monitor = monitor;
    this.policies = new Policies(parts, options.grace);
    this.certificates = new Certificates(parts, this.policies);
    this.consents = new Consents(parts, this.policies);
    this.receiver = new Receiver(parts, this.consents, this.policies, options);
    this.retention = new Retention(parts);
    this.sharing = new Sharing(parts, this.consents, this.policies, this.receiver, options);
    this.legal = new Legal(parts);
    this.rights = new Rights(parts, this.consents, this.policies, this.sharing, options);
    this.announcer = new Announcer(parts, this.policies, options.channels ?? []);
  }

  /** Opens it after checking the whole log; throws a LogError, and raises the alarm, when that is not what was signed. */
  static async open(options: ServerOptions): Promise<SubrosaServer> {
    const { subrosa, store, keyStore, master, now = Date.now } = options;
    const monitor = new Monitor({ ...options.monitor, now, onAlarm: options.onAlarm ?? (() => {}) });
    const vault = new Vault({ subrosa, keyStore, master, now });
    const reference = (subject: string) => vault.reference(subject);
    const log = await AuditLog.open({ subrosa, store, ...options.log, reference, now, onFault: () => monitor.fault() });
    log.onEntry(() => monitor.checkpoint());
    return new SubrosaServer(options, { subrosa, store, log, vault, now, emit: (event) => monitor.observe(event) }, monitor);
  }

  /**
   * What is due: expiry, notices, deliveries, requests that were cut off, alarms of time. Call it often; what is cut off is
   * finished by a later call, and what fails keeps nothing else from being done. Throws what failed once all was tried.
   */
  async runJobs(): Promise<void> {
    const jobs = [
      () => this.retention.sweep(),
      () => this.legal.tellPeople(),
      () => this.announcer.deliver(),
      () => this.sharing.deliver(),
      () => this.rights.resume(),
      async () => this.monitor.overdue((await this.rights.overdue()).map((request) => request.subject_request_id)),
    ];
    await attemptAll(jobs, 'jobs that failed').finally(() => this.monitor.tick());
  }
}
