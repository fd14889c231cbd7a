/** Requests of authorities: the least that was asked for and is held, on two people's word, and the person is told. */

import { randomUUID } from 'node:crypto';
import type { Parts } from './parts.ts';
import { type Item, readItem } from './receiver.ts';
import { Refusal } from './refusal.ts';
import { fromBody, toBody } from './store/store.ts';

export interface LegalRequest {
  authority: string;
  /** The legal basis that the authority named. */
  basis: string;
  subject: string;
  /** Kinds of data; nothing else is exported. */
  scope: readonly string[];
  /** Milliseconds since 1970; both ends are in it. */
  period: { from: number; to: number };
  /** Until when the person must not be told. */
  gagUntil?: number;
}

/** A request that was filed. */
export interface Filed {
  request: LegalRequest;
  approvedBy: string[];
}

export interface LegalExport {
  id: string;
  items: Item[];
}

const approvalsNeeded = 2;

export class Legal {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Files a request; the notice to the person is queued with it, and nothing takes it away again. */
  async file(request: LegalRequest, actor: string): Promise<string> {
    const { log, now } = this.#parts;
    const id = randomUUID();
    await log.commit(async (tx) => {
      const created = now();
      const { authority, basis, scope, subject } = request;
      await tx.put({ kind: 'legal', id, subject, status: 'filed', created, body: toBody({ request, approvedBy: [] } satisfies Filed) });
      const notice = { about: 'legal_request', id, authority, basis, scope };
      await tx.put({ kind: 'notice', id, subject, status: 'pending', created, due: request.gagUntil ?? created, body: toBody(notice) });
      return [this.#entry(id, 'dpv:LegalObligation', actor)];
    });
    return id;
  }

  /** All requests with who approved them, as people who handle them see it. */
  async list(): Promise<(Filed & { id: string; status: string })[]> {
    const rows = await this.#parts.store.transaction((tx) => tx.find({ kind: 'legal' }));
    return rows.map((row) => ({ id: row.id, status: row.status, ...fromBody<Filed>(row) }));
  }

  /** Two different people must approve before anything is exported. */
  async approve(id: string, actor: string): Promise<number> {
    let approvals = 0;
    await this.#parts.log.commit(async (tx) => {
      const row = await tx.get('legal', id);
      if (!row) throw new Refusal(404, 'unknown_request');
      const filed = fromBody<Filed>(row);
      if (filed.approvedBy.includes(actor)) throw new Refusal(409, 'already_approved');
      filed.approvedBy.push(actor);
      approvals = filed.approvedBy.length;
      await tx.put({ ...row, status: approvals >= approvalsNeeded ? 'approved' : 'filed', body: toBody(filed) });
      return [this.#entry(id, 'dpv:Approve', actor)];
    });
    return approvals;
  }

  /** What is held of what was asked for. */
  async export(id: string, actor: string): Promise<LegalExport> {
    const { store, log, now, emit } = this.#parts;
    const { row, rows } = await store.transaction(async (tx) => {
      const row = await tx.get('legal', id);
      return { row, rows: row ? await tx.find({ kind: 'item', subject: row.subject }) : [] };
    });
    if (!row) throw new Refusal(404, 'unknown_request');
    if (row.status !== 'approved') throw new Refusal(403, 'approval_required');
    const { scope, period } = fromBody<Filed>(row).request;
    const wanted = rows.filter(
      ({ status, created, due }) => scope.includes(status) && created >= period.from && created <= period.to && due > now(),
    );
    const items = await Promise.all(wanted.map((item) => readItem(this.#parts, item)));
    await log.append([{ ...this.#entry(id, 'dpv:DiscloseByTransmission', actor), subject: row.subject }]);
    emit({ type: 'exported', actor, count: items.length });
    return { id, items };
  }

  /** Puts the notices that are due into the inboxes of the people they are for, each once, whatever happens between. */
  async tellPeople(): Promise<number> {
    const { log, now } = this.#parts;
    let told = 0;
    await log.commit(async (tx) => {
      const rows = await tx.find({ kind: 'notice', status: 'pending', dueBy: now() });
      told = rows.length;
      for (const row of rows) {
        await tx.put({ ...row, kind: 'inbox', status: 'unread', created: now() });
        await tx.put({ ...row, status: 'sent' });
      }
      return rows.map(({ id, subject }) => ({ ...this.#entry(id, 'dpv:NoticeCommunicated', 'server'), subject }));
    });
    return told;
  }

  #entry(id: string, action: string, actor: string) {
    return { actor: { role: 'dpv:DataController', ref: actor }, action, outcome: 'ok' as const, object: { type: 'LegalRequest', id } };
  }
}
