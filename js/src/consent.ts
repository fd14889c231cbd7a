/**
 * Consent: policies, and the decision whether data of a type may go to a recipient for a purpose.
 *
 *   const policy = subrosa.consent.parsePolicy(document);
 *   const session = subrosa.consent.open(policy, { state, context: { region: 'DE', age: 'adult', storage: true } });
 *   if (session.decide('chat', 'text', 'ctl').verdict === 'permit') send(message);
 */

import { Audit } from './audit.ts';
import { type Backend, decodeText, unwrap } from './backend.ts';
import { ConsentSession, Policy, toJson } from './consent/session.ts';
import type {
  ConsentRecord,
  ConsentState,
  KeyList,
  PolicyDocument,
  PolicySignature,
  Receipt,
  ReceiptLog,
  SessionOptions,
} from './consent/types.ts';

export * from './consent/client.ts';
export type { ConsentCounts } from './consent/counts.ts';
export * from './consent/diff.ts';
export { type GuardOptions, guardFetch, guardNetwork } from './consent/guard.ts';
export * from './consent/history.ts';
export * from './consent/kantara.ts';
export { ConsentSession, Policy } from './consent/session.ts';
export * from './consent/signals.ts';
export * from './consent/storage.ts';
export * from './consent/types.ts';

const receiptSchema = 'https://w3id.org/dpv/schema/dpv-27560#receipt';
const receiptKind = 'subrosa-receipt/1';
const policyKind = 'subrosa-policy-signature/1';
const keysKind = 'subrosa-keys/1';

function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

/** The consent part of the API: `subrosa.consent`. */
export class ConsentApi {
  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Checks a policy document. Throws a SubrosaError whose `where` is a JSON pointer to what is wrong. */
  parsePolicy(document: string | PolicyDocument): Policy {
    return new Policy(this.#backend, toJson(document));
  }

  /** A state with no record in it, for a person who was never asked. */
  emptyState(principalId: string, now: number | Date = Date.now()): ConsentState {
    return {
      schema_version: 'subrosa-consent/1',
      pii_principal_id: principalId,
      last_seen: `${new Date(now).toISOString().slice(0, 19)}Z`,
      erased: false,
      records: [],
    };
  }

  /** Opens one person's consent. Throws where the state is not one that the machine can have made. */
  open(policy: Policy, options: SessionOptions): ConsentSession {
    return new ConsentSession(this.#backend, policy, toJson(options.state), JSON.stringify(options.context ?? {}));
  }

  /** The canonical form of a JSON value, RFC 8785. Fractions are refused. */
  canonical(value: unknown): string {
    return decodeText(unwrap(this.#backend.call('sr_json_canonical', toJson(value))));
  }

  /** The hash of that form, "sha256:...": what receipts and the log call a record by. */
  hash(value: unknown): string {
    return decodeText(unwrap(this.#backend.call('sr_json_hash', toJson(value))));
  }

  /** A receipt for the person to keep: the record as it is, and its hash, signed. `seed`: the controller's 32-byte Ed25519 seed. */
  signReceipt(record: ConsentRecord, seed: Uint8Array, log?: ReceiptLog): Receipt {
    const receipt_id = crypto.randomUUID();
    const receipt = { schema_version: receiptSchema, receipt_id, record, record_hash: this.hash(record), ...(log && { log }) };
    return this.#sign(receiptKind, receipt, seed);
  }

  /** Whether a receipt is one that the holder of the key signed, and its hash that of its record; works offline. */
  verifyReceipt(receipt: string | Receipt, publicKey: Uint8Array): boolean {
    if (!this.#verify(receiptKind, receipt, publicKey)) return false;
    const { record, record_hash }: Partial<Receipt> = JSON.parse(toJson(receipt));
    return record !== undefined && record_hash === this.hash(record);
  }

  /** Whether the log with this key holds the last event of a receipt's record, as the receipt says; works offline. */
  verifyLogged({ record, log }: Pick<Receipt, 'record' | 'log'>, logKey: string): boolean {
    if (!log) return false;
    try {
      const audit = new Audit(this.#backend);
      const { index } = audit.openInclusion(log.proof, audit.hashLeaf(log.entry), logKey);
      const { object, action } = JSON.parse(log.entry);
      return index === log.index && object?.id === record.record_id && action === record.events.at(-1)?.event_state;
    } catch {
      return false;
    }
  }

  /** A controller's statement that a policy is its own. */
  signPolicy(policy: Policy, keyId: string, seed: Uint8Array): PolicySignature {
    return this.#sign(policyKind, { policy_hash: policy.hash, key_id: keyId }, seed);
  }

  /** Whether a key of the list signed this very policy. */
  verifyPolicy(policy: Policy, signature: PolicySignature, keys: KeyList): boolean {
    const key = keys.keys.find((entry) => entry.key_id === signature.key_id);
    return key !== undefined && signature.policy_hash === policy.hash && this.#verify(policyKind, signature, fromHex(key.public_key));
  }

  /** A list of the keys that may sign policies, signed by one of the list before it. */
  signKeys(list: Omit<KeyList, 'sig'>, seed: Uint8Array): KeyList {
    return this.#sign(keysKind, list, seed);
  }

  /** The list to trust from now on: the next one where a key of the current one signed it, else the current one. */
  rotateKeys(current: KeyList, next: KeyList): KeyList {
    const signer = current.keys.find((entry) => entry.key_id === next.key_id);
    const isNext = signer && next.seq === current.seq + 1 && this.#verify(keysKind, next, fromHex(signer.public_key));
    return isNext ? next : current;
  }

  #sign<T>(kind: string, document: object, seed: Uint8Array): T {
    return JSON.parse(decodeText(unwrap(this.#backend.call('sr_json_sign', kind, JSON.stringify(document), seed))));
  }

  #verify(kind: string, document: unknown, publicKey: Uint8Array): boolean {
    const outcome = this.#backend.call('sr_json_verify', kind, toJson(document), publicKey);
    return outcome === undefined || outcome instanceof Uint8Array;
  }
}
