/**
 * Requests as OpenDSR 1.0 writes them (github.com/opengdpr/OpenDSR, specification.md, clauses 5 to 8), from a controller to
 * us as its processor. The host's `verifyIdentity` decides whether the controller may ask, as for any demand.
 */

import { Refusal } from './refusal.ts';
import { deadlines, type Rights, type RightsRequest } from './rights.ts';
import type { SubrosaServer } from './server.ts';
import { type Check, listOf, matching, object, oneOf, optional, shape, text } from './shape.ts';
import { isoTime } from './time.ts';

/** Clause 5.1 and 5.2. */
const identityTypes = [
  'controller_customer_id',
  'android_advertising_id',
  'android_id',
  'email',
  'fire_advertising_id',
  'ios_advertising_id',
  'ios_vendor_id',
  'microsoft_advertising_id',
  'microsoft_publisher_id',
  'roku_publisher_id',
  'roku_advertising_id',
] as const;
const identityFormats = ['raw', 'sha1', 'md5', 'sha256'] as const;
/** Clause 6.2. */
const requestTypes = ['access', 'portability', 'erasure'] as const;

/** Clause 5.3. */
export interface OpenDsrIdentity {
  identity_type: (typeof identityTypes)[number];
  identity_value: string;
  identity_format: (typeof identityFormats)[number];
}

/** Clause 7.1.1. */
export interface OpenDsrRequest {
  regulation: string;
  subject_request_id: string;
  subject_request_type: (typeof requestTypes)[number];
  subject_identities: OpenDsrIdentity[];
  submitted_time: string;
  api_version?: string;
  status_callback_urls?: string[];
  extensions?: Record<string, unknown>;
}

/** Clause 8.3. */
export interface OpenDsrStatus {
  controller_id: string;
  expected_completion_time: string;
  subject_request_id: string;
  request_status: 'pending' | 'in_progress' | 'completed' | 'cancelled';
  api_version: string;
}

/** Clause 7.3. */
export interface OpenDsrReceipt {
  controller_id: string;
  expected_completion_time: string;
  received_time: string;
  /** The whole body of the request, base64. */
  encoded_request: string;
  subject_request_id: string;
}

/** What a processor is to its controller. */
export interface OpenDsrOptions {
  /** The controller, as we name it. */
  controllerId: string;
  /** Which identities `subjectOf` can look up. */
  identities: readonly Pick<OpenDsrIdentity, 'identity_type' | 'identity_format'>[];
  /** Whose they are: the principal id that the page made, which the host alone can tell. */
  subjectOf(identities: readonly OpenDsrIdentity[]): Promise<string | undefined>;
  /** The domain that requests come in at, where its certificate is, and what signs an answer with that, in base64 (clause 4). */
  domain: string;
  certificate: string;
  sign(body: string): Promise<string>;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

const identity = shape({ identity_type: oneOf(identityTypes), identity_value: text, identity_format: oneOf(identityFormats) }, true);

/** What each field must be. Identities inside of `extensions` are not supported, so they are required outside. */
const fields: Record<keyof OpenDsrRequest, Check> = {
  regulation: oneOf(Object.keys(deadlines)),
  subject_request_id: matching(uuid),
  subject_request_type: oneOf(requestTypes),
  subject_identities: listOf(identity, 1),
  submitted_time: (value) => matching(rfc3339)(value) && !Number.isNaN(Date.parse(value as string)),
  api_version: optional(text),
  status_callback_urls: optional(listOf(text)),
  extensions: optional(object),
};

/** Checks a request field by field; 400 with the name of the first that is wrong, never with what it said. */
export function checkOpenDsr(value: unknown): OpenDsrRequest {
  if (!object(value)) throw new Refusal(400, 'bad_format');
  for (const [name, check] of Object.entries(fields)) if (!check(value[name])) throw new Refusal(400, 'bad_format', name);
  if (Object.keys(value).some((name) => !Object.hasOwn(fields, name))) throw new Refusal(400, 'bad_format', 'unknown_field');
  return value as unknown as OpenDsrRequest;
}

const apiVersion = '1.0';

/** What failed is still being done: it is tried until it is fulfilled. */
const statuses: Record<RightsRequest['status'], OpenDsrStatus['request_status']> = {
  'dpv:RequestAccepted': 'pending',
  'dpv:RequestUnfulfilled': 'in_progress',
  'dpv:RequestFulfilled': 'completed',
};

/** Takes a request's body in as a demand, under the controller's own number, its time counted from when the person asked. */
export async function receiveOpenDsr(
  { rights, parts }: Pick<SubrosaServer, 'rights' | 'parts'>,
  options: OpenDsrOptions,
  body: string,
  credential?: unknown,
): Promise<OpenDsrReceipt> {
  const { subject_identities, subject_request_id: id, subject_request_type: type, regulation, submitted_time } = checkOpenDsr(parsed(body));
  const subject = await options.subjectOf(subject_identities);
  if (subject === undefined) throw new Refusal(400, 'unknown_subject');
  const received = parts.now();
  const { request } = await rights.demand({ type, regulation, subject, credential }, { id, submitted: Date.parse(submitted_time) });
  return {
    controller_id: options.controllerId,
    expected_completion_time: request.expected_completion_time,
    received_time: isoTime(received),
    encoded_request: Buffer.from(body).toString('base64'),
    subject_request_id: id,
  };
}

export async function openDsrStatus(rights: Rights, { controllerId }: OpenDsrOptions, id: string): Promise<OpenDsrStatus> {
  const request = await rights.request(id);
  if (!request) throw new Refusal(404, 'unknown_request');
  const { expected_completion_time, status } = request;
  return {
    controller_id: controllerId,
    expected_completion_time,
    subject_request_id: id,
    request_status: statuses[status],
    api_version: apiVersion,
  };
}

/** Clause 6.3. */
export const openDsrDiscovery = ({ identities, certificate }: OpenDsrOptions) => ({
  api_version: apiVersion,
  supported_identities: identities,
  supported_subject_request_types: requestTypes,
  processor_certificate: certificate,
});

/** The headers that sign an answer (clause 8.3). */
export const openDsrHeaders = async ({ domain, sign }: OpenDsrOptions, body: string) => ({
  'x-opendsr-processor-domain': domain,
  'x-opendsr-signature': await sign(body),
});

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new Refusal(400, 'bad_format');
  }
}
