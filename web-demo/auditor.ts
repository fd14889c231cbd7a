/** The auditor's page: an export of the log, read and checked here with the core. */

import { type AuditExport, load, verifyExport } from '../wasm/web.ts';
import { auditorTexts } from './centre-texts.ts';
import { element, make } from './dom.ts';
import { type Speech, speak } from './speech.ts';
import { table } from './tables.ts';

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
        const who = [actor?.role, actor?.ref].filter(Boolean).join(' ');
        const about = [object?.type, object?.id, purpose].filter(Boolean).join(' ');
        const holds = verdict === 'good';
        const proof = make('span', holds ? `✓ ${say('holds')}` : `✗ ${say('fails')}`, holds ? 'good' : 'bad');
        return [[String(seq), time(at), who, String(action), about, String(outcome), proof]];
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
    const certificates = rows.length === 0 ? [] : certificatesOf(result);
    element('certificates').replaceChildren(...certificates.map((line) => make('li', line)));
  }

  function certificatesOf({ exported, verdict }: Read): string[] {
    if (!exported || verdict !== 'good') return [];
    const objects = exported.entries.map((line) => JSON.parse(line).object);
    return objects
      .filter((object) => object?.type === 'Certification' || (object?.type === 'Policy' && object.hash))
      .map(({ type, id, hash }) => `${type} ${id}: ${hash}`)
      .filter((line, i, all) => all.indexOf(line) === i);
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
  element('fetch').addEventListener('click', async () => {
    raw.value = await (await fetch('/export.json')).text();
    again();
  });
  document.documentElement.dataset.ready = '';
}

start().catch((error) => {
  element('said').textContent = error.message;
});
