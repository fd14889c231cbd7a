/**
 * The entry for a chat widget: what a page needs to ask, to redact, to seal and to restore. Everything else is in 'subrosa',
 * of which this is a part; a page uses one of both.
 */

export { ConsentClient, type ConsentClientOptions, ConsentError } from '../js/src/consent/client.ts';
export { type GuardOptions, guardFetch, guardNetwork } from '../js/src/consent/guard.ts';
export * from '../js/src/consent/types.ts';
export { SubrosaError } from '../js/src/errors.ts';
export type { LoadOptions, Subrosa } from '../js/src/index.ts';
export { load } from './web.ts';
