/** The server half: `subrosa/server`. docs/server.md shows it whole. */

export { type AuditExport, verifyExport } from '../../js/src/audit-export.ts';
export { fileAnchor } from './anchor.ts';
export {
  Announcer,
  type Channel,
  type DeliveryState,
  emailChannel,
  isWebhookCall,
  type MailTransport,
  type News,
  policyFeed,
  webhookChannel,
  webhookSignature,
  widgetChannel,
} from './announce.ts';
export { type AccessBundle, checkBundle } from './bundle.ts';
export { type CertificateOf, Certificates } from './certificates.ts';
export { Consents, type Receipt } from './consents.ts';
export { browserFamily, coarseAddress, type Device, granted, hasGpc, strip } from './device.ts';
export { exportAudit } from './export.ts';
export { type HttpOptions, subrosaExpress, subrosaFastify, subrosaHttp, type WithDevice } from './http.ts';
export { Legal, type LegalExport, type LegalRequest } from './legal.ts';
export {
  type Anchor,
  type Appended,
  AuditLog,
  type Entry,
  LogError,
  type LogFault,
  type LogOptions,
  type NewEntry,
  type ProvedEntry,
} from './log.ts';
export { type Alarm, type MetricsRegistry, Monitor, type MonitorOptions } from './monitor.ts';
export {
  checkOpenDsr,
  type OpenDsrIdentity,
  type OpenDsrOptions,
  type OpenDsrReceipt,
  type OpenDsrRequest,
  type OpenDsrStatus,
  openDsrDiscovery,
  openDsrStatus,
  receiveOpenDsr,
} from './opendsr.ts';
export type { ItemFacts, Parts, ServerEvent } from './parts.ts';
export { contentHash, Policies, type PolicyVersion } from './policies.ts';
export { type Declared, type Item, type Received, Receiver, type ReceiverOptions } from './receiver.ts';
export { Refusal } from './refusal.ts';
export { Retention } from './retention.ts';
export {
  type Certificate,
  type DataHolder,
  type Demand,
  deadlines,
  type Origin,
  Rights,
  type RightsRequest,
  type RightType,
  rightTypes,
} from './rights.ts';
export { type ServerOptions, SubrosaServer } from './server.ts';
export {
  checkedTable,
  type Disclosure,
  type DisclosureRequest,
  groupsBelow,
  type RecipientJob,
  type RedactionReport,
  Sharing,
  type SharingOptions,
} from './sharing.ts';
export type { PersonContext, Question, Standing } from './standing.ts';
export { openPostgres, type PostgresOptions } from './store/postgres.ts';
export { openSqlite } from './store/sqlite.ts';
export {
  type Filter,
  type LogAppend,
  type LogState,
  type NewRow,
  never,
  type Row,
  type Store,
  StoreError,
  type Transaction,
} from './store/store.ts';
export { addDuration } from './time.ts';
export { Vault } from './vault.ts';
