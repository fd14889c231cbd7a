/** The auditor's page: an export of the log, read and checked here with the core. */

import { type AuditExport, contentHash, load, verifyExport } from '../wasm/web.ts';
import { auditorTexts } from './centre-texts.ts';
import { element, make } from './dom.ts';
import { type Speech, speak } from './speech.ts';
import { table } from './tables.ts';

/** A term without its vocabulary. */
const word = (term: unknown): string => String(term).replace(/^dpv:/, '');

type Verdict = 'waiting' | 'good' | 'bad';

interface Read {
  verdict: Verdict;
  exported?: AuditExport;
  range?: { from: number; to: number };
}

async function start(): Promise<void> {
  const subrosa = await load({ wasm: '/core.wasm' });
  const raw = element<HTMLTextAreaElement>('raw');
  const key = element<HTMLInputElement>('key');
  /** The hash of the document that is to be compared. */
  let chosen: string | undefined;

  function read(): Read {
    if (raw.value === '') return { verdict: 'waiting' };
    let exported: AuditExport | undefined;
    try {
      exported = JSON.parse(raw.value) as AuditExport;
      return { verdict: 'good', exported, range: verifyExport(subrosa, exported, key.value.trim()) };
    } catch {
      return { verdict: 'bad', ...(exported && { exported }) };
    }
  }

  /** What can be read of it, also where it is not as it was signed. */
  function rowsOf({ exported, verdict }: Read, { say, time }: Speech<typeof auditorTexts.en>): (string | Node)[][] {
    const entries = Array.isArray(exported?.entries) ? exported.entries : [];
    return entries.flatMap((line) => {
      try {
        const { seq, time: at, actor, action, object, purpose, outcome } = JSON.parse(line);
        const who = [word(actor?.role), actor?.ref].filter(Boolean).join(' ');
        const about = [object?.type, object?.id, purpose].filter(Boolean).join(' ');
        const holds = verdict === 'good';
        const proof = make('span', holds ? `✓ ${say('holds')}` : `✗ ${say('fails')}`, holds ? 'good' : 'bad');
        return [[String(seq), time(at), who, word(action), about, String(outcome), proof]];
      } catch {
        return [];
      }
    });
  }

  function show(speech: Speech<typeof auditorTexts.en>): void {
    const { say } = speech;
    const result = read();
    const { verdict, range } = result;
    element('verdict').dataset.verdict = verdict;
    element('said').textContent = range ? `${say('good')} ${range.from}–${range.to - 1}` : say(verdict);
    const head = ['number', 'time', 'who', 'what', 'about', 'outcome', 'proof'] as const;
    const rows = rowsOf(result, speech);
    element('entries').replaceChildren(...(rows.length > 0 ? [table(head.map(say), rows)] : []));
    showCertificates(result, speech);
  }

  /** What the export says of documents is read only where it is as it was signed. */
  function showCertificates({ exported, verdict }: Read, { say, time }: Speech<typeof auditorTexts.en>): void {
    const { entries = [], policies = [] } = verdict === 'good' && exported ? exported : {};
    const bound = entries.map((line) => JSON.parse(line)).filter(({ object }) => object?.hash !== undefined);
    const entryOf = (hash: string): string => bound.find(({ object }) => object.hash === hash)?.seq.toString() ?? '';
    const named = policies.flatMap(({ codes_of_conduct = [] }) => codes_of_conduct);
    const validity = new Map(named.map(({ doc_hash, valid_until }) => [doc_hash, valid_until]));
    const validUntil = (hash: string): string | Node => {
      const until = validity.get(hash);
      if (until === undefined) return '';
      return Date.parse(until) > Date.now() ? time(until) : make('span', `${time(until)}, ${say('expired')}`, 'bad');
    };
    const certificates = bound
      .filter(({ object }) => object.type === 'Certification')
      .map(({ object, seq }) => [String(seq), object.id, validUntil(object.hash), make('code', object.hash)]);
    const head = ['inEntry', 'name', 'validUntil', 'document'] as const;
    element('certificates').replaceChildren(...(certificates.length > 0 ? [table(head.map(say), certificates)] : []));
    const versions = bound
      .filter(({ object, action }) => object.type === 'Policy' && action === 'dpv:Notice')
      .map(({ object, seq }) => [String(seq), object.id, make('code', object.hash)]);
    element('policies').replaceChildren(
      ...(versions.length > 0 ? [table([say('inEntry'), say('version'), say('document')], versions)] : []),
    );
    const place = chosen && entryOf(chosen);
    const compared = element('compared');
    compared.textContent = chosen ? (place ? `✓ ${say('isNamed')} ${place}.` : `✗ ${say('isNotNamed')}`) : '';
    compared.className = place ? 'good' : 'bad';
  }

  key.value = await (await fetch('/subrosa/key')).text();
  const speech = speak(auditorTexts, show);
  const again = () => show(speech);
  for (const field of [raw, key]) field.addEventListener('input', again);
  element<HTMLInputElement>('file').addEventListener('change', async ({ target }) => {
    const [file] = (target as HTMLInputElement).files ?? [];
    if (!file) return;
    raw.value = await file.text();
    again();
  });
  element<HTMLInputElement>('document').addEventListener('change', async ({ target }) => {
    const [file] = (target as HTMLInputElement).files ?? [];
    chosen = file && (await contentHash(await file.arrayBuffer()));
    again();
  });
  element('fetch').addEventListener('click', async () => {
    raw.value = await (await fetch('/export.json')).text();
    again();
  });
  document.documentElement.dataset.ready = '';
}

start().catch((error) => {
  element('said').textContent = error.message;
});
