/** Comma-separated values (RFC 4180), a record at a time. */

/** The records of a text that comes in pieces, each with its line end, as it stands. */
export async function* csvRecords(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let record = '';
  let isQuoted = false;
  for await (const piece of pieces) {
    let from = 0;
    for (let at = 0; at < piece.length; at++) {
      const c = piece[at];
      if (c === '"')
        isQuoted = !isQuoted; // a doubled quote turns twice
      else if (c === '\n' && !isQuoted) {
        yield record + piece.slice(from, at + 1);
        record = '';
        from = at + 1;
      }
    }
    record += piece.slice(from);
  }
  if (record) yield record;
}

export interface CsvRecord {
  fields: string[];
  end: string;
}

export function parseRecord(record: string): CsvRecord {
  const end = /\r?\n$/.exec(record)?.[0] ?? '';
  const text = record.slice(0, record.length - end.length);
  const fields: string[] = [];
  let at = 0;
  while (at <= text.length) {
    let field = '';
    if (text[at] === '"') {
      const close = closingQuote(text, at);
      field = text.slice(at + 1, close).replaceAll('""', '"');
      at = close + 1;
    }
    const comma = text.indexOf(',', at);
    const stop = comma < 0 ? text.length : comma;
    fields.push(field + text.slice(at, stop));
    at = stop + 1;
  }
  return { fields, end };
}

function closingQuote(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at++) {
    if (text[at] !== '"') continue;
    if (text[at + 1] !== '"') return at;
    at++;
  }
  return text.length;
}

export function writeRecord({ fields, end }: CsvRecord): string {
  return fields.map((field) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',') + end;
}
