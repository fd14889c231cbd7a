/**
 * What a request tells of a device: taken out before the application sees the request, and given back piece by piece
 * where the person's consent permits that kind of data.
 */

import type { IncomingMessage } from 'node:http';
import { secGpc } from '../../js/src/consent/signals.ts';
import type { Consents } from './consents.ts';

/** The kinds, as a policy names them; the coarse ones are kinds of their own. */
export interface Device {
  ip?: string;
  /** The network alone: an IPv4 /24, an IPv6 /48. */
  ip_coarse?: string;
  user_agent?: string;
  /** The family alone, as `Firefox`. */
  browser_family?: string;
  client_hints?: Record<string, string>;
}

const addressHeaders = [
  'x-forwarded-for',
  'x-real-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'cf-connecting-ip',
  'true-client-ip',
  'fastly-client-ip',
  'forwarded',
  'via',
];
const otherHeaders = ['user-agent', 'device-memory', 'dpr', 'viewport-width', 'width', 'downlink', 'ect', 'rtt', 'save-data'];
const isHint = (name: string) => name.startsWith('sec-ch-') || otherHeaders.slice(1).includes(name);
const isTelling = (name: string) => addressHeaders.includes(name) || otherHeaders.includes(name) || isHint(name);

/** Takes everything out of the request that tells of the device: headers in each of Node's forms, and the address. */
export function strip(request: IncomingMessage): Device {
  const device = read(request);
  const forms = [request.headers, request.headersDistinct]; // Node makes both of the raw headers when they are first read
  const kept: string[] = [];
  for (let i = 0; i < request.rawHeaders.length; i += 2)
    if (!isTelling((request.rawHeaders[i] as string).toLowerCase())) kept.push(...request.rawHeaders.slice(i, i + 2));
  request.rawHeaders.splice(0, request.rawHeaders.length, ...kept);
  for (const headers of forms) for (const name of Object.keys(headers)) if (isTelling(name)) delete headers[name];
  for (const name of ['remoteAddress', 'remotePort', 'remoteFamily']) hide(request.socket, name);
  return device;
}

/** What of it the person permits, for a purpose of the controller's. */
export async function granted(
  device: Device,
  consents: Consents,
  question: { subject: string; purpose: string; controller: string },
): Promise<Device> {
  const allowed: Device = {};
  for (const [piiType, value] of Object.entries(device)) {
    const { verdict } = await consents.decide(question.subject, { purpose: question.purpose, piiType, recipient: question.controller });
    if (verdict === 'permit') Object.assign(allowed, { [piiType]: value });
  }
  return allowed;
}

/** An own property in front of the prototype's getter; where the address was is remembered for the connection's next request. */
const addresses = new WeakMap<object, string>();

function hide(socket: IncomingMessage['socket'], name: string): void {
  Object.defineProperty(socket, name, { value: undefined, configurable: true });
}

function read({ socket, headers }: IncomingMessage): Device {
  const ip = addresses.get(socket) ?? socket.remoteAddress;
  const device: Device = {};
  if (ip !== undefined) {
    addresses.set(socket, ip);
    device.ip = ip;
    device.ip_coarse = coarseAddress(ip);
  }
  const userAgent = headers['user-agent'];
  if (userAgent !== undefined) {
    device.user_agent = userAgent;
    device.browser_family = browserFamily(userAgent);
  }
  const hints = Object.entries(headers).filter(([name]) => isHint(name));
  if (hints.length > 0) device.client_hints = Object.fromEntries(hints) as Record<string, string>;
  return device;
}

/** The network of an address: /24 or /48. What is no address becomes nothing. */
export function coarseAddress(ip: string): string {
  const address = ip.replace(/^::ffff:/i, '').replace(/%.*$/, '');
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(address)) return `${address.split('.').slice(0, 3).join('.')}.0/24`;
  if (!/^[0-9a-f:]+$/i.test(address) || !address.includes(':')) return '';
  const [head = '', tail] = address.split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? 0 : 8 - front.length - back.length;
  const groups = [...front, ...Array<string>(Math.max(0, zeros)).fill('0'), ...back].slice(0, 3);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/48`;
}

const families: [string, RegExp][] = [
  ['Edge', /\bEdg(e|A|iOS)?\//],
  ['Opera', /\bOPR\//],
  ['Firefox', /\b(Firefox|FxiOS)\//],
  ['Chrome', /\b(Chrome|CriOS)\//],
  ['Safari', /\bSafari\//],
];

export function browserFamily(userAgent: string): string {
  return families.find(([, pattern]) => pattern.test(userAgent))?.[0] ?? 'Other';
}

/** Global Privacy Control, also where a proxy sent the header twice, or joined both: one that says 1 is enough. */
export function hasGpc(request: Pick<IncomingMessage, 'headersDistinct'>): boolean {
  return secGpc(request.headersDistinct);
}
