/** The server half: `subrosa/server`. docs/server.md shows it whole. */

export { fileAnchor } from './anchor.ts';
export { type Anchor, type Appended, AuditLog, type Entry, LogError, type LogFault, type LogOptions, type NewEntry } from './log.ts';
export { openPostgres } from './store/postgres.ts';
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
