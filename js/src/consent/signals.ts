/** Signals from outside: Global Privacy Control, and Google's Consent Mode. */

/** Whether the browser asks that data is not sold or shared: `navigator.globalPrivacyControl`, in pages and workers. */
export function browserGpc(): boolean {
  return (globalThis.navigator as { globalPrivacyControl?: unknown } | undefined)?.globalPrivacyControl === true;
}

/** Headers as fetch or Node give them; for Node, `request.headersDistinct` keeps duplicates. */
export type HeadersLike = Headers | Record<string, string | readonly string[] | undefined>;

/**
 * Whether a request carries `Sec-GPC: 1`. Of several values one that is exactly 1 is enough, however the server's
 * library joined them; every other value is ignored.
 */
export function secGpc(headers: HeadersLike): boolean {
  const entries = headers instanceof Headers ? [...headers] : Object.entries(headers);
  return entries
    .filter(([name]) => name.toLowerCase() === 'sec-gpc')
    .flatMap(([, value]) => value ?? [])
    .flatMap((value) => value.split(','))
    .some((value) => value.replace(/^[ \t]+|[ \t]+$/g, '') === '1');
}

/** The signals of Google Consent Mode, version 2. */
export const consentModeTypes = [
  'ad_storage',
  'ad_user_data',
  'ad_personalization',
  'analytics_storage',
  'functionality_storage',
  'personalization_storage',
  'security_storage',
] as const;

export type ConsentModeType = (typeof consentModeTypes)[number];
export type ConsentMode = Record<ConsentModeType, 'granted' | 'denied'>;

/** Which cell of the matrix each signal stands for; one that is not named stays denied. */
export type ConsentModeMap = Partial<Record<ConsentModeType, { purpose: string; piiType: string; recipient: string }>>;

/** The signals that follow from what is permitted now. */
export function consentMode(
  map: ConsentModeMap,
  isPermitted: (purpose: string, piiType: string, recipient: string) => boolean,
): ConsentMode {
  const granted = (type: ConsentModeType): boolean => {
    const cell = map[type];
    return cell !== undefined && isPermitted(cell.purpose, cell.piiType, cell.recipient);
  };
  return Object.fromEntries(consentModeTypes.map((type) => [type, granted(type) ? 'granted' : 'denied'])) as ConsentMode;
}
